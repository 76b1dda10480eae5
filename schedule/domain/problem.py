"""From the database to the solver's plain data and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import QuerySet, Value
from django.utils import translation
from i18nfield.strings import LazyI18nString

from schedule.domain.problem_rows import PLANNED, related_rows, stretch_rows
from schedule.models import Conference, Placement, ReleasedPlacement, Room, Session, SessionGroup
from schedule.models.sessions import SignupPolicy
from schedule.ports.demand import Demand, demand_of
from schedule.solver import problem as plain
from schedule.solver.relations.parts import smallest_parts
from values.instants import after, minutes_between

Spot = tuple[datetime, datetime, int]
"""Start, end and the room's key."""


def minutes(conference: Conference, instant: datetime) -> int:
    """Whole minutes from the conference's origin to an instant."""
    return minutes_between(conference.origin, instant)


def instant(conference: Conference, minute: int) -> datetime:
    """The instant a minute of the timetable stands for, in UTC."""
    return after(conference.origin.astimezone(UTC), minute)


def problem_for(conference: Conference, *, language: str = "en", demand: Demand | None = None) -> plain.Problem:
    """Everything about a conference that decides whether a timetable is right and how good it is.

    What cannot be planned is left out everywhere: cancelled sessions, and with them every wish, order, pair and group
    that names one.
    `language` chooses the titles and names that conflicts will speak of; `demand` saves asking for it again.
    Six queries (five with `demand`), however many sessions there are. What the terms weigh is a matter of each search
    (`schedule.domain.searches.weights`), not of the problem. Pages, which only look, ask `known_problems` for it.
    """
    wanted = demand_of(conference) if demand is None else demand
    with translation.override(language):
        return _ProblemReader(conference, wanted).read()


class _SessionRow(NamedTuple):
    """What is read of a session and its kind, room and theme: a thousand rows, so no models are made of them."""

    key: int
    code: str
    title: LazyI18nString
    duration: int
    kind: str
    max_parallel: int | None
    is_break: bool
    required_features: list[str]
    interpretation_pairs: list[str]
    sign_languages: list[str]
    expected_attendance: int
    held_seats: int
    signup: str
    blocks_all: bool
    fixed_start: datetime | None
    fixed_room: str | None
    not_before: datetime | None
    not_after: datetime | None
    capacity_cap: int | None
    theme: str | None


_COLUMNS = (
    *("pk", "code", "title", "duration_minutes", "kind__code", "kind__max_parallel", "kind__is_break"),
    *("required_features", "interpretation_pairs", "sign_languages", "expected_attendance", "held_seats", "signup"),
    *("blocks_all", "fixed_start", "fixed_room__code", "not_before", "not_after", "capacity_cap", "theme__code"),
)


class _ProblemReader:
    """One reading; keeps the look-ups that several parts need."""

    def __init__(self, conference: Conference, demand: Demand) -> None:
        self.conference, self.origin = conference, conference.origin
        self.demand = demand
        self.related = related_rows(conference)
        self.stretches = stretch_rows(conference)

    def _minute(self, moment: datetime | None) -> int | None:
        return None if moment is None else minutes_between(self.origin, moment)

    def _interval(self, start: datetime, end: datetime) -> plain.Interval:
        return plain.Interval(minutes_between(self.origin, start), minutes_between(self.origin, end))

    def _away(self, what: str, key: int) -> tuple[plain.Interval, ...]:
        return tuple(self._interval(*one) for one in self.stretches.away.get((what, key), ()))

    def _texts(self, value: LazyI18nString) -> tuple[tuple[str, str], ...]:
        """A text in each of the conference's languages that it has, in their order."""
        if not isinstance(value.data, dict):
            return ()
        texts = ((language, value.data.get(language)) for language in self.conference.languages)
        return tuple((language, text) for language, text in texts if text)

    def read(self) -> plain.Problem:
        conference, related = self.conference, self.related
        accepted = Session.objects.for_conference(conference).filter(state=PLANNED)
        sessions = [_SessionRow(*row) for row in accepted.values_list(*_COLUMNS)]
        return plain.Problem(
            origin=self.origin,
            timezone=conference.timezone,
            rules=plain.Rules(
                slot_minutes=conference.slot_minutes,
                room_changeover_minutes=conference.room_changeover_minutes,
                person_gap_same_group_minutes=conference.person_gap_same_group_minutes,
                person_gap_other_group_minutes=conference.person_gap_other_group_minutes,
                interpreter_teams=conference.interpreter_teams,
                max_parallel_open_sessions=conference.max_parallel_open_sessions,
                max_parallel_by_kind=tuple(
                    sorted({(row.kind, row.max_parallel) for row in sessions if row.max_parallel})
                ),
            ),
            windows=tuple(
                plain.Window(day, self._interval(*hours), self._interval(*core) if core else None)
                for day, hours in self.stretches.hours.items()
                for core in [self.stretches.core.get(day)]
            ),
            rooms=self._rooms(),
            people=tuple(
                plain.Person(row.code, str(row.name), self._away("person", row.key), self._texts(row.name))
                for row in related.people
            ),
            bodies=tuple(
                plain.Body(row.code, str(row.name), row.single_team, self._away("body", row.key), self._texts(row.name))
                for row in related.bodies
            ),
            sessions=tuple(map(self._session, sessions)),
            attendees=self._attendees({row.code for row in sessions}),
            same_time=tuple(related.groups(SessionGroup.Same.TIME)),
            same_room=tuple(related.groups(SessionGroup.Same.ROOM)),
        )

    def _attendees(self, planned: Collection[str]) -> tuple[plain.Attendee, ...]:
        """What each attendee wishes of the sessions that are planned; those who wish nothing else are left out."""
        everybody = self.demand.attendees
        if {code for one in everybody for code, _weight in one.wishes}.issubset(planned):  # as a rule: nothing to leave
            return tuple(one for one in everybody if one.wishes)
        wishes = (tuple(wish for wish in one.wishes if wish[0] in planned) for one in everybody)
        return tuple(plain.Attendee(left) for left in wishes if left)

    def _rooms(self) -> tuple[plain.Room, ...]:
        rooms = list(Room.objects.filter(conference=self.conference))
        parts = {row.code: self.related.codes("part", row.pk) for row in rooms}
        return tuple(
            plain.Room(
                code=row.code,
                name=str(row.name),
                capacity=row.capacity,
                parts=smallest_parts(row.code, parts),
                features=frozenset(row.features),
                distance_group=row.distance_group,
                allows_parallel_use=row.allows_parallel_use,
                breaks_only=row.breaks_only,
                closed=self._away("room", row.pk),
                names=self._texts(row.name),
            )
            for row in rooms
        )

    def _session(self, row: _SessionRow) -> plain.Session:
        related, stretches = self.related, self.stretches
        return plain.Session(
            code=row.code,
            title=str(row.title),
            duration=row.duration,
            kind=row.kind,
            people=frozenset(related.codes("role", row.key)),
            bodies=tuple(related.codes("host", row.key)),
            required_features=frozenset(row.required_features),
            needs_interpreters=bool(row.interpretation_pairs or row.sign_languages),
            seats_needed=row.expected_attendance,
            confirmed=self.demand.taken.get(row.code, 0) + row.held_seats,
            is_break=row.is_break,
            counts_as_parallel=not row.is_break and row.signup != SignupPolicy.INVITATION,
            blocks_all=row.blocks_all,
            fixed_start=self._minute(row.fixed_start),
            fixed_room=row.fixed_room,
            not_before=self._minute(row.not_before),
            not_after=self._minute(row.not_after),
            after=frozenset(related.codes("after", row.key)),
            not_parallel_with=frozenset(related.codes("apart", row.key)),
            capacity_cap=row.capacity_cap,
            track=row.theme or "",
            preferred_times=tuple(self._interval(*one) for one in stretches.liked_times.get(row.key, ())),
            preferred_rooms=frozenset(stretches.liked_rooms.get(row.key, ())),
            titles=self._texts(row.title),
        )


def timetable_of(conference: Conference, placements: Iterable[Placement | ReleasedPlacement]) -> plain.Timetable:
    """Placements of a draft or release as the solver and the conflict engine read them.

    Those of cancelled sessions are left out, as `problem_for` leaves the sessions out. Reads `placement.session` and
    `placement.room`: select them first, or ask `timetable_in` where nothing else is read of them.
    """
    origin = conference.origin
    return tuple(
        plain.Placement(
            session=row.session.code,
            start=minutes_between(origin, row.start),
            end=minutes_between(origin, row.end),
            room=row.room.code,
        )
        for row in placements
        if row.session.state == PLANNED
    )


def timetables_and_spots(
    conference: Conference, *placements: QuerySet[Placement] | QuerySet[ReleasedPlacement]
) -> list[tuple[plain.Timetable, dict[int, Spot]]]:
    """`timetable_in`, and where every session is by its key, cancelled or not; of each. One query for all."""
    origin = conference.origin
    columns = ("session_id", "session__code", "session__state", "start", "end", "room_id", "room__code")
    found = [(list[plain.Placement](), dict[int, Spot]()) for _ in placements]
    first, *others = (
        rows.order_by().annotate(which=Value(which)).values_list("which", *columns)
        for which, rows in enumerate(placements)
    )
    for which, key, code, state, start, end, room, room_code in first.union(*others, all=True):
        timetable, spots = found[which]
        spots[key] = (start, end, room)
        if state == PLANNED:
            timetable.append(
                plain.Placement(code, minutes_between(origin, start), minutes_between(origin, end), room_code)
            )
    return [(tuple(timetable), spots) for timetable, spots in found]


def timetable_in(
    conference: Conference, placements: QuerySet[Placement] | QuerySet[ReleasedPlacement]
) -> plain.Timetable:
    """The same of what nobody has read yet: one query, and no model is made of a row."""
    origin = conference.origin
    rows = placements.filter(session__state=PLANNED).values_list("session__code", "start", "end", "room__code")
    return tuple(
        plain.Placement(session, minutes_between(origin, start), minutes_between(origin, end), room)
        for session, start, end, room in rows
    )
