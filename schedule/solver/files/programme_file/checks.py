"""What must hold between the records of a programme file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from babel.dates import format_date

from schedule.solver.files.reading.finding import Word
from schedule.solver.files.reading.record import Field, Record
from schedule.solver.files.reading.times import LONGEST
from schedule.solver.relations.groups import impossible_together
from values.instants import after, seconds_between
from values.text import one_form

from . import plain
from .fields import DayFields, FixedFields, SpanFields
from .vocabulary import weekday_names

_SHOWN_CYCLES = 20


def _code(record: Record) -> str | None:
    code = record.value.get("code")
    return one_form(code) if isinstance(code, str) else None


def codes_of(records: Iterable[Record]) -> frozenset[str]:
    return frozenset(code for record in records if (code := _code(record)))


def codes_are_unique(records: Iterable[Record]) -> None:
    seen: dict[str, str] = {}
    for record in records:
        code = _code(record)
        if not code:
            continue
        if code in seen:
            record.wrong("code_twice", "code", code=code[:60], other=seen[code])
        else:
            seen[code] = record.where


def no_cycles(records: Sequence[Record], links: Mapping[str, Collection[str]], key: str) -> None:
    """Refuse chains of `links` (a code and the codes it names under `key`) that lead back to where they began."""
    graph = {code: set(others) for code, others in links.items()}
    places = {_code(record): record for record in reversed(records)}
    for _found in range(_SHOWN_CYCLES):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # Each names its successor's key: in [a, b, a], a is named by b.
            chain: list[str] = list(reversed(error.args[1]))
            places[chain[0]].wrong("circle", key, chain=" → ".join(chain))
            graph[chain[0]].discard(chain[1])
        else:
            return


def features_exist(
    records: Sequence[Record], sessions: Sequence[plain.SessionRecord], rooms: Sequence[plain.RoomRecord]
) -> None:
    """Warn of a session that needs what no room has: it could not be placed."""
    present = {feature for room in rooms for feature in room.features}
    for record, session in zip(records, sessions, strict=True):
        for feature in session.required_features:
            if feature not in present:
                record.warn("feature_nowhere", "required_features", feature=feature)


def groups_can_be_kept(top: Record, programme: plain.Programme) -> None:
    """Refuse sessions that would have to start together in one room that takes one at a time."""
    breaks = {kind.code for kind in programme.kinds if kind.is_break}
    shared = [room for room in programme.rooms if room.allows_parallel_use]
    takes_all = any(not room.breaks_only for room in shared)
    may_share = {one.code for one in programme.sessions if shared and (takes_all or one.kind in breaks)}
    for codes in impossible_together(programme.same_time, programme.same_room, may_share=may_share):
        top.wrong("impossible_together", "same_room", codes=", ".join(f"“{code}”" for code in sorted(codes)))


def open_stretches(days: Iterable[plain.DayRecord]) -> list[tuple[datetime, datetime]]:
    """When the conference is open, in order of time: opening hours that touch are one stretch."""
    found: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted((day.opens_at.astimezone(UTC), day.closes_at.astimezone(UTC)) for day in days):
        begins = found.pop()[0] if found and found[-1][1] == opens else opens
        found.append((begins, closes))
    return found


def hours_do_not_overlap(records: Sequence[tuple[Record, plain.DayRecord]]) -> None:
    """Each instant is of one day at most."""
    in_order = sorted(records, key=lambda one: one[1].opens_at.astimezone(UTC))
    for (_, before), (record, day) in pairwise(in_order):
        if day.opens_at.astimezone(UTC) < before.closes_at.astimezone(UTC):
            record.wrong("hours_overlap", "opens", day=before.date.isoformat())


def fits(days: Iterable[plain.DayRecord], start: datetime, minutes: int) -> bool:
    """Whether a session of `minutes` from `start` lies within the opening hours."""
    begins, ends = start.astimezone(UTC), after(start, minutes).astimezone(UTC)
    return any(opens <= begins and ends <= closes for opens, closes in open_stretches(days))


def weekday_is_right(record: Record, field: Field[str], day: date) -> None:
    """Weekdays are computed, never stored; one that is written in the file must agree with its date."""
    if not record.has(field.name):
        return
    written = record.get(field).lower().rstrip(".")
    if written not in weekday_names(day):
        weekday = Word(format_date(day, "EEEE", "en"))
        record.wrong("wrong_weekday", field.name, day=day.isoformat(), weekday=weekday, written=written)


def conference_day(record: Record, fields: type[DayFields | FixedFields], first: date, last: date) -> date | None:
    """The `date` of the record, a day of the conference; a `weekday` beside it must be that day's."""
    day = record.valid(fields.date)
    if day is None:
        return None
    if not first <= day <= last:
        record.wrong("outside_conference", "date", day=day.isoformat(), first=first.isoformat(), last=last.isoformat())
        return None
    weekday_is_right(record, fields.weekday, day)
    return day


def span(record: Record, first: date) -> tuple[datetime, datetime] | None:
    """The times `from` and `to`; none where one of them is missing or wrong.

    Both must be within a year of `first`, which is `date.min` where the file does not say.
    """
    found: list[datetime] = []
    days = LONGEST // (24 * 60)
    for field in (SpanFields.from_, SpanFields.to):
        moment = record.valid(field)
        if moment is None:
            continue
        if first > date.min and abs((moment.date() - first).days) >= days:
            record.wrong("far_away", field.name, days=days)
            continue
        found.append(moment)
    if len(found) < 2:
        return None
    starts_at, ends_at = found
    if seconds_between(starts_at, ends_at) <= 0:
        record.wrong("not_later", "to")
    return starts_at, ends_at
