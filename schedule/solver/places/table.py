"""A problem as arrays of its sessions and rooms: what binds one session to the others, read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schedule.solver.objective import Days, SeatCounts
from schedule.solver.problem import Attendee, Problem, Session
from schedule.solver.verify import Reader

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NOBODY: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Bonds:
    """The numbers of the sessions that are bound to one, by what binds them; itself may be among them."""

    people: Ints
    teams: Ints
    apart: Ints
    """Those that must not be at the same time, whichever of the two says so."""
    blocking: Ints
    """Those beside which nothing may be."""
    earlier: Ints
    later: Ints
    same_time: Ints
    same_room: Ints
    track: Ints
    limits: tuple[tuple[str, int, Ints], ...]
    """(rule, most at once, the sessions that count with it)."""


class SessionTable:
    """Sessions and rooms by number, in the order of the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.reader = Reader(problem)
        self.days = Days(problem)
        self.sessions = problem.sessions
        self.number = {session.code: index for index, session in enumerate(problem.sessions)}
        self.rooms = problem.rooms
        self.room_number = {room.code: index for index, room in enumerate(problem.rooms)}
        self.shared: Bools = _table([[not a.occupies.isdisjoint(b.occupies) for b in self.rooms] for a in self.rooms])
        alone = np.array([not room.allows_parallel_use for room in self.rooms], bool)
        self.exclusive: Bools = self.shared & alone[:, None] & alone[None, :]
        rules = problem.rules
        same = _table([[a.distance_group == b.distance_group for b in self.rooms] for a in self.rooms])
        away = np.where(same, rules.person_gap_same_group_minutes, rules.person_gap_other_group_minutes)
        self.walk: Ints = np.where(self.shared, 0, away).astype(np.int64)
        self.wishes = WishTable(problem.attendees, self.number)
        self.seats = SeatCounts(Counter({s.code: int(self.wishes.people[i]) for i, s in enumerate(self.sessions)}))
        sessions = list(enumerate(self.sessions))
        teams = self.reader.teams.keys()
        self.by_person = _held_by((index, one.people) for index, one in sessions)
        self.counted = _numbers(index for index, one in sessions if not one.is_break)
        self._by_team = _held_by((index, teams & set(one.bodies)) for index, one in sessions)
        self._by_track = _held_by((index, [one.track] if one.track else ()) for index, one in sessions)
        self._apart = _held_by((index, one.not_parallel_with) for index, one in sessions)
        self._after = _held_by((index, one.after) for index, one in sessions)
        self._blockers = _numbers(index for index, one in sessions if one.blocks_all)
        self._limits = list(self._read_limits())
        self._bonds: dict[str, Bonds] = {}

    def bonds(self, session: Session) -> Bonds:
        """What binds a session to others; worked out once."""
        if session.code not in self._bonds:
            self._bonds[session.code] = self._read_bonds(session)
        return self._bonds[session.code]

    def _read_bonds(self, session: Session) -> Bonds:
        code, problem = session.code, self.problem
        return Bonds(
            people=_union(self.by_person[person] for person in session.people),
            teams=_union(self._by_team.get(body, NOBODY) for body in session.bodies),
            apart=_union([self._coded(session.not_parallel_with), self._apart.get(code, NOBODY)]),
            blocking=self._blockers,
            earlier=self._coded(session.after),
            later=self._after.get(code, NOBODY),
            same_time=_union(self._coded(group) for group in problem.same_time if code in group),
            same_room=_union(self._coded(group) for group in problem.same_room if code in group),
            track=self._by_track.get(session.track, NOBODY),
            limits=tuple(limit for limit in self._limits if self.number[code] in set(limit[2].tolist())),
        )

    def _coded(self, codes: Iterable[str]) -> Ints:
        return _numbers(self.number[code] for code in codes)

    def _read_limits(self) -> Iterable[tuple[str, int, Ints]]:
        """(rule, most at once, the sessions that count), as `verify.Reader.limits` has them."""
        rules, sessions = self.problem.rules, list(enumerate(self.sessions))
        if rules.interpreter_teams is not None:
            interpreted = _numbers(index for index, one in sessions if one.needs_interpreters)
            yield "interpreters", rules.interpreter_teams, interpreted
        if rules.max_parallel_open_sessions is not None:
            parallel = _numbers(index for index, one in sessions if one.counts_as_parallel and not one.is_break)
            yield "max_parallel", rules.max_parallel_open_sessions, parallel
        for kind, most in rules.max_parallel_by_kind:
            yield "kind_parallel", most, _numbers(index for index, one in sessions if one.kind == kind)


class WishTable:
    """All wishes one after the other, and those of each session and each attendee."""

    def __init__(self, attendees: Sequence[Attendee], number: Mapping[str, int]) -> None:
        self._sessions = np.fromiter((number[code] for one in attendees for code, _ in one.wishes), np.int64)
        self._weights = np.fromiter((weight for one in attendees for _, weight in one.wishes), np.int64)
        counts = np.fromiter((len(one.wishes) for one in attendees), np.int64, len(attendees))
        self._attendee = np.repeat(np.arange(len(attendees)), counts)
        self._begins = np.concatenate(([0], np.cumsum(counts)))
        self.people: Ints = np.bincount(self._sessions, minlength=len(number)).astype(np.int64)
        self._order = np.argsort(self._sessions, kind="stable")
        self._first = np.concatenate(([0], np.cumsum(self.people)))
        self._rows: dict[int, tuple[Ints, Ints]] = {}

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Every two sessions somebody wishes both of, in both orders, with the weight of the lesser wish; once for
        each who does."""
        counts = np.diff(self._begins)[self._attendee]
        theirs = _runs(self._begins[self._attendee], counts)
        first, second = np.repeat(self._sessions, counts), self._sessions[theirs]
        lesser = np.minimum(np.repeat(self._weights, counts), self._weights[theirs])
        two = first != second
        return first[two], second[two], lesser[two]

    def with_each(self, session: int) -> Ints:
        """What it costs to have a session at the same time as each of the others."""
        numbers, weights = self.clashes(session)
        found = np.zeros(len(self.people), np.int64)
        found[numbers] = weights
        return found

    def clashes(self, session: int) -> tuple[Ints, Ints]:
        """The sessions whose wishers wish for this one too, and what it costs them to have both at the same time: the
        weight of the lesser wish."""
        if session not in self._rows:
            row = self._clashes(session)
            numbers = np.flatnonzero(row)
            self._rows[session] = numbers, row[numbers]
        return self._rows[session]

    def _clashes(self, session: int) -> Ints:
        mine = self._order[self._first[session] : self._first[session + 1]]
        begins = self._begins[self._attendee[mine]]
        counts = self._begins[self._attendee[mine] + 1] - begins
        theirs = _runs(begins, counts)
        lesser = np.minimum(np.repeat(self._weights[mine], counts), self._weights[theirs])
        # Whole numbers far below 2 ** 53.
        found = np.bincount(self._sessions[theirs], weights=lesser, minlength=len(self.people)).astype(np.int64)
        found[session] = 0
        return found


def _runs(begins: Ints, counts: Ints) -> Ints:
    """begin, begin + 1, ... as many as it counts, of one after the other."""
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(np.repeat(begins, counts) + within)


def _held_by(held: Iterable[tuple[int, Collection[str]]]) -> dict[str, Ints]:
    """Who or what is held -> the numbers that hold it."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, codes in held:
        for code in codes:
            found[code].append(index)
    return {code: np.array(numbers, np.int64) for code, numbers in found.items()}


def _numbers(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)


def _union(several: Iterable[Ints]) -> Ints:
    """Each number once."""
    return np.unique(np.concatenate([NOBODY, *several]))


def _table(rows: list[list[bool]]) -> Bools:
    return np.array(rows, bool).reshape(len(rows), len(rows))
