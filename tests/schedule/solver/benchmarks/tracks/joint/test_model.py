"""The joint model against every schedule there is, on instances small enough to try them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.benchmarks.tracks.arrays import data_of, schedule_of, state_of
from schedule.solver.benchmarks.tracks.check import check
from schedule.solver.benchmarks.tracks.instance import Schedule, TracksInstance, TracksSession
from schedule.solver.benchmarks.tracks.joint.model import JointModel, fillings, whole
from schedule.solver.benchmarks.tracks.joint.plan import contents_of
from tests.schedule.solver.benchmarks.tracks.books import random_instance, schedule

SEEDS = st.integers(0, 10_000)
CASES = settings(max_examples=40, deadline=None)
ANYTHING = 10**6


def small(seed: int, *, tracks: int = 2) -> TracksInstance:
    """Two sessions, two rooms, one or two submissions of every track; nothing that depends on places in a cell."""
    instance = random_instance(seed, tracks=tracks, sessions=2, rooms=2)
    weights = replace(instance.weights, submissions_order=0, presenters_slots=0, attendees_slots=0)
    first = [[i for i in instance.submissions if i.track == track][: 4 // tracks] for track in range(tracks)]
    return replace(instance, submissions=tuple(i for members in first for i in members), weights=weights)


def told_apart(seed: int) -> TracksInstance:
    """The same without what the model leaves out even so: what a room costs a submission, conflicts of two."""
    instance = small(seed)
    weights = replace(instance.weights, submissions_rooms=0, presenters_sessions=0, attendees_sessions=0)
    return replace(instance, weights=weights)


def everything(instance: TracksInstance) -> Iterator[Schedule]:
    """Every acceptable schedule, also with tracks in cells without a submission; submissions without gaps."""
    rooms = len(instance.rooms)
    cells = list(product(range(len(instance.sessions)), range(rooms)))
    for places in product(cells, repeat=len(instance.submissions)):
        inside: dict[tuple[int, int], list[int]] = {cell: [] for cell in cells}
        for i, cell in enumerate(places):
            inside[cell].append(i)
        if any(not fits(instance, cell[0], members) for cell, members in inside.items()):
            continue
        hosts = [
            [instance.submissions[members[0]].track] if members else [None, *range(len(instance.tracks))]
            for members in inside.values()
        ]
        slots = {
            cell: [i for i in members for _ in range(instance.submissions[i].slots)] for cell, members in inside.items()
        }
        for chosen in product(*hosts):
            yield schedule(
                instance, {cell: (host, list(slots[cell])) for cell, host in zip(cells, chosen, strict=True)}
            )


def fits(instance: TracksInstance, session: int, members: list[int]) -> bool:
    submissions = [instance.submissions[i] for i in members]
    slots = sum(submission.slots for submission in submissions)
    return slots <= instance.sessions[session].slots and len({submission.track for submission in submissions}) <= 1


def cheapest(instance: TracksInstance) -> int | None:
    """What the best schedule costs; None if there is none."""
    return min((check(instance, one).objective for one in everything(instance)), default=None)


@CASES
@given(SEEDS, st.sampled_from([1, 2]))
def test_no_schedule_costs_less_than_the_bound(seed: int, tracks: int) -> None:
    instance = small(seed, tracks=tracks)
    best = cheapest(instance)
    model = JointModel(instance, ANYTHING)
    answer = model.ask(seconds=10, seed=0)
    assert answer.finished is True
    assert model.relaxed(seconds=10) <= answer.bound <= (ANYTHING if best is None else best)


@CASES
@given(SEEDS)
def test_the_bound_is_what_the_best_schedule_costs_and_the_plan_is_one(seed: int) -> None:
    instance = told_apart(seed)
    best = cheapest(instance)
    answer = JointModel(instance, ANYTHING).ask(seconds=10, seed=0)
    if best is None:
        assert (answer.bound, answer.plan) == (ANYTHING, None)
        return
    assert answer.plan is not None
    found = schedule_of(instance, state_of(data_of(instance), contents_of(instance, answer.plan)))
    report = check(instance, found)
    assert report.acceptable is True
    # A cell without a submission only bridges two sessions, which two cannot need: the plan is worth as much without.
    assert (answer.bound, answer.cost, report.objective) == (best, best, best)


@CASES
@given(SEEDS, st.integers(-3, 3))
def test_below_a_limit_the_bound_is_the_limit_or_the_best(seed: int, above: int) -> None:
    instance = told_apart(seed)
    best = cheapest(instance)
    if best is None or best + above < 1:
        return
    model = JointModel(instance, best + above)
    answer = model.ask(seconds=10, seed=0)
    assert model.relaxed(seconds=10) <= answer.bound
    assert (answer.bound, answer.plan is None) == (min(best, best + above), above <= 0)


def test_a_cell_without_submissions_may_bridge_two_sessions() -> None:
    # Both submissions of the track hate the second session; leaving it out would tear the track, which costs 10.
    instance = random_instance(3, tracks=1, sessions=3, rooms=1)
    talk = replace(instance.submissions[0], slots=2, order=0, session_penalties=(0, 50, 0), room_penalties=(0,))
    instance = replace(
        instance,
        submissions=(talk, replace(talk, name="x")),
        sessions=tuple(TracksSession(name, 2, 600, 690) for name in "ABC"),
        tracks_sessions=((0, 1, 0),),
        tracks_rooms=((0,),),
        sessions_rooms=((0,), (0,), (0,)),
        weights=replace(instance.weights, tracks_sessions=1, consecutive_tracks=10, submissions_timezones=0),
    )
    assert JointModel(instance, ANYTHING).ask(seconds=10, seed=0).bound == 1


@pytest.mark.parametrize(
    ("length", "supply", "expected"),
    [
        (3, {1: 9}, [{1: 3}]),
        (3, {1: 2}, [{1: 2}]),
        (3, {1: 9, 2: 9}, [{2: 1, 1: 1}, {2: 0, 1: 3}]),
        (4, {1: 1, 3: 9}, [{3: 1, 1: 1}]),
        (2, {3: 9}, [{3: 0}]),
    ],
)
def test_fillings_to_which_nothing_can_be_added(
    length: int, supply: dict[int, int], expected: list[dict[int, int]]
) -> None:
    assert fillings(length, supply) == expected


@pytest.mark.parametrize(
    ("bound", "reached"),
    [(3.0, 3), (3.0000001, 3), (3.01, 4), (-5.0, 0), (float("inf"), 0), (float("-inf"), 0), (100_000.05, 100_000)],
)
def test_a_bound_is_rounded_up_but_for_what_fractions_are_off(bound: float, reached: int) -> None:
    assert whole(bound) == reached
