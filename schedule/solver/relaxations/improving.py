"""Where there is a timetable: which single changes give a better one.

Those changes are tried that concern the sessions on which the objective is lost. Each gets the same short search from
the same timetable with the same seed. What such a search finds without making use of its change is a better timetable
for everybody, and no gain: gains are counted against the best that is known without any change. To leave a session
out is never proposed: that always looks better, and serves nobody who wants it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import chain, islice, zip_longest

from schedule.solver.explain.causes import concerned
from schedule.solver.explain.infeasible_subset import rule_keys
from schedule.solver.objective import Days
from schedule.solver.problem import Problem, Timetable
from schedule.solver.run import SMALL
from schedule.solver.solve import Solved, improve, solve
from schedule.solver.verify import violations

from .changes import Relaxation, Step
from .of_resources import equipped, longer_days, more_room, seats_needed
from .of_rules import softened
from .outcome import Help, Remedy, Tried, remedy
from .session_costs import SessionCosts
from .task import Task, checked

FIRST_SHARE = 0.3
"""Of the time, for a timetable of the problem as it is."""

SEARCHES = 14
"""How many changes are tried, each with an equal part of the rest, and so is going on without any."""

COSTLY_SESSIONS = 6
"""How many sessions have the rules softened that bind them."""

_STRONGEST = {"room", "equipment", "changeover", "person_gap"}
"""What is tried in its strongest form, to see what there is to gain; of a limit only one more."""

_NOT_ASKED = {"person_twice", "room_too_small"}
"""To replace somebody, or to expect fewer people, is asked only where there is no timetable."""


def first_search(task: Task, start: Timetable | None) -> Solved:
    """A timetable of the problem as it is, and what is proved about it."""
    return solve(
        task.problem,
        seconds=min(task.deadline.seconds * FIRST_SHARE, task.deadline.left),
        seed=task.seed,
        start=start,
        should_stop=task.deadline.should_stop,
        to_the_end=False,
    )


def _search(task: Task, problem: Problem, start: Timetable) -> Solved:
    """One of the short searches. Where no wishes clash the exact end of `solve` is quick, otherwise it has no time."""
    seconds = min(task.deadline.seconds * (1 - FIRST_SHARE) / (SEARCHES + 1), task.deadline.left)
    if task.demand.clash or len(problem.sessions) > SMALL:
        return improve(problem, start, seconds=seconds, seed=task.seed, should_stop=task.deadline.should_stop)
    return solve(
        problem,
        seconds=seconds,
        seed=task.seed,
        start=start,
        should_stop=task.deadline.should_stop,
        to_the_end=False,
    )


def better(task: Task, first: Solved) -> Help:
    """Try the changes that may gain most. `first` is what a search of the problem as it is has found."""
    start = first.timetable or ()
    best = min(first, _search(task, task.problem, start), key=_cost)
    start = best.timetable or start
    gains: list[Remedy] = []
    in_vain: list[Tried] = []
    undecided: list[Tried] = []
    for relaxation in _candidates(task, SessionCosts(task.problem, task.demand, start)):
        step = _step(relaxation)
        if task.over:
            undecided.append(Tried(relaxation.subject, step.message))
            continue
        task.say(step.message)
        found = _search(task, step.problem, start)
        timetable = checked(step.problem, found.timetable or start)
        if violations(task.problem, timetable):
            with_it = remedy(relaxation, step, timetable)
            gains.append(replace(with_it, objective=found.objective, terms=_priced(task, found)))
        else:
            in_vain.append(Tried(relaxation.subject, step.message))
            best = min(best, found, key=_cost)
    counted = [_counted(gain, _cost(best), first.bound) for gain in gains]
    return Help(
        feasible=True,
        remedies=tuple(sorted((one for one in counted if _gain(one) > 0), key=lambda one: (-_gain(one), one.asks))),
        in_vain=(*in_vain, *(Tried(one.subject, one.message) for one in counted if _gain(one) <= 0)),
        undecided=tuple(undecided),
        timetable=best.timetable,
        objective=best.objective,
        terms=_priced(task, best),
        bound=first.bound,
        seconds=task.deadline.elapsed,
    )


def _priced(task: Task, found: Solved) -> dict[str, int]:
    """The terms that cost something here; the others the searches leave to chance."""
    prices = asdict(task.problem.weights)
    return {name: value for name, value in found.terms.items() if prices[name]}


def _cost(found: Solved) -> int:
    return sys.maxsize if found.objective is None else found.objective


def _counted(gain: Remedy, best: int, bound: int | None) -> Remedy:
    cost = best if gain.objective is None else gain.objective
    return replace(gain, gain=best - cost, proved=bound is not None and cost < bound)


def _gain(one: Remedy) -> int:
    return one.gain or 0


def _step(relaxation: Relaxation) -> Step:
    return relaxation.steps[-1 if relaxation.subject[0] in _STRONGEST else 0]


def _candidates(task: Task, losses: SessionCosts) -> Iterator[Relaxation]:
    """In turn a rule that binds costly sessions and something wider, the most costly first; as many as are searched."""
    costly = losses.costliest(COSTLY_SESSIONS)
    rules = sorted(_binding(task, losses, costly), key=lambda scored: -scored[0])
    wide = sorted(_wide(task, losses, costly), key=lambda scored: -scored[0])
    in_turn = chain.from_iterable(zip_longest(wide, rules))
    return islice((one[1] for one in in_turn if one is not None), SEARCHES)


def _binding(task: Task, losses: SessionCosts, costly: Sequence[str]) -> Iterator[tuple[float, Relaxation]]:
    """Rules that bind a costly session, softened, with what the sessions they bind cost on average."""
    if not costly:
        return
    for key in rule_keys(task.problem):
        if key[0] not in _NOT_ASKED:
            bound_by_it, _, _ = concerned(task.subjects, key[0], [key[1:]])
            if not set(costly).isdisjoint(bound_by_it):
                for relaxation in softened(task.subjects, [key]):
                    yield losses.mean(bound_by_it), relaxation


def _wide(task: Task, losses: SessionCosts, costly: Sequence[str]) -> Iterator[tuple[float, Relaxation]]:
    """Longer days, one more room, and rooms better equipped."""
    days = Days(task.problem)
    for relaxation in longer_days(task.subjects):
        window = task.problem.windows[int(relaxation.subject[1])]
        yield losses.mean(losses.days.get(days.number(window.hours.start), [])), relaxation
    sessions = [task.subjects.sessions[code] for code in costly]
    for relaxation in equipped(task.subjects, sessions):
        yield losses.mean(costly) / 2, relaxation
    for relaxation in more_room(task.subjects, sessions, seats_needed(task.problem, task.demand)):
        yield losses.mean(costly), relaxation
