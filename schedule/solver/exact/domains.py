"""Where and when each session may be on its own, before it meets the others. Used by the model and the local search.

A rule can be left out (`Active`), which is how `explain.infeasible_subset` finds the rules that fight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schedule.solver.problem import Interval, Pin, Problem, Room, Session

RuleKey = tuple[str, ...]
"""A rule and whom it concerns: ("person_away", person), ("order", earlier, later), ("max_parallel",)..."""

Active = Callable[[RuleKey], bool]


def all_rules(key: RuleKey) -> bool:
    """Every rule holds."""
    del key
    return True


@dataclass(frozen=True)
class Options:
    """A session's possible starts (minutes, ascending) by room; rooms without any are left out."""

    starts: dict[str, tuple[int, ...]]

    @property
    def all_starts(self) -> tuple[int, ...]:
        return tuple(sorted({start for starts in self.starts.values() for start in starts}))


class Alone:
    """What a session may do on its own under the active rules, asked one by one."""

    def __init__(self, problem: Problem, active: Active = all_rules) -> None:
        self.problem = problem
        self.active = active
        self.rooms = {room.code: room for room in problem.rooms}
        self.people = {person.code: person for person in problem.people}
        self.bodies = {body.code: body for body in problem.bodies}
        self.horizon = Interval(
            min((window.hours.start for window in problem.windows), default=0),
            max((window.hours.end for window in problem.windows), default=0),
        )
        self.hours = problem.open_hours
        self.pins: dict[str, list[Pin]] = {}
        for pin in problem.pins:
            self.pins.setdefault(pin.session, []).append(pin)
        self._opens = {room.code: self._open(room) for room in problem.rooms}
        self._closes = {room.code: self._closed(room) for room in problem.rooms}

    def seated(self, session: Session, room: Room) -> bool:
        return room.capacity >= session.seats

    def suits(self, session: Session, room: Room) -> bool:
        """May `session` be in `room` at all, whatever the time?"""
        on = self.active
        return not (
            (session.fixed_room not in {None, room.code} and on(("fixed_room", session.code)))
            or (self._pinned_elsewhere(session, room) and on(("pinned", session.code)))
            or (not self.seated(session, room) and on(("room_too_small", session.code)))
            or (not session.required_features <= room.features and on(("room_feature", session.code)))
            or (room.breaks_only and not session.is_break and on(("breaks_only", session.code)))
        )

    def _pinned_elsewhere(self, session: Session, room: Room) -> bool:
        return any(pin.room not in {None, room.code} for pin in self.pins.get(session.code, ()))

    def _open(self, room: Room) -> list[tuple[Interval, ...]]:
        """The opening times of the room and its parts, each of which must hold a session whole."""
        codes = [code for code in sorted({room.code} | room.parts) if self.rooms[code].open]
        return [self.rooms[code].open for code in codes if self.active(("room_hours", code))]

    def _closed(self, room: Room) -> list[Interval]:
        found: list[Interval] = []
        for code in sorted({room.code} | room.parts):
            if self.rooms[code].closed and self.active(("room_closed", code)):
                found.extend(self.rooms[code].closed)
        return found

    def _away(self, session: Session) -> list[Interval]:
        found: list[Interval] = []
        for code in sorted(session.people):
            if self.people[code].away and self.active(("person_away", code)):
                found.extend(self.people[code].away)
        for code in session.bodies:
            body = self.bodies[code]
            if body.single_team and body.away and self.active(("body_away", code)):
                found.extend(body.away)
        return found

    def times(self, session: Session) -> list[int]:
        """Starts allowed by everything except the room."""
        slot, length = self.problem.rules.slot_minutes, session.duration
        fixed = session.fixed_start
        pinned = {pin.start for pin in self.pins.get(session.code, ()) if pin.start is not None}
        if pinned and not self.active(("pinned", session.code)):
            pinned = set()
        hours = self.hours
        within_hours = self.active(("hours", session.code))
        # What is fixed or pinned may be anywhere between the lines of the grid.
        given = pinned if fixed is None or not self.active(("fixed_start", session.code)) else {fixed}
        if given:
            starts = sorted(given)
            if within_hours:
                starts = [t for t in starts if any(h.start <= t and t + length <= h.end for h in hours)]
        elif within_hours:
            starts = sorted({t for h in hours for t in range(-(-h.start // slot) * slot, h.end - length + 1, slot)})
        else:
            first = -(-self.horizon.start // slot) * slot
            # A session longer than the conference gets one start, so that it is the opening hours that refuse it.
            starts = list(range(first, max(first, self.horizon.end - length) + 1, slot))
        if session.not_before is not None and self.active(("not_before", session.code)):
            starts = [t for t in starts if t >= session.not_before]
        if session.not_after is not None and self.active(("not_after", session.code)):
            starts = [t for t in starts if t + length <= session.not_after]
        if pinned:
            starts = [t for t in starts if pinned == {t}]
        away = self._away(session)
        return [t for t in starts if _free(t, length, away)] if away else starts

    def room_free(self, room: Room, start: int, end: int) -> bool:
        """Is the room open, with its parts, from `start` to `end`?"""
        return _free(start, end - start, self._closes[room.code]) and all(
            any(opening.start <= start and end <= opening.end for opening in hours) for hours in self._opens[room.code]
        )

    def while_free(self, room: Room, starts: tuple[int, ...], length: int) -> tuple[int, ...]:
        """Those starts at which the room, with its parts, is open for so many minutes."""
        if not (self._closes[room.code] or self._opens[room.code]):
            return starts
        return tuple(start for start in starts if self.room_free(room, start, start + length))


class Domains(Alone):
    """The options of every session under the active rules, or those it is `narrowed` to."""

    def __init__(
        self, problem: Problem, active: Active = all_rules, narrowed: Mapping[str, Options] | None = None
    ) -> None:
        super().__init__(problem, active)
        narrow = narrowed or {}
        self.options = {
            session.code: narrow[session.code] if session.code in narrow else self._options(session)
            for session in problem.sessions
        }

    def _options(self, session: Session) -> Options:
        times = tuple(self.times(session))
        found = {}
        for room in self.problem.rooms:
            if self.suits(session, room):
                starts = self.while_free(room, times, session.duration)
                if starts:
                    found[room.code] = starts
        return Options(found)


def _free(start: int, length: int, blocked: list[Interval]) -> bool:
    return not any(start < interval.end and interval.start < start + length for interval in blocked)
