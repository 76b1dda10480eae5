"""Reader of programme files: format "whrcf-scheduler-input", version 1.

The format has no field for three things; these rules belong to version 1: the kind coded "break" holds breaks, the
room coded "LOBBY" takes breaks only, and any number of them at once. Each record may carry `provenance`. A value
marked "assumed" is a guess: it serves the timetable, and the public programme says that it is sample data.
"""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from schedule.exchange.readers import checks, plain
from schedule.exchange.readers.fields import MAX_SMALL, Findings, Record
from schedule.exchange.readers.programme_sessions import SessionReader
from schedule.exchange.readers.refusals import ImportRefused, Problem
from schedule.models.sessions import SignupPolicy
from schedule.validators import RESERVED_SLUGS
from schedule.vocabulary.features import FEATURES

FORMAT = "whrcf-scheduler-input"
VERSION = 1
BREAK_KIND = "break"
LOBBY_ROOM = "LOBBY"
SUBJECTS = ("room", "person", "host")
SAMPLE_NOTE = {
    "en": "Sample data. Names and themes come from public sources; the timetable, rooms, sizes and whatever else no "
    "source states are made up and do not tell what happened.",
    "ko": "견본 자료입니다. 이름과 주제는 공개된 자료에서 가져왔으며, 시간표와 회의실, 규모 등 자료에 없는 내용은 "
    "꾸며 낸 것으로 실제 있었던 일이 아닙니다.",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")


def read(data: Mapping[str, Any]) -> plain.Programme:
    """A checked programme. Raises `ImportRefused` with all problems found."""
    if data.get("format") != FORMAT or data.get("format_version") != VERSION:
        raise ImportRefused(
            [
                Problem(
                    "",
                    "format",
                    _("This is not a programme file that Plenary knows."),
                    _("It must say “format”: “%(format)s” and “format_version”: %(version)d.")
                    % {"format": FORMAT, "version": VERSION},
                )
            ]
        )
    reader = _Reader(Record(dict(data), "", Findings()))
    programme = reader.programme()
    if problems := reader.top.findings.problems:
        raise ImportRefused(problems)
    return programme


class _Reader:
    """Reads the file from top to bottom; later records refer to the codes of earlier ones."""

    def __init__(self, top: Record) -> None:
        self.top = top
        self.zone = zoneinfo.ZoneInfo("UTC")
        self.languages: tuple[str, ...] = ()
        self.slot = 1

    def programme(self) -> plain.Programme:
        top = self.top
        top.only(
            (
                "format",
                "format_version",
                "note",
                "conference",
                "rules",
                "day_windows",
                "kinds",
                "themes",
                "rooms",
                "bodies",
                "people",
                "sessions",
                "unavailabilities",
                "same_time",
                "same_room",
            )
        )
        self.conference = self._conference(top.record("conference"))
        rules = self._rules(top.record("rules"))
        days = self._days()
        kind_records, room_records = top.records("kinds"), top.records("rooms")
        session_records = top.records("sessions")
        body_records = top.records("bodies", required=False)
        person_records = top.records("people", required=False)
        theme_records = top.records("themes", required=False)
        kinds = tuple(self._kind(record) for record in kind_records)
        themes = tuple(self._theme(record) for record in theme_records)
        bodies = tuple(self._body(record) for record in body_records)
        people = tuple(self._person(record) for record in person_records)
        self.rooms = checks.codes_of(room_records)
        self.bodies, self.people = checks.codes_of(body_records), checks.codes_of(person_records)
        rooms = tuple(self._room(record) for record in room_records)
        reader = SessionReader(
            first=self.conference.starts_on,
            last=self.conference.ends_on,
            zone=self.zone,
            slot=self.slot,
            languages=self.languages,
            days=days,
            kinds={kind.code: kind for kind in kinds},
            themes=checks.codes_of(theme_records),
            rooms=self.rooms,
            breaks_only={room.code for room in rooms if room.breaks_only},
            bodies=self.bodies,
            people=self.people,
            sessions=checks.codes_of(session_records),
        )
        sessions = tuple(reader.read(record) for record in session_records)
        unavailabilities = [self._unavailability(record) for record in top.records("unavailabilities", required=False)]
        checks.no_cycles(room_records, {room.code: room.parts for room in rooms}, "parts")
        checks.no_cycles(session_records, {session.code: session.after for session in sessions}, "after")
        checks.features_exist(session_records, sessions, rooms)
        for records in (kind_records, theme_records, room_records, body_records, person_records, session_records):
            checks.codes_are_unique(records)
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
            same_time=top.groups("same_time", reader.sessions),
            same_room=top.groups("same_room", reader.sessions),
            sample_note=SAMPLE_NOTE if _has_assumptions(top.value) else {},
            warnings=tuple(top.findings.warnings),
        )
        checks.groups_can_be_kept(top, programme)
        return programme

    def _texts(self, record: Record, key: str, longest: int, *, required: bool = True) -> plain.Texts:
        return record.texts(key, self.languages, longest=longest, required=required)

    def _conference(self, record: Record) -> plain.Conference:
        record.only(
            (
                "slug",
                "name",
                "theme",
                "timezone",
                "starts_on",
                "ends_on",
                "venue",
                "languages",
                "expected_participants",
                "provenance",
            )
        )
        slug = record.text("slug", longest=50)
        if slug and not _SLUG.match(slug):
            record.wrong("slug", _("This cannot stand in an address."), _("Use small letters, digits and hyphens."))
        if slug in RESERVED_SLUGS:
            record.wrong("slug", _("“%(slug)s” is kept for pages of the site.") % {"slug": slug}, _("Choose another."))
        self.languages = tuple(
            language for language in record.words("languages", longest=12) if self._is_language(record, language)
        )
        if not self.languages:
            record.wrong("languages", _("A conference needs a language."), _("Write a list such as [“ko”, “en”]."))
        timezone = record.text("timezone", longest=64)
        if timezone in _zones():
            self.zone = zoneinfo.ZoneInfo(timezone)
        elif timezone:
            record.wrong(
                "timezone",
                _("“%(zone)s” is not a time zone.") % {"zone": timezone},
                _("Use a name such as Asia/Seoul."),
            )
        starts_on, ends_on = record.day("starts_on"), record.day("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            record.wrong("ends_on", _("The last day is before the first."), _("Correct one of the two dates."))
        if starts_on and ends_on and ends_on - starts_on > timedelta(days=366):
            record.wrong(
                "ends_on", _("The conference would last more than a year."), _("Correct one of the two dates.")
            )
        return plain.Conference(
            slug=slug,
            name=self._texts(record, "name", 200),
            theme=self._texts(record, "theme", 300, required=False),
            venue=self._texts(record, "venue", 300, required=False),
            timezone=timezone,
            starts_on=starts_on or date.min,
            ends_on=ends_on or date.max,
            languages=self.languages,
            expected_participants=record.integer("expected_participants", default=0),
        )

    @staticmethod
    def _is_language(record: Record, value: str) -> bool:
        if _LANGUAGE.match(value):
            return True
        record.wrong(
            "languages",
            _("“%(value)s” is not a language code.") % {"value": value},
            _("Write codes such as “ko” or “en”."),
        )
        return False

    def _rules(self, record: Record) -> plain.Rules:
        gaps = ("room_changeover_minutes", "person_gap_same_group_minutes", "person_gap_other_group_minutes")
        record.only(("slot_minutes", *gaps, "interpreter_teams", "max_parallel_open_sessions", "provenance"))
        self.slot = record.integer("slot_minutes", least=1, most=1440)
        changeover, same, other = (record.integer(key, most=1440, default=0) for key in gaps)
        return plain.Rules(
            slot_minutes=self.slot,
            room_changeover_minutes=changeover,
            person_gap_same_group_minutes=same,
            person_gap_other_group_minutes=other,
            interpreter_teams=record.optional_integer("interpreter_teams", most=MAX_SMALL),
            max_parallel_open_sessions=record.optional_integer("max_parallel_open_sessions", least=1, most=MAX_SMALL),
        )

    def _days(self) -> tuple[plain.Day, ...]:
        found: dict[date, plain.Day] = {}
        for record in self.top.records("day_windows"):
            record.only(("date", "weekday", "opens", "closes", "core_from", "core_until", "provenance"))
            day, opens, closes = (
                checks.conference_day(record, "date", self.conference.starts_on, self.conference.ends_on),
                record.clock("opens"),
                record.clock("closes"),
            )
            if opens is not None and closes is not None and opens >= closes:
                record.wrong("closes", _("The day closes before it opens."), _("Correct one of the two times."))
                continue
            if day is None or opens is None or closes is None:
                continue
            if day in found:
                record.wrong(
                    "date", _("%(day)s is given twice.") % {"day": day.isoformat()}, _("Remove one of the two.")
                )
            midnight = datetime.combine(day, time())
            opens_at = record.local("opens", midnight + opens, self.zone)
            closes_at = record.local("closes", midnight + closes, self.zone)
            if opens_at and closes_at:
                found[day] = plain.Day(day, opens_at, closes_at, self._core(record, midnight, opens, closes))
        return tuple(found.values())

    def _core(
        self, record: Record, midnight: datetime, opens: timedelta, closes: timedelta
    ) -> tuple[datetime, datetime] | None:
        """The hours of a day that the scheduler prefers; None where the file names none."""
        if not record.has("core_from") and not record.has("core_until"):
            return None
        start, end = record.clock("core_from"), record.clock("core_until")
        if start is None or end is None:
            return None
        if not opens <= start < end <= closes:
            record.wrong(
                "core_until",
                _("The core hours do not lie between opening and closing."),
                _("Correct “core_from” or “core_until”."),
            )
            return None
        starts_at = record.local("core_from", midnight + start, self.zone)
        ends_at = record.local("core_until", midnight + end, self.zone)
        return (starts_at, ends_at) if starts_at and ends_at else None

    def _kind(self, record: Record) -> plain.Kind:
        record.only(("code", "name", "signup", "max_parallel", "provenance"))
        code = record.code()
        return plain.Kind(
            code=code,
            name=self._texts(record, "name", 120),
            signup=record.choice("signup", SignupPolicy.values),
            is_break=code == BREAK_KIND,
            max_parallel=record.optional_integer("max_parallel", least=1, most=MAX_SMALL),
        )

    def _theme(self, record: Record) -> plain.Theme:
        record.only(("code", "name", "provenance"))
        return plain.Theme(record.code(), self._texts(record, "name", 120))

    def _room(self, record: Record) -> plain.Room:
        record.only(("code", "name", "capacity", "parts", "features", "distance_group", "provenance"))
        code = record.code()
        features = record.words("features", longest=60)
        for feature in features:
            if feature not in FEATURES:
                record.warn(
                    "features",
                    _("“%(feature)s” is not a feature Plenary knows.") % {"feature": feature},
                    _("It is kept. Check its spelling."),
                )
        parts = record.codes("parts", self.rooms)
        if code in parts:
            record.wrong(
                "parts", _("A room cannot be a part of itself."), _("Name the smaller rooms it is joined from.")
            )
        return plain.Room(
            code=code,
            name=self._texts(record, "name", 200),
            capacity=record.integer("capacity"),
            parts=tuple(part for part in parts if part != code),
            features=features,
            distance_group=record.text("distance_group", longest=60, required=False),
            allows_parallel_use=code == LOBBY_ROOM,
            breaks_only=code == LOBBY_ROOM,
        )

    def _body(self, record: Record) -> plain.Body:
        record.only(("code", "name", "single_team", "provenance"))
        return plain.Body(record.code(longest=60), self._texts(record, "name", 300), record.flag("single_team"))

    def _person(self, record: Record) -> plain.Person:
        record.only(("code", "name", "affiliation", "country", "provenance"))
        country = record.text("country", longest=60, required=False)
        if country and not _COUNTRY.match(country):
            record.wrong(
                "country",
                _("“%(value)s” is not a country code.") % {"value": country},
                _("Write two capital letters, such as KR (ISO 3166-1 alpha-2)."),
            )
        return plain.Person(
            code=record.code(longest=60),
            name=self._texts(record, "name", 200),
            affiliation=record.text("affiliation", longest=300, required=False),
            country=country,
        )

    def _unavailability(self, record: Record) -> plain.Unavailability | None:
        record.only(("subject_type", "subject", "from", "to", "reason", "provenance"))
        subject_type = record.choice("subject_type", SUBJECTS)
        known = {"room": self.rooms, "person": self.people, "host": self.bodies}[subject_type]
        subject = record.one_of("subject", known)
        starts_at = record.moment("from", self.zone, required=True)
        ends_at = record.moment("to", self.zone, required=True)
        reason = self._texts(record, "reason", 300, required=False)
        if starts_at is None or ends_at is None or subject is None:
            return None
        if starts_at.timestamp() >= ends_at.timestamp():
            record.wrong("to", _("This is not later than “from”."), _("Correct one of the two times."))
        return plain.Unavailability(subject_type, subject, starts_at, ends_at, reason)


@functools.cache
def _zones() -> frozenset[str]:
    """The names of all zones; asking for them reads a thousand files."""
    return frozenset(zoneinfo.available_timezones())


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
