"""Solve a problem: first any timetable that keeps every hard rule, then a better one until the time is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from .budget import Deadline, ShouldStop, stoppable
from .exact import bounds
from .exact.counting import shortage
from .exact.domains import Domains
from .exact.ideal_search import look_for_ideal
from .exact.interval_model import LINEARIZATION, TimetableModel, UnplaceableError
from .objective import SeatDemand
from .problem import Problem, Timetable, Weights
from .results import OnProgress, Result
from .run import Run
from .verify import violations

if TYPE_CHECKING:
    from .annealing.annealer import Annealer

FIRST_SHARE = 0.1
LOCAL_SHARE = 0.3
LAST_SHARE = 0.2
LARGE_SHARE = 0.3
"""Of the seconds given: for a first timetable (usually far less is used), for the local search before and after the
exact end, and for the first part of it where sessions are many."""

IDEAL_SHARE = 0.25
"""Of the seconds given, at the most: for a timetable in which nothing costs more than it must, or that there is none.
Where sessions are many a second worker looks for it while the first one cools down."""

TURN_SHARE = 0.05
"""Of the seconds given: the first turn of each way to find any timetable, where none is found soon."""

PACE = 2.0
"""How much faster an ordinary core moves than `annealer.steps_per_second` says, where nothing else needs its turn."""

LARGE_PACE = 3.5
"""The same where sessions are many."""

MORE_COOLINGS = 2
"""How many more slow coolings each further worker makes in the same time."""

NEAR_STEPS = 100_000
"""Moves of an annealing near a timetable that may break rules."""


class Solved(Result[Timetable]):
    """A `results.Result` whose solution is a timetable."""

    __slots__ = ()

    @property
    def timetable(self) -> Timetable | None:
        return self.solution


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    start: Timetable | None = None,
    weights: Weights | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    by_work: bool = False,
    to_the_end: bool = True,
) -> Solved:
    """Find a timetable and improve it for `seconds`, or until nothing can be better.

    With `start`, the result is never worse than it (if it keeps the rules), and the stability terms count against
    it. `weights` replace those of the problem. Every timetable has passed `verify.violations`.

    `by_work`: as much work as `seconds` last on an ordinary core, however long that takes here. Then one problem, seed
    and number of seconds give one result on every machine; it takes one worker.

    `to_the_end`: a core that is faster than an ordinary one goes on with the proof, or with looking for something
    better, while the clock leaves time. Without it a small problem ends when as much work is done as `seconds` last on
    an ordinary core, so that what is found in problems that differ little can be compared.
    """
    if by_work and workers != 1:
        raise ValueError("only one worker can be repeated")
    return _Search(
        problem=problem,
        deadline=Deadline(seconds, should_stop, by_work=by_work),
        seed=seed,
        workers=workers,
        previous=start,
        weights=weights or problem.weights,
        on_progress=on_progress,
        demand=SeatDemand(problem),
        to_the_end=to_the_end and not by_work,
    ).run()


def improve(
    problem: Problem, start: Timetable, *, seconds: float, seed: int = 0, should_stop: ShouldStop | None = None
) -> Solved:
    """Local search alone from a right timetable, for as many moves as `seconds` last on an ordinary core.

    The same start, seed and number of moves: what this finds in problems that differ little can be compared. Raises
    WrongTimetableError if `start` breaks a rule.
    """
    search = _Search(
        problem=problem,
        deadline=Deadline(seconds, should_stop),
        seed=seed,
        workers=1,
        previous=None,
        weights=problem.weights,
        on_progress=None,
        demand=SeatDemand(problem),
    )
    search.offer(start, "start")
    search.go_on(search.annealer(TimetableModel(problem)), PACE)
    return search.result(feasible=True, status="FEASIBLE")


@dataclass(kw_only=True)
class _Search(Run):
    asked: bool = False
    to_the_end: bool = False

    def run(self) -> Solved:
        """Any timetable; then local search if wishes clash; then CP-SAT, which can prove, if the problem is small."""
        if self.previous is not None and not violations(self.problem, self.previous):
            self.offer(self.previous, "start")
        if self.best is None and shortage(Domains(self.problem)) is not None:
            return self.result(feasible=False, status="INFEASIBLE")
        try:
            model = TimetableModel(self.problem)
        except UnplaceableError:
            return self.result(feasible=False, status="INFEASIBLE")
        annealer = None
        if self.best is None:
            possible, annealer = self.find_any(model)
            if not possible:
                return self.result(feasible=False, status="INFEASIBLE")
        self.raise_bound(bounds.floor(model, self.demand, self.weights))
        if not (self.large and self.workers > 1):  # else beside the local search
            self.ask_for_ideal(model)
        if (self.large or (self.best is not None and self.demand.clash)) and not (self.over or self.proved()):
            annealer = annealer or self.annealer(model)
            if self.large:
                self.cool_down(annealer, model)
            else:
                self.go_on(annealer, PACE * LOCAL_SHARE)
        if self.best is None:
            return self.result(feasible=None, status="STOPPED" if self.deadline.stopped else "UNKNOWN")
        if not (self.large or self.proved()):
            self.finish(annealer, model)
        return self.result(feasible=True, status="OPTIMAL" if self.bound == self.best_cost else "FEASIBLE")

    def finish(self, annealer: Annealer | None, model: TimetableModel) -> None:
        """The exact end; then, where wishes clash, local search once more; then what time the clock leaves."""
        seconds = self.deadline.seconds * (1 - LOCAL_SHARE - FIRST_SHARE)
        near = None if annealer is None else partial(self.anneal_near, annealer)
        bounds.improve(self, model, seconds=seconds, near=near)
        if annealer is not None and not (self.over or self.proved()):
            self.go_on(annealer, LAST_SHARE * PACE)
        if self.to_the_end and not (self.over or self.proved()):
            bounds.prove(self, model)
        if self.to_the_end and annealer is not None and not (self.over or self.proved()):
            self.go_on(annealer, self.deadline.left / self.deadline.seconds)

    def find_any(self, model: TimetableModel) -> tuple[bool, Annealer | None]:
        """Look for any timetable: whether there may be one, and the local search if that was needed."""
        annealer = None
        if self.large and not self.over:
            # Building a timetable piece by piece succeeds at once where there is some air, and CP-SAT would take long.
            annealer = self.annealer(model)
            annealer.offer_built()
            if self.best is None:
                self.ask_for_ideal(model)
            if self.best is None and not self.over:
                self.go_on(annealer, LARGE_SHARE)
        if self.best is None and self.find_first(model) == cp_model.INFEASIBLE:
            return False, None
        if self.best is None and not self.large and not self.over:
            annealer = self.annealer(model)
            return self.take_turns(annealer) != cp_model.INFEASIBLE, annealer
        return True, annealer

    def ask_for_ideal(self, model: TimetableModel) -> None:
        """Once in a search."""
        if not (self.asked or self.over or self.proved()):
            self.asked = True
            look_for_ideal(self, model, seconds=self.deadline.seconds * IDEAL_SHARE)

    def find_first(self, model: TimetableModel) -> cp_model.CpSolverStatus:
        """Any timetable, hard rules only: the light model finds, the tight one refuses (`interval_model`)."""
        seconds = self.deadline.seconds * FIRST_SHARE
        status = self._find_first(model, seconds if self.large else seconds / 3)
        if status == cp_model.UNKNOWN and not self.large and not self.deadline.stopped:
            status = self._find_first(TimetableModel(self.problem, tight=True), seconds)
        return status

    def take_turns(self, annealer: Annealer) -> cp_model.CpSolverStatus:
        """Local search, which finds, and the tight model, which also refuses, in turn until either has or time ends."""
        model = TimetableModel(self.problem, tight=True)
        status, share = cp_model.UNKNOWN, TURN_SHARE
        spent = 0.0
        while self.best is None and status != cp_model.INFEASIBLE and not self.over and spent < 1:
            self.go_on(annealer, share)
            spent += share if self.deadline.by_work else 0.0
            share *= 2  # what begins anew with as much time would end where it did before
            if self.best is None and not self.over:
                status = self._find_first(model, self.deadline.seconds * share)
        return status

    def _find_first(self, model: TimetableModel, seconds: float) -> cp_model.CpSolverStatus:
        if self.previous is not None:
            model.hint(self.previous)
        solver = self.solver(seconds)
        if model.tight:
            solver.parameters.linearization_level = LINEARIZATION
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        self.iterations += solver.num_branches
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.offer(model.timetable(solver), "first")
        return status

    def annealer(self, model: TimetableModel) -> Annealer:
        """A local search that has built a timetable, perhaps a wrong one, and not begun to anneal."""
        # Loading numba takes half a second (the first time ever, compiling some more): only where it is used.
        from .annealing.annealer import Annealer
        from .annealing.arrays import Arrays

        return Annealer(
            Arrays(model, self.demand, self.weights, self.previous),
            seed=self.seed,
            deadline=self.deadline,
            report=lambda timetable: self.offer(timetable, "local"),
            enough=self.proved,
        )

    def annealer_like(self, first: Annealer, number: int) -> Annealer:
        """Another one on the same arrays, with luck of its own."""
        return type(first)(
            first.arrays,
            seed=self.seed * 1000 + number,
            deadline=self.deadline,
            report=first.report,
            enough=self.proved,
        )

    def proved(self) -> bool:
        """Can nothing be better?"""
        return self.best is not None and self.bound == self.best_cost

    def go_on(self, annealer: Annealer, share: float) -> None:
        """Annealing from the best timetable, or from anything if there is none."""
        before = annealer.done
        if self.best is not None:
            annealer.start_from(self.best)
        annealer.search(self.deadline.seconds * share)
        self.iterations += annealer.done - before

    def cool_down(self, annealer: Annealer, model: TimetableModel) -> None:
        """Many sessions: all the time that is left, in as many threads as there are workers.

        The first cools once, the others MORE_COOLINGS times: a long cooling finds what short ones do not, but where
        they end differs, and the best of several is sometimes better. The last looks for an ideal timetable first.
        Going by the work alone there is one worker.
        """
        if self.deadline.by_work:
            self.go_on(annealer, LARGE_PACE)
            return
        team = [annealer, *(self.annealer_like(annealer, number) for number in range(1, self.workers))]
        before = sum(one.done for one in team)
        if self.best is not None:
            for one in team:
                one.start_from(self.best)

        def work(number: int, one: Annealer) -> None:
            if number == len(team) - 1 > 0:
                self.ask_for_ideal(model)
            one.cool_all(coolings=1 + number * MORE_COOLINGS)

        with ThreadPoolExecutor(len(team)) as pool:
            working = [pool.submit(work, number, one) for number, one in enumerate(team)]
            for future in working:
                future.result()
        self.iterations += sum(one.done for one in team) - before

    def anneal_near(self, annealer: Annealer, timetable: Timetable) -> None:
        """Anneal with little heat from a timetable that may still break rules."""
        if self.best is not None:
            annealer.start_from(self.best)
        before = annealer.done
        for heat in (annealer.heat / 4, annealer.heat / 12, annealer.heat):
            slot, room = annealer.arrays.state(timetable)
            annealer.cool(slot, room, steps=NEAR_STEPS, hot=heat)
        self.iterations += annealer.done - before

    def result(self, *, feasible: bool | None, status: str) -> Solved:
        return Solved(
            feasible=feasible,
            status=status,
            solution=self.best,
            objective=None if self.best is None else self.best_cost,
            terms={} if self.best is None else self.measure(self.best),
            bound=self.bound,
            seconds=self.deadline.elapsed,
            seconds_to_first=self.first,
            iterations=self.iterations,
        )
