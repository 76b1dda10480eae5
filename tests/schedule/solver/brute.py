"""Small random problems, and every right timetable of one by trying everything (with `verify` as the only judge)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from schedule.solver.problem import (
    Attendee,
    Body,
    Interval,
    Person,
    Pin,
    Placement,
    Problem,
    Room,
    Rules,
    Session,
    Timetable,
    Weights,
    Window,
)
from schedule.solver.verify import violations

SEOUL = ZoneInfo("Asia/Seoul")
FIRST_DAY = date(2027, 5, 3)
MORNING = 9 * 60
SLOT = 30


def problem_of(sessions: tuple[Session, ...], **changes: Any) -> Problem:
    """One morning from 9 to 12, rooms A (50) and B (20) and both joined (80), a lobby for breaks, two people."""
    values: dict[str, Any] = {
        "origin": datetime(2027, 5, 3, tzinfo=SEOUL),
        "timezone": "Asia/Seoul",
        "rules": Rules(slot_minutes=SLOT),
        "windows": (Window(FIRST_DAY, Interval(MORNING, MORNING + 180)),),
        "rooms": (
            Room("A", "Room A", 50, distance_group="1"),
            Room("B", "Room B", 20, features=frozenset({"booth"}), distance_group="1"),
            Room("AB", "Rooms A and B", 80, parts=frozenset({"A", "B"}), distance_group="1"),
            Room("C", "Room C", 30, distance_group="2"),
            Room("L", "Lobby", 100, distance_group="2", allows_parallel_use=True, breaks_only=True),
        ),
        "people": (Person("ann", "Ann"), Person("bo", "Bo")),
        "bodies": (Body("team", "Team", single_team=True), Body("office", "Office")),
        "sessions": sessions,
    }
    return Problem(**(values | changes))


def placements(problem: Problem, session: Session) -> list[Placement]:
    """Every start on the grid in the first two days, those given between its lines, and every room."""
    slot = problem.rules.slot_minutes
    given = {session.fixed_start, *(pin.start for pin in problem.pins if pin.session == session.code)} - {None}
    starts = sorted({*range(0, 2 * 24 * 60, slot), *given})
    return [
        placement
        for start in starts
        for room in problem.rooms
        if not _wrong(problem, (placement := Placement(session.code, start, start + session.duration, room.code),))
    ]


def _wrong(problem: Problem, timetable: Timetable) -> bool:
    return any(found.rule != "missing" for found in violations(problem, timetable))


def all_timetables(problem: Problem) -> Iterator[Timetable]:
    """Every right timetable. A rule broken by some sessions stays broken with more of them, so branches are cut."""
    choices = [placements(problem, session) for session in problem.sessions]

    def extend(done: Timetable) -> Iterator[Timetable]:
        if len(done) == len(choices):
            yield tuple(sorted(done))
            return
        for placement in choices[len(done)]:
            longer = (*done, placement)
            if not _wrong(problem, longer):
                yield from extend(longer)

    return extend(())


@st.composite
def problems(draw: st.DrawFn, *, most: int = 3) -> Problem:
    """A few sessions with all kinds of rules; about half of these problems have a timetable."""
    count = draw(st.integers(1, most))
    codes = [f"S{number}" for number in range(count)]
    starts = st.sampled_from([MORNING + SLOT * step for step in range(6)])
    any_minute = starts | st.sampled_from([MORNING + 12, MORNING + 42, MORNING + 61])

    def some(draw: st.DrawFn, values: list[str], odds: int = 3) -> frozenset[str]:
        return frozenset(value for value in values if draw(st.integers(0, odds)) == 0)

    sessions = []
    for number, code in enumerate(codes):
        is_break = draw(st.integers(0, 4)) == 0
        sessions.append(
            Session(
                code=code,
                title=f"Session {number}",
                duration=draw(st.sampled_from([30, 45, 60, 90])),
                people=some(draw, ["ann", "bo"], 1),
                bodies=tuple(sorted(some(draw, ["team", "office"], 1))),
                required_features=some(draw, ["booth"]),
                needs_interpreters=draw(st.booleans()),
                seats_needed=draw(st.sampled_from([0, 10, 25, 60])),
                confirmed=draw(st.sampled_from([0, 0, 40])),
                is_break=is_break,
                counts_as_parallel=draw(st.booleans()),
                blocks_all=draw(st.integers(0, 5)) == 0,
                fixed_start=draw(st.none() | any_minute) if draw(st.booleans()) else None,
                fixed_room=draw(st.sampled_from([None, None, None, "A", "C"])),
                not_before=draw(st.none() | starts),
                not_after=draw(st.sampled_from([None, None, MORNING + 120, MORNING + 150])),
                after=some(draw, codes[:number], 3),
                not_parallel_with=some(draw, [other for other in codes if other != code], 3),
                kind=draw(st.sampled_from(["", "talk", "talk"])),
                track=draw(st.sampled_from(["", "red", "red"])),
                preferred_times=draw(st.sampled_from([(), (), (Interval(MORNING + 30, MORNING + 120),)])),
                preferred_rooms=some(draw, ["A", "C"], 3),
            )
        )
    closed = draw(st.sampled_from([(), (), (Interval(MORNING, MORNING + 60),)]))
    away = draw(st.sampled_from([(), (), (Interval(MORNING + 60, MORNING + 90),)]))
    base = problem_of(())
    opening = draw(st.sampled_from([(), (), (Interval(MORNING, MORNING + 90), Interval(MORNING + 90, MORNING + 180))]))
    rooms = tuple(
        replace(room, closed=closed) if room.code == "B" else replace(room, open=opening) if room.code == "A" else room
        for room in base.rooms
    )
    core = draw(st.sampled_from([None, Interval(MORNING + 30, MORNING + 120)]))
    windows = [Window(FIRST_DAY, Interval(MORNING, MORNING + draw(st.sampled_from([90, 150, 180]))), core)]
    if draw(st.booleans()):
        # The next day follows in the morning, or at once.
        begins = draw(st.sampled_from([1440 + MORNING, windows[0].hours.end]))
        windows.append(Window(FIRST_DAY + timedelta(days=1), Interval(begins, begins + 60)))
    attendees = draw(
        st.lists(
            st.dictionaries(st.sampled_from(codes), st.integers(1, 5), min_size=1).map(
                lambda wishes: Attendee(tuple(sorted(wishes.items(), key=lambda wish: -wish[1])))
            ),
            max_size=4,
        )
    )
    pins = [Pin(codes[0], room="A"), Pin(codes[-1], start=MORNING + SLOT), Pin(codes[0], start=MORNING + 17)]
    return problem_of(
        tuple(sessions),
        rooms=rooms,
        windows=tuple(windows),
        people=(Person("ann", "Ann", away), Person("bo", "Bo")),
        bodies=(Body("team", "Team", single_team=True, away=away), Body("office", "Office", away=away)),
        attendees=tuple(attendees),
        rules=Rules(
            slot_minutes=SLOT,
            room_changeover_minutes=draw(st.sampled_from([0, 15, 30])),
            person_gap_same_group_minutes=draw(st.sampled_from([0, 10])),
            person_gap_other_group_minutes=draw(st.sampled_from([0, 10, 40])),
            interpreter_teams=draw(st.sampled_from([None, 1, 2])),
            max_parallel_open_sessions=draw(st.sampled_from([None, 1, 2])),
            max_parallel_by_kind=draw(st.sampled_from([(), (), (("talk", 1),)])),
        ),
        pins=draw(st.sampled_from([(), (), *((pin,) for pin in pins)])),
        same_time=draw(st.sampled_from([(), (), (), (frozenset(codes[:2]),)])),
        same_room=draw(st.sampled_from([(), (), (), (frozenset(codes[-2:]),)])),
        weights=draw(st.sampled_from([Weights(), Weights(person_gaps=1, day_imbalance=30, empty_seats=0)])),
    )


def at_morning(session: str, room: str, start: int = MORNING) -> Placement:
    """An hour from `start` on the first day."""
    return Placement(session, start, start + 60, room)
