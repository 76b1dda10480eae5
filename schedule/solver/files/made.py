"""What a timetable was made from and with, so that it can be made again on another machine."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import Any

from schedule.solver.problem import Problem, Timetable

from . import problem_file

VERSION = "0.1.0"
"""Plenary's own, as pyproject.toml has it."""

ENGINES = ("numba", "numpy", "ortools")
"""Other versions of these may draw and search otherwise."""


def fingerprint(problem: Problem, start: Timetable | None) -> str:
    """SHA-256 of the problem file that `problem_file.write` makes of both: of the same problem always the same."""
    start = None if start is None else tuple(sorted(start))
    return "sha256:" + sha256(problem_file.write(problem, start).encode()).hexdigest()


def made(
    problem: Problem, start: Timetable | None, *, seconds: float, seed: int, workers: int, by_work: bool
) -> dict[str, Any]:
    """Everything that decides what a search finds. `repeatable`: with it, the same is found again (see `solve`)."""
    return {
        "problem": fingerprint(problem, start),
        "seed": seed,
        "seconds": seconds,
        "workers": workers,
        "repeatable": by_work,
        "versions": {"plenary": VERSION, **{name: version(name) for name in ENGINES}},
    }
