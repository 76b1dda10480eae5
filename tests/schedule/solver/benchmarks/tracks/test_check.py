"""Every term of the objective on cases small enough to work out by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from schedule.solver.benchmarks.tracks.check import check
from schedule.solver.benchmarks.tracks.files.solution_book import read_timetable
from schedule.solver.benchmarks.tracks.files.workbook import read
from schedule.solver.benchmarks.tracks.instance import (
    SlotClock,
    Submission,
    Track,
    TracksInstance,
    TracksSession,
    TracksWeights,
)
from tests.schedule.solver.benchmarks.tracks.books import EXAMPLE_SOLUTION, example, save, schedule

Cells = dict[tuple[int, int], tuple[int | None, list[int | None]]]


def nonzero(instance: TracksInstance, cells: Cells) -> dict[str, int]:
    return {name: value for name, value in check(instance, schedule(instance, cells)).terms.items() if value}


def conference(**changed: Any) -> TracksInstance:
    """Three sessions of three slots, three rooms, no penalties: tracks A (a0 a1 a2, of 1, 1, 2 slots) and B (b3)."""
    nothing = ((0,) * 3,) * 3
    lengths = [(0, 1), (0, 1), (0, 2), (1, 1)]
    instance = TracksInstance(
        tracks=(Track("A", ()), Track("B", ())),
        sessions=tuple(TracksSession(name, 3, 600, 690) for name in "XYZ"),
        rooms=("R0", "R1", "R2"),
        submissions=tuple(
            Submission(f"{'ab'[track]}{i}", track, slots, 0, 0, (f"p{i}",), (), (0,) * 3, (0,) * 3)
            for i, (track, slots) in enumerate(lengths)
        ),
        tracks_sessions=nothing[:2],
        tracks_rooms=nothing[:2],
        sessions_rooms=nothing,
        similar=((0, 0), (0, 0)),
        clock=SlotClock(0, (540, 1260), (420, 1380), 1, 10),
        weights=TracksWeights(*[1] * len(fields(TracksWeights))),
    )
    return replace(instance, **changed)


def with_submission(instance: TracksInstance, i: int, **changed: Any) -> TracksInstance:
    submissions = list(instance.submissions)
    submissions[i] = replace(submissions[i], **changed)
    return replace(instance, submissions=tuple(submissions))


TOGETHER: Cells = {(0, 0): (0, [0, 2, 2]), (1, 0): (0, [1]), (0, 1): (1, [3])}
"""A in the first two sessions of room 0, B in the first of room 1."""


def test_the_worked_example(tmp_path: Path) -> None:
    instance = read(save(tmp_path / "example.xlsx", example()))
    solution = read_timetable(instance, save(tmp_path / "solution.xlsx", {"sol": EXAMPLE_SOLUTION}))
    report = check(instance, solution)
    assert report.acceptable
    assert report.objective == 121
    assert {name: value for name, value in report.terms.items() if value} == {
        "tracks_sessions": 2,
        "tracks_rooms": 2,
        "similar_tracks": 3,
        "submissions_timezones": 1,
        "submissions_order": 1,
        "submissions_sessions": 8,
        "presenters_sessions": 1,
        "presenters_slots": 1,  # its weight is 0
    }


def test_nothing_to_complain_about() -> None:
    report = check(conference(), schedule(conference(), TOGETHER))
    assert (report.feasible, report.valid, report.objective, report.violations) == (True, True, 0, ())


def test_penalties_of_cells() -> None:
    instance = conference(
        tracks_sessions=((1, 10, 100), (0, 0, 0)),
        tracks_rooms=((0, 0, 0), (1000, 10_000, 0)),
        sessions_rooms=((3, 0, 0), (5, 0, 0), (0, 0, 7)),
    )
    # One charge per cell with a track, even an empty one: (2, 2) of A.
    assert nonzero(instance, TOGETHER | {(2, 2): (0, [])}) == {
        "tracks_sessions": 1 + 10 + 100,
        "tracks_rooms": 10_000,
        "sessions_rooms": 3 + 5 + 7,
        "rooms_per_track": 1,
    }


def test_similar_tracks_and_chairs_count_pairs_of_rooms() -> None:
    instance = conference(similar=((0, 4), (4, 0)), tracks=(Track("A", ("p9", "p8")), Track("B", ("p8",))))
    cells: Cells = {(0, 0): (0, [0]), (0, 2): (0, [1]), (1, 0): (0, [2, 2]), (0, 1): (1, [3])}
    assert nonzero(instance, cells) == {"similar_tracks": 8, "chairs": 2, "parallel_tracks": 1, "rooms_per_track": 1}


def test_rooms_parallel_and_consecutive() -> None:
    # A: rooms 0, 1, 2 in all; two at once in session X; sessions X and Z, a hole at Y.
    cells: Cells = {(0, 0): (0, [0]), (0, 1): (0, [1]), (2, 2): (0, [2, 2]), (0, 2): (1, [3])}
    assert nonzero(conference(), cells) == {"rooms_per_track": 2, "parallel_tracks": 1, "consecutive_tracks": 1}
    # An empty cell of A at Y closes the hole.
    assert nonzero(conference(), cells | {(1, 0): (0, [])}) == {"rooms_per_track": 2, "parallel_tracks": 1}


@pytest.mark.parametrize(
    ("zone", "start", "end", "cost"),
    [
        (0, 540, 1260, 0),  # exactly the suitable hours
        (0, 539, 1200, 1),
        (0, 540, 1261, 1),
        (-1, 600, 690, 0),  # 9:00-10:30 there
        (-2, 600, 690, 1),  # 8:00
        (-3, 600, 690, 1),  # 7:00, still less suitable
        (-4, 600, 690, 10),  # 6:00
        (11, 600, 690, 1),  # 21:00-22:30
        (12, 600, 690, 10),  # 22:00-23:30
        (2, 1260, 1350, 10),  # 23:00-0:30: ends before the day begins
    ],
)
def test_time_zones(zone: int, start: int, end: int, cost: int) -> None:
    instance = conference(sessions=tuple(TracksSession(name, 3, start, end) for name in "XYZ"))
    away = with_submission(instance, 2, zone=zone)
    here = with_submission(away, 3, zone=zone)
    at_home = nonzero(instance, TOGETHER).get("submissions_timezones", 0) // 5
    # a2 has two slots and pays twice.
    assert nonzero(away, TOGETHER).get("submissions_timezones", 0) == 3 * at_home + 2 * cost
    assert nonzero(here, TOGETHER).get("submissions_timezones", 0) == 2 * at_home + 3 * cost
    # Where the conference itself is in that zone, its own clock is theirs.
    moved = replace(here, clock=replace(here.clock, zone=zone))
    theirs = with_submission(with_submission(moved, 0, zone=zone), 1, zone=zone)
    assert nonzero(theirs, TOGETHER).get("submissions_timezones", 0) == 5 * at_home


def test_penalties_of_submissions_per_slot() -> None:
    instance = with_submission(conference(), 2, session_penalties=(3, 0, 0), room_penalties=(5, 0, 0))
    assert nonzero(instance, TOGETHER) == {"submissions_sessions": 6, "submissions_rooms": 10}


def test_order_is_the_place_in_the_track() -> None:
    instance = conference()
    for i, order in enumerate([1, 2, 3]):
        instance = with_submission(instance, i, order=order)
    # a0 first; a2 second although it should be third; a1 third although it should be second.
    assert nonzero(instance, TOGETHER) == {"submissions_order": 2}
    right: Cells = {(0, 0): (0, [0, 1]), (1, 0): (0, [2, 2]), (0, 1): (1, [3])}
    assert nonzero(instance, right) == {}
    # Without an order of its own, a1 still takes the second place.
    assert nonzero(with_submission(instance, 1, order=0), right) == {}
    # Rooms of one session follow each other; a0 and a1 run at once, a2 with neither.
    parallel: Cells = {(0, 0): (0, [0]), (0, 1): (0, [1]), (1, 0): (0, [2, 2]), (0, 2): (1, [3])}
    assert nonzero(instance, parallel) == {"parallel_tracks": 1, "rooms_per_track": 1, "submissions_order": 1}


def test_presenters_in_two_rooms() -> None:
    instance = with_submission(conference(), 3, presenters=("p9", "p2"))
    # a2 (slots 2 and 3) and b3 in one session: at session level once, at slot level where they meet.
    assert nonzero(instance, TOGETHER) == {"presenters_sessions": 1}
    meet: Cells = TOGETHER | {(0, 1): (1, [None, 3])}
    assert nonzero(instance, meet) == {"presenters_sessions": 1, "presenters_slots": 1}
    assert nonzero(instance, TOGETHER | {(0, 1): (None, []), (1, 1): (1, [3])}) == {}


def test_one_presenter_in_one_room_is_no_conflict() -> None:
    instance = with_submission(conference(), 0, presenters=("p2",))
    assert nonzero(instance, TOGETHER) == {}


def test_two_long_submissions_meet_in_every_slot() -> None:
    instance = with_submission(conference(), 3, presenters=("p2",), slots=3)
    cells: Cells = TOGETHER | {(0, 1): (1, [3, 3, 3])}
    assert nonzero(instance, cells) == {"presenters_sessions": 1, "presenters_slots": 2}


def test_a_presenter_who_chairs_another_track() -> None:
    instance = conference(tracks=(Track("A", ("p3", "p0")), Track("B", ())))
    # p3 presents b3 and chairs A: conflicts with a0 (same slot) and a2. p0 chairs the track of a0: no conflict.
    assert nonzero(instance, TOGETHER) == {"presenters_sessions": 2, "presenters_slots": 1}


@pytest.mark.parametrize(
    ("attendees", "others", "chairs", "conflicts"),
    [
        (("x",), ("y", "x"), (), 1),  # both attended by x
        (("p2",), (), (), 1),  # an attendee of b3 presents a2
        ((), ("p3",), (), 1),  # an attendee of a2 presents b3
        (("x",), (), ("x",), 2),  # an attendee of b3 chairs A: with a0 and a2
        ((), ("x",), ("x",), 0),  # an attendee of a2 chairs A itself
    ],
)
def test_attendees(
    attendees: tuple[str, ...], others: tuple[str, ...], chairs: tuple[str, ...], conflicts: int
) -> None:
    instance = conference(tracks=(Track("A", chairs), Track("B", ())))
    instance = with_submission(with_submission(instance, 3, attendees=attendees), 2, attendees=others)
    cells: Cells = {(0, 0): (0, [2, 2, 0]), (1, 0): (0, [1]), (0, 1): (1, [None, 3])}
    expected = {"attendees_sessions": conflicts, "attendees_slots": min(conflicts, 1)}
    assert nonzero(instance, cells) == {name: value for name, value in expected.items() if value}


def test_weights_multiply_terms() -> None:
    instance = conference(weights=replace(conference().weights, consecutive_tracks=10, rooms_per_track=0))
    cells: Cells = {(0, 0): (0, [0]), (0, 1): (0, [1]), (2, 2): (0, [2, 2]), (0, 2): (1, [3])}
    assert check(instance, schedule(instance, cells)).objective == 10 + 1


CUT_UP: list[tuple[Cells, int, list[str]]] = [
    # Two halves in two cells: 10^7 each; slots 0 and 0 do not sum up to 0.
    ({(0, 0): (0, [2, 0, 1]), (1, 0): (0, [2])}, 2 * 10**7, ["in one piece"]),
    # A hole in one cell.
    ({(0, 0): (0, [2, 0, 2]), (1, 0): (0, [1])}, 10**9, ["in one piece"]),
    # Both at once.
    ({(0, 0): (0, [2, 0, 1]), (1, 0): (0, [None, None, 2])}, 2 * 10**7 + 10**9, ["in one piece"]),
    # Nowhere.
    ({(0, 0): (0, [0, 1])}, 10**9, ["all slots"]),
    # Too often.
    ({(0, 0): (0, [2, 2, 2]), (1, 0): (0, [0, 1])}, 10**7, ["all slots"]),
]


@pytest.mark.parametrize(("cells", "cost", "rules"), CUT_UP)
def test_submissions_of_several_slots_in_pieces(cells: Cells, cost: int, rules: list[str]) -> None:
    instance = conference()
    report = check(instance, schedule(instance, cells | {(0, 1): (1, [3])}))
    assert report.terms["multi_slot"] == cost
    assert [violation["rule"] for violation in report.violations] == rules
    assert not report.acceptable


def test_a_submission_in_a_foreign_cell_or_one_without_a_track() -> None:
    instance = with_submission(conference(), 3, order=7)
    report = check(instance, schedule(instance, TOGETHER | {(0, 1): (None, [3])}))
    assert (report.feasible, report.valid, report.objective) == (True, False, 0)
    assert report.violations == (
        {
            "rule": "own track",
            "submission": "b3",
            "detail": "stands in session 'X', room 'R1', slot 1, which has no track",
        },
    )
    foreign = check(instance, schedule(instance, TOGETHER | {(0, 1): (0, [3])}))
    assert (foreign.feasible, foreign.valid) == (True, False)
    assert [violation["rule"] for violation in foreign.violations] == ["own track"]


def test_a_missing_submission() -> None:
    report = check(conference(), schedule(conference(), TOGETHER | {(0, 1): (None, [])}))
    assert (report.feasible, report.valid, report.terms["multi_slot"]) == (False, True, 0)


def test_a_schedule_of_another_shape() -> None:
    other = conference(rooms=("R0", "R1"))
    with pytest.raises(ValueError, match="another shape"):
        check(conference(), schedule(other, {}))
