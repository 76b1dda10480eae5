"""Is there a timetable at all? Questions with a limit of work each, within the time of a whole run."""

from __future__ import annotations

from enum import Enum, auto

from ortools.sat.python import cp_model

from schedule.solver.budget import WORK_PER_SECOND, Deadline, new_solver, stoppable
from schedule.solver.exact.counting import shortage
from schedule.solver.exact.domains import Active, Domains, RuleKey, all_rules
from schedule.solver.exact.interval_model import LINEARIZATION, TimetableModel, UnplaceableError
from schedule.solver.problem import Problem, Timetable

MOST_SESSIONS_FOR_TIGHT = 120
"""Building the tight model of more takes longer than it saves."""

SECONDS_TO_FIND_SOON = 0.3
SECONDS_FOR_LIGHT = 0.5
SECONDS_PER_QUESTION = 5.0
"""Of work, see `budget`: a busy machine gives the same answers as long as the whole run has time."""


class Feasibility(Enum):
    POSSIBLE = auto()
    IMPOSSIBLE = auto()
    UNKNOWN = auto()


class Asker:
    """Answers "is there a timetable without these rules?" within the time left."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.doubtful = False

    def ask(self, problem: Problem, without: frozenset[RuleKey], seconds: float) -> Feasibility:
        """As `find`, without the timetable."""
        return self.find(problem, without, seconds)[0]

    def find_soon(self, problem: Problem) -> tuple[Feasibility, Timetable | None]:
        """By the light model alone, with little work: most timetables that there are, and few refusals."""
        return self._solved(problem, frozenset(), SECONDS_TO_FIND_SOON, tight=False)

    def find(
        self, problem: Problem, without: frozenset[RuleKey], seconds: float
    ) -> tuple[Feasibility, Timetable | None]:
        """The light model first, which is quick to find a timetable, then the tight one, which is quick to refuse."""
        large = len(problem.sessions) > MOST_SESSIONS_FOR_TIGHT
        for tight, limit in (
            [(False, seconds)] if large else [(False, min(SECONDS_FOR_LIGHT, seconds)), (True, seconds)]
        ):
            answer, timetable = self._solved(problem, without, limit, tight=tight)
            if answer is not Feasibility.UNKNOWN:
                return answer, timetable
            if self.deadline.stopped:  # only building the tight model would take a while
                break
        return Feasibility.UNKNOWN, None

    def _solved(
        self, problem: Problem, without: frozenset[RuleKey], seconds: float, *, tight: bool
    ) -> tuple[Feasibility, Timetable | None]:
        active: Active = (lambda key: key not in without) if without else all_rules
        if shortage(Domains(problem, active)) is not None:
            return Feasibility.IMPOSSIBLE, None
        try:
            model = TimetableModel(problem, active, tight=tight)
        except UnplaceableError:
            return Feasibility.IMPOSSIBLE, None
        solver = new_solver(seconds=self.deadline.left, seed=0, workers=1, work=seconds * WORK_PER_SECOND)
        if tight:
            solver.parameters.linearization_level = LINEARIZATION
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        if status == cp_model.INFEASIBLE:
            return Feasibility.IMPOSSIBLE, None
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return Feasibility.POSSIBLE, model.timetable(solver)
        return Feasibility.UNKNOWN, None

    def impossible(self, problem: Problem, without: frozenset[RuleKey]) -> bool:
        answer = self.ask(problem, without, SECONDS_PER_QUESTION)
        self.doubtful |= answer is Feasibility.UNKNOWN
        return answer is Feasibility.IMPOSSIBLE
