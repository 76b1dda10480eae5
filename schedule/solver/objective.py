"""How good a timetable is: named terms, each a whole number where less is better.

wish_clashes         for every attendee and every two wished sessions at the same time: the weight of the lesser wish
unseated             people who wish a session beyond what its room (and the session's own cap) can seat
empty_seats          seats beyond what is expected or wished
off_half_hour        sessions that do not start on the hour or half hour
off_core_hours       sessions partly outside the core hours of their day
off_preferred_times  sessions outside all the times they prefer
off_preferred_rooms  sessions outside all the rooms they prefer
track_rooms          for every track and day: rooms used beyond the first
person_gaps          for every person and day: minutes between the first start and the last end spent in no session
day_imbalance        for every day: sessions (no breaks) beyond its share, which goes by its opening hours
moved_times          sessions at another time than in the previous timetable
moved_rooms          sessions in another room than in the previous timetable
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from .problem import Problem, Room, Session, Timetable, Weights

__all__ = ["Days", "SeatDemand", "Weights", "measurable", "measure"]


class SeatCounts:
    """How many people wish for each session, and what that asks of its room."""

    def __init__(self, people: Counter[str]) -> None:
        self.people = people

    def wanted(self, session: Session) -> int:
        """People who would come if there were room, within the session's own cap."""
        people = self.people[session.code]
        return people if session.capacity_cap is None else min(people, session.capacity_cap)

    def unseated(self, session: Session, room: Room) -> int:
        return max(0, self.wanted(session) - room.capacity)

    def empty_seats(self, session: Session, room: Room) -> int:
        """Seats left over; a session that expects nobody, and a room shared in parallel, has no seats to waste."""
        needed = max(session.seats, self.wanted(session))
        if room.allows_parallel_use or needed == 0:
            return 0
        return max(0, room.capacity - needed)


class SeatDemand(SeatCounts):
    """The attendees' wishes, summed up: clash weight by pair of sessions, and people by session."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(Counter())
        self._codes = [session.code for session in problem.sessions]
        order = {code: index for index, code in enumerate(self._codes)}
        by_length: dict[int, list[list[tuple[int, int]]]] = {}
        for attendee in problem.attendees:
            wishes = sorted((order[code], weight) for code, weight in attendee.wishes)
            by_length.setdefault(len(wishes), []).append(wishes)
        people = np.zeros(len(self._codes), np.int64)
        # Every two wishes of one attendee, a column each: the attendee, both sessions, the weight of the lesser wish.
        pairs, seen = [np.zeros((4, 0), np.int64)], 0
        for length, rows in by_length.items():
            table = np.array(rows, np.int64).reshape(len(rows), length, 2)
            session, weight = table[:, :, 0], table[:, :, 1]
            who = np.arange(seen, seen + len(rows))
            seen += len(rows)
            people += np.bincount(session.ravel(), minlength=len(self._codes))
            for first, second in combinations(range(length), 2):
                lesser = np.minimum(weight[:, first], weight[:, second])
                pairs.append(np.stack((who, session[:, first], session[:, second], lesser)))
        self._who, self._first, self._second, self._lesser = np.concatenate(pairs, axis=1)
        for index in np.flatnonzero(people):
            self.people[self._codes[index]] = int(people[index])

    @cached_property
    def clash(self) -> Counter[tuple[str, str]]:
        """The weight of every two sessions that somebody wishes both of, in the order of the problem."""
        count = len(self._codes)
        both, where = np.unique(self._first * count + self._second, return_inverse=True)
        # Whole numbers far below 2 ** 53.
        weights = np.bincount(where, weights=self._lesser, minlength=len(both))
        return Counter(
            {
                (self._codes[int(pair) // count], self._codes[int(pair) % count]): int(weight)
                for pair, weight in zip(both, weights, strict=True)
                if weight
            }
        )

    def clash_weight(self, timetable: Timetable) -> int:
        """For every attendee and every two wished sessions at the same time: the weight of the lesser wish."""
        return int(self._lesser[self._at_once(timetable)].sum())

    def overlaps(self, timetable: Timetable) -> tuple[int, int]:
        """How many attendees wish for sessions that are at the same time, and how many such pairs there are."""
        at_once = self._at_once(timetable)
        return len(np.unique(self._who[at_once])), int(at_once.sum())

    def _at_once(self, timetable: Timetable) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which pairs of wishes overlap. A session without a time overlaps with none."""
        at = {placement.session: placement for placement in timetable}
        spans = [(at[code].start, at[code].end) if code in at else (0, -1) for code in self._codes]
        start, end = np.array(spans, np.int64).reshape(len(self._codes), 2).T
        both_placed = (start <= end)[self._first] & (start <= end)[self._second]
        overlap = (start[self._first] < end[self._second]) & (start[self._second] < end[self._first])
        return np.asarray(both_placed & overlap)


class Days:
    """The conference's days: which one a minute belongs to, its core hours, and its share of the sessions."""

    def __init__(self, problem: Problem) -> None:
        windows = sorted(problem.windows, key=lambda window: window.hours)
        self.dates: list[date] = sorted({window.day for window in windows})
        self._starts = [window.hours.start for window in windows]
        self._windows = windows
        number = {day: index for index, day in enumerate(self.dates)}
        self._numbers = [number[window.day] for window in windows]
        open_minutes = [0] * len(self.dates)
        for window, index in zip(windows, self._numbers, strict=True):
            open_minutes[index] += window.hours.end - window.hours.start
        count = sum(1 for session in problem.sessions if not session.is_break)
        whole = sum(open_minutes) or 1
        self.share = [-(-count * minutes // whole) for minutes in open_minutes]

    def number(self, minute: int) -> int:
        """The index in `dates` of the day whose hours began last before `minute`; 0 where no day is open at all."""
        return self._numbers[max(0, bisect_right(self._starts, minute) - 1)] if self._numbers else 0

    def off_core(self, start: int, end: int) -> bool:
        window = self._windows[max(0, bisect_right(self._starts, start) - 1)] if self._windows else None
        core = None if window is None else window.core
        return core is not None and not (core.start <= start and end <= core.end)


def off_preferred_time(session: Session, start: int) -> bool:
    end = start + session.duration
    return bool(session.preferred_times) and not any(t.start <= start and end <= t.end for t in session.preferred_times)


def off_preferred_room(session: Session, room: str) -> bool:
    return bool(session.preferred_rooms) and room not in session.preferred_rooms


def gap_minutes(times: Iterable[tuple[int, int]], days: Days) -> int:
    """Idle minutes of one person between the first start and the last end of each day; `times` are (start, end)."""
    by_day: dict[int, list[tuple[int, int]]] = {}
    for start, end in times:
        by_day.setdefault(days.number(start), []).append((start, end))
    return sum(
        max(0, max(end for _, end in held) - min(start for start, _ in held) - sum(end - start for start, end in held))
        for held in by_day.values()
    )


def measurable(problem: Problem, timetable: Timetable) -> bool:
    """Is every session in a room that is known? Whatever else is wrong with it."""
    rooms = {room.code for room in problem.rooms}
    return {one.session for one in timetable if one.room in rooms} == {one.code for one in problem.sessions}


def measure(
    problem: Problem, timetable: Timetable, *, demand: SeatDemand | None = None, previous: Timetable | None = None
) -> dict[str, int]:
    """All terms, of the sessions that have a time in it. Without `previous` the two stability terms are 0.

    How good a timetable is can be said of a complete one only.
    """
    demand = demand or SeatDemand(problem)
    days = Days(problem)
    rooms = {room.code: room for room in problem.rooms}
    sessions = {session.code: session for session in problem.sessions}
    at = {placement.session: placement for placement in timetable}
    before = {placement.session: placement for placement in previous or ()}
    kept = [(at[code], old) for code, old in before.items() if code in at]
    track_rooms = {
        (sessions[p.session].track, days.number(p.start), p.room) for p in timetable if sessions[p.session].track
    }
    times: dict[str, list[tuple[int, int]]] = {}
    for p in timetable:
        for person in sessions[p.session].people:
            times.setdefault(person, []).append((p.start, p.end))
    held = Counter(days.number(p.start) for p in timetable if not sessions[p.session].is_break)
    return {
        "wish_clashes": demand.clash_weight(timetable),
        "unseated": sum(demand.unseated(sessions[p.session], rooms[p.room]) for p in timetable),
        "empty_seats": sum(demand.empty_seats(sessions[p.session], rooms[p.room]) for p in timetable),
        "off_half_hour": sum(1 for p in timetable if p.start % 30),
        "off_core_hours": sum(days.off_core(p.start, p.end) for p in timetable),
        "off_preferred_times": sum(off_preferred_time(sessions[p.session], p.start) for p in timetable),
        "off_preferred_rooms": sum(off_preferred_room(sessions[p.session], p.room) for p in timetable),
        "track_rooms": len(track_rooms) - len({(track, day) for track, day, _ in track_rooms}),
        "person_gaps": sum(gap_minutes(spans, days) for spans in times.values()),
        "day_imbalance": sum(max(0, held[day] - share) for day, share in enumerate(days.share)),
        "moved_times": sum(1 for new, old in kept if new.start != old.start),
        "moved_rooms": sum(1 for new, old in kept if new.room != old.room),
    }
