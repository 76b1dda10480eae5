"""A time-indexed model that looks at a timetable at chosen moments only: bounds on wish clashes, and proofs.

Two sessions that run at the same moment overlap; so whatever is true of the chosen moments is true of the timetable.
Starts of a session that look alike at all of them are one class, with one literal. Few moments make a small model
whose optimum is a bound; with every moment of the grid (and classes of one start) the model says all that the rules
say, and its optimum is a timetable. What it leaves out (walking where classes hold several starts, idle time) only
makes the bound lower.

Why it is not the interval model: there, an overlap follows from comparing start variables, and neither the linear
relaxation nor the search sees a clash before the starts are fixed. Here it is one clause per moment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Placement, Session, Timetable, Weights

from .domains import Options
from .interval_model import TimetableModel, limits
from .objective_terms import room_cost, time_cost


@dataclass(frozen=True)
class _Class:
    """Starts of one session that look alike, and the literal that it is one of them."""

    starts: tuple[int, ...]
    running: tuple[int, ...]
    using: tuple[int, ...]
    day: int
    literal: cp_model.IntVar


def stabbing_moments(model: TimetableModel, codes: set[str]) -> list[int]:
    """The fewest moments such that each of these sessions runs at one of them, wherever it is placed."""
    slot = model.problem.rules.slot_minutes
    spans = {
        (start + session.duration, start)
        for session in model.problem.sessions
        if session.code in codes
        for start in model.domains.options[session.code].all_starts
    }
    found: list[int] = []
    for end, start in sorted(spans):
        if not found or found[-1] < start:
            # The last minute of the grid at which a session that ends here still runs.
            found.append(start + (end - start - 1) // slot * slot)
    return found


def grid_moments(model: TimetableModel, step: int) -> list[int]:
    """Every `step` minutes of the opening hours, and every start between: two that overlap both run when one starts."""
    between = {start for options in model.domains.options.values() for start in options.all_starts if start % step}
    return sorted(
        between
        | {
            minute
            for window in model.problem.windows
            for minute in range(-(-window.hours.start // step) * step, window.hours.end, step)
        }
    )


class GivenUp(Exception):
    """The time was over, or somebody said stop, before the model was built."""


class TimeIndexedModel:
    """The problem at `moments`; `whole` if they and single starts say all that the hard rules say."""

    def __init__(
        self,
        model: TimetableModel,
        demand: SeatDemand,
        weights: Weights,
        moments: Sequence[int],
        *,
        whole: bool,
        over: Callable[[], bool],
        previous: Timetable | None = None,
        options: Mapping[str, Options] | None = None,
    ) -> None:
        """Raises `GivenUp` as soon as `over` says so. `options` are fewer than the sessions have in `model`."""
        self.over = over
        self.model = model
        self.problem = model.problem
        self.demand = demand
        self.weights = weights
        self.whole = whole
        self.options = options or model.domains.options
        self.moments = sorted(moments)
        self.cp = cp_model.CpModel()
        self.days = Days(self.problem)
        self.sessions = {session.code: session for session in self.problem.sessions}
        self.apart = sorted(model.apart)
        self.before = {old.session: old for old in previous or () if old.session in self.sessions}
        self.classes: dict[str, list[_Class]] = {}
        self.in_room: dict[str, dict[str, cp_model.IntVar]] = {}
        self.running: dict[tuple[str, int], cp_model.IntVar] = {}
        self.using: dict[tuple[str, int], cp_model.IntVar] = {}
        self.goal: list[cp_model.LinearExprT] = []
        for session in self.problem.sessions:
            self._place(session)
        self._at_moments()
        self._between_classes()
        self._clashes()
        self._tracks_and_days()
        if self.goal:
            self.cp.minimize(cp_model.LinearExpr.sum(self.goal))

    def _go_on(self) -> None:
        """Asked at every step that takes more than a moment with many sessions or starts."""
        if self.over():
            raise GivenUp

    def hint(self, timetable: Timetable) -> None:
        """Suggest a timetable."""
        for placement in timetable:
            for one in self.classes[placement.session]:
                self.cp.add_hint(one.literal, placement.start in one.starts)
            for room, literal in self.in_room[placement.session].items():
                self.cp.add_hint(literal, room == placement.room)

    def timetable(self, solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Timetable:
        """The solution at hand with the first start of each class: right if it is `whole`, else a beginning."""
        found = []
        for session in self.problem.sessions:
            start = next(one.starts[0] for one in self.classes[session.code] if solver.boolean_value(one.literal))
            room = next(code for code, lit in self.in_room[session.code].items() if solver.boolean_value(lit))
            found.append(Placement(session.code, start, start + session.duration, room))
        return tuple(sorted(found))

    def _place(self, session: Session) -> None:
        self._go_on()
        options = self.options[session.code]
        changeover = self.problem.rules.room_changeover_minutes
        alike: dict[tuple[tuple[int, ...], tuple[int, ...], int, int], list[int]] = {}
        for start in options.all_starts:
            end = start + session.duration
            running, using = self._moments(start, end), self._moments(start, end + changeover)
            single = start if self.whole else 0
            alike.setdefault((running, using, self.days.number(start), single), []).append(start)
        classes = [
            _Class(tuple(starts), running, using, day, self.cp.new_bool_var(f"{session.code} from {starts[0]}"))
            for (running, using, day, _), starts in alike.items()
        ]
        self.cp.add_exactly_one(one.literal for one in classes)
        self.classes[session.code] = classes
        self._say_when(session.code, classes)
        self._place_in_rooms(session, classes)
        old = self.before.get(session.code)
        for one in classes:
            cost = min(
                time_cost(self.days, self.weights, session, start)
                + self.weights.moved_times * (old is not None and old.start != start)
                for start in one.starts
            )
            if cost:
                self.goal.append(cost * one.literal)

    def _say_when(self, code: str, classes: list[_Class]) -> None:
        """At which moments the session runs and uses its room; one literal for both where they are the same."""
        known: dict[tuple[int, ...], cp_model.IntVar] = {}
        for place, at in ((self.running, "running"), (self.using, "using")):
            found: dict[int, list[cp_model.IntVar]] = {}
            for one in classes:
                for moment in getattr(one, at):
                    found.setdefault(moment, []).append(one.literal)
            for moment, literals in sorted(found.items()):
                key = tuple(literal.index for literal in literals)
                if key not in known:
                    known[key] = literals[0]
                    if len(literals) > 1:
                        known[key] = self.cp.new_bool_var("")
                        self.cp.add(cp_model.LinearExpr.sum(literals) == known[key])
                place[code, moment] = known[key]

    def _place_in_rooms(self, session: Session, classes: list[_Class]) -> None:
        old = self.before.get(session.code)
        rooms: dict[str, cp_model.IntVar] = {}
        for code, starts in self.options[session.code].starts.items():
            rooms[code] = self.cp.new_bool_var(f"{session.code} in {code}")
            allowed = set(starts)
            for one in classes:
                if allowed.isdisjoint(one.starts):
                    self.cp.add_bool_or([~rooms[code], ~one.literal])
            cost = room_cost(self.demand, self.weights, session, self.model.domains.rooms[code])
            cost += self.weights.moved_rooms * (old is not None and old.room != code)
            if cost:
                self.goal.append(cost * rooms[code])
        self.cp.add_exactly_one(rooms.values())
        self.in_room[session.code] = rooms

    def _moments(self, start: int, end: int) -> tuple[int, ...]:
        """Those at which who runs from `start` to `end` is there."""
        return tuple(self.moments[bisect_left(self.moments, start) : bisect_left(self.moments, end)])

    def _at_moments(self) -> None:
        """Rooms, people, pairs kept apart and limits, at every moment."""
        counted = [(limit, {session.code for session in used}) for _, limit, used in limits(self.problem)]
        for moment in self.moments:
            self._go_on()
            here = [code for code in self.sessions if (code, moment) in self.running]
            for limit, codes in counted:
                used = [self.running[code, moment] for code in here if code in codes]
                if len(used) > limit:
                    self.cp.add(cp_model.LinearExpr.sum(used) <= limit)
            self._kept_apart(moment)
            self._rooms(moment)

    def _kept_apart(self, moment: int) -> None:
        for first, second in self.apart:
            if (first, moment) in self.running and (second, moment) in self.running:
                self.cp.add_bool_or([~self.running[first, moment], ~self.running[second, moment]])

    def _rooms(self, moment: int) -> None:
        rooms = self.model.domains.rooms
        users: dict[str, list[cp_model.IntVar]] = {}
        for code in self.sessions:
            if (code, moment) not in self.using:
                continue
            by_atom: dict[str, list[cp_model.IntVar]] = {}
            for room, literal in self.in_room[code].items():
                for atom in () if rooms[room].allows_parallel_use else sorted(rooms[room].occupies):
                    by_atom.setdefault(atom, []).append(literal)
            for atom, literals in by_atom.items():
                use = self.using[code, moment]
                if len(literals) < len(self.in_room[code]):
                    use = self.cp.new_bool_var("")
                    for literal in literals:
                        self.cp.add_bool_or([~literal, ~self.using[code, moment], use])
                users.setdefault(atom, []).append(use)
        for uses in users.values():
            if len(uses) > 1:
                self.cp.add_at_most_one(uses)

    def _between_classes(self) -> None:
        """Order, sessions that start together or share a room, and (between single starts) time to walk."""
        for session in self.problem.sessions:
            for earlier in sorted(session.after & self.sessions.keys()):
                self._order(earlier, session.code)
        for group in self.problem.same_time:
            for first, second in pairwise(sorted(group & self.sessions.keys())):
                self._together(first, second)
                self._together(second, first)
        for group in self.problem.same_room:
            for first, second in pairwise(sorted(group & self.sessions.keys())):
                a, b = self.in_room[first], self.in_room[second]
                for room in sorted(a.keys() | b.keys()):
                    self.cp.add(a.get(room, 0) == b.get(room, 0))
        rules = self.problem.rules
        if self.whole and (rules.person_gap_same_group_minutes or rules.person_gap_other_group_minutes):
            for first_session, second_session in combinations(self.problem.sessions, 2):
                if first_session.people & second_session.people:
                    self._walk(first_session, second_session)

    def _order(self, earlier: str, later: str) -> None:
        """A ladder: one literal for each class of the earlier session and all that start after it.

        Every pair of classes that break the order would say the same, in a hundred times as many clauses.
        """
        self._go_on()
        length = self.sessions[earlier].duration
        steps = sorted(self.classes[earlier], key=lambda one: min(one.starts))
        literals = [self.cp.new_bool_var(f"{earlier} from {min(one.starts)} or later") for one in steps]
        for one, literal in zip(steps, literals, strict=True):
            self.cp.add_implication(one.literal, literal)
        for literal, following in pairwise(literals):
            self.cp.add_implication(following, literal)
        begins = [min(one.starts) for one in steps]
        for other in self.classes[later]:
            too_late = bisect_right(begins, max(other.starts) - length)
            if too_late < len(literals):
                self.cp.add_implication(literals[too_late], ~other.literal)

    def _together(self, first: str, second: str) -> None:
        """Wherever the first starts, the second may."""
        self._go_on()
        having: dict[int, list[cp_model.IntVar]] = {}
        for other in self.classes[second]:
            for start in other.starts:
                having.setdefault(start, []).append(other.literal)
        for one in self.classes[first]:
            possible = {literal.index: literal for start in one.starts for literal in having.get(start, ())}
            self.cp.add_bool_or([~one.literal, *possible.values()])

    def _walk(self, first: Session, second: Session) -> None:
        """Starts too near for the way between two rooms."""
        self._go_on()
        ways = list(self._ways(first, second))
        for one, other in ((first, second), (second, first)):
            later = sorted(((a.starts[0], a.literal) for a in self.classes[other.code]), key=lambda pair: pair[0])
            begins = [start for start, _ in later]
            for a in self.classes[one.code]:
                end = a.starts[0] + one.duration
                for gap, literal in ways:
                    for index in range(bisect_left(begins, end), bisect_left(begins, end + gap)):
                        self.cp.add_bool_or([~a.literal, ~later[index][1], ~literal])

    def _ways(self, first: Session, second: Session) -> Iterator[tuple[int, cp_model.IntVar]]:
        """The minutes of each kind of way, and a literal that is true if the rooms lie so."""
        rules, rooms = self.problem.rules, self.model.domains.rooms
        near = self.cp.new_bool_var(f"near {first.code} {second.code}")
        far = self.cp.new_bool_var(f"far {first.code} {second.code}")
        for here, literal in self.in_room[first.code].items():
            for there, other in self.in_room[second.code].items():
                if not rooms[here].occupies & rooms[there].occupies:
                    way = near if rooms[here].distance_group == rooms[there].distance_group else far
                    self.cp.add_bool_or([~literal, ~other, way])
        yield rules.person_gap_same_group_minutes, near
        yield rules.person_gap_other_group_minutes, far

    def _clashes(self) -> None:
        for (first, second), people in sorted(self.demand.clash.items()):
            self._go_on()
            cost = self.weights.wish_clashes * people
            pair = (first, second) if first < second else (second, first)
            both = [t for t in self.moments if (first, t) in self.running and (second, t) in self.running]
            if not cost or not both or pair in self.model.apart:
                continue
            overlap = self.cp.new_bool_var(f"{first} and {second} overlap")
            for moment in both:
                self.cp.add_bool_or([overlap, ~self.running[first, moment], ~self.running[second, moment]])
            self.goal.append(cost * overlap)

    def _tracks_and_days(self) -> None:
        weights = self.weights
        today: dict[tuple[str, int], cp_model.LinearExprT] = {}
        for code, classes in self.classes.items():
            for day in {one.day for one in classes}:
                today[code, day] = cp_model.LinearExpr.sum([one.literal for one in classes if one.day == day])
        tracks = sorted({s.track for s in self.problem.sessions if s.track}) if weights.track_rooms else []
        for track in tracks:
            held = [s.code for s in self.problem.sessions if s.track == track]
            used: dict[tuple[int, str], cp_model.IntVar] = {}
            for day in range(len(self.days.dates)):
                mine = [code for code in held if (code, day) in today]
                for code in mine:
                    for room, literal in self.in_room[code].items():
                        if (day, room) not in used:
                            used[day, room] = self.cp.new_bool_var(f"{track} in {room} on day {day}")
                        self.cp.add(used[day, room] >= cp_model.LinearExpr.sum([literal, today[code, day], -1]))
                if mine:
                    here = self.cp.new_bool_var(f"{track} on day {day}")
                    self.cp.add(here <= cp_model.LinearExpr.sum([today[code, day] for code in mine]))
                    self.goal.append(-weights.track_rooms * here)
            self.goal.extend(weights.track_rooms * literal for literal in used.values())
        counted = [s.code for s in self.problem.sessions if not s.is_break] if weights.day_imbalance else []
        for day, share in enumerate(self.days.share) if counted else ():
            excess = self.cp.new_int_var(0, len(counted), f"beyond the share of day {day}")
            self.cp.add(excess >= cp_model.LinearExpr.sum([today.get((code, day), 0) for code in counted]) - share)
            self.goal.append(weights.day_imbalance * excess)
