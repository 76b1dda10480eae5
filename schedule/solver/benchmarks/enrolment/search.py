"""Find a complete timetable, then improve it until the time is over: `solve`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.results import OnProgress, Result, SearchProgress

from .bounds import impossible, lower_bound
from .check import EnrolmentReport, check
from .instance import EnrolmentInstance, Solution, empty


class WrongSolutionError(RuntimeError):
    """The search produced a timetable the checker refuses: a defect of the solver, never of the problem."""


def solve(
    problem: EnrolmentInstance,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    start: Solution | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Result[Solution]:
    """Find a complete timetable and improve it for `seconds`, or until nothing can be better.

    Where none is found, `solution` is the best incomplete one, and `terms` says how far it is from complete. With
    `start` the result is never worse than it, if it is valid. One seed gives one result with one worker (see
    `annealing.progress`); more workers are independent searches in threads, of which the best counts. Whatever is
    returned has passed `check`.
    """
    deadline = Deadline(seconds, should_stop)
    board = _Board(problem, deadline, on_progress)
    if start is not None:
        board.offer(start, "start", must_be_valid=False)
    # Loading numba takes half a second: not before it is needed.
    from .worker import EnrolmentWorker

    if not board.done:
        team = [EnrolmentWorker(problem, board, deadline, seed=seed, number=n, workers=workers) for n in range(workers)]
        if workers == 1:
            team[0].run()
        else:
            with ThreadPoolExecutor(workers) as pool:
                for future in [pool.submit(worker.run) for worker in team]:
                    future.result()
        board.iterations = sum(worker.iterations for worker in team)
    return board.result()


class _Board:
    """The best timetable so far; all workers write on it."""

    def __init__(self, instance: EnrolmentInstance, deadline: Deadline, on_progress: OnProgress | None) -> None:
        self.instance = instance
        self.deadline = deadline
        self.on_progress = on_progress
        self.bound = lower_bound(instance)
        self.impossible = impossible(instance) is not None
        self.iterations = 0
        self.best = empty(instance)
        self.report = check(instance, self.best)
        self.first: float | None = None
        self.lock = Lock()

    @property
    def done(self) -> bool:
        """Nothing can be better, or somebody said stop."""
        perfect = self.report.feasible and self.report.objective <= self.bound
        return perfect or self.deadline.stopped

    def offer(self, solution: Solution, phase: str, *, must_be_valid: bool = True) -> None:
        """Keep a timetable that is better than the best. Raises WrongTimetableError if it breaks a rule."""
        report = check(self.instance, solution)
        if not report.valid:
            if must_be_valid:
                broken = ", ".join(name for name, count in report.violations.items() if count)
                raise WrongSolutionError(f"{phase}: {broken}")
            return
        with self.lock:
            if _rank(report) >= _rank(self.report):
                return
            self.best, self.report = solution, report
            if report.feasible and self.first is None:
                self.first = self.deadline.elapsed
            if self.on_progress is not None:
                self.on_progress(
                    SearchProgress(self.deadline.elapsed, phase, report.objective, report.all_terms, self.bound)
                )

    def result(self) -> Result[Solution]:
        report = self.report
        if report.feasible:
            status = "OPTIMAL" if report.objective <= self.bound else "FEASIBLE"
        else:
            status = "INFEASIBLE" if self.impossible else "STOPPED" if self.deadline.stopped else "UNKNOWN"
        return Result(
            feasible=True if report.feasible else False if self.impossible else None,
            status=status,
            solution=self.best,
            objective=report.objective if report.feasible else None,
            terms=report.all_terms,
            bound=self.bound,
            seconds=self.deadline.elapsed,
            seconds_to_first=self.first,
            iterations=self.iterations,
        )


def _rank(report: EnrolmentReport) -> tuple[int, int, int]:
    """Distance first, then cost, as the competition compares; events nobody attends count before the cost too."""
    return report.distance, report.unplaced, report.objective
