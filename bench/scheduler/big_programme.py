"""A made programme like a large volunteers' conference: 1,100 sessions of 5 to 55 minutes, 35 rooms, two days.

Room sizes, lengths and the share of the time that is used follow one such programme; the people, their interests and
which session needs which room are drawn with a fixed seed. It is built around a hidden timetable, so it can be kept.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

from schedule.solver.problem import Attendee, Interval, Person, Problem, Room, Rules, Session, Window

FIRST_DAY = date(2027, 2, 6)
LENGTHS = (5, 10, 15, 20, 25, 30, 45, 50, 55)
SHARES = (4, 2, 6, 14, 24, 12, 12, 20, 6)


def make(*, sessions: int = 1100, rooms: int = 35, attendees: int = 10_000, seed: int = 1) -> Problem:
    """The problem; the same for the same numbers."""
    chance = random.Random(seed)
    days = [Interval(day * 1440 + 9 * 60 + 30, day * 1440 + 19 * 60) for day in range(2)]
    capacity = [1400, 800, 600, 500, 400, *(chance.choice([70, 80, 100, 150, 200, 280]) for _ in range(rooms - 5))]
    tracks = [f"track {number}" for number in range(rooms)]
    free = [(room, day, [days[day].start]) for room in range(rooms) for day in range(2)]
    hidden: list[tuple[int, int, int]] = []
    while len(hidden) < sessions:
        room, day, clock = chance.choice(free)
        length = chance.choices(LENGTHS, SHARES)[0]
        if clock[0] + length > days[day].end:
            free = [place for place in free if place[2][0] + min(LENGTHS) <= days[place[1]].end]
            continue
        hidden.append((room, clock[0], length))
        clock[0] += length + 5
    people = [f"P{number}" for number in range(sessions * 9 // 10)]
    busy: dict[str, list[Interval]] = {code: [] for code in people}
    made = []
    for number, (room, start, length) in enumerate(hidden):
        during = Interval(start - 10, start + length + 10)
        able = [p for p in chance.sample(people, 12) if not any(t.overlaps(during) for t in busy[p])]
        speakers = able[: chance.choice([1, 1, 1, 2])]
        for speaker in speakers:
            busy[speaker].append(during)
        seats = min(capacity[room], int(capacity[room] * chance.uniform(0.2, 0.9)))
        made.append(
            Session(
                f"S{number}",
                f"S{number}",
                length,
                people=frozenset(speakers),
                seats_needed=seats,
                track=tracks[room],
            )
        )
    popular = [chance.paretovariate(1.2) for _ in made]
    wishes = []
    for _ in range(attendees):
        picked = dict.fromkeys(chance.choices(range(sessions), popular, k=10))
        wishes.append(Attendee(tuple((f"S{one}", max(1, 5 - rank)) for rank, one in enumerate(picked))))
    return Problem(
        origin=datetime(2027, 2, 6, tzinfo=UTC),
        timezone="UTC",
        rules=Rules(slot_minutes=5, person_gap_other_group_minutes=10),
        windows=tuple(Window(date(2027, 2, 6 + number), day) for number, day in enumerate(days)),
        rooms=tuple(
            Room(f"R{number}", f"R{number}", seats, distance_group=str(number // 7))
            for number, seats in enumerate(capacity)
        ),
        people=tuple(Person(code, code) for code in people),
        bodies=(),
        sessions=tuple(made),
        attendees=tuple(wishes),
    )
