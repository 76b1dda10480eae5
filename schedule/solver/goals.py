"""The soft goals as a CP-SAT objective; the same terms as `objective.measure`."""

from __future__ import annotations

from ortools.sat.python import cp_model

from .model import TimetableModel
from .objective import Demand, Weights
from .problem import Timetable


def quality(
    model: TimetableModel, demand: Demand, weights: Weights, previous: Timetable | None = None
) -> cp_model.LinearExprT:
    """An expression equal to (at the optimum) `weights.total(measure(...))`."""
    parts: list[cp_model.LinearExprT] = [0]
    parts.extend(_clashes(model, demand, weights.wish_clashes))
    parts.extend(_rooms(model, demand, weights))
    if weights.off_half_hour:
        parts.extend(weights.off_half_hour * literal for literal in _off_half_hour(model))
    if previous is not None:
        parts.extend(weights.moved_times * moved for moved in moved_times(model, previous).values())
        parts.extend(weights.moved_rooms * moved for moved in moved_rooms(model, previous).values())
    return cp_model.LinearExpr.sum(parts)


def moved_times(model: TimetableModel, previous: Timetable) -> dict[str, cp_model.LinearExprT]:
    """1 for each session of `previous` that starts at another time."""
    found: dict[str, cp_model.LinearExprT] = {}
    for old in previous:
        if old.session not in model.start:
            continue
        if old.start not in model.domains.options[old.session].all_starts:
            found[old.session] = 1
            continue
        moved = model.cp.new_bool_var(f"{old.session} moved")
        model.cp.add(model.start[old.session] == old.start).only_enforce_if(~moved)
        found[old.session] = moved
    return found


def moved_rooms(model: TimetableModel, previous: Timetable) -> dict[str, cp_model.LinearExprT]:
    """1 for each session of `previous` that is in another room."""
    found: dict[str, cp_model.LinearExprT] = {}
    for old in previous:
        if old.session in model.in_room:
            literal = model.in_room[old.session].get(old.room)
            found[old.session] = 1 if literal is None else 1 - literal
    return found


def _clashes(model: TimetableModel, demand: Demand, weight: int) -> list[cp_model.LinearExprT]:
    sessions = {session.code: session for session in model.problem.sessions}
    found: list[cp_model.LinearExprT] = []
    for (a, b), people in sorted(demand.clash.items()):
        first, second = sessions[a], sessions[b]
        if not weight or not model.may_overlap(first, second):
            continue
        overlap = model.cp.new_bool_var(f"{a} and {b} overlap")
        a_first, b_first = model.cp.new_bool_var(f"{a} first {b}"), model.cp.new_bool_var(f"{b} first {a}")
        model.cp.add_exactly_one([overlap, a_first, b_first])
        model.cp.add(model.start[a] + first.duration <= model.start[b]).only_enforce_if(a_first)
        model.cp.add(model.start[b] + second.duration <= model.start[a]).only_enforce_if(b_first)
        found.append(weight * people * overlap)
    return found


def _rooms(model: TimetableModel, demand: Demand, weights: Weights) -> list[cp_model.LinearExprT]:
    found: list[cp_model.LinearExprT] = []
    for session in model.problem.sessions:
        for code, literal in model.in_room[session.code].items():
            room = model.domains.rooms[code]
            cost = weights.unseated * demand.unseated(session, room)
            cost += weights.empty_seats * demand.empty_seats(session, room)
            if cost:
                found.append(cost * literal)
    return found


def _off_half_hour(model: TimetableModel) -> list[cp_model.LinearExprT]:
    found: list[cp_model.LinearExprT] = []
    for session in model.problem.sessions:
        starts = model.domains.options[session.code].all_starts
        on_half_hour = [start for start in starts if start % 30 == 0]
        if not on_half_hour:
            found.append(1)
        elif len(on_half_hour) < len(starts):
            off = model.cp.new_bool_var(f"{session.code} off the half hour")
            domain = cp_model.Domain.from_values(on_half_hour)
            model.cp.add_linear_expression_in_domain(model.start[session.code], domain).only_enforce_if(~off)
            found.append(off)
    return found
