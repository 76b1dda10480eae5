"""The soft goals as a CP-SAT objective; the same terms as `objective.measure`."""

from __future__ import annotations

from collections.abc import Mapping

from ortools.sat.python import cp_model

from schedule.solver.objective import Days, SeatDemand, off_preferred_room, off_preferred_time
from schedule.solver.problem import Room, Session, Timetable, Weights

from .interval_model import TimetableModel


def quality(
    model: TimetableModel, demand: SeatDemand, weights: Weights, previous: Timetable | None = None
) -> cp_model.LinearExprT:
    """An expression equal to (at the optimum) `weights.total(measure(...))`."""
    parts: list[cp_model.LinearExprT] = [0]
    parts.extend(_clashes(model, demand, weights.wish_clashes))
    parts.extend(_rooms(model, demand, weights))
    parts.extend(_times(model, weights))
    parts.extend(_tracks_and_days(model, weights))
    if weights.person_gaps:
        parts.extend(weights.person_gaps * idle for idle in _gaps(model))
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


def _clashes(model: TimetableModel, demand: SeatDemand, weight: int) -> list[cp_model.LinearExprT]:
    sessions = {session.code: session for session in model.problem.sessions}
    found: list[cp_model.LinearExprT] = []
    for (a, b), people in sorted(demand.clash.items()) if weight else ():
        first, second = sessions[a], sessions[b]
        if not model.may_overlap(first, second):
            continue
        overlap = model.cp.new_bool_var(f"{a} and {b} overlap")
        a_first, b_first = model.cp.new_bool_var(f"{a} first {b}"), model.cp.new_bool_var(f"{b} first {a}")
        model.cp.add_exactly_one([overlap, a_first, b_first])
        model.cp.add(model.start[a] + first.duration <= model.start[b]).only_enforce_if(a_first)
        model.cp.add(model.start[b] + second.duration <= model.start[a]).only_enforce_if(b_first)
        found.append(weight * people * overlap)
    return found


def room_cost(demand: SeatDemand, weights: Weights, session: Session, room: Room) -> int:
    """What the choice of the room alone costs."""
    return (
        weights.unseated * demand.unseated(session, room)
        + weights.empty_seats * demand.empty_seats(session, room)
        + weights.off_preferred_rooms * off_preferred_room(session, room.code)
    )


def time_cost(days: Days, weights: Weights, session: Session, start: int) -> int:
    """What the choice of the start alone costs."""
    return (
        weights.off_half_hour * (start % 30 != 0)
        + weights.off_core_hours * days.off_core(start, start + session.duration)
        + weights.off_preferred_times * off_preferred_time(session, start)
    )


def _rooms(model: TimetableModel, demand: SeatDemand, weights: Weights) -> list[cp_model.LinearExprT]:
    found: list[cp_model.LinearExprT] = []
    for session in model.problem.sessions:
        for code, literal in model.in_room[session.code].items():
            cost = room_cost(demand, weights, session, model.domains.rooms[code])
            if cost:
                found.append(cost * literal)
    return found


def _times(model: TimetableModel, weights: Weights) -> list[cp_model.LinearExprT]:
    """Starts of one price share a literal."""
    found: list[cp_model.LinearExprT] = []
    days = Days(model.problem)
    for session in model.problem.sessions:
        by_cost: dict[int, list[int]] = {}
        for start in model.domains.options[session.code].all_starts:
            by_cost.setdefault(time_cost(days, weights, session, start), []).append(start)
        found.extend(cost * literal for cost, literal in _one_of(model, session.code, by_cost) if cost)
    return found


def _one_of(
    model: TimetableModel, code: str, groups: Mapping[int, list[int]]
) -> list[tuple[int, cp_model.LinearExprT]]:
    """For groups of starts that share all starts of a session: (group, a literal that says whether it is in it)."""
    if len(groups) == 1:
        return [(key, 1) for key in groups]
    found: list[tuple[int, cp_model.LinearExprT]] = []
    literals = []
    for key, starts in sorted(groups.items()):
        literal = model.cp.new_bool_var(f"{code} in group {key}")
        domain = cp_model.Domain.from_values(starts)
        model.cp.add_linear_expression_in_domain(model.start[code], domain).only_enforce_if(literal)
        literals.append(literal)
        found.append((key, literal))
    model.cp.add_exactly_one(literals)
    return found


def _on_day(model: TimetableModel, days: Days, code: str) -> dict[int, cp_model.LinearExprT]:
    by_day: dict[int, list[int]] = {}
    for start in model.domains.options[code].all_starts:
        by_day.setdefault(days.number(start), []).append(start)
    return dict(_one_of(model, code, by_day))


def _tracks_and_days(model: TimetableModel, weights: Weights) -> list[cp_model.LinearExprT]:
    """Rooms of a track on a day beyond the first; sessions of a day beyond its share."""
    found: list[cp_model.LinearExprT] = []
    days = Days(model.problem)
    tracks: dict[str, list[Session]] = {}
    for session in model.problem.sessions:
        if session.track and weights.track_rooms:
            tracks.setdefault(session.track, []).append(session)
    counted = [s for s in model.problem.sessions if not s.is_break] if weights.day_imbalance else []
    needed = {s.code for s in counted} | {s.code for held in tracks.values() if len(held) > 1 for s in held}
    day = {code: _on_day(model, days, code) for code in sorted(needed)}
    for held in tracks.values():
        if len(held) > 1:
            found.extend(weights.track_rooms * extra for extra in _track_rooms(model, held, day))
    for number, share in enumerate(days.share) if counted else ():
        excess = model.cp.new_int_var(0, len(counted), f"beyond the share of day {number}")
        here = cp_model.LinearExpr.sum([day[s.code].get(number, 0) for s in counted])
        model.cp.add(excess >= here - share)
        found.append(weights.day_imbalance * excess)
    return found


def _track_rooms(
    model: TimetableModel, held: list[Session], day: dict[str, dict[int, cp_model.LinearExprT]]
) -> list[cp_model.LinearExprT]:
    used: dict[tuple[int, str], cp_model.IntVar] = {}
    active: dict[int, cp_model.IntVar] = {}
    for session in held:
        for number, today in day[session.code].items():
            if number not in active:
                active[number] = model.cp.new_bool_var(f"{session.track} on day {number}")
            for room, literal in model.in_room[session.code].items():
                if (number, room) not in used:
                    used[number, room] = model.cp.new_bool_var(f"{session.track} in {room} on day {number}")
                model.cp.add(used[number, room] >= cp_model.LinearExpr.sum([literal, today, -1]))
    for number, here in active.items():
        # A track that has no session on a day has no first room to be forgiven.
        model.cp.add(here <= cp_model.LinearExpr.sum([day[s.code].get(number, 0) for s in held]))
    return [*used.values(), *(-1 * here for here in active.values())]


def _gaps(model: TimetableModel) -> list[cp_model.LinearExprT]:
    """For every person and day the minutes from the first start to the last end that no session fills."""
    found: list[cp_model.LinearExprT] = []
    days = Days(model.problem)
    latest = model.domains.horizon.end
    for person in model.problem.people:
        held = [session for session in model.problem.sessions if person.code in session.people]
        if len(held) < 2:
            continue
        day = {session.code: _on_day(model, days, session.code) for session in held}
        for number in sorted({number for here in day.values() for number in here}):
            first = model.cp.new_int_var(0, latest, f"{person.code} from, day {number}")
            last = model.cp.new_int_var(0, latest, f"{person.code} to, day {number}")
            idle = model.cp.new_int_var(0, latest, f"{person.code} idle, day {number}")
            busy = []
            for session in held:
                today = day[session.code].get(number)
                if today is None:
                    continue
                start = model.start[session.code]
                model.cp.add(first <= cp_model.LinearExpr.sum([start, latest * (1 - today)]))
                model.cp.add(last >= cp_model.LinearExpr.sum([start, session.duration, latest * (today - 1)]))
                busy.append(session.duration * today)
            model.cp.add(idle >= last - first - cp_model.LinearExpr.sum([0, *busy]))
            found.append(idle)
    return found
