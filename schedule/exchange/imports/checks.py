"""What is worth a look in a programme as a whole. Nothing of it stops an import."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schedule.exchange.imports.entries.entry import ImportPreview
from schedule.exchange.incoming.records import Oddity, SaidRecord, What
from schedule.models import Conference, Unavailability
from values.instants import after, minutes_between

_TAG = re.compile(r"</?(?:p|br|a|b|i|em|strong|ul|ol|li|div|span|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)


@dataclass(frozen=True)
class _PlacedRecord:
    record: SaidRecord
    start: datetime
    end: datetime
    local: datetime


def oddities_of(conference: Conference, records: Sequence[SaidRecord]) -> list[Oddity]:
    """Overlaps in a room, people in two places, what lies outside the days or off the grid, nights."""
    by_key = {(record.what, record.key): record for record in records}
    placed = sorted(_placed(conference, records), key=lambda one: (one.start, one.record.key))
    found = list(_same_room(placed, by_key))
    found += _two_places(placed, by_key)
    for one in placed:
        if not conference.starts_on <= one.local.date() <= conference.ends_on:
            said = f"{one.local:%Y-%m-%d}"
            found.append(Oddity("outside_conference", one.record.place, values={"said": said}))
    found += _long(records)
    grid = conference.slot_minutes
    off = sum(1 for one in placed if _is_off(one, grid))
    if off:
        found.append(Oddity("off_grid", values={"minutes": grid, "count": off}))
    found += _whole(records)
    nights = sum(1 for one in placed if _is_past_midnight(conference, one))
    if nights:
        found.append(Oddity("past_midnight", values={"count": nights}))
    return found


def in_closed_rooms(conference: Conference, preview: ImportPreview) -> Iterator[Oddity]:
    """What would be placed into a room while that is closed. One query, none where nothing would be placed."""
    rooms = {entry.record.key: entry.row for entry in preview.entries if entry.record.what is What.ROOM}
    placed = [(entry, *entry.place) for entry in preview.entries if entry.place is not None]
    if not any(rooms[key].pk for _entry, key, _start, _end in placed):
        return
    closures: dict[int | None, list[tuple[datetime, datetime]]] = defaultdict(list)
    closed = Unavailability.objects.filter(conference=conference, room__isnull=False)
    for room, starts_at, ends_at in closed.values_list("room_id", "starts_at", "ends_at"):
        closures[room].append((starts_at, ends_at))
    for entry, key, start, end in placed:
        if any(first < end and start < last for first, last in closures[rooms[key].pk]):
            values = {"room": str(rooms[key].name), "said": f"{conference.local(start):%Y-%m-%d %H:%M}"}
            yield Oddity("room_closed", entry.record.place, values=values)


def _long(records: Sequence[SaidRecord]) -> Iterator[Oddity]:
    """Hours and minutes are often written where minutes and seconds are meant."""
    for record in records:
        minutes = record.said.get("duration_minutes") if record.what is What.SESSION else None
        if minutes is not None and minutes > 24 * 60:
            yield Oddity("longer_than_a_day", record.place, values={"said": minutes})


def _whole(records: Sequence[SaidRecord]) -> Iterator[Oddity]:
    """What is worth telling once: people of one name, rooms that nothing is in, abstracts with HTML."""
    names = Counter(_name(record) for record in records if record.what is What.PERSON)
    for name, count in sorted(names.items()):
        if count > 1:
            yield Oddity("same_name", values={"said": name, "count": count})
    sessions = [record.said for record in records if record.what is What.SESSION]
    used = {said.get("room") for said in sessions} - {None}
    appear = {person for said in sessions for person, _role, _mode in said.get("people", ())}
    silent = [_name(one) for one in records if one.what is What.PERSON and one.key not in appear]
    if appear and silent:
        yield Oddity("unused_people", values={"said": ", ".join(silent[:20]), "count": len(silent)})
    unused = [_name(one) for one in records if one.what is What.ROOM and one.key not in used]
    if used and unused:
        yield Oddity("unused_rooms", values={"said": ", ".join(unused)})
    marked = sum(1 for said in sessions if any(_TAG.search(text) for text in (said.get("abstract") or {}).values()))
    if marked:
        yield Oddity("markup", values={"count": marked})


def _placed(conference: Conference, records: Sequence[SaidRecord]) -> Iterator[_PlacedRecord]:
    for record in records:
        if record.what is What.SESSION and "start" in record.said:
            start = record.said["start"]
            yield _PlacedRecord(record, start, after(start, record.said["duration_minutes"]), conference.local(start))


def _is_off(one: _PlacedRecord, grid: int) -> bool:
    return bool(minutes_between(one.start, one.end) % grid or (one.local.hour * 60 + one.local.minute) % grid)


def _is_past_midnight(conference: Conference, one: _PlacedRecord) -> bool:
    """An end at 24:00 exactly is none."""
    last = conference.local(after(one.end, seconds=-1))
    return last.date() > one.local.date()


def _title(record: SaidRecord) -> str:
    return str(next(iter(record.said["title"].values())))


def _name(record: SaidRecord | None) -> str:
    return next(iter(record.said["name"].values()), "") if record else ""


def _same_room(placed: Sequence[_PlacedRecord], by_key: dict[tuple[What, str], SaidRecord]) -> Iterator[Oddity]:
    """Every pair that overlaps, by a sweep over each room."""
    rooms: dict[str, list[_PlacedRecord]] = defaultdict(list)
    for one in placed:
        room, running = one.record.said["room"], rooms[one.record.said["room"]]
        running[:] = [other for other in running if other.end > one.start]
        for other in running:
            values = {
                "one": _title(other.record),
                "other": _title(one.record),
                "room": _name(by_key.get((What.ROOM, room))),
                "said": f"{one.local:%Y-%m-%d %H:%M}",
            }
            yield Oddity("same_room", one.record.place, values=values)
        running.append(one)


def _two_places(placed: Sequence[_PlacedRecord], by_key: dict[tuple[What, str], SaidRecord]) -> list[Oddity]:
    running: dict[str, list[_PlacedRecord]] = defaultdict(list)
    pairs: Counter[str] = Counter()
    for one in placed:
        for person in {
            person for person, _role, mode in one.record.said.get("people", ()) if person and mode == "in-person"
        }:
            mine = running[person]
            mine[:] = [other for other in mine if other.end > one.start]
            pairs[person] += len(mine)
            mine.append(one)
    return [
        Oddity("two_places", values={"said": _name(by_key.get((What.PERSON, person))), "count": count})
        for person, count in pairs.most_common()
        if count
    ]
