"""Which tests are the first loop of a change: `make fast`, or `pytest -m fast`. Chosen here, marked nowhere else.

Fast is what needs neither database, browser, server nor search: the conflict engine, the solver's problem and its
verifier, calendars, forms, words, exchange formats. For the rules that live in the database a few modules stand, whose
tests take some hundredths of a second each. tests/test_fast.py holds that every part of the product has some.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# These start processes or browsers, ask other people's programs, or search.
NOT = frozenset(
    {"e2e", "fixtures", "faults", "contract", "config", "properties", "webhooks", "enrolment", "tracks", "benchmarks"}
)
# Hypothesis tries many random worlds or texts here; the last collects all tests once more.
NOT_MODULES = frozenset({"test_properties", "test_any_text", "test_fast"})
# Of the solver, what neither searches nor compiles.
OF_THE_SOLVER = frozenset({"test_verify", "test_problem", "test_problem_file", "test_formats"})
WITH_DATABASE = frozenset({"test_users", "test_recording", "test_drafts", "test_signing_up", "test_waiting_list"})
HEAVY_MARKS = ("slow", "browser", "faults")


def is_fast(item: pytest.Item) -> bool:
    """Whether a collected test belongs to the fast ones."""
    path = item.path.relative_to(TESTS)
    if NOT & set(path.parts) or path.stem in NOT_MODULES or any(item.get_closest_marker(mark) for mark in HEAVY_MARKS):
        return False
    if "solver" in path.parts and path.stem not in OF_THE_SOLVER:
        return False
    return path.stem in WITH_DATABASE or not needs_database(item)


def needs_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database itself or through a fixture."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint({"db", "transactional_db"})
