"""Every rule of the solver, softened: how the problem changes, and the message that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from schedule.solver.exact.domains import RuleKey
from schedule.solver.exact.interval_model import limits
from schedule.solver.explain.subjects import Subjects
from schedule.solver.problem import Interval, Problem
from schedule.solver.sentences.message import CodedMessage, bodies, features, message, people, rooms, sessions

from .changes import (
    Asks,
    Relaxation,
    Step,
    with_body,
    with_person,
    with_room,
    with_rules,
    with_session,
    without_group,
    without_pair,
    without_pins,
)

MOST_TEAMS = 3
"""How many interpretation teams, or sessions at once, more than now are tried."""

Subject = tuple[str, ...]
Softer = Callable[[Subjects, Subject], Iterator[Relaxation]]


def softened(subjects: Subjects, keys: Iterable[RuleKey]) -> Iterator[Relaxation]:
    """For each rule the changes that soften it, each once; none for what only time, rooms or sessions can soften."""
    seen: set[RuleKey] = set()
    for rule, *subject in keys:
        for relaxation in _SOFTER[rule](subjects, tuple(subject)) if rule in _SOFTER else ():
            if relaxation.subject not in seen:
                seen.add(relaxation.subject)
                yield relaxation


def _one(asks: Asks, subject: RuleKey, problem: Problem, said: CodedMessage, size: int = 0) -> Relaxation:
    return Relaxation(asks, subject, (Step(problem, size, said),))


def _session_free(rule: str, **changes: Any) -> Softer:
    """A wish of one session that is given up."""

    def softer(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
        (code,) = subject
        problem = with_session(w.problem, code, **changes)
        yield _one(Asks.DECISION, (rule, code), problem, message(f"relax.{rule}", session=sessions([code])))

    return softer


def _order(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    earlier, later = subject
    said = message("relax.order", later=sessions([later]), earlier=sessions([earlier]))
    problem = with_session(w.problem, later, after=w.sessions[later].after - {earlier})
    yield _one(Asks.DECISION, ("order", earlier, later), problem, said)


def _not_parallel(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    first, second = subject
    said = message("relax.not_parallel", first=sessions([first]), second=sessions([second]))
    yield _one(Asks.DECISION, ("not_parallel", first, second), without_pair(w.problem, first, second), said)


def _pinned(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    said = message("relax.pinned", session=sessions([code]))
    yield _one(Asks.DECISION, ("pinned", code), without_pins(w.problem, code), said)


def _group(rule: str) -> Softer:
    def softer(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
        number = int(subject[0])
        groups: tuple[frozenset[str], ...] = getattr(w.problem, rule)
        said = message(f"relax.{rule}", sessions=sessions(sorted(groups[number])))
        yield _one(Asks.DECISION, (rule, subject[0]), without_group(w.problem, rule, number), said)

    return softer


def _fewer_minutes(now: int, slot: int) -> Iterator[int]:
    """Shorter times on the grid, the longest first, down to none."""
    yield from range((now - 1) // slot * slot, 0, -slot)
    yield 0


def _changeover(w: Subjects, _subject: Subject) -> Iterator[Relaxation]:
    now = w.problem.rules.room_changeover_minutes
    steps = [
        Step(
            with_rules(w.problem, room_changeover_minutes=minutes),
            now - minutes,
            message("relax.changeover", minutes=minutes, now=now),
        )
        for minutes in _fewer_minutes(now, w.problem.rules.slot_minutes)
    ]
    yield Relaxation(Asks.DECISION, ("changeover",), tuple(steps))


def _person_gap(w: Subjects, _subject: Subject) -> Iterator[Relaxation]:
    rules = w.problem.rules
    near, far = rules.person_gap_same_group_minutes, rules.person_gap_other_group_minutes
    now = max(near, far)
    steps = [
        Step(
            with_rules(
                w.problem,
                person_gap_same_group_minutes=min(near, minutes),
                person_gap_other_group_minutes=min(far, minutes),
            ),
            now - minutes,
            message("relax.person_gap", minutes=minutes, now=now),
        )
        for minutes in _fewer_minutes(now, rules.slot_minutes)
    ]
    yield Relaxation(Asks.DECISION, ("person_gap",), tuple(steps))


def _limit(rule: str, asks: Asks) -> Softer:
    """A higher limit on how many run at once, up to where it would not bind at all."""

    def softer(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
        key = (rule, *subject)
        now, used = next((limit, len(used)) for found, limit, used in limits(w.problem) if found == key)
        steps = [
            Step(_raised(w.problem, key, most), most - now, _raised_message(w, key, now, most))
            for most in range(now + 1, min(used, now + MOST_TEAMS) + 1)
        ]
        if steps:
            yield Relaxation(asks, key, tuple(steps))

    return softer


def _raised(problem: Problem, key: RuleKey, most: int) -> Problem:
    if key[0] == "interpreters":
        return with_rules(problem, interpreter_teams=most)
    if key[0] == "max_parallel":
        return with_rules(problem, max_parallel_open_sessions=most)
    kinds = tuple((kind, most if kind == key[1] else limit) for kind, limit in problem.rules.max_parallel_by_kind)
    return with_rules(problem, max_parallel_by_kind=kinds)


def _raised_message(w: Subjects, key: RuleKey, now: int, most: int) -> CodedMessage:
    if key[0] == "kind_parallel":
        alike = sessions(session.code for session in w.problem.sessions if session.kind == key[1])
        return message("relax.kind_parallel", most=most, now=now, sessions=alike)
    return message(f"relax.{key[0]}", most=most, now=now)


def _each(times: tuple[Interval, ...]) -> Iterator[tuple[int, tuple[Interval, ...], tuple[Interval, ...]]]:
    """Each stretch of an absence or a closure on its own, and all of them if there are several: what goes and stays."""
    groups = [*((time,) for time in times), *([times] if len(times) > 1 else [])]
    for number, group in enumerate(groups):
        yield number, group, tuple(time for time in times if time not in group)


def _minutes(times: tuple[Interval, ...]) -> int:
    return sum(time.end - time.start for time in times)


def _person_away(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    for number, group, left in _each(w.people[code].away):
        said = message("relax.away", who=people([code]), times=w.spans(group))
        problem = with_person(w.problem, code, away=left)
        yield _one(Asks.PEOPLE, ("person_away", code, str(number)), problem, said, _minutes(group))


def _body_away(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    for number, group, left in _each(w.bodies[code].away):
        said = message("relax.away", who=bodies([code]), times=w.spans(group))
        problem = with_body(w.problem, code, away=left)
        yield _one(Asks.PEOPLE, ("body_away", code, str(number)), problem, said, _minutes(group))


def _room_closed(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    for number, group, left in _each(w.rooms[code].closed):
        said = message("relax.room_closed", room=rooms([code]), times=w.spans(group))
        problem = with_room(w.problem, code, closed=left)
        yield _one(Asks.PEOPLE, ("room_closed", code, str(number)), problem, said, _minutes(group))


def _room_hours(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    said = message("relax.room_hours", room=rooms([code]))
    yield _one(Asks.PEOPLE, ("room_hours", code), with_room(w.problem, code, open=()), said)


def _person_twice(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    for session in w.problem.sessions:
        if code in session.people:
            said = message("relax.person_twice", session=sessions([session.code]), person=people([code]))
            problem = with_session(w.problem, session.code, people=session.people - {code})
            yield _one(Asks.PEOPLE, ("person_twice", code, session.code), problem, said)


def _body_twice(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    said = message("relax.body_twice", body=bodies([code]))
    yield _one(Asks.PEOPLE, ("body_twice", code), with_body(w.problem, code, single_team=False), said)


def _room_too_small(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    """Fewer seats, as many as a room has: but never fewer than are promised already."""
    (code,) = subject
    session = w.sessions[code]
    suited = (r for r in w.problem.rooms if session.required_features <= r.features and not r.breaks_only)
    seats = {r.capacity for r in suited if session.confirmed <= r.capacity < session.seats}
    steps = [
        Step(
            with_session(w.problem, code, seats_needed=most),
            session.seats - most,
            message("relax.room_too_small", most=most, seats=session.seats, session=sessions([code])),
        )
        for most in sorted(seats, reverse=True)
    ]
    if steps:
        yield Relaxation(Asks.EQUIPMENT, ("room_too_small", code), tuple(steps))


def _room_feature(w: Subjects, subject: Subject) -> Iterator[Relaxation]:
    """The session does without what it needs."""
    (code,) = subject
    needed = features(w.sessions[code].required_features)
    said = message("relax.room_feature", session=sessions([code]), features=needed)
    problem = with_session(w.problem, code, required_features=frozenset())
    yield _one(Asks.DECISION, ("room_feature", code), problem, said)


def _breaks_only(w: Subjects, _subject: Subject) -> Iterator[Relaxation]:
    for room in w.problem.rooms:
        if room.breaks_only:
            said = message("relax.breaks_only", room=rooms([room.code]))
            problem = with_room(w.problem, room.code, breaks_only=False)
            yield _one(Asks.DECISION, ("breaks_only", room.code), problem, said)


_SOFTER: dict[str, Softer] = {
    "order": _order,
    "not_parallel": _not_parallel,
    "pinned": _pinned,
    "fixed_start": _session_free("fixed_start", fixed_start=None),
    "fixed_room": _session_free("fixed_room", fixed_room=None),
    "not_before": _session_free("not_before", not_before=None),
    "not_after": _session_free("not_after", not_after=None),
    "blocks_all": _session_free("blocks_all", blocks_all=False),
    "same_time": _group("same_time"),
    "same_room": _group("same_room"),
    "changeover": _changeover,
    "person_gap": _person_gap,
    "max_parallel": _limit("max_parallel", Asks.DECISION),
    "kind_parallel": _limit("kind_parallel", Asks.DECISION),
    "interpreters": _limit("interpreters", Asks.EQUIPMENT),
    "person_away": _person_away,
    "body_away": _body_away,
    "room_closed": _room_closed,
    "room_hours": _room_hours,
    "person_twice": _person_twice,
    "body_twice": _body_twice,
    "room_too_small": _room_too_small,
    "room_feature": _room_feature,
    "breaks_only": _breaks_only,
}
