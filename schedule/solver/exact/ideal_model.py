"""Can all that is wanted be had at once? A model of the timetables in which nothing costs more than it must.

Every session is at one of its cheapest starts in one of its cheapest rooms, no wishes clash, nobody idles, a track has
one room a day and no day has more than its share. So no goal is left to weigh, only rules: a wish clash is a pair kept
apart as two sessions of one speaker are. Those pairs are many where wishes are, and fit into few complete groups, of
which one runs at each moment. That decides so much that clause learning finds what no exchange of sessions comes near.
Mostly not all can be had, and counting says so: too little time in rooms, or a group that is longer than all days.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from itertools import chain

import numpy as np
from ortools.sat.python import cp_model

from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Session, Timetable, Weights

from .cliques import cover
from .counting import shortage
from .domains import Domains, Options
from .interval_model import TimetableModel
from .objective_terms import room_cost, time_cost
from .time_indexed_model import GivenUp, TimeIndexedModel

MOST_RULES = 2_000_000
"""A larger model is given up: with 1,100 sessions and 10,000 people's wishes 1.6 million took 1.5 GB to solve."""

_BESIDE, _PER_RULE = 600_000_000, 800
"""Bytes measured (2026-11): of all that is not this model, and of each of its rules while it is solved."""


def most_rules(memory: int) -> int:
    """How many a process may have that may map so many bytes; RLIM_INFINITY: as many as it likes."""
    if memory == resource.RLIM_INFINITY:
        return MOST_RULES
    return max(0, min(MOST_RULES, (memory - _BESIDE) // _PER_RULE))


class NotIdealError(Exception):
    """Something must cost more than it would alone: seen without a search."""


class IdealModel(TimeIndexedModel):
    """`cost` is what its timetables cost; none costs less. Raises NotIdealError, or GivenUp if `over` or too large."""

    def __init__(
        self,
        model: TimetableModel,
        demand: SeatDemand,
        weights: Weights,
        *,
        over: Callable[[], bool],
        previous: Timetable | None = None,
    ) -> None:
        self._most = most_rules(resource.getrlimit(resource.RLIMIT_AS)[0])
        cheapest = _Cheapest(model, demand, weights, previous)
        options = {session.code: cheapest.options(session) for session in model.problem.sessions}
        if not all(one.starts for one in options.values()):
            raise NotIdealError
        if shortage(Domains(model.problem, narrowed=options)) is not None:
            raise NotIdealError
        self.cost = cheapest.cost
        self._groups = _kept_apart(model, demand, weights)
        # Two that overlap both run when one of them starts.
        moments = sorted({start for one in options.values() for start in one.all_starts})
        super().__init__(model, demand, weights, moments, whole=True, over=over, previous=previous, options=options)
        self._idle()
        # What is left of the goal is the same for all.
        self.cp.clear_objective()  # type: ignore[no-untyped-call]  # OR-tools leaves this one method without types

    def _go_on(self) -> None:
        super()._go_on()
        if len(self.cp.proto.constraints) > self._most:
            raise GivenUp

    def _kept_apart(self, moment: int) -> None:
        """All at once with those whose wishes would clash, in `_clashes`."""

    def _clashes(self) -> None:
        running: dict[str, list[tuple[int, cp_model.IntVar]]] = {}
        for (code, moment), literal in self.running.items():
            running.setdefault(code, []).append((moment, literal))
        for group in self._groups:
            self._go_on()
            at: dict[int, list[cp_model.IntVar]] = {}
            for code in group:
                for moment, literal in running[code]:
                    at.setdefault(moment, []).append(literal)
            for literals in at.values():
                if len(literals) > 1:
                    self.cp.add_at_most_one(literals)

    def _tracks_and_days(self) -> None:
        today: dict[tuple[str, int], cp_model.IntVar] = {}
        for code, classes in self.classes.items():
            by_day: dict[int, list[cp_model.IntVar]] = {}
            for one in classes:
                by_day.setdefault(one.day, []).append(one.literal)
            for day, literals in by_day.items():
                today[code, day] = self.cp.new_bool_var(f"{code} on day {day}")
                self.cp.add(cp_model.LinearExpr.sum(literals) == today[code, day])
        if self.weights.track_rooms:
            for track in sorted({session.track for session in self.problem.sessions if session.track}):
                self._track(track, today)
        counted = [session.code for session in self.problem.sessions if not session.is_break]
        for day, share in enumerate(self.days.share) if self.weights.day_imbalance else ():
            here = [today[code, day] for code in counted if (code, day) in today]
            self.cp.add(cp_model.LinearExpr.sum(here) <= share)

    def _track(self, track: str, today: dict[tuple[str, int], cp_model.IntVar]) -> None:
        """One room a day."""
        held = [session.code for session in self.problem.sessions if session.track == track]
        for day in range(len(self.days.dates)):
            used: dict[str, cp_model.IntVar] = {}
            for code in held:
                for room, literal in self.in_room[code].items() if (code, day) in today else ():
                    if room not in used:
                        used[room] = self.cp.new_bool_var(f"{track} in {room} on day {day}")
                    self.cp.add_bool_or([~literal, ~today[code, day], used[room]])
            self.cp.add_at_most_one(used.values())

    def _idle(self) -> None:
        """Who has had a session on a day begins the next when one ends."""
        held: dict[str, list[Session]] = {}
        for session in self.problem.sessions if self.weights.person_gaps else ():
            for person in session.people:
                held.setdefault(person, []).append(session)
        for person, theirs in sorted(held.items()):
            if len(theirs) > 1:
                self._go_on()
                self._begin_when_one_ends(person, theirs)

    def _begin_when_one_ends(self, person: str, theirs: list[Session]) -> None:
        """A ladder for each day: a literal for each moment at which one of the sessions has already begun."""
        starting: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        ending: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for session in theirs:
            for one in self.classes[session.code]:
                start = one.starts[0]
                starting.setdefault((one.day, start), []).append(one.literal)
                ending.setdefault((one.day, start + session.duration), []).append(one.literal)
        begun: tuple[int, cp_model.IntVar] | None = None
        for day, minute in sorted(starting):
            if begun is not None and begun[0] == day:
                for literal in starting[day, minute]:
                    self.cp.add_bool_or([~literal, ~begun[1], *ending.get((day, minute), ())])
            following = self.cp.new_bool_var(f"{person} begun by {minute}")
            for literal in starting[day, minute]:
                self.cp.add_implication(literal, following)
            if begun is not None and begun[0] == day:
                self.cp.add_implication(begun[1], following)
            begun = day, following


def _kept_apart(model: TimetableModel, demand: SeatDemand, weights: Weights) -> list[list[str]]:
    """Groups of which one runs at a time, by the rules or by wishes. Raises NotIdealError if one is too long."""
    sessions = model.problem.sessions
    number = {session.code: index for index, session in enumerate(sessions)}
    joined = np.zeros((len(sessions), len(sessions)), np.bool_)
    wished = (pair for pair, people in demand.clash.items() if people * weights.wish_clashes)
    for first, second in chain(model.apart, wished):
        joined[number[first], number[second]] = joined[number[second], number[first]] = True
    minutes = sum(hours.end - hours.start for hours in model.problem.open_hours)
    found = cover(joined)
    if any(sum(sessions[one].duration for one in group) > minutes for group in found):
        raise NotIdealError
    return [[sessions[one].code for one in group] for group in found]


class _Cheapest:
    """Where and when each session costs least; `cost` adds up what that is of those that were asked about."""

    def __init__(self, model: TimetableModel, demand: SeatDemand, weights: Weights, previous: Timetable | None) -> None:
        self.cost = 0
        self._model, self._demand, self._weights = model, demand, weights
        self._days = Days(model.problem)
        self._before = {old.session: old for old in previous or ()}

    def options(self, session: Session) -> Options:
        """None at all where no cheapest room is free at a cheapest start."""
        starts = self._model.domains.options[session.code].starts
        old = self._before.get(session.code)
        weights = self._weights
        rooms = {
            code: room_cost(self._demand, weights, session, self._model.domains.rooms[code])
            + weights.moved_rooms * (old is not None and old.room != code)
            for code in starts
        }
        times = {
            start: time_cost(self._days, weights, session, start)
            + weights.moved_times * (old is not None and old.start != start)
            for start in self._model.domains.options[session.code].all_starts
        }
        room_least, time_least = min(rooms.values()), min(times.values())
        self.cost += room_least + time_least
        cheap = {
            code: tuple(start for start in possible if times[start] == time_least)
            for code, possible in starts.items()
            if rooms[code] == room_least
        }
        return Options({code: possible for code, possible in cheap.items() if possible})
