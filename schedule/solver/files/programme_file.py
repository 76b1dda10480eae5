"""Reader of the forum's programme file: format "whrcf-scheduler-input", version 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from schedule.solver.problem import Body, Interval, Person, Problem, Room, Rules, Session, Window

from .interests import read_interests
from .records import LocalClock, Record, check_year, groups, records, unique_codes, zone

FORMAT = "whrcf-scheduler-input"
VERSION = 1
# Version 1 has no field for these two; the format's description names them by code.
BREAK_KIND = "break"
LOBBY_ROOM = "LOBBY"
SIGNUPS = ("open", "limited", "invitation")
MODES = ("in-person", "recorded")

Texts = tuple[tuple[str, str], ...]


def read_programme(top: Record) -> Problem:
    """The problem of a parsed file. Raises FormatError naming the record and field."""
    if top.integer("format_version") != VERSION:
        raise top.fail("format_version", f"must be {VERSION}")
    conference = top.record("conference")
    conference.where = "conference"
    languages = conference.codes("languages")
    if not languages:
        raise conference.fail("languages", "must name at least one language")
    timezone = zone(conference, "timezone")
    first_day = conference.day("starts_on")
    check_year(conference, "starts_on", first_day)
    clock = LocalClock(datetime.combine(first_day, time(), timezone))
    reader = _Reader(top, clock, languages)
    return reader.problem(timezone.key)


@dataclass
class _Absences:
    """Unavailabilities by subject type and code."""

    found: dict[tuple[str, str], list[Interval]]

    def of(self, kind: str, code: str) -> tuple[Interval, ...]:
        return tuple(sorted(self.found.get((kind, code), ())))


class _Reader:
    def __init__(self, top: Record, clock: LocalClock, languages: Sequence[str]) -> None:
        self.top = top
        self.clock = clock
        self.languages = languages

    def problem(self, timezone: str) -> Problem:
        room_records = records(self.top, "rooms", "room")
        body_records = records(self.top, "bodies", "body")
        person_records = records(self.top, "people", "person")
        session_records = records(self.top, "sessions", "session")
        known = {
            "room": unique_codes(room_records),
            "host": unique_codes(body_records),
            "person": unique_codes(person_records),
        }
        away = self.absences(known)
        known["session"] = unique_codes(session_records)
        known["theme"] = unique_codes(records(self.top, "themes", "theme", optional=True))
        kinds = self.kinds()
        sessions = tuple(self.session(r, kinds, known) for r in session_records)
        return Problem(
            origin=self.clock.origin,
            timezone=timezone,
            rules=self.rules(kinds, {session.kind for session in sessions}),
            windows=self.windows(),
            rooms=tuple(self.room(r, known["room"], away) for r in room_records),
            people=tuple(
                Person(r.text("code"), self.name(r)[0], away.of("person", r.text("code")), self.name(r)[1])
                for r in person_records
            ),
            bodies=tuple(
                Body(
                    r.text("code"),
                    self.name(r)[0],
                    r.flag("single_team"),
                    away.of("host", r.text("code")),
                    self.name(r)[1],
                )
                for r in body_records
            ),
            sessions=sessions,
            attendees=read_interests(self.top, known["session"]),
            same_time=groups(self.top, "same_time", known["session"]),
            same_room=groups(self.top, "same_room", known["session"]),
        )

    def name(self, record: Record, key: str = "name") -> tuple[str, Texts]:
        """The text to show by default (English if there is one) and all texts by language."""
        texts = record.texts(key, self.languages)
        return dict(texts).get("en", texts[0][1]), texts

    def rules(self, kinds: Mapping[str, Record], used: Collection[str]) -> Rules:
        """The rules of the conference, and of the kinds that are used."""
        most = {code: record.optional_integer("max_parallel", minimum=1) for code, record in kinds.items()}
        record = self.top.record("rules")
        record.where = "rules"
        return Rules(
            slot_minutes=record.minutes("slot_minutes", minimum=1),
            room_changeover_minutes=record.minutes("room_changeover_minutes"),
            person_gap_same_group_minutes=record.minutes("person_gap_same_group_minutes"),
            person_gap_other_group_minutes=record.minutes("person_gap_other_group_minutes"),
            interpreter_teams=record.optional_integer("interpreter_teams"),
            max_parallel_open_sessions=record.optional_integer("max_parallel_open_sessions"),
            max_parallel_by_kind=tuple(sorted((code, limit) for code, limit in most.items() if limit and code in used)),
        )

    def windows(self) -> tuple[Window, ...]:
        found: list[Window] = []
        for record in records(self.top, "day_windows", "day window"):
            day = record.day("date")
            opens, closes = (self.clock.parse_time(record, key, day) for key in ("opens", "closes"))
            if closes <= opens:
                raise record.fail("closes", "must be later than opens")
            if opens < 0:
                raise record.fail("date", f"{day} is before the conference starts")
            if any(window.day == day for window in found):
                raise record.fail("date", f"{day} has two windows")
            found.append(Window(day, Interval(opens, closes), self.core(record, day)))
        if not found:
            raise self.top.fail("day_windows", "must have at least one day")
        return tuple(sorted(found, key=lambda window: window.hours))

    def core(self, record: Record, day: date) -> Interval | None:
        """The hours that are preferred, if the day names any."""
        if record.value.get("core_from") is None and record.value.get("core_until") is None:
            return None
        start, end = (self.clock.parse_time(record, key, day) for key in ("core_from", "core_until"))
        if end <= start:
            raise record.fail("core_until", "must be later than core_from")
        return Interval(start, end)

    def kinds(self) -> dict[str, Record]:
        """The kinds by code; each says how people sign up."""
        found = records(self.top, "kinds", "kind")
        for record in found:
            record.choice("signup", SIGNUPS)
        return dict(zip(unique_codes(found), found, strict=True))

    def absences(self, known: dict[str, list[str]]) -> _Absences:
        found: dict[tuple[str, str], list[Interval]] = {}
        for record in records(self.top, "unavailabilities", "unavailability", optional=True):
            kind = record.choice("subject_type", tuple(known))
            subject = record.text("subject")
            if subject not in known[kind]:
                raise record.fail("subject", f"unknown {kind} {subject!r}")
            start, end = self.clock.parse(record, "from"), self.clock.parse(record, "to")
            if end <= start:
                raise record.fail("to", "must be later than from")
            found.setdefault((kind, subject), []).append(Interval(start, end))
        return _Absences(found)

    def room(self, record: Record, rooms: Collection[str], away: _Absences) -> Room:
        code = record.text("code")
        name, names = self.name(record)
        parts = record.codes("parts", known=rooms, what="room")
        if code in parts:
            raise record.fail("parts", "a room cannot be a part of itself")
        return Room(
            code=code,
            name=name,
            capacity=record.integer("capacity"),
            parts=frozenset(parts),
            features=frozenset(record.codes("features")),
            distance_group=record.text("distance_group", default=""),
            allows_parallel_use=code == LOBBY_ROOM,
            breaks_only=code == LOBBY_ROOM,
            closed=away.of("room", code),
            names=names,
        )

    def session(self, record: Record, kinds: Mapping[str, Record], known: Mapping[str, Collection[str]]) -> Session:
        kind = record.choice("kind", tuple(kinds))
        title, titles = self.name(record, "title")
        interpretation = record.record("interpretation") if record.value.get("interpretation") is not None else None
        fixed_start, fixed_room = self.fixed(record, known["room"])
        deciding = kinds[kind] if record.value.get("signup") is None else record
        signup = deciding.choice("signup", SIGNUPS)
        after = record.codes("after", known=known["session"], what="session")
        apart = record.codes("not_parallel_with", known=known["session"], what="session")
        for key, codes in (("after", after), ("not_parallel_with", apart)):
            if record.text("code") in codes:
                raise record.fail(key, "names the session itself")
        return Session(
            code=record.text("code"),
            title=title,
            duration=record.minutes("duration_minutes", minimum=1),
            kind=kind,
            people=self.in_person(record, known["person"]),
            bodies=tuple(record.codes("hosts", known=known["host"], what="body")),
            required_features=frozenset(record.codes("required_features")),
            needs_interpreters=bool(interpretation and (interpretation.codes("pairs") or interpretation.codes("sign"))),
            seats_needed=record.integer("expected_attendance", default=0),
            is_break=kind == BREAK_KIND,
            counts_as_parallel=kind != BREAK_KIND and signup != "invitation",
            blocks_all=record.flag("blocks_all", default=False),
            fixed_start=fixed_start,
            fixed_room=fixed_room,
            not_before=self.clock.parse_optional(record, "not_before"),
            not_after=self.clock.parse_optional(record, "not_after"),
            after=frozenset(after),
            not_parallel_with=frozenset(apart),
            capacity_cap=record.optional_integer("capacity_cap"),
            track=self.theme(record, known["theme"]),
            preferred_times=self.preferred_times(record),
            preferred_rooms=frozenset(record.codes("preferred_rooms", known=known["room"], what="room")),
            titles=titles,
        )

    def fixed(self, record: Record, rooms: Collection[str]) -> tuple[int | None, str | None]:
        if record.value.get("fixed") is None:
            return None, None
        fixed = record.record("fixed")
        room = fixed.optional_text("room")
        if room is not None and room not in rooms:
            raise fixed.fail("room", f"unknown room {room!r}")
        return self.clock.parse_time(fixed, "start", fixed.day("date")), room

    def theme(self, record: Record, themes: Collection[str]) -> str:
        code = record.optional_text("theme") or ""
        if code and code not in themes:
            raise record.fail("theme", f"unknown theme {code!r}")
        return code

    def preferred_times(self, record: Record) -> tuple[Interval, ...]:
        found = []
        for index, value in enumerate(record.items("preferred_times", optional=True)):
            time_ = Record(value, f"{record.where}: preferred_times number {index + 1}")
            start, end = self.clock.parse(time_, "from"), self.clock.parse(time_, "to")
            if end <= start:
                raise time_.fail("to", "must be later than from")
            found.append(Interval(start, end))
        return tuple(found)

    def in_person(self, record: Record, people: Collection[str]) -> frozenset[str]:
        """Who must be there: recorded roles do not count, and a role without a person binds nobody."""
        found = set()
        for index, value in enumerate(record.items("roles", optional=True)):
            role = Record(value, f"{record.where}: role number {index + 1}")
            mode = role.choice("mode", MODES)
            person = role.optional_text("person")
            if person is None:
                continue
            if person not in people:
                raise role.fail("person", f"unknown person {person!r}")
            if mode == "in-person":
                found.add(person)
        return frozenset(found)
