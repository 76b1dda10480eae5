"""Can all that is wanted be had at once? A model of the timetables in which nothing costs more than it must.

Every session is at one of its cheapest starts in one of its cheapest rooms, no wishes clash, nobody idles, a track has one
room a day and no day has more than its share. So no goal is left to weigh, only rules: a wish clash is a pair kept apart
as two sessions of one speaker are. Those pairs are many where wishes are, and fit into few complete groups, of which one
runs at each moment; that decides so much that clause learning finds what no exchange of sessions comes near, or refuses
at once. Nothing can be better than a timetable it finds.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
from ortools.sat.python import cp_model

from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Session, Timetable, Weights

from .cliques import cover
from .domains import Options
from .interval_model import TimetableModel
from .objective_terms import room_cost, time_cost
from .time_indexed_model import TimeIndexedModel


class NotIdealError(Exception):
    """Something must cost more than it would alone: seen without a search."""


class IdealModel(TimeIndexedModel):
    """`cost` is what its timetables cost; none costs less. Raises NotIdealError, or GivenUp as soon as `over` says so."""

    def __init__(
        self,
        model: TimetableModel,
        demand: SeatDemand,
        weights: Weights,
        *,
        over: Callable[[], bool],
        previous: Timetable | None = None,
    ) -> None:
        cheapest = _Cheapest(model, demand, weights, previous)
        options = {session.code: cheapest.options(session) for session in model.problem.sessions}
        if not all(one.starts for one in options.values()):
            raise NotIdealError
        self.cost = cheapest.cost
        self._started: dict[tuple[str, int, int], cp_model.IntVar | None] = {}
        # Two that overlap both run when one of them starts.
        moments = sorted({start for one in options.values() for start in one.all_starts})
        super().__init__(
            model, demand, weights, moments, whole=True, over=over, previous=previous, options=options
        )
        self._idle()
        self.cp.clear_objective()  # what is left of it is the same for all

    def _kept_apart(self, moment: int) -> None:
        """All at once with those whose wishes would clash, in `_clashes`."""

    def _clashes(self) -> None:
        number = {code: index for index, code in enumerate(self.sessions)}
        codes = list(self.sessions)
        joined = np.zeros((len(codes), len(codes)), np.bool_)
        wished = (pair for pair, people in self.demand.clash.items() if people * self.weights.wish_clashes)
        for first, second in chain(self.apart, wished):
            joined[number[first], number[second]] = joined[number[second], number[first]] = True
        minutes = sum(hours.end - hours.start for hours in self.problem.open_hours)
        for group in cover(joined):
            self._go_on()
            if sum(self.sessions[codes[one]].duration for one in group) > minutes:
                raise NotIdealError
            for moment in self.moments:
                running = [self.running[codes[one], moment] for one in group if (codes[one], moment) in self.running]
                if len(running) > 1:
                    self.cp.add_at_most_one(running)

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
        for _, theirs in sorted(held.items()):
            for session in theirs:
                others = [other for other in theirs if other is not session]
                for one in self.classes[session.code] if others else ():
                    self._go_on()
                    begins, day = one.starts[0], one.day
                    ending = [
                        other_one.literal
                        for other in others
                        for other_one in self.classes[other.code]
                        if other_one.day == day and other_one.starts[0] + other.duration == begins
                    ]
                    for other in others:
                        before = self._before(other.code, day, begins)
                        if before is not None:
                            self.cp.add_bool_or([~one.literal, ~before, *ending])

    def _before(self, code: str, day: int, begins: int) -> cp_model.IntVar | None:
        """A literal that is true where the session starts that day before a minute; None where it cannot."""
        key = code, day, begins
        if key not in self._started:
            earlier = [one.literal for one in self.classes[code] if one.day == day and one.starts[0] < begins]
            self._started[key] = self.cp.new_bool_var(f"{code} before {begins}") if earlier else None
            for literal in earlier:
                self.cp.add_implication(literal, self._started[key])
        return self._started[key]


class _Cheapest:
    """Where and when each session costs least; `cost` adds up what that is of those that were asked about."""

    def __init__(
        self, model: TimetableModel, demand: SeatDemand, weights: Weights, previous: Timetable | None
    ) -> None:
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
