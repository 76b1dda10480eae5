"""Which room the demonstration loses: one that hurts, and whose loss can be repaired."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from registration.models import SignUp
from schedule.domain.problem import problem_for, timetable_in
from schedule.models import Conference, Release
from schedule.solver.problem import Interval, Problem, Timetable
from schedule.solver.repair.minimal_change import Repair, repair

CANDIDATES = 6


@dataclass(frozen=True)
class Loss:
    """A room, when it is closed, and the repaired timetable."""

    room: str
    closed: Interval
    repaired: Repair


def choose_loss(conference: Conference, release: Release, *, seconds: float, seed: int) -> Loss:
    """The room and day whose loss concerns the most people and can be repaired; tried from the most people down.

    Raises `LookupError` when no loss of a room for a day can be repaired.
    """
    problem = problem_for(conference)
    timetable = timetable_in(conference, release.placements.all())
    for room, closed in _by_people(conference, problem, timetable)[:CANDIDATES]:
        after = close(problem, room, closed)
        repaired = repair(after, timetable, seconds=seconds, seed=seed)
        if repaired.timetable:
            return Loss(room, closed, repaired)
    raise LookupError("No room can be lost for a day without breaking a rule.")


def close(problem: Problem, room: str, closed: Interval) -> Problem:
    """The same problem with one room closed for a time; rooms joined from it are closed with it."""
    rooms = tuple(
        replace(one, closed=tuple(sorted((*one.closed, closed)))) if one.code == room else one for one in problem.rooms
    )
    return replace(problem, rooms=rooms)


def _by_people(conference: Conference, problem: Problem, timetable: Timetable) -> list[tuple[str, Interval]]:
    """(room, day) pairs in use, those with the most confirmed places first."""
    confirmed = Counter(SignUp.objects.for_conference(conference).confirmed().values_list("session__code", flat=True))
    fixed = {one.code for one in problem.sessions if one.fixed_room is not None}
    people: Counter[tuple[str, Interval]] = Counter()
    for placement in timetable:
        for window in problem.windows:
            if window.hours.contains(placement.interval):
                weight = -10_000 if placement.session in fixed else confirmed[placement.session]
                people[placement.room, window.hours] += weight
    return [pair for pair, count in people.most_common() if count > 0]
