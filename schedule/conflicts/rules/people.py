"""Checks about people and the bodies that host: in two places, on the way, away."""

from __future__ import annotations

from collections.abc import Iterator

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.kinds import ConflictKind
from schedule.conflicts.plan import Focus, TimetablePlan, shared_time, touches
from schedule.conflicts.rules.sweep import close_pairs
from schedule.solver.problem import Interval


def person_in_two_places(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A person in two sessions at once, or with less time between them than the way takes."""
    index = plan.index
    longest_way = max(index.rules.person_gap_same_group_minutes, index.rules.person_gap_other_group_minutes)
    people = (
        set(plan.agendas)
        if focus is None
        else {person for placement in plan.of_focus(focus) for person in index.sessions[placement.session].people}
    )
    for person in people:
        for first, second in close_pairs(plan.agendas[person], gap=longest_way):
            if not touches(focus, first, second):
                continue
            free = second.start - first.end
            if free < 0:
                when = shared_time(first, second)
                yield plan.conflict(ConflictKind.PERSON_DOUBLE_BOOKED, first, second, when=when, person=person)
                continue
            needed = index.walking_minutes(first.room, second.room)
            if free < needed:
                when = Interval(first.end, first.end + needed)
                yield plan.conflict(
                    ConflictKind.PERSON_WALKING_TIME, first, second, when=when, person=person, free=free, needed=needed
                )


def body_in_two_places(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A body with one team that hosts two sessions at once."""
    bodies = (
        set(plan.team_agendas)
        if focus is None
        else {body for placement in plan.of_focus(focus) for body in plan.index.teams[placement.session]}
    )
    for body in bodies:
        for first, second in close_pairs(plan.team_agendas[body]):
            if touches(focus, first, second):
                when = shared_time(first, second)
                yield plan.conflict(ConflictKind.BODY_DOUBLE_BOOKED, first, second, when=when, body=body)


def away(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session while one of its people, or a hosting body with one team, cannot be there."""
    index = plan.index
    for placement in plan.of_focus(focus):
        held = placement.interval
        for code in index.sessions[placement.session].people & index.people_with_absences:
            if missed := _missed(index.people[code].away, held):
                yield plan.conflict(ConflictKind.PERSON_AWAY, placement, when=held, person=code, away=missed)
        for code in index.teams[placement.session]:
            if missed := _missed(index.bodies[code].away, held):
                yield plan.conflict(ConflictKind.BODY_AWAY, placement, when=held, body=code, away=missed)


def _missed(absences: tuple[Interval, ...], held: Interval) -> tuple[Interval, ...]:
    return tuple(sorted(absence for absence in absences if absence.overlaps(held))) if absences else ()
