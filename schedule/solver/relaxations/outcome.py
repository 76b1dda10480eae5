"""What came of trying changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from schedule.solver.exact.domains import RuleKey
from schedule.solver.explain.causes import Cause
from schedule.solver.problem import Problem, Timetable
from schedule.solver.sentences.message import CodedMessage, Value, terms

from .changes import Asks, Relaxation, Step


@dataclass(frozen=True)
class Remedy:
    """A change that helps, and the timetable that shows it: right for `problem`, which is the changed one.

    Some help only together: `also` are the others, each with all changes until then, and the timetable is right for the
    last one's problem.

    Where there was no timetable before, the rest is None. Otherwise `objective` and `terms` are those of that
    timetable, and `gain` is how much less it costs than the best one known without the change; `proved` says that no
    timetable at all costs as little without it.
    """

    asks: Asks
    subject: RuleKey
    size: int
    message: CodedMessage
    problem: Problem
    timetable: Timetable
    objective: int | None = None
    terms: dict[str, int] = field(default_factory=dict)
    gain: int | None = None
    proved: bool = False
    also: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Tried:
    """A change that was tried, in its strongest form, or that would have been if there had been time."""

    subject: RuleKey
    message: CodedMessage


@dataclass(frozen=True)
class Help:
    """What would help, the best first.

    `feasible` says whether the problem has a timetable as it is; None: not known, then nothing was tried. If it has,
    `timetable`, `objective` and `terms` are the best known, and `bound` what is proved. If not, `causes` fight.
    `in_vain` were tried and do not help; `undecided` could not be settled, or not be tried, in the time.
    """

    feasible: bool | None
    remedies: tuple[Remedy, ...] = ()
    in_vain: tuple[Tried, ...] = ()
    undecided: tuple[Tried, ...] = ()
    causes: tuple[Cause, ...] = ()
    timetable: Timetable | None = None
    objective: int | None = None
    terms: dict[str, int] = field(default_factory=dict)
    bound: int | None = None
    seconds: float = 0.0


def effect(found: Help, one: Remedy) -> Value | None:
    """What a change makes of the terms; None where nothing differs, or there was no timetable to compare with."""
    if not one.terms:
        return None
    changed = terms(found.terms, one.terms, asdict(one.problem.weights))
    return changed if changed != terms({}, {}, {}) else None


OnTried = Callable[[CodedMessage], None]
"""Hears what is being tried."""


def remedy(relaxation: Relaxation, step: Step, timetable: Timetable) -> Remedy:
    """A change that is known to help, without figures."""
    return Remedy(relaxation.asks, relaxation.subject, step.size, step.message, step.problem, timetable)


def tried(relaxation: Relaxation) -> Tried:
    strongest = relaxation.steps[-1]
    return Tried(relaxation.subject, strongest.message)
