"""The timetable on a wide screen is a grid with any number of rooms and slots, with scripts and without."""

from __future__ import annotations

from datetime import time, timedelta

from playwright.sync_api import Locator

from tests.e2e.visiting import Visitor
from tests.factories import at, both, make_conference, make_room, make_session, publish

ROOMS, SLOT_MINUTES, ROWS = 50, 3, 301
LENGTH = 7  # slots


def left_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"]


def test_a_day_of_301_slots_in_50_rooms_stands_where_it_should(site: str, visitor: Visitor) -> None:
    conference = make_conference(slug="congress", opens=time(8), closes=time(23, 59))
    rooms = [make_room(conference, code=f"R{number:02}", name=both(f"Room {number}")) for number in range(ROOMS)]
    # A session begins with each third slot, in one room after the other, and reaches into the next one's.
    slots = range(0, ROWS - LENGTH + 1, 3)
    sessions = [
        make_session(conference, title=both(f"Slot {slot}"), duration_minutes=LENGTH * SLOT_MINUTES) for slot in slots
    ]
    begin = at(conference, "08:00")
    publish(
        conference,
        [
            (session, rooms[number % ROOMS], begin + timedelta(minutes=slot * SLOT_MINUTES))
            for number, (session, slot) in enumerate(zip(sessions, slots, strict=True))
        ],
    )
    visitor.page.set_viewport_size({"width": 1400, "height": 900})
    visitor.open("/congress/")
    heads, cards = visitor.page.locator(".room-head[data-col]"), visitor.page.locator("article.entry")
    assert (heads.count(), cards.count()) == (ROOMS, len(sessions))
    columns = [left_of(heads.nth(number)) for number in range(ROOMS)]
    assert columns == sorted(set(columns))
    last = len(sessions) - 1
    for number in (0, 1, 37, 49, 50, 64, last):
        card, slot = cards.nth(number), slots[number]
        placed = card.evaluate("card => { const s = getComputedStyle(card); return [s.gridRow, s.gridColumn] }")
        # The rooms' names stand in the first row, the clocks in the first column.
        assert placed == [f"{slot + 2} / span {LENGTH}", f"{number % ROOMS + 2} / span 1"]
        assert left_of(card) == columns[number % ROOMS]
    assert slots[last] + LENGTH == ROWS
