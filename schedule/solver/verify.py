"""Is a timetable right? A plain reading of the rules, sharing no code with the search.

`violations` returns everything that is wrong; an empty list means every hard rule holds. Rule names:

missing, twice, unknown_session, unknown_room, length   each session once, in a known room, for its duration
grid, hours, not_before, not_after, fixed_start, fixed_room   when and where it may be
room_too_small, room_feature, room_closed, breaks_only   what the room must be
room_double   a room, with its parts and the changeover time, is used by one session at a time
person_twice, person_away, body_twice, body_away   who must be there
order, not_parallel, blocks_all   what sessions ask of each other
interpreters, max_parallel   how many at once
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from .problem import Interval, Placement, Problem, Room, Rules, Session, Timetable

Placed = tuple[Placement, Session, Room]


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One broken rule: the session codes involved, the room if it is about one, and a detail for people."""

    rule: str
    sessions: tuple[str, ...]
    room: str | None
    detail: str


def violations(problem: Problem, timetable: Timetable) -> list[Violation]:
    """Everything wrong with `timetable`, sorted; quadratic in the number of sessions."""
    sessions = {session.code: session for session in problem.sessions}
    rooms = {room.code: room for room in problem.rooms}
    found = list(_completeness(sessions, timetable))
    placed: list[Placed] = []
    for placement in timetable:
        if placement.session not in sessions:
            found.append(_one("unknown_session", placement, "no such session"))
        elif placement.room not in rooms:
            found.append(_one("unknown_room", placement, f"no room {placement.room}"))
        else:
            placed.append((placement, sessions[placement.session], rooms[placement.room]))
    for placement, session, room in placed:
        found.extend(_time(problem, placement, session))
        found.extend(_place(rooms, placement, session, room))
        found.extend(_absences(problem, placement, session))
    for first, second in combinations(placed, 2):
        found.extend(_pair(problem, first, second))
    found.extend(_limits(problem, placed))
    return sorted(found, key=lambda v: (v.rule, v.sessions, v.room or "", v.detail))


def _one(rule: str, placement: Placement, detail: str) -> Violation:
    return Violation(rule, (placement.session,), placement.room, detail)


def _completeness(sessions: dict[str, Session], timetable: Timetable) -> Iterator[Violation]:
    count = Counter(placement.session for placement in timetable)
    for code in sessions:
        if count[code] == 0:
            yield Violation("missing", (code,), None, "is not placed")
        elif count[code] > 1:
            yield Violation("twice", (code,), None, f"is placed {count[code]} times")


def _time(problem: Problem, placement: Placement, session: Session) -> Iterator[Violation]:
    start, end = placement.start, placement.end
    if end - start != session.duration:
        yield _one("length", placement, f"lasts {end - start} minutes instead of {session.duration}")
    if session.fixed_start is not None and start != session.fixed_start:
        yield _one("fixed_start", placement, f"starts at minute {start} instead of {session.fixed_start}")
    if start % problem.rules.slot_minutes:
        yield _one("grid", placement, f"starts off the {problem.rules.slot_minutes}-minute grid")
    if not any(window.hours.contains(Interval(start, end)) for window in problem.windows):
        yield _one("hours", placement, "lies outside the opening hours")
    if session.not_before is not None and start < session.not_before:
        yield _one("not_before", placement, f"starts before minute {session.not_before}")
    if session.not_after is not None and end > session.not_after:
        yield _one("not_after", placement, f"ends after minute {session.not_after}")


def _place(rooms: dict[str, Room], placement: Placement, session: Session, room: Room) -> Iterator[Violation]:
    if session.fixed_room is not None and room.code != session.fixed_room:
        yield _one("fixed_room", placement, f"must be in {session.fixed_room}")
    if room.capacity < max(session.seats_needed, session.confirmed):
        needed = max(session.seats_needed, session.confirmed)
        yield _one("room_too_small", placement, f"needs {needed} seats, the room has {room.capacity}")
    lacking = session.required_features - room.features
    if lacking:
        yield _one("room_feature", placement, f"the room lacks {', '.join(sorted(lacking))}")
    if room.breaks_only and not session.is_break:
        yield _one("breaks_only", placement, "the room takes breaks only")
    for code in sorted({room.code} | room.parts):
        for closed in rooms[code].closed if code in rooms else ():
            if closed.overlaps(placement.interval):
                yield _one("room_closed", placement, f"{code} is closed from minute {closed.start} to {closed.end}")


def _absences(problem: Problem, placement: Placement, session: Session) -> Iterator[Violation]:
    for person in problem.people:
        if person.code in session.people and any(away.overlaps(placement.interval) for away in person.away):
            yield _one("person_away", placement, f"{person.code} is away")
    for body in problem.bodies:
        counts = body.single_team and body.code in session.bodies
        if counts and any(away.overlaps(placement.interval) for away in body.away):
            yield _one("body_away", placement, f"{body.code} is away")


def _pair(problem: Problem, first: Placed, second: Placed) -> Iterator[Violation]:
    if second[0].start < first[0].start:
        first, second = second, first
    (a, session_a, _), (b, session_b, _) = first, second
    if session_a.code == session_b.code:
        return
    between = b.start - a.end  # negative: they overlap
    yield from _space(problem.rules, first, second, between)
    codes = tuple(sorted((a.session, b.session)))
    if between < 0:
        for body in problem.bodies:
            if body.single_team and body.code in session_a.bodies and body.code in session_b.bodies:
                yield Violation("body_twice", codes, None, f"{body.code} has one team")
        if b.session in session_a.not_parallel_with or a.session in session_b.not_parallel_with:
            yield Violation("not_parallel", codes, None, "must not be at the same time")
        if session_a.blocks_all or session_b.blocks_all:
            blocker = a.session if session_a.blocks_all else b.session
            yield Violation("blocks_all", codes, None, f"nothing else may be during {blocker}")
    for early, late, late_session in ((a, b, session_b), (b, a, session_a)):
        if early.session in late_session.after and late.start < early.end:
            yield Violation("order", codes, None, f"{late.session} must start after {early.session} has ended")


def _space(rules: Rules, first: Placed, second: Placed, between: int) -> Iterator[Violation]:
    """Shared rooms and shared people: what takes a while between two sessions."""
    (a, session_a, room_a), (b, session_b, room_b) = first, second
    codes = tuple(sorted((a.session, b.session)))
    shared = room_a.occupies & room_b.occupies
    exclusive = not (room_a.allows_parallel_use or room_b.allows_parallel_use)
    if shared and exclusive and between < rules.room_changeover_minutes:
        yield Violation("room_double", codes, min(shared), f"{between} minutes between two uses")
    if shared:
        gap = 0  # nobody walks from a room to itself, or to a part of it
    elif room_a.distance_group == room_b.distance_group:
        gap = rules.person_gap_same_group_minutes
    else:
        gap = rules.person_gap_other_group_minutes
    for person in sorted(session_a.people & session_b.people):
        if between < gap:
            yield Violation("person_twice", codes, None, f"{person} has {between} minutes instead of {gap}")


def _limits(problem: Problem, placed: list[Placed]) -> Iterator[Violation]:
    interpreted = [placement for placement, session, _ in placed if session.needs_interpreters]
    parallel = [placement for placement, session, _ in placed if session.counts_as_parallel and not session.is_break]
    for rule, limit, used in (
        ("interpreters", problem.rules.interpreter_teams, interpreted),
        ("max_parallel", problem.rules.max_parallel_open_sessions, parallel),
    ):
        if limit is None:
            continue
        reported: set[tuple[str, ...]] = set()
        for moment in sorted({placement.start for placement in used}):
            running = tuple(sorted(p.session for p in used if p.start <= moment < p.end))
            if len(running) > limit and running not in reported:
                reported.add(running)
                yield Violation(rule, running, None, f"{len(running)} at minute {moment}, at most {limit}")
