from __future__ import annotations

from schedule.solver.warm import warm, warm_enrolment


def test_warming_runs_the_local_search() -> None:
    assert warm() > 0


def test_warming_runs_the_search_of_the_public_formats() -> None:
    result = warm_enrolment()
    assert result.feasible is True
    assert result.objective == result.bound == 0
    assert result.iterations > 2  # not only placed, annealed too
