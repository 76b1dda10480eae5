"""Where no single change gives a timetable: a few that do together.

Several fights want a change each. One after another is settled by what asks least of those changes that give its own
sessions a timetable, and the next is looked for in the changed problem, until the whole has one. What turns out not to
have been needed is taken back. So the conflict sets of Reiter's theory of diagnosis (1987) are hit one by one; that no
fewer changes would do is not proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from schedule.solver.explain.causes import rank
from schedule.solver.explain.feasibility import SECONDS_PER_QUESTION, Asker, Feasibility
from schedule.solver.explain.infeasible_subset import Explanation, explain
from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Problem, Timetable, only

from .changes import Asks, Relaxation, Step
from .outcome import Remedy, remedy
from .task import Task, checked
from .trying import candidates, mildest

MOST = 8
"""How many changes at once are still a way out that somebody can weigh."""

SHARE_FOR_EXPLAINING = 0.4
"""Of the time that is left, for each fight after the first."""

_Choice = Callable[[Relaxation], bool]


@dataclass(frozen=True)
class Settled:
    """A change that was made: the fight it settles, the change, and which of its steps."""

    why: Explanation
    relaxation: Relaxation
    number: int

    @property
    def step(self) -> Step:
        return self.relaxation.steps[self.number]


def several(task: Task, why: Explanation, asker: Asker) -> list[Remedy]:
    """Up to two ways: what asks least, and which sessions would have to be left out, which is found sooner."""
    left_out = _way(task, why, asker, lambda one: one.asks is Asks.SESSION)
    mildest_way = _way(task, why, asker, lambda one: one.asks < Asks.SESSION)
    return [one for one in (mildest_way, left_out) if one is not None]


def _way(task: Task, why: Explanation, asker: Asker, may: _Choice) -> Remedy | None:
    made: list[Settled] = []
    timetable = None
    while timetable is None:
        chosen = None if len(made) == MOST or task.over else _chosen(task, why, asker, may, made)
        if chosen is None:
            return None
        made.append(chosen)
        problem = replace(chosen.step.problem, attendees=())
        timetable = asker.find_soon(problem)[1]
        if timetable is None:
            seconds = task.deadline.left * SHARE_FOR_EXPLAINING
            why = explain(problem, seconds=seconds, should_stop=task.deadline.should_stop)
        if timetable is None and why.feasible is not False:
            timetable = asker.find(problem, frozenset(), SECONDS_PER_QUESTION)[1]
            if timetable is None:
                return None
    return _remedy(*needed(task, asker, made, timetable))


def _chosen(task: Task, why: Explanation, asker: Asker, may: _Choice, made: list[Settled]) -> Settled | None:
    """What asks least of the changes that end this fight, each subject once."""
    task = _changed(task, made[-1].step.problem) if made else task
    taken = {one.relaxation.subject for one in made}
    settling = [one for one in candidates(task, why) if may(one) and one.subject not in taken]
    settling.sort(key=lambda one: (one.asks, rank(one.subject[0]), one.steps[0].size, one.subject))
    among = set(why.sessions)

    def find(problem: Problem) -> tuple[Feasibility, Timetable | None]:
        return asker.find_soon(only(problem, [one.code for one in problem.sessions if one.code in among]))

    for relaxation in settling:
        _, number, timetable = mildest(task, find, relaxation)
        if timetable is not None:
            return Settled(why, relaxation, number)
    return None


def _changed(task: Task, problem: Problem) -> Task:
    return replace(task, problem=problem, subjects=Subjects(problem), demand=SeatDemand(problem))


def needed(task: Task, asker: Asker, made: list[Settled], timetable: Timetable) -> tuple[list[Settled], Timetable]:
    """What a later change has made needless is left out."""
    for one in made[:-1]:
        fewer = _made_again(task, [other for other in made if other.relaxation.subject != one.relaxation.subject])
        found = asker.find_soon(replace(fewer[-1].step.problem, attendees=()))[1] if fewer else None
        if found is not None:
            made, timetable = fewer, found
    return made, timetable


def _made_again(task: Task, made: list[Settled]) -> list[Settled]:
    """The same changes, one after another from the beginning; none where one would not be the same any more."""
    again: list[Settled] = []
    for one in made:
        before = _changed(task, again[-1].step.problem) if again else task
        alike = (
            relaxation
            for relaxation in candidates(before, one.why)
            if [step.message for step in relaxation.steps] == [step.message for step in one.relaxation.steps]
        )
        relaxation = next(alike, None)
        if relaxation is None:
            return []
        again.append(replace(one, relaxation=relaxation))
    return again


def _remedy(made: list[Settled], timetable: Timetable) -> Remedy:
    """All of it as one remedy, which asks what the dearest of its changes asks."""
    right = checked(made[-1].step.problem, timetable)
    first, *others = [remedy(one.relaxation, one.step, right) for one in made]
    return replace(first, asks=max(one.relaxation.asks for one in made), also=tuple(others))
