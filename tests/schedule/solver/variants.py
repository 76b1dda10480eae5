"""The forum's programme with one change each: infeasible ones for explanations, feasible ones against false alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from schedule.solver.files import problems
from schedule.solver.problem import Interval, Problem, Session

FORUM = Path(__file__).resolve().parents[3] / "schedule/exchange/samples/whrcf2017.json"
DAY = 24 * 60
THURSDAY, FRIDAY, SATURDAY, SUNDAY = (day * DAY for day in range(4))


def forum(*, gap: bool = True) -> Problem:
    """The programme file; without `gap` nobody needs time to walk."""
    problem = problems.read(FORUM)
    if gap:
        return problem
    return replace(
        problem,
        rules=replace(problem.rules, person_gap_same_group_minutes=0, person_gap_other_group_minutes=0),
    )


def clock(day: int, hour: int, minute: int = 0) -> int:
    return day + 60 * hour + minute


def with_sessions(problem: Problem, codes: set[str], **changes: Any) -> Problem:
    return replace(problem, sessions=tuple(replace(s, **changes) if s.code in codes else s for s in problem.sessions))


def session(problem: Problem, code: str) -> Session:
    return next(s for s in problem.sessions if s.code == code)


def with_rules(problem: Problem, **changes: Any) -> Problem:
    return replace(problem, rules=replace(problem.rules, **changes))


def without_booth(problem: Problem, *codes: str) -> Problem:
    return replace(
        problem,
        rooms=tuple(
            replace(r, features=r.features - {"interpretation-booth"}) if r.code in codes else r for r in problem.rooms
        ),
    )


def closed(problem: Problem, codes: set[str], *times: Interval) -> Problem:
    return replace(
        problem,
        rooms=tuple(replace(r, closed=(*r.closed, *times)) if r.code in codes else r for r in problem.rooms),
    )


def halls_closed(problem: Problem) -> Problem:
    return closed(problem, {"CH2", "CH3"}, Interval(FRIDAY, SUNDAY))


def expert_blocks_late(problem: Problem) -> Problem:
    problem = with_sessions(problem, {"E1", "E2", "E3", "E4"}, not_before=clock(FRIDAY, 9))
    leaving = (Interval(clock(FRIDAY, 18, 30), clock(SUNDAY, 13)),)
    return replace(problem, bodies=tuple(replace(b, away=leaving) if b.code == "hrc-ac" else b for b in problem.bodies))


def days_end_at_17(problem: Problem) -> Problem:
    return replace(
        problem,
        windows=tuple(
            replace(w, hours=Interval(w.hours.start, day + 17 * 60))
            if (day := w.hours.start // DAY * DAY) in {FRIDAY, SATURDAY}
            else w
            for w in problem.windows
        ),
    )


Change = Callable[[Problem], Problem]

# name -> (change, rules of which at least one must be named, sessions of which at least one must be named)
INFEASIBLE: dict[str, tuple[Change, set[str], set[str]]] = {
    "plenary_two_while_halls_are_let": (
        lambda p: with_sessions(p, {"P2"}, fixed_start=clock(SATURDAY, 14)),
        {"room_closed"},
        {"P2"},
    ),
    "state_violence_in_209_210": (
        lambda p: with_sessions(p, {"T9"}, fixed_room="R209210"),
        {"room_too_small"},
        {"T9"},
    ),
    "roundtable_two_hours": (lambda p: with_sessions(p, {"O2"}, duration=120), {"changeover"}, {"O2"}),
    "changeover_half_an_hour": (lambda p: with_rules(p, room_changeover_minutes=30), {"changeover"}, {"O2"}),
    "booths_only_in_the_halls": (
        lambda p: without_booth(p, "R209210", "R212213"),
        {"room_feature"},
        {"T1", "T2", "T4", "T5", "T6", "T7", "T8", "T9", "S1"},
    ),
    "halls_closed_and_no_booth_in_209_210": (
        lambda p: without_booth(halls_closed(p), "R209210"),
        {"room_feature"},
        {"T1", "T2", "T4", "T5", "T6", "T7", "T8", "T9", "S1"},
    ),
    "one_interpreter_team": (lambda p: with_rules(p, interpreter_teams=1), {"interpreters"}, {"T1"}),
    "two_open_sessions_at_once": (lambda p: with_rules(p, max_parallel_open_sessions=2), {"max_parallel"}, {"T1"}),
    "closing_on_saturday": (
        lambda p: with_sessions(p, {"C1"}, not_before=clock(SATURDAY, 9), not_after=clock(SATURDAY, 18, 30)),
        {"order"},
        {"C1"},
    ),
    "expert_blocks_from_friday": (expert_blocks_late, {"body_away"}, {"E1", "E4"}),
}

FEASIBLE: dict[str, Change] = {
    "no_booth_in_209_210": lambda p: without_booth(p, "R209210"),
    "no_booth_in_212_213": lambda p: without_booth(p, "R212213"),
    "room_213_closed_from_friday": lambda p: closed(p, {"R213"}, Interval(FRIDAY, SUNDAY + DAY)),
    "halls_closed": halls_closed,
    "days_end_at_17": days_end_at_17,
    "gender_expecting_200": lambda p: with_sessions(p, {"T1"}, seats_needed=200),
    "three_open_sessions_at_once": lambda p: with_rules(p, max_parallel_open_sessions=3),
    "two_interpreter_teams": lambda p: with_rules(p, interpreter_teams=2),
}
