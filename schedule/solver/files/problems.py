"""A problem from either of its files: the forum's programme file, or Plenary's own (`--format plenary` reads both)."""

from __future__ import annotations

from schedule.solver.problem import Problem

from . import problem_file, programme_file
from .records import Record, Source, load_json
from .size import check_size


def read(source: Source) -> Problem:
    """Read a problem from a path or JSON text. Raises FormatError (names record and field), OSError for no file."""
    data = load_json(source)
    top = Record(data, "file")
    name = top.choice("format", (programme_file.FORMAT, problem_file.FORMAT))
    read_one = programme_file.read_programme if name == programme_file.FORMAT else problem_file.read_problem
    problem = read_one(top)
    check_size(problem)
    return problem
