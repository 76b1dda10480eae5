"""What the programme page shows of one day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from schedule.domain.programme.days import programme_days
from schedule.domain.programme.texts import Text, text_of
from schedule.domain.published.entries import SessionEntry, entries_of
from schedule.models import Conference, Release, Room, RoomPart
from website.programme import marks
from website.programme.filters import FilterForm, filtered
from website.programme.grid import GridItem, TimetableGrid, lay_out, written

MOST_NEXT = 6


@dataclass(frozen=True, slots=True)
class DayTab:
    date: date
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


def programme_context(conference: Conference, release: Release, *, query: QueryDict, now: datetime) -> dict[str, Any]:
    """The context of templates/website/programme/timetable.html. Five queries, seven while somebody searches."""
    rooms = list(Room.objects.filter(conference=conference))
    programme = programme_days(conference)
    entries = entries_of(conference, release, rooms, programme, now=now, searchable=bool(query.get("q", "").strip()))
    asked = _asked_day(conference, query)
    chosen = FilterForm(query, entries).chosen
    found = filtered(entries, chosen)
    today = programme.day_at(now)
    day = asked or _first_day(conference, found or entries, today)
    data = query.copy()
    data["day"] = day.isoformat()
    form = FilterForm(data, entries)
    counts = Counter(entry.day for entry in found)
    shown = [entry for entry in found if entry.day == day]
    grid, columns = _grid(conference, rooms, shown)
    running, coming = _now_and_next(entries, now, today) if today in conference.dates else ([], [])
    return {
        "days": [DayTab(one, form.address(one), one == day) for one in conference.dates],
        "day": day,
        "slots": _slots(shown, grid),
        "rooms": columns,
        "columns": written(len(columns)),
        "slot_minutes": grid.slot_minutes if grid else 0,
        "filter_form": form,
        "active_count": len(chosen),
        "clear_url": form.address(day, without_filters=True),
        "other_days": [OtherDay(one, form.address(one), counts[one]) for one in sorted(counts) if one != day]
        if chosen
        else [],
        "now_entries": running,
        "next_entries": coming,
        "entry_count": len(shown),
    }


def _asked_day(conference: Conference, query: QueryDict) -> date | None:
    asked = query.get("day", "")
    return next((one for one in conference.dates if one.isoformat() == asked), None)


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


def _grid(
    conference: Conference, all_rooms: Iterable[Room], shown: Sequence[SessionEntry]
) -> tuple[TimetableGrid | None, list[Column]]:
    rooms = {room.code: room for room in all_rooms}
    parts: dict[str, list[str]] = {}
    links = RoomPart.objects.filter(room__conference=conference).values_list("room__code", "part__code")
    for whole, part in links.order_by("part__position", "part__code"):
        parts.setdefault(whole, []).append(part)
    items = [GridItem(e.code, e.start, e.end, e.room.code, tuple(parts.get(e.room.code, ()))) for e in shown]
    grid = lay_out(items, list(rooms))
    if grid is None:
        return None, []
    columns = [
        Column(written(n), text_of(rooms[code].name), rooms[code].capacity)
        for n, code in enumerate(grid.rooms, start=1)
    ]
    return grid, columns


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
