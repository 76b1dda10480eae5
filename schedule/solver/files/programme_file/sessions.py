"""Reading the sessions of a programme file (see `reader`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from schedule.solver.files.reading.record import Field, Record
from values.instants import after, midnight, minutes_between, seconds_between

from . import checks, plain
from .fields import FixedFields, InterpretationFields, RoleFields, SessionFields, SpanFields


@dataclass(frozen=True)
class SessionReader:
    """Reads one session after the other; whatever sessions may name has been read before."""

    first: date
    last: date
    slot: int
    days: Collection[plain.DayRecord]
    kinds: Mapping[str, plain.KindRecord]
    breaks_only: Collection[str]

    def read(self, record: Record) -> plain.SessionRecord:
        record.only(SessionFields)
        code = record.get(SessionFields.code)
        kind = self.kinds.get(record.get(SessionFields.kind))
        duration = self._duration(record)
        fixed_start, fixed_room = self._fixed(record.record("fixed")) if record.has("fixed") else (None, None)
        if fixed_room in self.breaks_only and kind and not kind.is_break:
            record.wrong("breaks_only", "fixed.room")
        if fixed_start and duration and not checks.fits(self.days, fixed_start, duration):
            record.warn("outside_hours", "fixed")
        not_before = self._bound(record, SessionFields.not_before)
        not_after = self._bound(record, SessionFields.not_after)
        if not_before and not_after and minutes_between(not_before, not_after) < max(duration, 1):
            record.wrong("does_not_fit", "not_after", minutes=duration)
        interpretation = record.record("interpretation")
        interpretation.only(InterpretationFields)
        return plain.SessionRecord(
            code=code,
            kind=kind.code if kind else "",
            theme=record.get(SessionFields.theme),
            title=record.get(SessionFields.title),
            abstract=record.get(SessionFields.abstract),
            hosts=record.get(SessionFields.hosts),
            hosts_shown=not _is_assumed(record, "hosts"),
            duration_minutes=duration,
            roles=self._roles(record),
            languages=record.get(SessionFields.languages),
            interpretation_pairs=interpretation.get(InterpretationFields.pairs),
            sign_languages=interpretation.get(InterpretationFields.sign),
            caption_languages=interpretation.get(InterpretationFields.captions),
            required_features=record.get(SessionFields.required_features),
            expected_attendance=record.get(SessionFields.expected_attendance),
            signup=record.get(SessionFields.signup) or (kind.signup if kind else ""),
            capacity_cap=record.get(SessionFields.capacity_cap),
            fixed_start=fixed_start,
            fixed_room=fixed_room,
            not_before=not_before,
            not_after=not_after,
            after=self._others(record, code, SessionFields.after),
            not_parallel_with=self._others(record, code, SessionFields.not_parallel_with),
            blocks_all=record.get(SessionFields.blocks_all),
            preferred_rooms=record.get(SessionFields.preferred_rooms),
            preferred_times=self._preferred_times(record),
        )

    def _preferred_times(self, session: Record) -> tuple[tuple[datetime, datetime], ...]:
        found = []
        for record in session.records("preferred_times", required=False):
            record.only(SpanFields)
            if times := checks.span(record, self.first):
                found.append(times)
        return tuple(found)

    def _duration(self, record: Record) -> int:
        field = SessionFields.duration_minutes
        duration = record.valid(field)
        if duration is None:
            return 1
        longest = max((minutes_between(*open_) for open_ in checks.open_stretches(self.days)), default=None)
        if duration % self.slot:
            record.warn("length_off_grid", field.name, minutes=duration, slot=self.slot)
        if longest is not None and duration > longest:
            record.wrong("longer_than_a_day", field.name, minutes=duration)
        return duration

    def _fixed(self, record: Record) -> tuple[datetime | None, str | None]:
        record.only(FixedFields)
        day = checks.conference_day(record, FixedFields, self.first, self.last)
        clock = record.valid(FixedFields.start)
        room = record.valid(FixedFields.room)
        if day is None or clock is None:
            return None, room
        start = clock.on(day, record, "start")
        if start and self._is_off_grid(start, record.context.zone):
            record.warn("start_off_grid", "start", slot=self.slot)
        return start, room

    def _is_off_grid(self, start: datetime, zone: tzinfo) -> bool:
        return self.first > date.min and minutes_between(midnight(self.first, zone), start) % self.slot > 0

    def _bound(self, record: Record, field: Field[datetime | None]) -> datetime | None:
        moment = record.valid(field)
        if moment is None:
            return None
        # The end of the last day, 00:00 of the day after it, is a bound one may set; so is any time until it closes.
        day = after(moment, seconds=-1).date()
        is_night = any(seconds_between(moment, one.closes_at) >= 0 for one in self.days)
        if day < self.first or (day > self.last and not is_night):
            record.wrong("outside_days", field.name)
            return None
        return moment

    def _roles(self, session: Record) -> tuple[plain.RoleRecord, ...]:
        found: list[plain.RoleRecord] = []
        for record in session.records("roles", required=False):
            record.only(RoleFields)
            role = plain.RoleRecord(
                person=record.valid(RoleFields.person),
                role=record.get(RoleFields.role),
                mode=record.get(RoleFields.mode),
            )
            if role.person and any((role.person, role.role) == (other.person, other.role) for other in found):
                record.wrong("role_twice", "person")
            found.append(role)
        return tuple(found)

    def _others(self, record: Record, code: str, field: Field[tuple[str, ...]]) -> tuple[str, ...]:
        found = record.get(field)
        if code in found:
            record.wrong("names_itself", field.name)
        return tuple(other for other in found if other != code)


def _is_assumed(record: Record, key: str) -> bool:
    provenance = record.value.get("provenance")
    entry = provenance.get(key) if isinstance(provenance, dict) else None
    return isinstance(entry, dict) and entry.get("status") == "assumed"
