"""The sweeps against plain readings of the rules that look at every pair and every minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.conflicts import Board, Conflict, ConflictKind, PairCounts, conflicts_of, find_conflicts
from schedule.solver.problem import Body, Interval, Person, Placement, Problem, Room, Session
from schedule.solver.verify import violations
from tests.schedule.conflicts.world import ROOMS, expect, make, session, span

CODES = [f"S{n}" for n in range(9)]
PEOPLE = (Person("kim", "Kim", away=(span("10:00", "10:20"), span("11:00", "11:10"))), Person("lee", "Lee"))
BODIES = (Body("adn", "ADN", single_team=True, away=(span("10:30", "11:00"),)), Body("city", "City"))
CLOSED = tuple(replace(room, closed=(span("09:30", "09:45"),)) if room.code == "R213" else room for room in ROOMS)


def some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    """None, one or two of them, each as often; in one draw: a world has dozens of them, and drawing takes the time."""
    by_size = [[frozenset(chosen) for chosen in combinations(values, size)] for size in range(3)]
    most = max(map(len, by_size))
    return st.sampled_from([chosen for sets in by_size for chosen in sets * (most // len(sets))])


minutes = st.integers(min_value=9 * 12 - 2, max_value=12 * 12).map(lambda five: 5 * five)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[Session, ...]:
    return tuple(
        session(
            code,
            draw(st.sampled_from([10, 30, 60])),
            people=draw(some(["kim", "lee"])),
            bodies=tuple(sorted(draw(some(["adn", "city"])))),
            needs_interpreters=draw(st.booleans()),
            kind=draw(st.sampled_from(["talk", "workshop"])),
            counts_as_parallel=draw(st.booleans()),
            is_break=draw(st.booleans()),
            blocks_all=draw(st.integers(0, 5)) == 0,
            seats_needed=draw(st.sampled_from([0, 80, 200])),
            confirmed=draw(st.sampled_from([0, 80])),
            required_features=draw(some(["projector", "hybrid"])),
            after=draw(some(CODES)) - {code},
            not_parallel_with=draw(some(CODES)) - {code},
            fixed_start=draw(st.none() | minutes),
            fixed_room=draw(st.none() | st.sampled_from(["R212", "R213"])),
            not_before=draw(st.none() | minutes),
            not_after=draw(st.none() | minutes),
        )
        for code in CODES
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    made = make(
        *draw(sessions()),
        rooms=CLOSED,
        people=PEOPLE,
        bodies=BODIES,
        slot_minutes=draw(st.sampled_from([1, 15])),
        room_changeover_minutes=draw(st.sampled_from([0, 10, 15])),
        person_gap_same_group_minutes=10,
        person_gap_other_group_minutes=draw(st.sampled_from([0, 5, 20])),
        interpreter_teams=draw(st.sampled_from([None, 0, 1, 2])),
        max_parallel_open_sessions=draw(st.sampled_from([None, 1, 3])),
        max_parallel_by_kind=draw(st.sampled_from([(), (("talk", 1),), (("talk", 2), ("workshop", 1))])),
    )
    groups = st.lists(st.frozensets(st.sampled_from(CODES), min_size=2, max_size=4), max_size=2).map(tuple)
    return replace(made, same_time=draw(groups), same_room=draw(groups))


@st.composite
def placements(draw: st.DrawFn, code: str) -> Placement:
    start = draw(minutes)
    length = draw(st.sampled_from([10, 30, 60, 90]))
    return Placement(code, start, start + length, draw(st.sampled_from([room.code for room in ROOMS])))


@st.composite
def timetables(draw: st.DrawFn) -> list[Placement]:
    placed = draw(st.lists(st.sampled_from(CODES), unique=True))
    return [draw(placements(code)) for code in placed]


pair_counts = st.dictionaries(st.sampled_from(list(combinations(CODES, 2))), st.integers(1, 40))


def oracle(problem: Problem, placed: list[Placement], counts: PairCounts) -> Iterator[Conflict]:
    """Every conflict between sessions, by looking at every pair and every minute."""
    by_code = {s.code: s for s in problem.sessions}
    rooms = {room.code: room for room in problem.rooms}
    for pair in combinations(placed, 2):
        first, second = sorted(pair, key=lambda p: (p.start, p.end, p.session))
        yield from pair_oracle(
            problem,
            (first, by_code[first.session], rooms[first.room]),
            (second, by_code[second.session], rooms[second.room]),
            counts,
        )
    yield from group_oracle(problem, placed)
    needing = [p for p in placed if by_code[p.session].needs_interpreters]
    yield from crowd_oracle(ConflictKind.INTERPRETERS_SHORT, needing, problem.rules.interpreter_teams)
    counting = [p for p in placed if by_code[p.session].counts_as_parallel and not by_code[p.session].is_break]
    yield from crowd_oracle(ConflictKind.TOO_MANY_PARALLEL, counting, problem.rules.max_parallel_open_sessions)
    for kind, limit in problem.rules.max_parallel_by_kind:
        yield from crowd_oracle(
            ConflictKind.KIND_TOO_PARALLEL, [p for p in placed if by_code[p.session].kind == kind], limit
        )


Placed = tuple[Placement, Session, Room]


def pair_oracle(problem: Problem, earlier: Placed, later: Placed, counts: PairCounts) -> Iterator[Conflict]:
    (a, session_a, room_a), (b, session_b, room_b) = earlier, later
    codes, in_rooms = sorted([a.session, b.session]), sorted({a.room, b.room})
    both = Interval(b.start, min(a.end, b.end))
    free = b.start - a.end
    taken = room_a.occupies & room_b.occupies
    if taken and not room_a.allows_parallel_use and not room_b.allows_parallel_use:
        changeover = problem.rules.room_changeover_minutes
        shared = tuple(sorted(taken))
        if free < 0:
            yield expect(ConflictKind.ROOM_DOUBLE_USE, codes, in_rooms, both, shared=shared)
        elif free < changeover:
            when = Interval(a.end, a.end + changeover)
            yield expect(
                ConflictKind.ROOM_CHANGEOVER, codes, in_rooms, when, shared=shared, free=free, needed=changeover
            )
    same_group = room_a.distance_group == room_b.distance_group
    way = problem.rules.person_gap_same_group_minutes if same_group else problem.rules.person_gap_other_group_minutes
    for person in session_a.people & session_b.people:
        if free < 0:
            yield expect(ConflictKind.PERSON_DOUBLE_BOOKED, codes, in_rooms, both, person=person)
        elif free < way and not taken:
            when = Interval(a.end, a.end + way)
            yield expect(ConflictKind.PERSON_WALKING_TIME, codes, in_rooms, when, person=person, free=free, needed=way)
    for before, after in ((earlier, later), (later, earlier)):
        if before[0].session in after[1].after and after[0].start < before[0].end:
            when = Interval(after[0].start, before[0].end)
            yield expect(ConflictKind.ORDER, codes, in_rooms, when, earlier=before[0].session, later=after[0].session)
    if free >= 0:
        return
    if "adn" in session_a.bodies and "adn" in session_b.bodies:
        yield expect(ConflictKind.BODY_DOUBLE_BOOKED, codes, in_rooms, both, body="adn")
    if b.session in session_a.not_parallel_with or a.session in session_b.not_parallel_with:
        yield expect(ConflictKind.NOT_PARALLEL, codes, in_rooms, both)
    if session_a.blocks_all or session_b.blocks_all:
        blocker = a.session if session_a.blocks_all else b.session
        yield expect(ConflictKind.BLOCKS_ALL, codes, in_rooms, both, blocker=blocker)
    if (people := counts.get((codes[0], codes[1]), 0)) >= 20:
        yield expect(ConflictKind.ATTENDEES_CLASH, codes, in_rooms, both, people=people)


def group_oracle(problem: Problem, placed: list[Placement]) -> Iterator[Conflict]:
    """Each member that differs from the earliest of its group."""
    in_time = sorted(placed, key=lambda p: (p.start, p.end, p.session))
    for kind, groups in (
        (ConflictKind.NOT_SAME_TIME, problem.same_time),
        (ConflictKind.NOT_SAME_ROOM, problem.same_room),
    ):
        members = [[p for p in in_time if p.session in group] for group in groups]
        for first, other in {(some[0], one) for some in members for one in some}:
            codes, in_rooms = sorted([first.session, other.session]), sorted({first.room, other.room})
            if kind is ConflictKind.NOT_SAME_TIME and first.start != other.start:
                yield expect(kind, codes, in_rooms, Interval(first.start, other.start))
            if kind is ConflictKind.NOT_SAME_ROOM and first.room != other.room:
                yield expect(kind, codes, in_rooms, Interval(other.start, other.end))


def crowd_oracle(kind: ConflictKind, counting: list[Placement], limit: int | None) -> Iterator[Conflict]:
    if limit is None:
        return
    crowds = {frozenset(p for p in counting if p.start <= minute < p.end) for minute in {p.start for p in counting}}
    for crowd in crowds:
        if len(crowd) > limit and not any(crowd < other for other in crowds):
            yield expect(
                kind,
                sorted(p.session for p in crowd),
                sorted({p.room for p in crowd}),
                Interval(max(p.start for p in crowd), min(p.end for p in crowd)),
                limit=limit,
                count=len(crowd),
            )


BETWEEN = {
    ConflictKind.ROOM_DOUBLE_USE,
    ConflictKind.ROOM_CHANGEOVER,
    ConflictKind.PERSON_DOUBLE_BOOKED,
    ConflictKind.PERSON_WALKING_TIME,
    ConflictKind.BODY_DOUBLE_BOOKED,
    ConflictKind.INTERPRETERS_SHORT,
    ConflictKind.TOO_MANY_PARALLEL,
    ConflictKind.KIND_TOO_PARALLEL,
    ConflictKind.ORDER,
    ConflictKind.NOT_PARALLEL,
    ConflictKind.NOT_SAME_TIME,
    ConflictKind.NOT_SAME_ROOM,
    ConflictKind.BLOCKS_ALL,
    ConflictKind.ATTENDEES_CLASH,
}
OTHERS_OFF: dict[str, str] = {kind: "ignore" for kind in ConflictKind if kind not in BETWEEN}


@settings(max_examples=150, deadline=None)
@given(problem=problems(), placed=timetables(), counts=pair_counts)
def test_sweeps_find_exactly_what_looking_at_every_pair_finds(
    problem: Problem, placed: list[Placement], counts: dict[tuple[str, str], int]
) -> None:
    found = find_conflicts(problem, placed, levels=OTHERS_OFF, pair_counts=counts)
    assert found == sorted(oracle(problem, placed, counts), key=lambda conflict: conflict.sort_key)


@settings(max_examples=100, deadline=None)
@given(problem=problems(), placed=timetables(), counts=pair_counts, asked=st.frozensets(st.sampled_from(CODES)))
def test_conflicts_of_sessions_are_all_conflicts_that_touch_them(
    problem: Problem, placed: list[Placement], counts: dict[tuple[str, str], int], asked: frozenset[str]
) -> None:
    everything = find_conflicts(problem, placed, pair_counts=counts)
    assert len({conflict.key for conflict in everything}) == len(everything)
    assert conflicts_of(problem, placed, asked, pair_counts=counts) == [
        conflict for conflict in everything if asked & set(conflict.sessions)
    ]


@settings(max_examples=100, deadline=None)
@given(data=st.data(), problem=problems(), placed=timetables(), counts=pair_counts)
def test_board_after_any_steps_equals_a_fresh_look(
    data: st.DataObject, problem: Problem, placed: list[Placement], counts: dict[tuple[str, str], int]
) -> None:
    board = Board(problem, placed, pair_counts=counts)
    for code in data.draw(st.lists(st.sampled_from(CODES), max_size=5)):
        before = {conflict.key: conflict for conflict in board.conflicts}
        step = data.draw(st.none() | placements(code))
        if step is not None:
            looked_ahead = board.preview(step)
            assert {conflict.key: conflict for conflict in board.conflicts} == before
        change = board.take(code) if step is None else board.put(step)
        after = find_conflicts(problem, board.placements, pair_counts=counts)
        assert board.conflicts == after
        assert change.gone == tuple(c for c in before.values() if c.key not in {other.key for other in after})
        assert change.appeared == tuple(c for c in after if c.key not in before)
        assert step is None or looked_ahead == change


VERIFIED = {
    "missing": {ConflictKind.UNPLACED},
    "length": {ConflictKind.TOO_SHORT, ConflictKind.TOO_LONG},
    "grid": {ConflictKind.OFF_GRID},
    "hours": {ConflictKind.OUTSIDE_HOURS},
    "not_before": {ConflictKind.TOO_EARLY},
    "not_after": {ConflictKind.TOO_LATE},
    "fixed_start": {ConflictKind.FIXED_TIME},
    "fixed_room": {ConflictKind.FIXED_ROOM},
    "room_too_small": {ConflictKind.ROOM_TOO_SMALL_CONFIRMED, ConflictKind.ROOM_TOO_SMALL_WANTED},
    "room_feature": {ConflictKind.ROOM_FEATURE_MISSING},
    "room_closed": {ConflictKind.ROOM_CLOSED},
    "breaks_only": {ConflictKind.ROOM_BREAKS_ONLY},
    "room_double": {ConflictKind.ROOM_DOUBLE_USE, ConflictKind.ROOM_CHANGEOVER},
    "person_twice": {ConflictKind.PERSON_DOUBLE_BOOKED, ConflictKind.PERSON_WALKING_TIME},
    "person_away": {ConflictKind.PERSON_AWAY},
    "body_twice": {ConflictKind.BODY_DOUBLE_BOOKED},
    "body_away": {ConflictKind.BODY_AWAY},
    "order": {ConflictKind.ORDER},
    "not_parallel": {ConflictKind.NOT_PARALLEL},
    "blocks_all": {ConflictKind.BLOCKS_ALL},
}


def test_every_kind_is_looked_for_by_somebody_else_too() -> None:
    assert BETWEEN.union(*VERIFIED.values()) == set(ConflictKind)


@settings(max_examples=100, deadline=None)
@given(problem=problems(), placed=timetables())
def test_engine_and_the_solvers_verifier_agree(problem: Problem, placed: list[Placement]) -> None:
    # Two programs that share no code. The verifier lists crowds by start, the engine by maximal set: compared above.
    rule_of = {kind: rule for rule, kinds in VERIFIED.items() for kind in kinds}
    found, wrong = find_conflicts(problem, placed), violations(problem, tuple(placed))
    engine = {(rule_of[c.kind], c.sessions) for c in found if c.kind in rule_of}
    verifier = {(v.rule, v.sessions) for v in wrong if v.rule in VERIFIED}
    assert engine == verifier
    # Of a broken group the verifier names all members, the engine each that differs from the earliest.
    codes = {p.session for p in placed}
    for rule, kind, groups in (
        ("same_time", ConflictKind.NOT_SAME_TIME, problem.same_time),
        ("same_room", ConflictKind.NOT_SAME_ROOM, problem.same_room),
    ):
        pairs = [set(c.sessions) for c in found if c.kind is kind]
        broken = {group & codes for group in groups if any(pair <= group for pair in pairs)}
        assert broken == {frozenset(v.sessions) for v in wrong if v.rule == rule}
        assert len(pairs) <= sum(len(group & codes) - 1 for group in groups if group & codes)
