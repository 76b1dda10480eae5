"""From the database to the solver's plain data and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.utils import translation
from i18nfield.strings import LazyI18nString

from schedule.models import (
    Body,
    Conference,
    NotParallel,
    Person,
    Placement,
    Preference,
    ReleasedPlacement,
    Role,
    Room,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
    Unavailability,
)
from schedule.models.sessions import SignupPolicy
from schedule.ports.demand import Demand, demand_of
from schedule.solver import problem as plain
from schedule.solver.relations.parts import smallest_parts
from values.instants import after, minutes_between


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
    Sixteen queries (thirteen with `demand`), however many sessions there are. What the terms weigh is a matter of each
    search (`schedule.domain.searches.weights`), not of the problem.
    """
    wanted = demand_of(conference) if demand is None else demand
    with translation.override(language):
        return _ProblemReader(conference, wanted).read()


class _ProblemReader:
    """One reading; keeps the look-ups that several parts need."""

    def __init__(self, conference: Conference, demand: Demand) -> None:
        self.conference = conference
        self.demand = demand
        self.away: dict[tuple[str, int], list[plain.Interval]] = defaultdict(list)
        for row in Unavailability.objects.filter(conference=conference).order_by("starts_at"):
            for kind, key in (("room", row.room_id), ("person", row.person_id), ("body", row.body_id)):
                if key is not None:
                    self.away[kind, key].append(self._interval(row.starts_at, row.ends_at))

    def _minute(self, moment: datetime | None) -> int | None:
        return None if moment is None else minutes(self.conference, moment)

    def _interval(self, start: datetime, end: datetime) -> plain.Interval:
        return plain.Interval(minutes(self.conference, start), minutes(self.conference, end))

    def _texts(self, value: LazyI18nString) -> tuple[tuple[str, str], ...]:
        """A text in each of the conference's languages that it has, in their order."""
        if not isinstance(value.data, dict):
            return ()
        texts = ((language, value.data.get(language)) for language in self.conference.languages)
        return tuple((language, text) for language, text in texts if text)

    def read(self) -> plain.Problem:
        conference = self.conference
        accepted = Session.objects.for_conference(conference).filter(state=Session.State.ACCEPTED)
        sessions = list(accepted.select_related("kind", "fixed_room", "theme"))
        groups = self._groups()
        return plain.Problem(
            origin=conference.origin,
            timezone=conference.timezone,
            rules=plain.Rules(
                slot_minutes=conference.slot_minutes,
                room_changeover_minutes=conference.room_changeover_minutes,
                person_gap_same_group_minutes=conference.person_gap_same_group_minutes,
                person_gap_other_group_minutes=conference.person_gap_other_group_minutes,
                interpreter_teams=conference.interpreter_teams,
                max_parallel_open_sessions=conference.max_parallel_open_sessions,
                max_parallel_by_kind=tuple(
                    sorted({(row.kind.code, row.kind.max_parallel) for row in sessions if row.kind.max_parallel})
                ),
            ),
            windows=tuple(
                plain.Window(
                    day.date,
                    self._interval(day.opens_at, day.closes_at),
                    self._interval(day.core_from, day.core_until) if day.core_from and day.core_until else None,
                )
                for day in conference.days.all()
            ),
            rooms=self._rooms(),
            people=tuple(
                plain.Person(row.code, str(row.name), tuple(self.away["person", row.pk]), self._texts(row.name))
                for row in Person.objects.filter(conference=conference)
            ),
            bodies=tuple(
                plain.Body(
                    row.code, str(row.name), row.single_team, tuple(self.away["body", row.pk]), self._texts(row.name)
                )
                for row in Body.objects.filter(conference=conference)
            ),
            sessions=self._sessions(sessions),
            attendees=self._attendees({row.code for row in sessions}),
            same_time=groups[SessionGroup.Same.TIME],
            same_room=groups[SessionGroup.Same.ROOM],
        )

    def _attendees(self, planned: Collection[str]) -> tuple[plain.Attendee, ...]:
        """What each attendee wishes of the sessions that are planned; those who wish nothing else are left out."""
        wishes = (tuple(wish for wish in one.wishes if wish[0] in planned) for one in self.demand.attendees)
        return tuple(plain.Attendee(left) for left in wishes if left)

    def _groups(self) -> dict[str, tuple[frozenset[str], ...]]:
        """What a group shares -> the groups of two sessions or more, cancelled ones left out."""
        members: dict[tuple[str, int], set[str]] = defaultdict(set)
        rows = SessionGroup.sessions.through.objects.filter(
            sessiongroup__conference=self.conference, session__state=Session.State.ACCEPTED
        )
        for same, group, code in rows.values_list("sessiongroup__same", "sessiongroup_id", "session__code"):
            members[same, group].add(code)
        return {
            same: tuple(frozenset(members[key]) for key in sorted(members) if key[0] == same and len(members[key]) > 1)
            for same in SessionGroup.Same.values
        }

    def _rooms(self) -> tuple[plain.Room, ...]:
        rooms = list(Room.objects.filter(conference=self.conference))
        codes = {row.pk: row.code for row in rooms}
        parts: dict[int, set[int]] = defaultdict(set)
        for whole, part in RoomPart.objects.filter(room__conference=self.conference).values_list("room_id", "part_id"):
            parts[whole].add(part)
        return tuple(
            plain.Room(
                code=row.code,
                name=str(row.name),
                capacity=row.capacity,
                parts=frozenset(codes[pk] for pk in smallest_parts(row.pk, parts)),
                features=frozenset(row.features),
                distance_group=row.distance_group,
                allows_parallel_use=row.allows_parallel_use,
                breaks_only=row.breaks_only,
                closed=tuple(self.away["room", row.pk]),
                names=self._texts(row.name),
            )
            for row in rooms
        )

    def _sessions(self, sessions: list[Session]) -> tuple[plain.Session, ...]:
        conference = self.conference
        mine = {"session__conference": conference}
        people: dict[int, set[str]] = defaultdict(set)
        roles = Role.objects.filter(**mine, mode=Role.Mode.IN_PERSON, person__isnull=False)
        for session, person in roles.values_list("session_id", "person__code"):
            people[session].add(person)
        bodies: dict[int, list[str]] = defaultdict(list)
        for session, body in SessionHost.objects.filter(**mine).values_list("session_id", "body__code"):
            bodies[session].append(body)
        after: dict[int, set[str]] = defaultdict(set)
        orders = SessionOrder.objects.filter(later__conference=conference, earlier__state=Session.State.ACCEPTED)
        for later, earlier in orders.values_list("later_id", "earlier__code"):
            after[later].add(earlier)
        apart: dict[int, set[str]] = defaultdict(set)
        both = {"first__state": Session.State.ACCEPTED, "second__state": Session.State.ACCEPTED}
        pairs = NotParallel.objects.filter(first__conference=conference, **both)
        for row in pairs.values_list("first_id", "first__code", "second_id", "second__code"):
            apart[row[0]].add(row[3])
            apart[row[2]].add(row[1])
        times: dict[int, list[plain.Interval]] = defaultdict(list)
        rooms: dict[int, set[str]] = defaultdict(set)
        for liked in Preference.objects.filter(**mine).select_related("room"):
            if liked.room is not None:
                rooms[liked.session_id].add(liked.room.code)
            elif liked.starts_at is not None and liked.ends_at is not None:
                times[liked.session_id].append(self._interval(liked.starts_at, liked.ends_at))
        return tuple(
            plain.Session(
                code=row.code,
                title=str(row.title),
                duration=row.duration_minutes,
                kind=row.kind.code,
                people=frozenset(people[row.pk]),
                bodies=tuple(bodies[row.pk]),
                required_features=frozenset(row.required_features),
                needs_interpreters=row.needs_interpreters,
                seats_needed=row.expected_attendance,
                confirmed=self.demand.taken.get(row.code, 0) + row.held_seats,
                is_break=row.kind.is_break,
                counts_as_parallel=not row.kind.is_break and row.signup != SignupPolicy.INVITATION,
                blocks_all=row.blocks_all,
                fixed_start=self._minute(row.fixed_start),
                fixed_room=row.fixed_room.code if row.fixed_room else None,
                not_before=self._minute(row.not_before),
                not_after=self._minute(row.not_after),
                after=frozenset(after[row.pk]),
                not_parallel_with=frozenset(apart[row.pk]),
                capacity_cap=row.capacity_cap,
                track=row.theme.code if row.theme else "",
                preferred_times=tuple(times[row.pk]),
                preferred_rooms=frozenset(rooms[row.pk]),
                titles=self._texts(row.title),
            )
            for row in sessions
        )


def timetable_of(conference: Conference, placements: Iterable[Placement | ReleasedPlacement]) -> plain.Timetable:
    """Placements of a draft or release as the solver and the conflict engine read them.

    Those of cancelled sessions are left out, as `problem_for` leaves the sessions out. Reads `placement.session` and
    `placement.room`: select them first.
    """
    return tuple(
        plain.Placement(
            session=row.session.code,
            start=minutes(conference, row.start),
            end=minutes(conference, row.end),
            room=row.room.code,
        )
        for row in placements
        if row.session.state == Session.State.ACCEPTED
    )
