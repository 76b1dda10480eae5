"""What would help? The changes of a problem that give it a timetable, or a better one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.exact.domains import RuleKey
from schedule.solver.explain.feasibility import Asker
from schedule.solver.explain.infeasible_subset import Explanation, explain
from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Problem, Timetable
from schedule.solver.run import SMALL
from schedule.solver.verify import violations

from .enabling import enable
from .improving import better, first_search
from .outcome import Help, OnTried
from .task import Task

SHARE_FOR_EXPLAINING = 0.4


def relax(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    start: Timetable | None = None,
    why: Explanation | None = None,
    given: Iterable[RuleKey] = (),
    on_tried: OnTried | None = None,
    should_stop: ShouldStop | None = None,
) -> Help:
    """Find what would help within `seconds`. `start`, if it keeps the rules, is the timetable to be bettered.

    `why`, if it is known already, is the explanation that there is none. Of what is `given` (`Task.given`) nothing
    gives way.

    Every timetable in the answer has passed `verify.violations` for its changed problem. One seed gives one answer
    unless the clock has to step in (see `budget`).
    """
    task = Task(
        # Where the new timetables lie does not matter here, only how good they are.
        problem=replace(problem, weights=replace(problem.weights, moved_times=0, moved_rooms=0)),
        deadline=Deadline(seconds, should_stop),
        seed=seed,
        subjects=Subjects(problem),
        demand=SeatDemand(problem),
        on_tried=on_tried,
        given=frozenset(given),
    )
    if why is not None and why.feasible is False:
        return enable(task, why)
    right = start if start is not None and not violations(problem, start) else None
    if right is None and len(problem.sessions) <= SMALL:
        right = Asker(task.deadline).find_soon(task.problem)[1]
        if right is None:
            why = explain(task.problem, seconds=seconds * SHARE_FOR_EXPLAINING, should_stop=should_stop)
            if why.feasible is False:
                return enable(task, why)
    first = first_search(task, right)
    if first.feasible is None:
        return Help(None, seconds=task.deadline.elapsed)
    if first.feasible:
        return better(task, first)
    why = explain(
        task.problem, seconds=min(seconds * SHARE_FOR_EXPLAINING, task.deadline.left), should_stop=should_stop
    )
    return enable(task, why)
