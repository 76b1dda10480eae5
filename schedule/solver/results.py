"""What every engine reports, whichever format its problem came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Solution = TypeVar("Solution")


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """What `on_progress` hears: something better was found, or more is known.

    `objective` and `terms` are those of the best so far; `bound` is what is proved at that moment, if anything.
    """

    seconds: float
    phase: str
    objective: int
    terms: dict[str, int] = field(default_factory=dict)
    bound: int | None = None


OnProgress = Callable[[SearchProgress], None]


@dataclass(frozen=True, slots=True)
class Result(Generic[Solution]):
    """What a run found.

    `feasible` is True (here is a solution), False (proved that there is none) or None (not known in the time given).
    `objective` is the weighted sum of `terms`, less is better; `bound` is proved: no solution is better than it.
    `iterations` counts what the engine counts (moves tried, branches).
    """

    feasible: bool | None
    status: str
    solution: Solution | None
    objective: int | None
    terms: dict[str, int] = field(default_factory=dict)
    bound: int | None = None
    seconds: float = 0.0
    seconds_to_first: float | None = None
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with a solution, and its price if that is defined. Nothing wrong: every hard rule holds.

    `violations` are flat records fit for JSON; "rule" is always among their keys.
    """

    violations: tuple[dict[str, object], ...]
    objective: int | None = None
    terms: dict[str, int] = field(default_factory=dict)
