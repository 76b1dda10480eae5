"""What is wrong with a timetable, and what it costs, minute by minute: slow, plain, none of the solver's code.

It knows what planted conferences ask for. Each answer is a list of words, empty where nothing is wrong or paid for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from schedule.solver.problem import Placement, Problem, Session, Timetable


def wrong(problem: Problem, timetable: Timetable) -> list[str]:
    """Rules that are broken."""
    at = {placed.session: placed for placed in timetable}
    if len(timetable) != len(at) or at.keys() != {session.code for session in problem.sessions}:
        return ["not every session once"]
    found = [word for session in problem.sessions for word in _alone(problem, session, at[session.code])]
    return [*found, *_minutes(problem, at), *_walks(problem, at), *_between(problem, at)]


def _alone(problem: Problem, session: Session, placed: Placement) -> Iterator[str]:
    room = next(room for room in problem.rooms if room.code == placed.room)
    minutes = set(range(placed.start, placed.end))
    pins = [pin for pin in problem.pins if pin.session == session.code]
    given = {session.fixed_start, *(pin.start for pin in pins)} - {None}
    away = [gone for person in problem.people if person.code in session.people for gone in person.away]
    closed = [gone for one in problem.rooms if one.code in {room.code, *room.parts} for gone in one.closed]
    checks = {
        "length": len(minutes) == session.duration,
        "grid": placed.start % problem.rules.slot_minutes == 0 or bool(given),
        "given start": given <= {placed.start},
        "given room": {session.fixed_room, *(pin.room for pin in pins)} - {None} <= {room.code},
        "hours": any(minutes <= set(range(w.hours.start, w.hours.end)) for w in problem.windows),
        "window": placed.start >= (session.not_before or 0) and placed.end <= (session.not_after or 10**9),
        "seats": room.capacity >= session.seats_needed,
        "features": session.required_features <= room.features,
        "breaks": session.is_break or not room.breaks_only,
        "away": not any(minutes & set(range(gone.start, gone.end)) for gone in away),
        "closed": not any(minutes & set(range(gone.start, gone.end)) for gone in closed),
    }
    yield from (f"{session.code}: {name}" for name, right in checks.items() if not right)


def _minutes(problem: Problem, at: dict[str, Placement]) -> Iterator[str]:
    """Minute by minute: who is where, and how many there are."""
    rooms = {room.code: room for room in problem.rooms}
    using: dict[tuple[str, int], list[str]] = defaultdict(list)
    running: dict[int, list[Session]] = defaultdict(list)
    for session in problem.sessions:
        placed = at[session.code]
        for minute in range(placed.start, placed.end):
            running[minute].append(session)
        room = rooms[placed.room]
        for minute in range(placed.start, placed.end + problem.rules.room_changeover_minutes):
            for part in () if room.allows_parallel_use else room.parts or {room.code}:
                using[part, minute].append(session.code)
    yield from (f"{place}: {codes}" for place, codes in using.items() if len(codes) > 1)
    rules = problem.rules
    limits = [
        (rules.interpreter_teams, lambda s: s.needs_interpreters),
        (rules.max_parallel_open_sessions, lambda s: s.counts_as_parallel and not s.is_break),
        *((most, lambda s, kind=kind: s.kind == kind) for kind, most in rules.max_parallel_by_kind),
    ]
    for minute, sessions in running.items():
        people = [person for session in sessions for person in session.people]
        codes = {session.code for session in sessions}
        if len(people) != len(set(people)):
            yield f"{minute}: somebody twice"
        if len(sessions) > 1 and any(session.blocks_all for session in sessions):
            yield f"{minute}: beside a plenary"
        if any(session.not_parallel_with & codes for session in sessions):
            yield f"{minute}: not parallel"
        for most, counts in limits:
            if most is not None and sum(map(counts, sessions)) > most:
                yield f"{minute}: too many at once"


def _walks(problem: Problem, at: dict[str, Placement]) -> Iterator[str]:
    rooms = {room.code: room for room in problem.rooms}
    for person in problem.people:
        theirs = sorted((at[s.code] for s in problem.sessions if person.code in s.people), key=lambda p: p.start)
        for first, second in pairwise(theirs):
            a, b = rooms[first.room], rooms[second.room]
            there = (a.parts or {a.code}) & (b.parts or {b.code})
            same = a.distance_group == b.distance_group
            rules = problem.rules
            needed = rules.person_gap_same_group_minutes if same else rules.person_gap_other_group_minutes
            if second.start - first.end < (0 if there else needed):
                yield f"{person.code}: walks"


def _between(problem: Problem, at: dict[str, Placement]) -> Iterator[str]:
    for session in problem.sessions:
        if any(at[earlier].end > at[session.code].start for earlier in session.after):
            yield f"{session.code}: order"
    for group in problem.same_time:
        if len({at[code].start for code in group}) > 1:
            yield f"{sorted(group)}: times"
    for group in problem.same_room:
        if len({at[code].room for code in group}) > 1:
            yield f"{sorted(group)}: rooms"


def paid(problem: Problem, timetable: Timetable) -> list[str]:
    """Goals that are missed."""
    at = {placed.session: placed for placed in timetable}
    rooms = {room.code: room for room in problem.rooms}
    cores = {window.core for window in problem.windows}
    wishers: dict[str, int] = defaultdict(int)
    found = []
    for attendee in problem.attendees:
        codes = [code for code, _ in attendee.wishes]
        for code in codes:
            wishers[code] += 1
        if any(at[a].start < at[b].end and at[b].start < at[a].end for a, b in combinations(codes, 2)):
            found.append("a clash")
    held: dict[int, int] = defaultdict(int)
    tracks: dict[tuple[str, int], set[str]] = defaultdict(set)
    for session in problem.sessions:
        placed, room = at[session.code], rooms[at[session.code].room]
        come = (
            wishers[session.code] if session.capacity_cap is None else min(wishers[session.code], session.capacity_cap)
        )
        inside = [t for t in session.preferred_times if t.start <= placed.start and placed.end <= t.end]
        core = [c for c in cores if c is not None and c.start <= placed.start and placed.end <= c.end]
        checks = {
            "stands": come <= room.capacity,
            "empty": room.allows_parallel_use or room.capacity <= max(come, session.seats_needed),
            "half hour": not problem.weights.off_half_hour or placed.start % 30 == 0,
            "core": bool(core),
            "time": bool(inside) or not session.preferred_times,
            "room": room.code in session.preferred_rooms or not session.preferred_rooms,
        }
        found += [f"{session.code}: {name}" for name, right in checks.items() if not right]
        held[placed.start // 1440] += not session.is_break
        if session.track:
            tracks[session.track, placed.start // 1440].add(room.code)
    found += [f"{track}: rooms" for track, used in tracks.items() if len(used) > 1]
    share = -(-sum(held.values()) // len(problem.windows))
    found += [f"day {day}: {count}" for day, count in held.items() if count > share]
    return [*found, *_idle(problem, at)]


def _idle(problem: Problem, at: dict[str, Placement]) -> Iterator[str]:
    for person in problem.people:
        theirs = [at[session.code] for session in problem.sessions if person.code in session.people]
        for day in {placed.start // 1440 for placed in theirs}:
            those = [placed for placed in theirs if placed.start // 1440 == day]
            if max(p.end for p in those) - min(p.start for p in those) > sum(p.end - p.start for p in those):
                yield f"{person.code}: idle on day {day}"
