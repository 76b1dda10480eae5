"""A problem prepared for look-ups: built once, shared by every check of every timetable of that problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter

from schedule.conflicts.clock import ConferenceClock
from schedule.solver.problem import Interval, Placement, Problem, Room


class ProblemIndex:
    """Look-ups over one `Problem`, which has checked itself: whatever it names is there, and once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rules = problem.rules
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.people = {person.code: person for person in problem.people}
        self.bodies = {body.code: body for body in problem.bodies}
        self.clock = ConferenceClock(problem.origin, problem.timezone)
        self.claims: dict[str, frozenset[str]] = {
            room.code: frozenset() if room.allows_parallel_use else room.occupies for room in problem.rooms
        }
        """Room code -> the parts that a session in it takes for itself; empty where parallel use is allowed."""
        self.closures = {room.code: closures for room in problem.rooms if (closures := tuple(self._closures(room)))}
        """Room code -> (closed room, interval) pairs, its own and those of its parts."""
        self.windows = sorted(problem.windows, key=attrgetter("hours"))
        self.open_hours = problem.open_hours
        self.not_parallel: dict[str, set[str]] = defaultdict(set)
        self.earlier: dict[str, set[str]] = defaultdict(set)
        self.later: dict[str, set[str]] = defaultdict(set)
        for session in problem.sessions:
            for other in session.not_parallel_with:
                if other != session.code:
                    self.not_parallel[session.code].add(other)
                    self.not_parallel[other].add(session.code)
            for other in session.after:
                self.earlier[session.code].add(other)
                self.later[other].add(session.code)
        self.same_time = problem.same_time
        self.same_room = problem.same_room
        self.people_with_absences = frozenset(person.code for person in problem.people if person.away)
        self.single_teams = frozenset(body.code for body in problem.bodies if body.single_team)
        self.teams: Mapping[str, tuple[str, ...]] = {
            session.code: tuple(body for body in dict.fromkeys(session.bodies) if body in self.single_teams)
            for session in problem.sessions
        }
        """Session code -> its bodies that have one team only."""

    def _closures(self, room: Room) -> Iterable[tuple[str, Interval]]:
        for code in sorted(room.parts | {room.code}):
            for interval in self.rooms[code].closed:
                yield code, interval

    def check_placement(self, placement: Placement) -> None:
        """Raise ValueError for a placement that is not one: unknown session or room, or an end not after its start."""
        if placement.session not in self.sessions:
            raise ValueError(f"Unknown session {placement.session!r} in a placement.")
        if placement.room not in self.rooms:
            raise ValueError(f"Session {placement.session!r} is placed in unknown room {placement.room!r}.")
        if placement.end <= placement.start:
            raise ValueError(f"Session {placement.session!r} is placed with its end not after its start.")

    def day_of(self, minute: int) -> date:
        """The day that is open at a minute, else that of the calendar: a night belongs to the evening before."""
        open_ = (window.day for window in self.windows if window.hours.start <= minute < window.hours.end)
        return next(open_, self.clock.local(minute).date())

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The opening hours of a local day; empty where nothing is open."""
        return tuple(window.hours for window in self.windows if window.day == day)

    def walking_minutes(self, first: str, second: str) -> int:
        """Minutes a person needs between two rooms; none within one room or between a joined room and its parts."""
        if first == second:
            return 0
        a, b = self.rooms[first], self.rooms[second]
        if a.occupies & b.occupies:
            return 0
        if a.distance_group == b.distance_group:
            return self.rules.person_gap_same_group_minutes
        return self.rules.person_gap_other_group_minutes
