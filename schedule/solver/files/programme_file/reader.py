"""The one reader of programme files: format "whrcf-scheduler-input", version 1.

The import into the database and the command line of the scheduler both read with it. Each record may carry
`provenance`. A value marked "assumed" is a guess: it serves the timetable, and the public programme says that it is
sample data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from schedule.solver.files.reading.finding import refuse
from schedule.solver.files.reading.record import Context, Record
from schedule.solver.files.reading.values import Ref
from schedule.solver.files.size import check_size
from schedule.solver.problem import Problem

from . import checks, plain
from .fields import (
    BodyFields,
    ConferenceFields,
    DayFields,
    KindFields,
    PersonFields,
    ProgrammeFields,
    RoomFields,
    RulesFields,
    ThemeFields,
    UnavailabilityFields,
)
from .problem import problem_of
from .sessions import SessionReader
from .vocabulary import BREAK_KIND, FEATURES, FORMAT, LOBBY_ROOM, RESERVED_SLUGS, VERSION

_MINUTE, _HOUR, _MIDNIGHT = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")


def read(data: Mapping[str, Any]) -> plain.Programme:
    """A checked programme. Raises FileRefused with all problems found."""
    return read_both(data)[0]


def read_both(data: Mapping[str, Any]) -> tuple[plain.Programme, Problem]:
    """A checked programme and the problem it holds. Raises FileRefused with all problems found."""
    if data.get("format") != FORMAT or data.get("format_version") != VERSION:
        refuse("unknown_format", "", "format", format=FORMAT, version=VERSION)
    context = Context()
    programme = _ProgrammeReader(Record(dict(data), "", context)).programme()
    context.findings.refuse_problems()
    problem = problem_of(programme)
    check_size(problem)
    return programme, problem


class _ProgrammeReader:
    """Reads the file from top to bottom; later records refer to the codes of earlier ones."""

    def __init__(self, top: Record) -> None:
        self.top = top
        self.context = top.context
        self.slot = 1

    def programme(self) -> plain.Programme:
        top = self.top
        top.only(ProgrammeFields)
        self.conference = self._conference(top.record("conference"))
        rules = self._rules(top.record("rules"))
        days = self._days()
        records = {
            name: top.records(name, required=field.required)
            for name, field in ProgrammeFields.declared().items()
            if name in {"kinds", "rooms", "sessions", "bodies", "people", "themes"}
        }
        kinds = tuple(self._kind(record) for record in records["kinds"])
        themes = tuple(self._theme(record) for record in records["themes"])
        bodies = tuple(self._body(record) for record in records["bodies"])
        people = tuple(self._person(record) for record in records["people"])
        self.context.codes = {name: checks.codes_of(found) for name, found in records.items()}
        rooms = tuple(self._room(record) for record in records["rooms"])
        reader = SessionReader(
            first=self.conference.starts_on,
            last=self.conference.ends_on,
            slot=self.slot,
            days=days,
            kinds={kind.code: kind for kind in kinds},
            breaks_only={room.code for room in rooms if room.breaks_only},
        )
        sessions = tuple(reader.read(record) for record in records["sessions"])
        unavailabilities = [self._unavailability(record) for record in top.records("unavailabilities", required=False)]
        checks.no_cycles(records["rooms"], {room.code: room.parts for room in rooms}, "parts")
        checks.no_cycles(records["sessions"], {session.code: session.after for session in sessions}, "after")
        checks.features_exist(records["sessions"], sessions, rooms)
        for name in ("kinds", "themes", "rooms", "bodies", "people", "sessions"):
            checks.codes_are_unique(records[name])
        programme = plain.Programme(
            conference=self.conference,
            rules=rules,
            days=days,
            kinds=kinds,
            themes=themes,
            rooms=rooms,
            bodies=bodies,
            people=people,
            sessions=sessions,
            unavailabilities=tuple(found for found in unavailabilities if found),
            same_time=top.get(ProgrammeFields.same_time),
            same_room=top.get(ProgrammeFields.same_room),
            has_assumptions=_has_assumptions(top.value),
            interests=top.get(ProgrammeFields.interests),
            warnings=tuple(self.context.findings.warnings),
        )
        checks.groups_can_be_kept(top, programme)
        return programme

    def _conference(self, record: Record) -> plain.ConferenceRecord:
        record.only(ConferenceFields)
        slug = record.get(ConferenceFields.slug)
        if slug in RESERVED_SLUGS:
            record.wrong("reserved_slug", "slug", slug=slug)
        self.context.languages = tuple(
            language for language in record.get(ConferenceFields.languages) if _is_language(record, language)
        )
        if record.has("languages") and not self.context.languages:
            record.wrong("no_language", "languages")
        zone = record.valid(ConferenceFields.timezone)
        if zone is not None:
            self.context.zone = zone
        starts_on, ends_on = record.valid(ConferenceFields.starts_on), record.valid(ConferenceFields.ends_on)
        if starts_on and ends_on and ends_on < starts_on:
            record.wrong("ends_before_start", "ends_on")
            ends_on = None  # that every other day is outside as well would be no news
        if starts_on and ends_on and ends_on - starts_on > timedelta(days=366):
            record.wrong("longer_than_a_year", "ends_on")
        return plain.ConferenceRecord(
            slug=slug,
            name=record.get(ConferenceFields.name),
            theme=record.get(ConferenceFields.theme),
            venue=record.get(ConferenceFields.venue),
            timezone=self.context.zone.key,
            starts_on=starts_on or date.min,
            ends_on=ends_on or date.max,
            languages=tuple(self.context.languages),
            expected_participants=record.get(ConferenceFields.expected_participants),
        )

    def _rules(self, record: Record) -> plain.RulesRecord:
        record.only(RulesFields)
        self.slot = record.get(RulesFields.slot_minutes)
        return plain.RulesRecord(
            slot_minutes=self.slot,
            room_changeover_minutes=record.get(RulesFields.room_changeover_minutes),
            person_gap_same_group_minutes=record.get(RulesFields.person_gap_same_group_minutes),
            person_gap_other_group_minutes=record.get(RulesFields.person_gap_other_group_minutes),
            interpreter_teams=record.get(RulesFields.interpreter_teams),
            max_parallel_open_sessions=record.get(RulesFields.max_parallel_open_sessions),
        )

    def _days(self) -> tuple[plain.DayRecord, ...]:
        found: dict[date, tuple[Record, plain.DayRecord]] = {}
        for record in self.top.records("day_windows"):
            record.only(DayFields)
            day, opens, closes = (
                checks.conference_day(record, DayFields, self.conference.starts_on, self.conference.ends_on),
                record.valid(DayFields.opens),
                record.valid(DayFields.closes),
            )
            if day is None or opens is None or closes is None:
                continue
            if opens.since == closes.since or _MIDNIGHT <= closes.since < opens.since:
                record.wrong("closes_before_opening", "closes")
                continue
            if day in found:
                record.wrong("day_twice", "date", day=day.isoformat())
            if closes.since < opens.since:
                closes = replace(closes, since=closes.since + _MIDNIGHT)
                hours, rest = divmod(closes.since, _HOUR)
                record.warn("closes_next_day", "closes", written=f"{hours}:{rest // _MINUTE:02}")
            opens_at, closes_at = opens.on(day, record, "opens"), closes.on(day, record, "closes", ends=True)
            if opens_at and closes_at:
                core = self._core(record, day, opens.since, closes.since)
                found[day] = record, plain.DayRecord(day, opens_at, closes_at, core)
        checks.hours_do_not_overlap(list(found.values()))
        return tuple(day for _record, day in found.values())

    def _core(self, record: Record, day: date, opens: timedelta, closes: timedelta) -> tuple[datetime, datetime] | None:
        """The hours of a day that the scheduler prefers; None where the file names none."""
        given = (DayFields.core_from, DayFields.core_until)
        if not any(record.has(field.name) for field in given):
            return None
        start, end = (record.read(field.value, field.name, required=True) for field in given)
        if start is None or end is None:
            return None
        # As with the opening hours: what would be before is after midnight.
        if start.since < opens and start.since + _MIDNIGHT < closes:
            start = replace(start, since=start.since + _MIDNIGHT)
        if end.since <= start.since and end.since + _MIDNIGHT <= closes:
            end = replace(end, since=end.since + _MIDNIGHT)
        if not opens <= start.since < end.since <= closes:
            record.wrong("core_outside_hours", "core_until")
            return None
        starts_at, ends_at = start.on(day, record, "core_from"), end.on(day, record, "core_until", ends=True)
        return (starts_at, ends_at) if starts_at and ends_at else None

    def _kind(self, record: Record) -> plain.KindRecord:
        record.only(KindFields)
        code = record.get(KindFields.code)
        return plain.KindRecord(
            code=code,
            name=record.get(KindFields.name),
            signup=record.get(KindFields.signup),
            is_break=code == BREAK_KIND,
            max_parallel=record.get(KindFields.max_parallel),
        )

    def _theme(self, record: Record) -> plain.ThemeRecord:
        record.only(ThemeFields)
        return plain.ThemeRecord(record.get(ThemeFields.code), record.get(ThemeFields.name))

    def _room(self, record: Record) -> plain.RoomRecord:
        record.only(RoomFields)
        code = record.get(RoomFields.code)
        features = record.get(RoomFields.features)
        for feature in features:
            if feature not in FEATURES:
                record.warn("unknown_feature", "features", feature=feature)
        parts = record.get(RoomFields.parts)
        if code in parts:
            record.wrong("part_of_itself", "parts")
        return plain.RoomRecord(
            code=code,
            name=record.get(RoomFields.name),
            capacity=record.get(RoomFields.capacity),
            parts=tuple(part for part in parts if part != code),
            features=features,
            distance_group=record.get(RoomFields.distance_group),
            allows_parallel_use=code == LOBBY_ROOM,
            breaks_only=code == LOBBY_ROOM,
        )

    def _body(self, record: Record) -> plain.BodyRecord:
        record.only(BodyFields)
        return plain.BodyRecord(
            record.get(BodyFields.code), record.get(BodyFields.name), record.get(BodyFields.single_team)
        )

    def _person(self, record: Record) -> plain.PersonRecord:
        record.only(PersonFields)
        return plain.PersonRecord(
            code=record.get(PersonFields.code),
            name=record.get(PersonFields.name),
            affiliation=record.get(PersonFields.affiliation),
            country=record.get(PersonFields.country),
            email=record.get(PersonFields.email),
            biography=record.get(PersonFields.bio),
        )

    def _unavailability(self, record: Record) -> plain.UnavailabilityRecord | None:
        record.only(UnavailabilityFields)
        subject_type = record.get(UnavailabilityFields.subject_type)
        named = {"room": "rooms", "person": "people", "host": "bodies"}[subject_type]
        subject = record.read(Ref(named), UnavailabilityFields.subject.name)
        times = checks.span(record, self.conference.starts_on)
        reason = record.get(UnavailabilityFields.reason)
        if times is None or subject is None:
            return None
        return plain.UnavailabilityRecord(subject_type, subject, *times, reason)


def _is_language(record: Record, value: str) -> bool:
    """Whether `value` has the form of a language's code; otherwise that is said."""
    if _LANGUAGE.match(value):
        return True
    record.wrong("not_a_language", "languages", value=value)
    return False


def _has_assumptions(value: Any) -> bool:
    """Whether any record below says of one of its fields that it is assumed."""
    if isinstance(value, list):
        return any(_has_assumptions(item) for item in value)
    if not isinstance(value, dict):
        return False
    provenance = value.get("provenance")
    if isinstance(provenance, dict) and any(
        isinstance(entry, dict) and entry.get("status") == "assumed" for entry in provenance.values()
    ):
        return True
    return any(_has_assumptions(item) for key, item in value.items() if key != "provenance")
