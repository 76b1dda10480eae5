"""How large a problem may be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schedule.solver.errors import FormatError
from schedule.solver.files import problem_file, problems
from schedule.solver.files.size import check_size
from schedule.solver.problem import Interval, Problem, Room, Rules, Session, Window
from tests.schedule.solver.brute import FIRST_DAY, problem_of


def programme(*, sessions: int, rooms: int, days: int, slot: int = 5, closed: tuple[Interval, ...] = ()) -> Problem:
    return problem_of(
        tuple(Session(str(number), str(number), 60) for number in range(sessions)),
        rules=Rules(slot_minutes=slot),
        rooms=tuple(Room(str(number), str(number), 50, closed=closed) for number in range(rooms)),
        windows=tuple(
            Window(FIRST_DAY + timedelta(days=day), Interval(day * 1440 + 540, day * 1440 + 1140))
            for day in range(days)
        ),
    )


def test_a_very_large_congress_is_not_too_large() -> None:
    check_size(programme(sessions=1500, rooms=60, days=14))
    check_size(programme(sessions=1500, rooms=60, days=14, closed=(Interval(720, 780),)))


@pytest.mark.parametrize(
    ("problem", "needed"),
    [
        (programme(sessions=1500, rooms=60, days=366), "16.3 GB"),
        (programme(sessions=1500, rooms=60, days=14, slot=1, closed=(Interval(720, 780),)), "21.3 GB"),
        (programme(sessions=20_000, rooms=1, days=1), "13.0 GB"),
    ],
)
def test_what_would_eat_the_machine_is_refused(problem: Problem, needed: str) -> None:
    with pytest.raises(FormatError, match=f"need about {needed} of memory; the limit is 6.0 GB"):
        check_size(problem)


def test_a_file_that_is_too_large_is_refused() -> None:
    problem = programme(sessions=200, rooms=60, days=365, slot=1)
    with pytest.raises(FormatError, match="200 sessions, 60 rooms and a grid of 1 minutes over all days need"):
        problems.read(problem_file.write(problem))
