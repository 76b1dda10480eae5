"""How long the conflict engine takes: all conflicts of 1,000 sessions, and one move on a board of 400."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Final

from schedule.conflicts import Board, PairCounts, find_conflicts
from schedule.solver.problem import Body, Interval, Person, Placement, Problem, Room, Rules, Session, Timetable, Window

_DAY: Final = 24 * 60
_OPENS, _CLOSES = 9 * 60, 18 * 60
_LENGTHS: Final = (60, 90, 120)


def conference(sessions: int, seed: int = 1) -> tuple[Problem, Timetable, PairCounts]:
    """A made-up conference of four days with joined rooms, people, rules and wishes, and a timetable with mistakes.

    Rooms are filled one session after the other with a changeover, so most of the timetable is right; one session in
    twenty is then thrown to a random time and room.
    """
    rng = random.Random(seed)
    days = 4
    halls = max(2, sessions // 28)
    rooms: list[Room] = []
    for hall in range(halls):
        for half in "AB":
            group = f"floor {hall % 3}"
            closed = (Interval(_OPENS, _OPENS + 60),) if hall % 9 == 0 else ()
            rooms.append(Room(f"R{hall}{half}", f"Room {hall}{half}", 120, distance_group=group, closed=closed))
        parts = frozenset({f"R{hall}A", f"R{hall}B"})
        rooms.append(Room(f"R{hall}", f"Room {hall}", 250, parts=parts, distance_group=group))
    people = tuple(
        Person(f"p{n}", f"Person {n}", away=(Interval(_OPENS, _OPENS + 120),) if n % 20 == 0 else ())
        for n in range(sessions)
    )
    bodies = tuple(Body(f"b{n}", f"Body {n}", single_team=True) for n in range(sessions // 2))
    codes = [f"S{n:04}" for n in range(sessions)]
    made = tuple(
        Session(
            code,
            f"Session {code}",
            rng.choice(_LENGTHS),
            people=frozenset(rng.sample([person.code for person in people], 3)),
            bodies=(rng.choice(bodies).code,),
            needs_interpreters=n % 4 == 0,
            counts_as_parallel=n % 3 == 0,
            seats_needed=rng.randrange(20, 130),
            confirmed=rng.randrange(0, 110),
            blocks_all=n == 0,
            after=frozenset({codes[n - 1]}) if n % 10 == 9 else frozenset(),
            not_parallel_with=frozenset(rng.sample(codes, 5)),
        )
        for n, code in enumerate(codes)
    )
    problem = Problem(
        origin=datetime(2030, 5, 6, tzinfo=UTC),
        timezone="UTC",
        rules=Rules(
            slot_minutes=15,
            room_changeover_minutes=15,
            person_gap_other_group_minutes=15,
            interpreter_teams=halls // 2,
            max_parallel_open_sessions=halls,
        ),
        windows=tuple(
            Window(date(2030, 5, 6) + timedelta(days=day), Interval(day * _DAY + _OPENS, day * _DAY + _CLOSES))
            for day in range(days)
        ),
        rooms=tuple(rooms),
        people=people,
        bodies=bodies,
        sessions=made,
    )
    wishes: Counter[tuple[str, str]] = Counter()
    for _ in range(2 * sessions):
        wishes.update(combinations(sorted(rng.sample(codes, 6)), 2))
    return problem, _timetable(problem, days, rng), wishes


def _timetable(problem: Problem, days: int, rng: random.Random) -> Timetable:
    small = [room.code for room in problem.rooms if not room.parts]
    free = {(day, room): day * _DAY + _OPENS for day in range(days) for room in small}
    placements = []
    for session in problem.sessions:
        day, room = min(free, key=lambda slot: free[slot] - slot[0] * _DAY)
        if rng.random() < 0.05:
            start, place = (
                rng.randrange(days) * _DAY + rng.randrange(_OPENS, _CLOSES, 15),
                rng.choice(problem.rooms).code,
            )
        else:
            start, place = free[day, room], room
            free[day, room] += session.duration + 15
        placements.append(Placement(session.code, start, start + session.duration, place))
    return tuple(placements)


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def run() -> list[dict[str, object]]:
    """Measure; one record per figure with its name, value, unit and budget (None where the design sets none)."""
    problem, timetable, wishes = conference(1000)
    count = len(find_conflicts(problem, timetable, pair_counts=wishes, clash_from=3))
    whole = _median_ms(lambda: find_conflicts(problem, timetable, pair_counts=wishes, clash_from=3), 15)
    small, small_timetable, small_wishes = conference(400)
    board = Board(small, small_timetable, pair_counts=small_wishes, clash_from=3)
    rng = random.Random(2)

    def move() -> None:
        placement = rng.choice(small_timetable)
        shift = rng.choice((-60, -15, 15, 60))
        board.put(replace(placement, start=placement.start + shift, end=placement.end + shift))

    opened = _median_ms(lambda: Board(small, small_timetable, pair_counts=small_wishes, clash_from=3), 15)
    return [
        {"name": "conflicts: all of 1,000 sessions", "value": round(whole, 2), "unit": "ms", "budget": 50},
        {"name": "conflicts: found in 1,000 sessions", "value": count, "unit": "conflicts", "budget": None},
        {"name": "conflicts: a board of 400 sessions opened", "value": round(opened, 2), "unit": "ms", "budget": None},
        {
            "name": "conflicts: one move on a board of 400",
            "value": round(_median_ms(move, 300), 3),
            "unit": "ms",
            "budget": 5,
        },
    ]


if __name__ == "__main__":
    for record in run():
        print(record)
