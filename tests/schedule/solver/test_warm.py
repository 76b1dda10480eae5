from __future__ import annotations

from schedule.solver.warm import warm


def test_warming_runs_the_local_search() -> None:
    result = warm()
    assert result.feasible is True
    assert result.terms["wish_clashes"] == 1
    assert result.iterations > 0
