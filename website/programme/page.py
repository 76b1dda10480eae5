"""What the programme page shows: one day, or all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from schedule.domain.programme.days import programme_days
from schedule.domain.programme.texts import Text, text_of
from schedule.domain.published.entries import SessionEntry, entries_of
from schedule.models import Conference, Release, Room, RoomPart
from website.programme import marks
from website.programme.filters import FilterForm, filtered
from website.programme.grid import GridItem, TimetableGrid, lay_out, written

MOST_NEXT = 6
# How addresses ask for all days at once.
ALL_DAYS = "all"


@dataclass(frozen=True, slots=True)
class DayTab:
    """A way to a day with the same filters; without a date, to all days."""

    date: date | None
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A day that is not shown, with how many sessions pass the filters there."""

    date: date
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    col: str
    name: Text
    capacity: int


@dataclass(frozen=True, slots=True)
class Card:
    """An entry with its cell in the numbers of `website.programme.grid.written`.

    The cell is empty where there is no grid, or for one slot or room.
    """

    entry: SessionEntry
    row: str = ""
    span: str = ""
    col: str = ""
    across: str = ""

    @property
    def own(self) -> SafeString:
        return marks.own(self.entry.code)

    @property
    def foot(self) -> SafeString:
        return marks.foot(self.entry)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """What starts at the same time."""

    time: datetime
    row: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day with what passes the filters. Without columns it is a list at every width."""

    date: date
    slots: list[SlotRow]
    rooms: list[Column]
    columns: str
    slot_minutes: int


@dataclass(frozen=True, slots=True)
class AskedDays:
    """Which days are to be shown: one, or all, each with what passes the filters."""

    day: date | None

    @property
    def name(self) -> str:
        """What addresses call it."""
        return self.day.isoformat() if self.day else ALL_DAYS


Entries = list[SessionEntry]


def programme_context(
    conference: Conference,
    release: Release,
    *,
    query: QueryDict,
    now: datetime,
    once: Callable[[Callable[[], Entries], bool], Entries],
) -> dict[str, Any]:
    """The context of templates/website/programme/timetable.html. Five queries, seven while somebody searches; three
    where `once` has the sessions. It is given what reads them, and whether they are to be searched.
    """
    rooms = list(Room.objects.filter(conference=conference))
    programme = programme_days(conference)
    searches = bool(query.get("q", "").strip())

    def read() -> Entries:
        return entries_of(conference, release, rooms, programme, now=now, searchable=searches)

    entries = once(read, searches)
    chosen = FilterForm(query, entries).chosen
    found = filtered(entries, chosen)
    today = programme.day_at(now)
    asked = _asked(conference, query, chosen) or AskedDays(_first_day(conference, found or entries, today))
    data = query.copy()
    # Whoever empties the search again is where they were.
    data["back"] = (_named(conference, query.get("back", "")) or asked).name if asked.day is None else asked.name
    form = FilterForm(data, entries, _unknown_days(conference, query))
    counts = Counter(entry.day for entry in found)
    shown = [entry for entry in found if asked.day in (None, entry.day)]
    parts = _parts_of_rooms(conference)
    # What a search finds is a few sessions of many rooms: a grid of them would be mostly empty.
    columns_of = [] if searches and asked.day is None else rooms
    by_day = {one: [entry for entry in shown if entry.day == one] for one in conference.dates}
    running, coming = _now_and_next(entries, now, today) if today in conference.dates else ([], [])
    return {
        "days": [
            *(DayTab(one, form.address(one.isoformat()), one == asked.day) for one in conference.dates),
            DayTab(None, form.address(ALL_DAYS), asked.day is None),
        ],
        "day": asked.day,
        "asked": asked.name,
        "shown_days": [
            _shown_day(one, of_day, columns_of, parts)
            for one, of_day in by_day.items()
            if of_day and asked.day in (None, one)
        ],
        "filter_form": form,
        "active_count": len(chosen),
        "clear_url": form.address(form["back"].value(), without_filters=True),
        "other_days": [
            OtherDay(one, form.address(one.isoformat()), counts[one]) for one in sorted(counts) if one != asked.day
        ]
        if chosen and asked.day
        else [],
        "is_over": all(entry.end <= now for entry in entries),
        "now_entries": running,
        "next_entries": coming,
        "entry_count": len(shown),
    }


def _named(conference: Conference, name: str) -> AskedDays | None:
    """What an address means by a name of days; None for one that the conference does not have."""
    if name == ALL_DAYS:
        return AskedDays(None)
    return next((AskedDays(one) for one in conference.dates if one.isoformat() == name), None)


def _asked(conference: Conference, query: QueryDict, chosen: dict[str, str]) -> AskedDays | None:
    """The days that an address asks for; None where it leaves that to us.

    Tabs name a day. The form names the one it stands on, as what to come back to: a search looks through all days.
    """
    if named := _named(conference, query.get("day", "")):
        return named
    return AskedDays(None) if "q" in chosen else _named(conference, query.get("back", ""))


def _unknown_days(conference: Conference, query: QueryDict) -> list[tuple[str, str]]:
    name = query.get("day", "")
    return (
        [(gettext("Day"), "".join(filter(str.isprintable, name)))] if name and _named(conference, name) is None else []
    )


def _first_day(conference: Conference, entries: Sequence[SessionEntry], today: date) -> date:
    """Today while the conference runs, else the first day with sessions."""
    days = {entry.day for entry in entries}
    if today in days:
        return today
    return min(days, default=conference.starts_on)


def _now_and_next(
    entries: Sequence[SessionEntry], now: datetime, today: date
) -> tuple[list[SessionEntry], list[SessionEntry]]:
    running = [entry for entry in entries if entry.is_now]
    later = [e for e in entries if e.start > now and e.day == today and e.state != "cancelled" and not e.kind.is_break]
    return running, [entry for entry in later if entry.start == later[0].start][:MOST_NEXT]


def _parts_of_rooms(conference: Conference) -> dict[str, tuple[str, ...]]:
    """The codes of the rooms that each joined room is made of. One query."""
    parts: dict[str, list[str]] = {}
    links = RoomPart.objects.filter(room__conference=conference).values_list("room__code", "part__code")
    for whole, part in links.order_by("part__position", "part__code"):
        parts.setdefault(whole, []).append(part)
    return {whole: tuple(of) for whole, of in parts.items()}


def _shown_day(
    day: date, entries: Sequence[SessionEntry], all_rooms: Iterable[Room], parts: dict[str, tuple[str, ...]]
) -> ShownDay:
    rooms = {room.code: room for room in all_rooms}
    items = [GridItem(e.code, e.start, e.end, e.room.code, parts.get(e.room.code, ())) for e in entries]
    grid = lay_out(items, list(rooms)) if rooms else None
    if grid is None:
        return ShownDay(day, _slots(entries, None), [], "", 0)
    columns = [
        Column(written(n), text_of(rooms[code].name), rooms[code].capacity)
        for n, code in enumerate(grid.rooms, start=1)
    ]
    return ShownDay(day, _slots(entries, grid), columns, written(len(columns)), grid.slot_minutes)


def _slots(shown: Sequence[SessionEntry], grid: TimetableGrid | None) -> list[SlotRow]:
    slots: dict[datetime, SlotRow] = {}
    for entry in shown:
        start = entry.start.astimezone(UTC)  # what clocks show twice are two rows
        slot = slots.setdefault(start, SlotRow(entry.start, written(grid.rows[start]) if grid else "", []))
        card = Card(entry)
        if grid:
            cell = grid.cells[entry.code]
            card = replace(
                card,
                row=written(cell.row),
                span=written(cell.span) if cell.span > 1 else "",
                col=written(cell.col),
                across=written(cell.across) if cell.across > 1 else "",
            )
        slot.cards.append(card)
    return list(slots.values())
