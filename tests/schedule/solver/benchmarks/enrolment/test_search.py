"""The engine against the checker, on random instances that have a complete timetable."""

from __future__ import annotations

import json
from time import monotonic

import numpy as np
import pytest

from schedule.solver.benchmarks.enrolment.arrays import data_of, load, scratch_of, solution_of, state_of
from schedule.solver.benchmarks.enrolment.bounds import impossible, lower_bound
from schedule.solver.benchmarks.enrolment.check import check
from schedule.solver.benchmarks.enrolment.files import itc, preferences
from schedule.solver.benchmarks.enrolment.instance import EnrolmentInstance, EnrolmentKind, Solution, empty
from schedule.solver.benchmarks.enrolment.moves.anneal import anneal
from schedule.solver.benchmarks.enrolment.moves.state import total_cost
from schedule.solver.benchmarks.enrolment.search import solve
from schedule.solver.results import Result, SearchProgress
from tests.schedule.solver.benchmarks.enrolment.samples import example, planted, wishes


def preferring(seed: int) -> EnrolmentInstance:
    """A random preferences problem, made so that everything fits."""
    rng = np.random.default_rng(seed)
    sessions, rooms, slots, attendees = 20, 4, 6, 40
    cells = rng.permutation(rooms * slots)[:sessions]
    at, room = cells // rooms, cells % rooms
    before = [(a, b) for a, b in rng.integers(0, sessions, (12, 2)).tolist() if at[a] < at[b]]
    return preferences.read(
        json.dumps(
            wishes(
                sessions=sessions,
                rooms=rooms,
                slots=slots,
                attendees=attendees,
                room_capacity=[1] * rooms,
                room_features=[[]] * rooms,
                session_features=[[]] * sessions,
                suitable_rooms=[
                    [r for r in range(rooms) if r == room[s] or rng.random() < 0.4] for s in range(sessions)
                ],
                available_slots=[
                    [t for t in range(slots) if t == at[s] or rng.random() < 0.6] for s in range(sessions)
                ],
                speaker=[s if rng.random() < 0.5 else int(room[s]) + 100 for s in range(sessions)],
                precedences=before,
                preferences=[rng.permutation(sessions)[:5].tolist() for _ in range(attendees)],
            )
        )
    )


def instances(seed: int) -> EnrolmentInstance:
    return preferring(seed) if seed % 3 == 2 else planted(seed, full=seed % 3 == 0)


def found(result: Result[Solution]) -> Solution:
    assert result.solution is not None
    return result.solution


@pytest.mark.parametrize("seed", range(30))
def test_every_move_keeps_the_rules_and_its_cost_is_the_checker_s(seed: int) -> None:
    instance = instances(seed)
    result = solve(instance, seconds=0.05, seed=seed)
    assert result.feasible is True
    data = data_of(instance)
    state, scratch = state_of(instance, data, seed), scratch_of(instance)
    load(data, state, found(result).slot, found(result).room)
    cost = total_cost(data, state)
    score = np.array([cost, 0, cost, 0], np.int64)
    best_slot, best_room = state.slot.copy(), state.room.copy()
    left = outside = 0
    for temperature in (50.0, 5.0, 0.5):
        shares = (
            (0.0, 0.0, 0.0, 0.0),
            (1.0, 0.0, 0.0, 0.0),
            (0.0, 1.0, 0.0, 0.0),
            (0.0, 0.0, 1.0, 0.0),
            (0.3, 0.1, 0.5, 0.5),
            (0.3, 0.0, 0.0, 1.0),
        )
        for swaps, exchanges, long, loose in shares:
            moves = swaps, exchanges, long, 20, loose
            complete = anneal(data, state, scratch, best_slot, best_room, score, 300, temperature, 2.0, 3, *moves)
            if loose == 0 and outside == 0 and score[0]:  # nothing is ever left out; a cost of 0 ends the call
                assert complete == 300
            outside = score[1]
            now = check(instance, solution_of(state.slot, state.room))
            kept = check(instance, solution_of(best_slot, best_room))
            assert now.valid
            assert kept.valid
            assert score.tolist() == [now.objective, now.unplaced, kept.objective, kept.unplaced]
            assert kept.unplaced == 0
            assert now.unplaced <= 3
            left += now.unplaced
            # What moves rely on is what it would be if it were made anew.
            anew = state_of(instance, data, seed)
            load(data, anew, state.slot, state.room)
            for name in ("at", "held", "clash", "pull", "busy"):
                assert np.array_equal(getattr(state, name), getattr(anew, name)), name
    if instance.kind is EnrolmentKind.PREFERENCES:  # few slots, so that the moves that leave events out were among them
        assert left > 0


@pytest.mark.parametrize("seed", range(6))
def test_a_result_is_what_the_checker_says(seed: int) -> None:
    instance = instances(seed)
    result = solve(instance, seconds=0.3, seed=seed)
    report = check(instance, found(result))
    assert report.feasible
    assert result.feasible is True
    assert (result.objective, result.terms) == (report.objective, report.terms)
    assert result.bound is not None
    assert result.bound <= report.objective
    assert result.iterations > 0
    assert result.seconds_to_first is not None


@pytest.mark.parametrize("seed", range(3))
def test_one_seed_gives_one_result(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So little work that the clock does not step in, however busy the machine is.
    monkeypatch.setattr("schedule.solver.benchmarks.enrolment.worker.PROPOSALS_PER_SECOND", 20_000.0)
    instance = instances(seed)
    first, second = (solve(instance, seconds=5, seed=seed) for _ in range(2))
    assert first.iterations == second.iterations
    assert np.array_equal(found(first).slot, found(second).slot)
    assert np.array_equal(found(first).room, found(second).room)


def test_a_negative_seed_is_a_seed() -> None:
    assert solve(itc.read(example()), seconds=1, seed=-1).feasible is True


def test_two_workers_search_together() -> None:
    result = solve(instances(2), seconds=0.5, seed=1, workers=2)
    assert result.feasible is True
    assert result.objective == check(instances(2), found(result)).objective


def test_a_start_is_never_made_worse() -> None:
    instance = instances(2)
    good = solve(instance, seconds=0.5, seed=1)
    assert good.objective is not None
    again = solve(instance, seconds=0.01, seed=2, start=found(good))
    assert again.objective is not None
    assert again.objective <= good.objective


def test_a_start_that_breaks_rules_is_used_as_far_as_it_goes() -> None:
    instance = itc.read(example())
    result = solve(instance, seconds=0.2, start=itc.read_timetable(instance, "1 1\n0 1\n0 1\n"))
    assert result.feasible is True
    assert result.objective == 1


def test_a_proved_optimum_ends_the_search() -> None:
    began = monotonic()
    result = solve(itc.read(example()), seconds=60)
    assert result.objective == result.bound == 1  # student 1 attends a single event
    assert monotonic() - began < 30


def test_a_stop_keeps_the_best_and_is_quick() -> None:
    instance = instances(2)
    solve(instance, seconds=0.05)  # compiled
    asked: list[float] = []
    heard: list[SearchProgress] = []

    def stop() -> bool:
        if heard and "unplaced_events" not in heard[-1].terms and not asked:
            asked.append(monotonic())
        return bool(asked)

    result = solve(instance, seconds=60, workers=2, on_progress=heard.append, should_stop=stop)
    assert monotonic() - asked[0] < 0.5
    assert result.feasible is True
    assert heard[-1].objective == result.objective


def test_progress_only_gets_better() -> None:
    heard: list[SearchProgress] = []
    result = solve(instances(2), seconds=0.5, on_progress=heard.append)
    ranks = [(p.terms.get("unplaced_events", 0), p.objective) for p in heard]
    assert ranks == sorted(set(ranks), reverse=True)
    assert heard[-1].objective == result.objective


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"event_features": [[0], [1], [0]], "room_features": [[0], [0]]}, "event 1 has no suitable room"),
        ({"available": [[1] * 45, [0] * 45, [1] * 45]}, "event 1 has no suitable slot"),
        (
            {"order": [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]},
            "events must come before one another in a circle: 0, 1, 2, 0",
        ),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_placed(changed: dict[str, object], reason: str) -> None:
    instance = itc.read(example(**changed))
    assert impossible(instance) == reason
    result = solve(instance, seconds=0.3)
    assert (result.feasible, result.status, result.objective) == (False, "INFEASIBLE", None)
    assert result.terms["unplaced_events"] == 1
    assert check(instance, found(result)).valid


def test_more_events_than_cells_cannot_be() -> None:
    instance = itc.read("46 1 0 1\n9\n" + "0 " * 46)
    assert impossible(instance) == "46 events do not fit into 1 rooms in 45 slots"
    result = solve(instance, seconds=0.3)
    assert (result.feasible, result.terms["unplaced_events"]) == (False, 1)


def test_events_beyond_the_other_slots_are_paid_in_the_bound() -> None:
    """41 events in one room: one must be last in a day; the smallest has two students, who attend one event each."""
    rows = [[int(event % 20 == student % 20) for event in range(41)] for student in range(40)]
    instance = itc.read("41 1 0 40\n40\n" + "\n".join(" ".join(map(str, row)) for row in rows))
    assert lower_bound(instance) == int(instance.size.min())


def test_nothing_placed_is_valid() -> None:
    instance = itc.read(example())
    report = check(instance, empty(instance))
    assert (report.valid, report.feasible, report.distance, report.objective) == (True, False, 4, 0)
