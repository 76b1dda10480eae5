"""Whom and what messages name: a problem's records by code, and its times as messages hold them."""

from __future__ import annotations

from collections.abc import Iterable

from schedule.solver.files.reading.times import LocalClock
from schedule.solver.problem import Interval, Problem, Session
from schedule.solver.sentences.message import Value


class Subjects:
    """One problem, prepared for those who say something about it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.clock = LocalClock(problem.origin)
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.people = {person.code: person for person in problem.people}
        self.bodies = {body.code: body for body in problem.bodies}

    def might_use(self, session: Session, atoms: set[str]) -> bool:
        """Could a room that suits the session take one of these?"""
        return any(
            ({room.code} | room.occupies) & atoms
            and room.capacity >= session.seats
            and session.required_features <= room.features
            and session.fixed_room in {None, room.code}
            and (session.is_break or not room.breaks_only)
            for room in self.problem.rooms
        )

    def moment(self, minute: int) -> Value:
        """A local day and time."""
        return {"at": self._local(minute)}

    def spans(self, times: Iterable[Interval]) -> Value:
        """Local stretches of time."""
        return {"spans": self._spans(times)}

    def hours(self, times: Iterable[Interval]) -> Value:
        """Opening hours."""
        return {"hours": self._spans(times)}

    def _spans(self, times: Iterable[Interval]) -> list[list[str]]:
        return [[self._local(time.start), self._local(time.end)] for time in times]

    def _local(self, minute: int) -> str:
        return self.clock.local(minute).isoformat(timespec="minutes")
