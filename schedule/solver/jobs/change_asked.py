"""What a remedy changes, as plain values: who takes it up need not read its sentence.

Where the subject of the remedy says all (a session left out, a wish given up) there are none. Times are minutes from
the problem's origin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schedule.solver.exact.domains import RuleKey
from schedule.solver.problem import Interval, Problem
from schedule.solver.relaxations.outcome import Remedy

Values = dict[str, Any]
Reader = Callable[[Problem, RuleKey], Values]


def change_asked(one: Remedy) -> Values:
    """What the changed problem has where the remedy has changed it."""
    read = _READERS.get(one.subject[0])
    return {} if read is None else read(one.problem, one.subject)


def _room(problem: Problem, _subject: RuleKey) -> Values:
    """The room that is had in addition is the last one."""
    room = problem.rooms[-1]
    return {"seats": room.capacity, "features": sorted(room.features), "distance_group": room.distance_group}


def _equipment(problem: Problem, subject: RuleKey) -> Values:
    return {"features": sorted(next(room for room in problem.rooms if room.code == subject[1]).features)}


def _hours(problem: Problem, subject: RuleKey) -> Values:
    window = problem.windows[int(subject[1])]
    return {"day": window.day.isoformat(), "opens": window.hours.start, "closes": window.hours.end}


def _seats(problem: Problem, subject: RuleKey) -> Values:
    return {"seats": next(session.seats_needed for session in problem.sessions if session.code == subject[1])}


def _gaps(problem: Problem, _subject: RuleKey) -> Values:
    rules = problem.rules
    return {"same_group": rules.person_gap_same_group_minutes, "other_group": rules.person_gap_other_group_minutes}


def _closed(problem: Problem, subject: RuleKey) -> Values:
    return {"left": _pairs(next(room.closed for room in problem.rooms if room.code == subject[1]))}


def _person_away(problem: Problem, subject: RuleKey) -> Values:
    return {"left": _pairs(next(one.away for one in problem.people if one.code == subject[1]))}


def _body_away(problem: Problem, subject: RuleKey) -> Values:
    return {"left": _pairs(next(one.away for one in problem.bodies if one.code == subject[1]))}


def _pairs(times: tuple[Interval, ...]) -> list[list[int]]:
    return [[one.start, one.end] for one in times]


_READERS: dict[str, Reader] = {
    "room": _room,
    "equipment": _equipment,
    "hours": _hours,
    "room_too_small": _seats,
    "changeover": lambda problem, _subject: {"minutes": problem.rules.room_changeover_minutes},
    "person_gap": _gaps,
    "interpreters": lambda problem, _subject: {"most": problem.rules.interpreter_teams},
    "max_parallel": lambda problem, _subject: {"most": problem.rules.max_parallel_open_sessions},
    "kind_parallel": lambda problem, subject: {"most": dict(problem.rules.max_parallel_by_kind)[subject[1]]},
    "room_closed": _closed,
    "person_away": _person_away,
    "body_away": _body_away,
}
