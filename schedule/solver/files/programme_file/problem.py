"""The problem that a programme holds, as the solver sees it.

It is the problem that `schedule.domain.problem` makes of the same programme once it is imported; a test compares both.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from schedule.solver.files.reading.times import LocalClock
from schedule.solver.problem import Body, Interval, Person, Problem, Room, Rules, Session, Window
from schedule.solver.relations.parts import smallest_parts
from values.instants import midnight

from . import plain
from .vocabulary import IN_PERSON, INVITATION

_DEFAULT_LANGUAGE = "en"
Names = tuple[tuple[str, str], ...]


def problem_of(programme: plain.Programme) -> Problem:
    """The problem of a checked programme, with the wishes of its file."""
    return _Writer(programme).problem()


class _Writer:
    """Keeps the look-ups that several parts need."""

    def __init__(self, programme: plain.Programme) -> None:
        self.programme = programme
        given = programme.conference
        self.clock = LocalClock(midnight(given.starts_on, ZoneInfo(given.timezone)))
        self.away: dict[tuple[str, str], list[Interval]] = defaultdict(list)
        for one in sorted(programme.unavailabilities, key=lambda one: one.starts_at.timestamp()):
            self.away[one.subject_type, one.subject].append(self._interval((one.starts_at, one.ends_at)))
        self.apart: dict[str, set[str]] = defaultdict(set)
        for session in programme.sessions:
            for other in session.not_parallel_with:
                self.apart[session.code].add(other)
                self.apart[other].add(session.code)

    def problem(self) -> Problem:
        programme = self.programme
        parts = {room.code: room.parts for room in programme.rooms}
        used = {session.kind for session in programme.sessions}
        return Problem(
            origin=self.clock.origin,
            timezone=programme.conference.timezone,
            rules=Rules(
                slot_minutes=programme.rules.slot_minutes,
                room_changeover_minutes=programme.rules.room_changeover_minutes,
                person_gap_same_group_minutes=programme.rules.person_gap_same_group_minutes,
                person_gap_other_group_minutes=programme.rules.person_gap_other_group_minutes,
                interpreter_teams=programme.rules.interpreter_teams,
                max_parallel_open_sessions=programme.rules.max_parallel_open_sessions,
                max_parallel_by_kind=tuple(
                    sorted(
                        (one.code, one.max_parallel) for one in programme.kinds if one.max_parallel and one.code in used
                    )
                ),
            ),
            windows=tuple(
                Window(
                    day.date,
                    self._interval((day.opens_at, day.closes_at)),
                    self._interval(day.core) if day.core else None,
                )
                for day in sorted(programme.days, key=lambda day: day.date)
            ),
            rooms=tuple(
                Room(
                    code=room.code,
                    name=_plain(room.name),
                    capacity=room.capacity,
                    parts=smallest_parts(room.code, parts),
                    features=frozenset(room.features),
                    distance_group=room.distance_group,
                    allows_parallel_use=room.allows_parallel_use,
                    breaks_only=room.breaks_only,
                    closed=self._away("room", room.code),
                    names=self._names(room.name),
                )
                for room in programme.rooms
            ),
            people=tuple(
                Person(person.code, _plain(person.name), self._away("person", person.code), self._names(person.name))
                for person in programme.people
            ),
            bodies=tuple(
                Body(
                    body.code,
                    _plain(body.name),
                    body.single_team,
                    self._away("host", body.code),
                    self._names(body.name),
                )
                for body in programme.bodies
            ),
            sessions=self._sessions(),
            attendees=programme.interests,
            same_time=tuple(frozenset(group) for group in programme.same_time),
            same_room=tuple(frozenset(group) for group in programme.same_room),
        )

    def _sessions(self) -> tuple[Session, ...]:
        breaks = {kind.code for kind in self.programme.kinds if kind.is_break}
        return tuple(
            Session(
                code=session.code,
                title=_plain(session.title),
                duration=session.duration_minutes,
                kind=session.kind,
                people=frozenset(role.person for role in session.roles if role.person and role.mode == IN_PERSON),
                bodies=session.hosts,
                required_features=frozenset(session.required_features),
                needs_interpreters=bool(session.interpretation_pairs or session.sign_languages),
                seats_needed=session.expected_attendance,
                is_break=session.kind in breaks,
                counts_as_parallel=session.kind not in breaks and session.signup != INVITATION,
                blocks_all=session.blocks_all,
                fixed_start=self._minute(session.fixed_start),
                fixed_room=session.fixed_room,
                not_before=self._minute(session.not_before),
                not_after=self._minute(session.not_after),
                after=frozenset(session.after),
                not_parallel_with=frozenset(self.apart[session.code]),
                capacity_cap=session.capacity_cap,
                track=session.theme or "",
                preferred_times=tuple(self._interval(times) for times in session.preferred_times),
                preferred_rooms=frozenset(session.preferred_rooms),
                titles=self._names(session.title),
            )
            for session in self.programme.sessions
        )

    def _away(self, subject_type: str, code: str) -> tuple[Interval, ...]:
        return tuple(self.away.get((subject_type, code), ()))

    def _minute(self, moment: datetime | None) -> int | None:
        return None if moment is None else self.clock.minute_of(moment)

    def _interval(self, times: tuple[datetime, datetime]) -> Interval:
        return Interval(self.clock.minute_of(times[0]), self.clock.minute_of(times[1]))

    def _names(self, texts: plain.Texts) -> Names:
        """A text in each of the conference's languages that it has, in their order."""
        return tuple(
            (language, texts[language]) for language in self.programme.conference.languages if language in texts
        )


def _plain(texts: plain.Texts) -> str:
    """The text to show by default: English if there is one, else the first."""
    return texts.get(_DEFAULT_LANGUAGE) or next(iter(texts.values()), "")
