"""A problem from either of its files: a programme file, or Plenary's own (`--format plenary` reads both)."""

from __future__ import annotations

from collections.abc import Callable

from schedule.solver.problem import Problem, Timetable

from . import problem_file
from .programme_file.reader import read_both
from .reading.finding import Finding
from .reading.source import Source, as_object, check_length, content_of, parse


def read(source: Source, *, warn: Callable[[Finding], None] = lambda _: None) -> Problem:
    """Read a problem from a path or JSON text; `warn` is told what is worth a look but stops nothing.

    Raises FileRefused with everything that is wrong, and OSError for a missing file.
    """
    content = content_of(source)
    data = as_object(parse(content))
    if data.get("format") == problem_file.FORMAT:
        return problem_file.read(data)[0]
    check_length(content)
    programme, problem = read_both(data)
    for warning in programme.warnings:
        warn(warning)
    return problem


def read_start(source: Source) -> Timetable | None:
    """The timetable to begin with that a problem file brings along; None where there is none. Raises as `read` does."""
    data = as_object(parse(content_of(source)))
    return problem_file.read(data)[1] if data.get("format") == problem_file.FORMAT else None
