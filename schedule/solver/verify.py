"""Is a timetable right? A plain reading of the rules, sharing no code with the search.

`violations` returns everything that is wrong; an empty list means every hard rule holds. Rule names:

missing, twice, unknown_session, unknown_room, length   each session once, in a known room, for its duration
grid, hours, not_before, not_after, fixed_start, fixed_room, pinned   when and where it may be
room_too_small, room_feature, room_closed, room_hours, breaks_only   what the room must be
room_double   a room, with its parts and the changeover time, is used by one session at a time
person_twice, person_away, body_twice, body_away   who must be there
order, not_parallel, blocks_all, same_time, same_room   what sessions ask of each other
interpreters, max_parallel, kind_parallel   how many at once
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .problem import Interval, Pin, Placement, Problem, Room, Rules, Session, Timetable

Placed = tuple[Placement, Session, Room]


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One broken rule: the session codes involved, the room if it is about one, and a detail for people."""

    rule: str
    sessions: tuple[str, ...]
    room: str | None
    detail: str


def violations(problem: Problem, timetable: Timetable) -> list[Violation]:
    """Everything wrong with `timetable`, sorted; quick as long as few sessions run at once."""
    reader = Reader(problem)
    sessions = reader.sessions
    found = list(_completeness(sessions, timetable))
    placed: list[Placed] = []
    for placement in timetable:
        if placement.session not in sessions:
            found.append(_one("unknown_session", placement, "no such session"))
        elif placement.room not in reader.rooms:
            found.append(_one("unknown_room", placement, f"no room {placement.room}"))
        else:
            placed.append((placement, sessions[placement.session], reader.rooms[placement.room]))
    for one in placed:
        found.extend(reader.alone(one))
    found.extend(reader.together(placed))
    found.extend(reader.limits(placed))
    return _sorted(found)


def violations_of(problem: Problem, timetable: Timetable, code: str) -> list[Violation]:
    """What is wrong about one session of a timetable; the faults of others among themselves are left out."""
    reader = Reader(problem)
    known = [p for p in timetable if p.session in reader.sessions and p.room in reader.rooms]
    placed = [(p, reader.sessions[p.session], reader.rooms[p.room]) for p in known]
    mine = [one for one in placed if one[0].session == code]
    found: list[Violation] = []
    for one in mine:
        found.extend(reader.alone(one))
        for other in placed:
            found.extend(reader.pair(one, other))
            found.extend(reader.order(one, other))
        beside = [other for other in placed if other[0].interval.overlaps(one[0].interval)]
        found.extend(wrong for wrong in reader.limits(beside) if code in wrong.sessions)
    found.extend(wrong for wrong in reader.groups(placed) if code in wrong.sessions)
    return _sorted(found)


def _sorted(found: list[Violation]) -> list[Violation]:
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


class Reader:
    """The rules of one problem, read one by one; keeps only look-ups by code."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.people = {person.code: person for person in problem.people}
        self.teams = {body.code: body for body in problem.bodies if body.single_team}
        self.pins: dict[str, list[Pin]] = {}
        for pin in problem.pins:
            self.pins.setdefault(pin.session, []).append(pin)
        rules = problem.rules
        self.hours = problem.open_hours
        self.longest_gap = max(
            rules.room_changeover_minutes, rules.person_gap_same_group_minutes, rules.person_gap_other_group_minutes
        )

    def alone(self, one: Placed) -> Iterator[Violation]:
        """What is wrong with a placement whatever the others do."""
        yield from self.time(one[0], one[1])
        yield from self.place(*one)
        yield from self.absences(one[0], one[1])

    def together(self, placed: list[Placed]) -> Iterator[Violation]:
        """What is wrong between sessions. Those further apart than any gap are only looked at for their order."""
        by_start = sorted(placed, key=lambda one: one[0].start)
        for index, first in enumerate(by_start):
            for second in by_start[index + 1 :]:
                if second[0].start >= first[0].end + self.longest_gap:
                    # Later ones start later still; a zero gap lets a session begin the minute another ends.
                    break
                yield from self.pair(first, second)
        at: dict[str, list[Placed]] = {}
        for one in placed:
            at.setdefault(one[0].session, []).append(one)
        for late in placed:
            for code in sorted(late[1].after):
                for early in at.get(code, ()):
                    yield from self._order(early, late)
        yield from self.groups(placed)

    def time(self, placement: Placement, session: Session) -> Iterator[Violation]:
        """What is wrong with a start, whatever the room."""
        start, end = placement.start, placement.end
        slot = self.problem.rules.slot_minutes
        if end - start != session.duration:
            yield _one("length", placement, f"lasts {end - start} minutes instead of {session.duration}")
        if session.fixed_start is not None and start != session.fixed_start:
            yield _one("fixed_start", placement, f"starts at minute {start} instead of {session.fixed_start}")
        pinned = [pin.start for pin in self.pins.get(session.code, ())]
        if start % slot and start != session.fixed_start and start not in pinned:
            yield _one("grid", placement, f"starts off the {slot}-minute grid")
        if not any(hours.contains(Interval(start, end)) for hours in self.hours):
            yield _one("hours", placement, "lies outside the opening hours")
        if session.not_before is not None and start < session.not_before:
            yield _one("not_before", placement, f"starts before minute {session.not_before}")
        if session.not_after is not None and end > session.not_after:
            yield _one("not_after", placement, f"ends after minute {session.not_after}")
        for pin in self.pins.get(session.code, ()):
            if pin.start is not None and pin.start != start:
                yield _one("pinned", placement, f"is pinned to minute {pin.start}")

    def place(self, placement: Placement, session: Session, room: Room) -> Iterator[Violation]:
        """What is wrong with a room: at any time, and while it is closed."""
        if session.fixed_room is not None and room.code != session.fixed_room:
            yield _one("fixed_room", placement, f"must be in {session.fixed_room}")
        for pin in self.pins.get(session.code, ()):
            if pin.room is not None and pin.room != room.code:
                yield _one("pinned", placement, f"is pinned to {pin.room}")
        if room.capacity < max(session.seats_needed, session.confirmed):
            needed = max(session.seats_needed, session.confirmed)
            yield _one("room_too_small", placement, f"needs {needed} seats, the room has {room.capacity}")
        lacking = session.required_features - room.features
        if lacking:
            yield _one("room_feature", placement, f"the room lacks {', '.join(sorted(lacking))}")
        if room.breaks_only and not session.is_break:
            yield _one("breaks_only", placement, "the room takes breaks only")
        during = placement.interval
        for code in sorted({room.code} | room.parts):
            place = self.rooms[code]
            for closed in place.closed:
                if closed.overlaps(during):
                    yield _one("room_closed", placement, f"{code} is closed from minute {closed.start} to {closed.end}")
            if place.open and not any(opening.contains(during) for opening in place.open):
                yield _one("room_hours", placement, f"{code} is not open for all of that time")

    def absences(self, placement: Placement, session: Session) -> Iterator[Violation]:
        """Who cannot be there at that time."""
        for code in sorted(session.people):
            if any(away.overlaps(placement.interval) for away in self.people[code].away):
                yield _one("person_away", placement, f"{code} is away")
        for code in sorted(self.teams.keys() & set(session.bodies)):
            if any(away.overlaps(placement.interval) for away in self.teams[code].away):
                yield _one("body_away", placement, f"{code} is away")

    def pair(self, first: Placed, second: Placed) -> Iterator[Violation]:
        """What is wrong between two sessions that are near in time; their order is another question."""
        if second[0].start < first[0].start:
            first, second = second, first
        (a, session_a, _), (b, session_b, _) = first, second
        if session_a.code == session_b.code:
            return
        between = b.start - a.end  # negative: they overlap
        yield from _space(self.problem.rules, first, second, between)
        if between >= 0:
            return
        codes = _codes(a, b)
        for code in session_a.bodies:
            if code in self.teams and code in session_b.bodies:
                yield Violation("body_twice", codes, None, f"{code} has one team")
        if b.session in session_a.not_parallel_with or a.session in session_b.not_parallel_with:
            yield Violation("not_parallel", codes, None, "must not be at the same time")
        if session_a.blocks_all or session_b.blocks_all:
            blocker = a.session if session_a.blocks_all else b.session
            yield Violation("blocks_all", codes, None, f"nothing else may be during {blocker}")

    def order(self, one: Placed, other: Placed) -> Iterator[Violation]:
        yield from self._order(one, other)
        yield from self._order(other, one)

    def _order(self, early: Placed, late: Placed) -> Iterator[Violation]:
        a, b = early[0], late[0]
        if a.session in late[1].after and a.session != b.session and b.start < a.end:
            yield Violation("order", _codes(a, b), None, f"{b.session} must start after {a.session} has ended")

    def groups(self, placed: list[Placed]) -> Iterator[Violation]:
        """Sessions that must start together, or share a room."""
        for group in self.problem.same_time:
            held = [placement for placement, session, _ in placed if session.code in group]
            if len({placement.start for placement in held}) > 1:
                codes = tuple(sorted({placement.session for placement in held}))
                yield Violation("same_time", codes, None, "must start at the same time")
        for group in self.problem.same_room:
            held = [placement for placement, session, _ in placed if session.code in group]
            if len({placement.room for placement in held}) > 1:
                codes = tuple(sorted({placement.session for placement in held}))
                yield Violation("same_room", codes, None, "must be in the same room")

    def limits(self, placed: list[Placed]) -> Iterator[Violation]:
        """How many at once."""
        rules = self.problem.rules
        interpreted = [placement for placement, session, _ in placed if session.needs_interpreters]
        parallel = [p for p, session, _ in placed if session.counts_as_parallel and not session.is_break]
        asked = [
            ("interpreters", rules.interpreter_teams, interpreted, ""),
            ("max_parallel", rules.max_parallel_open_sessions, parallel, ""),
        ]
        for kind, limit in rules.max_parallel_by_kind:
            asked.append(("kind_parallel", limit, [p for p, session, _ in placed if session.kind == kind], f" {kind}"))
        for rule, most, used, what in asked:
            if most is None:
                continue
            reported: set[tuple[str, ...]] = set()
            for moment in sorted({placement.start for placement in used}):
                running = tuple(sorted(p.session for p in used if p.start <= moment < p.end))
                if len(running) > most and running not in reported:
                    reported.add(running)
                    yield Violation(rule, running, None, f"{len(running)}{what} at minute {moment}, at most {most}")


def _codes(a: Placement, b: Placement) -> tuple[str, ...]:
    return tuple(sorted((a.session, b.session)))


def _space(rules: Rules, first: Placed, second: Placed, between: int) -> Iterator[Violation]:
    """Shared rooms and shared people: what takes a while between two sessions."""
    (a, session_a, room_a), (b, session_b, room_b) = first, second
    shared = room_a.occupies & room_b.occupies
    exclusive = not (room_a.allows_parallel_use or room_b.allows_parallel_use)
    if shared and exclusive and between < rules.room_changeover_minutes:
        yield Violation("room_double", _codes(a, b), min(shared), f"{between} minutes between two uses")
    if session_a.people.isdisjoint(session_b.people):
        return
    if shared:
        gap = 0  # nobody walks from a room to itself, or to a part of it
    elif room_a.distance_group == room_b.distance_group:
        gap = rules.person_gap_same_group_minutes
    else:
        gap = rules.person_gap_other_group_minutes
    for person in sorted(session_a.people & session_b.people):
        if between < gap:
            yield Violation("person_twice", _codes(a, b), None, f"{person} has {between} minutes instead of {gap}")
