"""Alternatives: several timetables of one problem, of nearly one quality that differ clearly in their times.

The first is what `solve` finds. Every further one costs at most `WITHIN_PERCENT` more than the best, and has at least
`APART_PERCENT` of the sessions that can move at another time than any answer before it. A session is at another time
if it starts `MOVED_MINUTES` or more earlier or later; it can move if two of its possible starts are that far apart.
Breaks do not count. Rooms do not count either: two timetables of the same times are one answer to those who attend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ortools.sat.python import cp_model

from .budget import WORK_PER_SECOND, Deadline, ShouldStop, new_solver, stoppable
from .exact.interval_model import TimetableModel
from .exact.objective_terms import quality
from .objective import SeatDemand, measure
from .problem import Problem, Timetable
from .results import OnProgress
from .run import SMALL, WrongTimetableError
from .sentences.message import CodedMessage, Value, message, sessions
from .sentences.message import terms as terms_of
from .solve import Solved, solve
from .verify import violations

WITHIN_PERCENT = 5
APART_PERCENT = 25
MOVED_MINUTES = 30

FIRST_SHARE = 0.5
"""Of the time, for the first answer; the others share the rest."""

LOCAL_SHARE = 0.7
"""Of an answer's time, for local search where wishes clash; the exact search has the rest."""

_PRICES = (0.5, 2, 1, 4)
"""What a session costs that stays where an answer before had it, in shares of what moving it may cost on average.

Far timetables are many, good ones few: a low price mostly suffices. The first that leads to an answer is enough.
"""

MOVES = 2.0
"""How much faster than `annealer.steps_per_second` the moves for each price are taken: few find nothing as good."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One timetable. `elsewhere` are the sessions at another time than in the best; the messages say so."""

    timetable: Timetable
    objective: int
    terms: dict[str, int]
    elsewhere: tuple[str, ...] = ()
    messages: tuple[CodedMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What was found: the run that found the first, and all answers, the best first; none without any timetable.

    `exhausted` says that it is proved that there is no further one beside these.
    """

    result: Solved
    answers: tuple[Alternative, ...]
    exhausted: bool = False


def find_alternatives(
    problem: Problem,
    *,
    answers: int,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    start: Timetable | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Alternatives:
    """Find up to `answers` timetables within `seconds`; fewer where there are no more, or none was found in time.

    `start` as for `solve`. Every timetable has passed `verify.violations`. One seed gives the same further
    answers with one worker (see `budget`).
    """
    deadline = Deadline(seconds, should_stop)
    result = solve(
        problem,
        seconds=seconds if answers == 1 else seconds * FIRST_SHARE,
        seed=seed,
        workers=workers,
        start=start,
        on_progress=on_progress,
        should_stop=should_stop,
        to_the_end=answers == 1,
    )
    if result.timetable is None or result.objective is None:
        return Alternatives(result, ())
    search = _AlternativesSearch(
        problem, deadline, seed, start, Alternative(result.timetable, result.objective, result.terms)
    )
    exhausted = False
    while len(search.found) < answers and not exhausted and deadline.left > 0 and not deadline.stopped:
        exhausted = search.another(seconds * (1 - FIRST_SHARE) / (answers - 1))
        if search.missed:
            break
    return _told(search, result, exhausted=exhausted)


class _AlternativesSearch:
    """The answers so far, and what a further one must keep to."""

    def __init__(
        self, problem: Problem, deadline: Deadline, seed: int, previous: Timetable | None, first: Alternative
    ) -> None:
        self.problem = problem
        self.deadline = deadline
        self.seed = seed
        self.previous = previous
        self.found = [first.timetable]
        self.allowance = max(0, first.objective) * WITHIN_PERCENT // 100
        self.most = first.objective + self.allowance
        self.demand = SeatDemand(problem)
        self.model = TimetableModel(problem)
        self.movable = _movable(self.model)
        self.apart = max(1, -(-len(self.movable) * APART_PERCENT // 100))
        self.missed = False

    def cost(self, timetable: Timetable) -> int:
        return self.problem.weights.total(self.terms(timetable))

    def terms(self, timetable: Timetable) -> dict[str, int]:
        return measure(self.problem, timetable, demand=self.demand, previous=self.previous)

    def serves(self, timetable: Timetable) -> bool:
        """Is it near enough in quality and far enough from every answer?"""
        return self.cost(timetable) <= self.most and all(
            len(elsewhere(self.movable, one, timetable)) >= self.apart for one in self.found
        )

    def another(self, seconds: float) -> bool:
        """Add the best further answer that is found; True if it is proved that there is none."""
        if len(self.movable) < self.apart:
            return True
        offered: list[Timetable] = []
        clash = bool(self.demand.clash)
        small = len(self.problem.sessions) <= SMALL
        if clash or not small:
            offered = self._locally(seconds * LOCAL_SHARE if small else seconds)
        status = cp_model.UNKNOWN
        if not offered and small and self.deadline.left > 0:
            status, offered = self._exactly(seconds * (1 - LOCAL_SHARE) if clash else seconds)
        if offered:
            found = min(offered, key=lambda one: (self.cost(one), one))
            wrong = violations(self.problem, found)
            if wrong:
                raise WrongTimetableError(f"alternatives: {wrong[0]}")
            self.found.append(found)
        self.missed = not offered
        return status == cp_model.INFEASIBLE

    def _locally(self, seconds: float) -> list[Timetable]:
        """Annealing with a price on every session that stays; the right price is found by trying."""
        from .annealing.annealer import Annealer  # loading numba takes half a second: not before it is needed
        from .annealing.arrays import Arrays

        served: list[Timetable] = []
        deadline = Deadline(min(seconds, self.deadline.left), self.deadline.should_stop)
        for price in _PRICES:
            arrays = Arrays(self.model, self.demand, self.problem.weights, self.previous)
            staying = max(1, round(price * max(1, self.allowance) / self.apart))
            for answer in self.found:
                for placement in answer:
                    if placement.session in self.movable:
                        first, last = _slots(placement.start, arrays.slot)
                        arrays.data.slot_cost[arrays.number[placement.session], first : last + 1] += staying
            annealer = Annealer(
                arrays,
                seed=self.seed + len(self.found),
                deadline=deadline,
                report=lambda timetable: served.append(timetable) if self.serves(timetable) else None,
            )
            annealer.start_from(self.found[0])
            annealer.search(seconds * MOVES)
            if served:
                break
        return served

    def _exactly(self, seconds: float) -> tuple[cp_model.CpSolverStatus, list[Timetable]]:
        """CP-SAT with all limits as rules: it can prove that there is no further answer."""
        model = TimetableModel(self.problem)
        for number, answer in enumerate(self.found):
            moved = []
            for placement in answer:
                if placement.session in self.movable:
                    literal = model.cp.new_bool_var(f"{placement.session} elsewhere than in {number}")
                    near = [
                        start
                        for start in model.domains.options[placement.session].all_starts
                        if abs(start - placement.start) < MOVED_MINUTES
                    ]
                    far = cp_model.Domain.from_values(near).complement()
                    start_of = model.start[placement.session]
                    model.cp.add_linear_expression_in_domain(start_of, far).only_enforce_if(literal)
                    moved.append(literal)
            model.cp.add(cp_model.LinearExpr.sum(moved) >= self.apart)
        price = quality(model, self.demand, self.problem.weights, self.previous)
        model.cp.add(price <= self.most)
        model.cp.minimize(price)
        solver = new_solver(seconds=self.deadline.left, seed=self.seed, workers=1, work=seconds * WORK_PER_SECOND)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        found = [model.timetable(solver)] if status in {cp_model.OPTIMAL, cp_model.FEASIBLE} else []
        return status, found


def _movable(model: TimetableModel) -> frozenset[str]:
    """Codes of the sessions that can be at another time."""
    return frozenset(
        session.code
        for session in model.problem.sessions
        for starts in [model.domains.options[session.code].all_starts]
        if not session.is_break and starts[-1] - starts[0] >= MOVED_MINUTES
    )


def elsewhere(codes: frozenset[str], first: Timetable, second: Timetable) -> list[str]:
    """Those of the sessions that are at another time in the second timetable than in the first."""
    at = {placement.session: placement.start for placement in first}
    return [p.session for p in second if p.session in codes and abs(p.start - at[p.session]) >= MOVED_MINUTES]


def _slots(start: int, slot: int) -> tuple[int, int]:
    """The first and the last slot that is no other time than `start`."""
    return max(0, (start - MOVED_MINUTES) // slot + 1), (start + MOVED_MINUTES - 1) // slot


def _told(search: _AlternativesSearch, result: Solved, *, exhausted: bool) -> Alternatives:
    """The answers in order of their quality, without those too far from the best, and what distinguishes them."""
    ranked = sorted(search.found, key=search.cost)
    best = ranked[0]
    cost, terms = search.cost(best), search.terms(best)
    most = cost + max(0, cost) * WITHIN_PERCENT // 100
    answers = [Alternative(best, cost, terms)]
    prices = asdict(search.problem.weights)
    for timetable in ranked[1:]:
        if search.cost(timetable) <= most:
            codes = elsewhere(search.movable, best, timetable)
            theirs = search.terms(timetable)
            said = _messages(codes, len(search.movable), terms_of(terms, theirs, prices))
            answers.append(Alternative(timetable, search.cost(timetable), theirs, tuple(codes), said))
    return Alternatives(result, tuple(answers), exhausted)


def _messages(codes: Sequence[str], of: int, terms: Value) -> tuple[CodedMessage, ...]:
    elsewhere = message("alternative.elsewhere", count=len(codes), all=of, sessions=sessions(codes))
    if terms == terms_of({}, {}, {}):
        return (elsewhere,)
    return elsewhere, message("alternative.compared", terms=terms)
