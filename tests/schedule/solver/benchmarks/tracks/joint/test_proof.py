"""The prover as a process: what it says, and that it can be stopped."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest

from schedule.solver.benchmarks.tracks.arrays import data_of, schedule_of, state_of
from schedule.solver.benchmarks.tracks.check import check
from schedule.solver.benchmarks.tracks.instance import TracksInstance, TracksWeights
from schedule.solver.benchmarks.tracks.joint.proof import news_of
from schedule.solver.benchmarks.tracks.joint.prover import ProofQuestion, Teller
from schedule.solver.budget import Deadline
from tests.schedule.solver.benchmarks.tracks.books import random_instance


@pytest.fixture
def instance() -> TracksInstance:
    """Tracks that prefer one session, of which there is too little: about 30 for the best schedule."""
    instance = random_instance(3, tracks=4, sessions=3, rooms=3)
    return replace(instance, weights=TracksWeights(1, 1, 1, 1, 3, 4, 10, 0, 0, 1, 0, 0, 0, 1, 0, 0))


def test_the_prover_raises_the_bound_and_finds_a_schedule(instance: TracksInstance) -> None:
    news = list(news_of(ProofQuestion(instance, seconds=60, best=10_000, seed=1), Deadline(60)))
    bounds = [one.bound for one in news]
    assert bounds == sorted(bounds)
    contents = news[-1].contents
    assert contents is not None
    report = check(instance, schedule_of(instance, state_of(data_of(instance), contents)))
    assert report.acceptable is True
    assert 0 < news[-1].bound <= report.objective


def test_the_prover_says_no_more_than_was_asked(instance: TracksInstance) -> None:
    news = list(news_of(ProofQuestion(instance, seconds=60, best=2, seed=1), Deadline(60)))
    assert news[-1].bound == 2


@pytest.mark.parametrize("deadline", [Deadline(0.2), Deadline(60, lambda: True)], ids=["over", "stopped"])
def test_nobody_waits_for_the_prover(instance: TracksInstance, deadline: Deadline) -> None:
    began = monotonic()
    assert list(news_of(ProofQuestion(instance, seconds=60, best=10_000, seed=1), deadline)) == []
    assert monotonic() - began < 2


def test_bounds_are_read_from_what_highs_writes(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller()
    teller.limit = 58
    teller.read(
        [
            "        Nodes      |    B&B Tree     |            Objective Bounds              |  Dynamic Constraints",
            "         0       0         0   0.00%   -301            inf                  inf        0      0      0",
            " L       0       0         0   0.00%   56.6403        66                14.18%     5871    249    192",
            "         2       2         1   0.00%   1.5e+03        66                14.18%     5871    249    192",
            "3.6% inactive integer columns, restarting",
        ]
    )
    assert capsys.readouterr().out.splitlines() == ['{"bound": 0}', '{"bound": 57}', '{"bound": 58}']
