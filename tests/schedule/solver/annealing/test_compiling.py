"""Every loop of the moves is compiled without the runtime that counts references."""

from __future__ import annotations

import numba
import pytest

from schedule.solver.annealing import chains, draws, moves, state
from schedule.solver.annealing.together import blocks, clearing

ROOMS = (blocks, chains, clearing, draws, moves, state)
COMPILED = {name: it for room in ROOMS for name, it in vars(room).items() if hasattr(it, "targetoptions")}


def test_the_kernel_counts_no_references() -> None:
    assert {"anneal", "below", "construct", "count", "exchange", "fill", "price", "spread"} <= COMPILED.keys()
    assert {name for name, it in COMPILED.items() if it.targetoptions.get("_nrt") is not False} == set()


def test_numba_refuses_an_option_it_does_not_know() -> None:
    """So one that no longer knew this one would not quietly count again."""
    with pytest.raises(KeyError, match="Unrecognized options"):
        numba.njit(_nrt_of_another_version=False)(lambda: 1)()  # type: ignore[call-overload]  # that is the point
