"""Small random problems against trying everything: feasibility, the objective, repairs, the local search's sums."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.annealing.annealer import Annealer
from schedule.solver.annealing.arrays import Arrays
from schedule.solver.annealing.state import empty_state, fill
from schedule.solver.budget import Deadline
from schedule.solver.exact.counting import shortage
from schedule.solver.exact.domains import Domains
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.files import problem_file
from schedule.solver.files.problems import read
from schedule.solver.files.timetables import read_timetable, write_timetable
from schedule.solver.objective import SeatDemand, Weights, measure
from schedule.solver.problem import Placement, Problem, Timetable
from schedule.solver.repair.minimal_change import repair
from schedule.solver.solve import solve
from schedule.solver.verify import violations
from schedule.solver.warm import warm
from tests.schedule.solver.brute import all_timetables, placements, problems


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No example waits for the compiler: each has little time."""
    warm()


FEW = settings(max_examples=40, deadline=None)


@FEW
@given(problems())
def test_solve_agrees_with_trying_everything(problem: Problem) -> None:
    weights = problem.weights
    costs = [weights.total(measure(problem, timetable)) for timetable in islice(all_timetables(problem), 4000)]
    result = solve(problem, seconds=6)
    assert result.feasible is bool(costs)
    if result.timetable is None:
        return
    assert violations(problem, result.timetable) == []
    assert result.objective == weights.total(result.terms) == weights.total(measure(problem, result.timetable))
    assert result.status == "OPTIMAL"
    assert result.bound == result.objective
    if len(costs) < 4000:
        assert result.objective == min(costs)


@FEW
@given(problems(), st.randoms(use_true_random=False))
def test_repair_makes_the_fewest_changes(problem: Problem, random: object) -> None:
    old: Timetable = tuple(
        Placement(session.code, start, start + length, room)
        for session in problem.sessions
        for start in [random.choice(range(540, 720, 30))]  # type: ignore[attr-defined]  # hypothesis' Random
        for length in [random.choice([session.duration, session.duration, 30])]  # type: ignore[attr-defined]  # hypothesis types its Random loosely
        for room in [random.choice(["A", "B", "AB", "C"])]  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    )
    distances = [_distance(old, new) for new in islice(all_timetables(problem), 4000)]
    result = repair(problem, old, seconds=3)
    assert result.feasible is bool(distances)
    if result.timetable is None:
        return
    assert violations(problem, result.timetable) == []
    assert result.proved_minimal
    found = _distance(old, result.timetable)
    kinds = result.changes_by_kind
    assert (kinds["time"] + kinds["both"], kinds["room"] + kinds["both"]) == found
    if len(distances) < 4000:
        assert found == min(distances)


def _distance(old: Timetable, new: Timetable) -> tuple[int, int]:
    at = {placement.session: placement for placement in new}
    return (
        sum(at[p.session].interval != p.interval for p in old),
        sum(at[p.session].room != p.room for p in old),
    )


@FEW
@given(problems(), st.randoms(use_true_random=False))
def test_local_search_counts_like_the_verifier_and_the_measure(problem: Problem, random: object) -> None:
    choices = [placements(problem, session) for session in problem.sessions]
    if not all(choices):
        return
    timetable = tuple(sorted(random.choice(options) for options in choices))  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    weights = Weights(moved_times=3, moved_rooms=2, person_gaps=1, day_imbalance=7)
    previous = tuple(random.choice(options) for options in choices)  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), weights, previous)
    slot, room = arrays.state(timetable)
    assert arrays.timetable(slot, room) == timetable
    hard, soft = fill(arrays.data, empty_state(arrays.data), slot, room)
    assert (hard == 0) is (violations(problem, timetable) == [])
    # The goals are counted over all pairs here; pairs that must not overlap cost nothing extra in a right timetable.
    if hard == 0:
        assert soft == weights.total(measure(problem, timetable, previous=previous))


@FEW
@given(problems(), st.integers(0, 1000))
def test_local_search_alone_reports_only_right_timetables(problem: Problem, seed: int) -> None:
    try:
        arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    except UnplaceableError:
        return
    found: list[Timetable] = []
    annealer = Annealer(arrays, seed=seed, deadline=Deadline(20), report=found.append)
    annealer.search(0.005)
    assert annealer.done > 0
    costs = [Weights().total(measure(problem, timetable)) for timetable in found]
    assert annealer.best == (costs[-1] if costs else -1)
    assert [violations(problem, timetable) for timetable in found] == [[] for _ in found]
    assert costs == sorted(costs, reverse=True)


@settings(max_examples=15, deadline=None)
@given(problems())
def test_explanations_are_proofs(problem: Problem) -> None:
    feasible = next(all_timetables(problem), None) is not None
    found = explain(problem, seconds=20)
    assert found.feasible is feasible
    assert found.proved is (not feasible)
    # What counting proves is told at once, and not made smaller.
    assert found.minimal is (found.proved and shortage(Domains(problem)) is None)
    assert bool(found.causes) is (not feasible)


@FEW
@given(problems())
def test_problems_and_timetables_survive_their_files(problem: Problem) -> None:
    assert read(problem_file.write(problem)) == problem
    timetable = tuple(sorted(options[0] for s in problem.sessions if (options := placements(problem, s))))
    assert read_timetable(problem, write_timetable(problem, timetable)) == timetable
