"""The search against the checker, and what `solve` promises."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.benchmarks.tracks import search
from schedule.solver.benchmarks.tracks.annealing.annealer import TracksAnnealer
from schedule.solver.benchmarks.tracks.arrays import data_of, schedule_of, state_of
from schedule.solver.benchmarks.tracks.check import check
from schedule.solver.benchmarks.tracks.instance import TracksSession, TracksWeights
from schedule.solver.benchmarks.tracks.packing import pack
from schedule.solver.benchmarks.tracks.search import solve, spread
from schedule.solver.budget import Deadline
from schedule.solver.results import SearchProgress
from tests.schedule.solver.benchmarks.tracks.books import random_instance

SEEDS = st.integers(0, 10_000)
CASES = settings(max_examples=60, deadline=None)


@CASES
@given(SEEDS, st.sampled_from([1.0, 30.0, 1e6]))
def test_the_search_adds_up_what_the_checker_counts(seed: int, temperature: float) -> None:
    instance = random_instance(seed)
    _, packing = pack(instance, Deadline(10), seconds=5, seed=0)
    if packing is None:
        return
    data = data_of(instance)
    start = state_of(data, spread(instance, packing, seed))
    report = check(instance, schedule_of(instance, start))
    annealer = TracksAnnealer(data, start, report.objective, seed)
    assert (report.acceptable, annealer.best_cost) == (True, report.objective)
    for _ in range(20):
        annealer.run(25, temperature, 1.0)
        report = check(instance, schedule_of(instance, annealer.state))
        assert (report.violations, annealer.cost) == ((), report.objective)
    assert check(instance, schedule_of(instance, annealer.best)).objective == annealer.best_cost <= annealer.cost


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_solve_reports_what_the_checker_says(seed: int) -> None:
    instance = random_instance(seed)
    heard: list[SearchProgress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "TRIES_PER_SECOND", 1000)
        result = solve(instance, seconds=6, seed=seed, on_progress=heard.append)
    if result.solution is None:
        assert (result.feasible, result.status, heard) == (False, "INFEASIBLE", [])
        return
    report = check(instance, result.solution)
    assert report.violations == ()
    assert (result.feasible, result.objective, result.terms) == (True, report.objective, report.terms)
    assert result.bound is not None
    assert result.bound <= report.objective
    news = [(progress.objective, -(progress.bound or 0)) for progress in heard]
    assert news == sorted(set(news), reverse=True)
    assert news[-1] == (result.objective, -result.bound)


def test_solve_twice_with_one_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    search.compile_kernel()  # if nobody has: the first would have no time left for its moves
    monkeypatch.setattr(search, "TRIES_PER_SECOND", 10_000)
    instance = random_instance(3, tracks=8, sessions=5, rooms=4)
    first, second = (solve(instance, seconds=1.5, seed=5) for _ in range(2))
    assert first.solution is not None
    assert (first.solution, first.iterations) == (second.solution, second.iterations)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_start_is_never_made_worse(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    instance = random_instance(3, tracks=8, sessions=5, rooms=4)
    good = solve(instance, seconds=2, seed=1)
    assert good.solution is not None
    monkeypatch.setattr(search, "TRIES_PER_SECOND", 1)
    heard: list[SearchProgress] = []
    again = solve(instance, seconds=1, seed=2, workers=workers, start=good.solution, on_progress=heard.append)
    assert (heard[0].phase, heard[0].objective) == ("start", good.objective)
    assert (again.objective or 0) <= (good.objective or 0)


def test_a_start_that_breaks_rules_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TRIES_PER_SECOND", 1000)
    instance = random_instance(3, tracks=8, sessions=5, rooms=4)
    nobody = schedule_of(instance, state_of(data_of(instance), {}))
    heard: list[SearchProgress] = []
    result = solve(instance, seconds=1, start=nobody, on_progress=heard.append)
    assert (result.feasible, heard[0].phase) == (True, "first")


def test_solve_proves_that_there_is_no_schedule() -> None:
    # 10 slots are offered and required, but submissions of 3 do not fill sessions of 2 and 4.
    instance = random_instance(3, tracks=1, sessions=1, rooms=2)
    long = replace(instance.submissions[0], slots=3)
    sessions = (TracksSession("S", 5, 600, 690),)
    instance = replace(
        instance, sessions=sessions, submissions=(long, replace(long, name="x"), replace(long, name="y"))
    )
    result = solve(instance, seconds=5)
    assert (result.feasible, result.status, result.solution, result.bound) == (False, "INFEASIBLE", None, None)


@pytest.mark.parametrize("workers", [1, 2])
def test_solve_proves_the_best(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(search, "TRIES_PER_SECOND", 1000)  # one worker tries them all before the bound is asked for
    # One long track in two sessions of one room: its second cell costs 5 there, and another room would cost 7.
    instance = random_instance(3, tracks=1, sessions=2, rooms=2)
    talk = replace(instance.submissions[0], slots=2, order=0, session_penalties=(0, 0), room_penalties=(0, 0))
    instance = replace(
        instance,
        sessions=(TracksSession("S", 3, 600, 690), TracksSession("T", 3, 700, 790)),
        submissions=(talk, replace(talk, name="x")),
        tracks_sessions=((0, 5),),
        tracks_rooms=((0, 0),),
        sessions_rooms=((0, 0), (0, 0)),
        weights=TracksWeights(1, 1, 1, 1, 3, 4, 10, 0, 1, 1, 1, 1, 1, 1, 0, 0),
    )
    result = solve(instance, seconds=60, seed=1, workers=workers)
    assert (result.status, result.objective, result.bound) == ("OPTIMAL", 5, 5)


@pytest.mark.parametrize("workers", [1, 2])
def test_solve_stops_when_told_and_keeps_its_best(workers: int) -> None:
    instance = random_instance(3, tracks=8, sessions=5, rooms=4)
    solve(instance, seconds=0.5)  # compiles, if nobody has
    began = monotonic()
    result = solve(instance, seconds=60, seed=1, workers=workers, should_stop=lambda: monotonic() - began > 1)
    assert monotonic() - began < 1.5
    assert result.feasible is True
    assert result.solution is not None
