"""The hard rules as a CP-SAT model: one start per session, one room literal per possible room.

Every room use becomes an optional interval on each atomic room it occupies, lengthened by the changeover time,
so "a joined room and its parts exclude each other" is plain no-overlap. Rules can be switched off one by one.

`tight` adds a literal per start and, for every moment, the sums of what is running. That says nothing new but is
strong in the linear relaxation: on the forum with two open sessions at once the proof takes 0.7 s instead of 8 s
(with `LINEARIZATION`), while finding a timetable takes 0.4 s instead of 0.07 s. So it serves proofs. `narrowed` gives
some sessions fewer options than the rules allow: a small model of a large problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from schedule.solver.problem import Placement, Problem, Session, Timetable

from .domains import Active, Domains, Options, RuleKey, all_rules

LINEARIZATION = 2
"""CP-SAT's linearization_level for tight models."""


class UnplaceableError(Exception):
    """A session has no start in any room: infeasible without any search."""

    def __init__(self, session: str) -> None:
        self.session = session
        super().__init__(session)


class TimetableModel:
    """The CP-SAT model of a problem. `keys` collects every rule met while building. Raises UnplaceableError."""

    def __init__(
        self,
        problem: Problem,
        active: Active = all_rules,
        *,
        tight: bool = False,
        narrowed: Mapping[str, Options] | None = None,
    ) -> None:
        self.problem = problem
        self.keys: dict[RuleKey, None] = {}
        self.tight = tight
        self._active = active
        self.domains = Domains(problem, self.on, narrowed)
        self.cp = cp_model.CpModel()
        self.start: dict[str, cp_model.IntVar] = {}
        self.in_room: dict[str, dict[str, cp_model.IntVar]] = {}
        self.interval: dict[str, cp_model.IntervalVar] = {}
        self.apart: set[tuple[str, str]] = set()
        self._starts_at: dict[str, dict[int, cp_model.IntVar]] = {}
        self._in_group: dict[tuple[str, str], cp_model.IntVar] = {}
        self._sessions = {session.code: session for session in problem.sessions}
        self._place()
        self._exclude_rooms()
        self._people()
        self._separate()
        self._order()
        self._groups()
        self._limits()

    def on(self, key: RuleKey) -> bool:
        """Does the rule hold in this model? Remembers that the rule exists."""
        self.keys[key] = None
        return self._active(key)

    def timetable(self, solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Timetable:
        """The placements of the solution at hand."""
        found = []
        for session in self.problem.sessions:
            start = solver.value(self.start[session.code])
            room = next(code for code, lit in self.in_room[session.code].items() if solver.boolean_value(lit))
            found.append(Placement(session.code, start, start + session.duration, room))
        return tuple(sorted(found))

    def hint(self, timetable: Timetable) -> None:
        """Suggest a timetable; replaces an earlier suggestion. Impossible rooms and unknown sessions are ignored."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-tools leaves this one method without types
        for placement in timetable:
            if placement.session in self.start:
                self.cp.add_hint(self.start[placement.session], placement.start)
                for room, literal in self.in_room[placement.session].items():
                    self.cp.add_hint(literal, room == placement.room)
                for minute, literal in self._starts_at.get(placement.session, {}).items():
                    self.cp.add_hint(literal, minute == placement.start)

    def may_overlap(self, first: Session, second: Session) -> bool:
        """Could the two run at once, judged by their own times and the pairs kept apart?"""
        if _pair(first.code, second.code) in self.apart:
            return False
        a, b = self.domains.options[first.code].all_starts, self.domains.options[second.code].all_starts
        return a[0] < b[-1] + second.duration and b[0] < a[-1] + first.duration

    def _place(self) -> None:
        for session in self.problem.sessions:
            options = self.domains.options[session.code]
            starts = options.all_starts
            if not starts:
                raise UnplaceableError(session.code)
            start = self.cp.new_int_var_from_domain(cp_model.Domain.from_values(starts), f"start {session.code}")
            if self.tight:
                at = {minute: self.cp.new_bool_var(f"{session.code} at {minute}") for minute in starts}
                self.cp.add_exactly_one(at.values())
                self.cp.add(cp_model.LinearExpr.weighted_sum(list(at.values()), list(at)) == start)
                self._starts_at[session.code] = at
            literals = {}
            for room, allowed in options.starts.items():
                literal = self.cp.new_bool_var(f"{session.code} in {room}")
                if len(allowed) < len(starts):
                    domain = cp_model.Domain.from_values(allowed)
                    self.cp.add_linear_expression_in_domain(start, domain).only_enforce_if(literal)
                literals[room] = literal
            self.cp.add_exactly_one(literals.values())
            self.start[session.code] = start
            self.in_room[session.code] = literals
            self.interval[session.code] = self.cp.new_fixed_size_interval_var(start, session.duration, session.code)

    def _exclude_rooms(self) -> None:
        changeover = self.problem.rules.room_changeover_minutes
        users: dict[str, list[tuple[Session, list[cp_model.IntVar]]]] = {}
        for session in self.problem.sessions:
            by_atom: dict[str, list[cp_model.IntVar]] = {}
            for code, literal in self.in_room[session.code].items():
                room = self.domains.rooms[code]
                for atom in () if room.allows_parallel_use else sorted(room.occupies):
                    by_atom.setdefault(atom, []).append(literal)
            for atom, literals in by_atom.items():
                users.setdefault(atom, []).append((session, literals))
        for atom, uses in sorted(users.items()):
            exclusive = self.on(("room_double", atom))
            extra = changeover if changeover and self.on(("changeover", atom)) else 0
            if exclusive:
                self.cp.add_no_overlap([self._use(session, atom, literals, extra) for session, literals in uses])

    def _use(self, session: Session, atom: str, literals: list[cp_model.IntVar], extra: int) -> cp_model.IntervalVar:
        if len(literals) == len(self.in_room[session.code]):
            return self.cp.new_fixed_size_interval_var(
                self.start[session.code], session.duration + extra, f"{session.code} on {atom}"
            )
        present = literals[0]
        if len(literals) > 1:
            present = self.cp.new_bool_var(f"{session.code} on {atom}")
            self.cp.add(sum(literals) == present)
        return self.cp.new_optional_fixed_size_interval_var(
            self.start[session.code], session.duration + extra, present, f"{session.code} on {atom}"
        )

    def _people(self) -> None:
        rules = self.problem.rules
        walked: set[tuple[str, str]] = set()
        held: dict[str, list[Session]] = {}
        for session in self.problem.sessions:
            for code in session.people:
                held.setdefault(code, []).append(session)
        for person in self.problem.people:
            theirs = held.get(person.code, [])
            if len(theirs) < 2:
                continue
            one_place = self.on(("person_twice", person.code))
            ways = rules.person_gap_same_group_minutes or rules.person_gap_other_group_minutes
            walks = ways and self.on(("person_gap", person.code))
            if not one_place:
                continue
            self.cp.add_no_overlap([self.interval[session.code] for session in theirs])
            self.apart.update(_pair(a.code, b.code) for a, b in combinations(theirs, 2))
            if walks:
                for first, second in combinations(theirs, 2):
                    if _pair(first.code, second.code) not in walked:
                        walked.add(_pair(first.code, second.code))
                        self._walk(first, second)

    def _walk(self, first: Session, second: Session) -> None:
        """Time to walk between two sessions of one person; none between rooms that share a part."""
        rules = self.problem.rules
        near = self.cp.new_bool_var(f"near {first.code} {second.code}")
        far = self.cp.new_bool_var(f"far {first.code} {second.code}")
        for code, here in self.in_room[first.code].items():
            room = self.domains.rooms[code]
            for group in sorted({other.distance_group for other in self.problem.rooms}):
                same_place = [
                    literal
                    for other, literal in self.in_room[second.code].items()
                    if self.domains.rooms[other].occupies & room.occupies
                ]
                way = near if group == room.distance_group else far
                self.cp.add_bool_or([~here, ~self._group(second, group), *same_place, way])
        walk = rules.person_gap_same_group_minutes * near + rules.person_gap_other_group_minutes * far
        first_before = self.cp.new_bool_var(f"{first.code} before {second.code}")
        for early, late, literal in ((first, second, first_before), (second, first, ~first_before)):
            end = self.start[early.code] + early.duration
            self.cp.add(self.start[late.code] >= end + walk).only_enforce_if(literal)

    def _group(self, session: Session, group: str) -> cp_model.IntVar:
        key = session.code, group
        if key not in self._in_group:
            literal = self.cp.new_bool_var(f"{session.code} in group {group}")
            rooms = self.in_room[session.code].items()
            inside = [lit for code, lit in rooms if self.domains.rooms[code].distance_group == group]
            self.cp.add(sum(inside) == literal)
            self._in_group[key] = literal
        return self._in_group[key]

    def _separate(self) -> None:
        """Single teams, `not_parallel_with` and `blocks_all`: pairs kept apart, joined into cliques."""
        for body in self.problem.bodies:
            theirs = [session.code for session in self.problem.sessions if body.code in session.bodies]
            if body.single_team and len(theirs) > 1 and self.on(("body_twice", body.code)):
                self.apart.update(_pair(a, b) for a, b in combinations(theirs, 2))
        for session in self.problem.sessions:
            for other in sorted(session.not_parallel_with):
                if other != session.code:
                    pair = _pair(session.code, other)
                    if self.on(("not_parallel", *pair)):
                        self.apart.add(pair)
            if session.blocks_all and self.on(("blocks_all", session.code)):
                self.apart.update(_pair(session.code, o.code) for o in self.problem.sessions if o is not session)
        for clique in cliques(self.apart):
            self.cp.add_no_overlap([self.interval[code] for code in clique])
            for running in self._running(clique):
                self.cp.add_at_most_one(running)

    def _order(self) -> None:
        for session in self.problem.sessions:
            for earlier in sorted(session.after):
                if self.on(("order", earlier, session.code)):
                    end = self.start[earlier] + self._sessions[earlier].duration
                    self.cp.add(self.start[session.code] >= end)
                    self.apart.add(_pair(earlier, session.code))

    def _groups(self) -> None:
        """Sessions that start together, and sessions that share a room."""
        for number, group in enumerate(self.problem.same_time):
            for first, second in pairwise(sorted(group)):
                if self.on(("same_time", str(number))):
                    self.cp.add(self.start[first] == self.start[second])
        for number, group in enumerate(self.problem.same_room):
            for first, second in pairwise(sorted(group)):
                if self.on(("same_room", str(number))):
                    a, b = self.in_room[first], self.in_room[second]
                    for room in sorted(a.keys() | b.keys()):
                        self.cp.add(a.get(room, 0) == b.get(room, 0))

    def _limits(self) -> None:
        for key, limit, used in limits(self.problem):
            if len(used) > limit and self.on(key):
                self.cp.add_cumulative([self.interval[s.code] for s in used], [1] * len(used), limit)
                for running in self._running([s.code for s in used]):
                    self.cp.add(cp_model.LinearExpr.sum(running) <= limit)

    def _running(self, codes: list[str]) -> Iterator[list[cp_model.IntVar]]:
        """If tight: for each moment at which one of these may start, the literals of those that would be running."""
        if not self.tight:
            return
        moments = sorted({minute for code in codes for minute in self._starts_at[code]})
        for moment in moments:
            yield [
                literal
                for code in codes
                for minute, literal in self._starts_at[code].items()
                if minute <= moment < minute + self._sessions[code].duration
            ]


def limits(problem: Problem) -> Iterator[tuple[RuleKey, int, list[Session]]]:
    """Every limit on how many run at once: the rule, the most, and the sessions that count."""
    rules = problem.rules
    if rules.interpreter_teams is not None:
        yield ("interpreters",), rules.interpreter_teams, [s for s in problem.sessions if s.needs_interpreters]
    if rules.max_parallel_open_sessions is not None:
        counted = [s for s in problem.sessions if s.counts_as_parallel and not s.is_break]
        yield ("max_parallel",), rules.max_parallel_open_sessions, counted
    for kind, limit in rules.max_parallel_by_kind:
        yield ("kind_parallel", kind), limit, [s for s in problem.sessions if s.kind == kind]


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def cliques(pairs: set[tuple[str, str]]) -> list[list[str]]:
    """Cover all pairs with few complete groups (greedy): a solver reasons better about groups than about pairs."""
    near: dict[str, set[str]] = {}
    for first, second in pairs:
        near.setdefault(first, set()).add(second)
        near.setdefault(second, set()).add(first)
    left = set(pairs)
    found = []
    for first, second in sorted(pairs):
        if (first, second) not in left:
            continue
        group = [first, second]
        common = near[first] & near[second]
        while common:
            best = max(sorted(common), key=lambda code: len(near[code] & common))
            group.append(best)
            common = common & near[best]
        left.difference_update(_pair(a, b) for a, b in combinations(group, 2))
        found.append(sorted(group))
    return found
