"""Fighting rules, one cause per kind of rule, naming sessions, rooms and people: as messages, in no language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schedule.solver.exact.counting import Shortage
from schedule.solver.exact.domains import RuleKey
from schedule.solver.problem import Problem, Session
from schedule.solver.sentences.message import (
    CodedMessage,
    bodies,
    features,
    length,
    message,
    people,
    rooms,
    sessions,
    several,
)

from .subjects import Subjects

MOST_PAIRS = 3
"""More pairs that must not run at once are said in one sentence."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of rule in the fight. `rule` is a name of `verify`, or "changeover", "person_gap", "no_rooms"."""

    rule: str
    sessions: tuple[str, ...]
    rooms: tuple[str, ...]
    people: tuple[str, ...]
    messages: tuple[CodedMessage, ...]


def causes(problem: Problem, keys: Sequence[RuleKey], short: Shortage | None = None) -> tuple[Cause, ...]:
    """One cause per kind, the most telling first; what is `short` before all. `problem` holds only who fights."""
    by_kind: dict[str, list[RuleKey]] = {}
    for key in keys:
        by_kind.setdefault(key[0], []).append(key)
    subjects = Subjects(problem)
    if not problem.rooms:
        return (Cause("no_rooms", tuple(subjects.sessions), (), (), (message("cause.no_rooms"),)),)
    if short is None:
        return tuple(_cause(subjects, kind, by_kind[kind]) for kind in _TELLING if kind in by_kind)
    kinds = [kind for kind in _TELLING if kind in by_kind and kind != short.rule[0]]
    return (_short(subjects, short), *(_cause(subjects, kind, by_kind[kind]) for kind in kinds))


def _short(w: Subjects, short: Shortage) -> Cause:
    """The rule that makes it scarce, as ever, and then the count."""
    kind = short.rule[0]
    keys: list[tuple[str, ...]] = [(room,) for room in short.rooms] or [short.rule[1:]]
    _, used, who = concerned(w, kind, keys)
    return Cause(kind, short.sessions, used, who, (*_MESSAGES[kind](w, keys), _count(short)))


def _count(short: Shortage) -> CodedMessage:
    if short.whole:
        return message(
            "cause.short_of_places", sessions=sessions(short.sessions), count=short.needed, most=short.available
        )
    return message(
        "cause.short_of_time",
        sessions=sessions(short.sessions),
        count=len(short.sessions),
        needed=length(short.needed),
        available=length(short.available),
    )


# The most telling first: limits and demands that are somebody's decision, then the order of things, then nature.
_TELLING = (
    "max_parallel", "kind_parallel", "interpreters", "pinned", "fixed_room", "changeover", "room_too_small",
    "room_feature", "room_closed", "room_hours", "person_away", "body_away", "person_gap", "same_time", "same_room",
    "order", "not_before", "not_after", "fixed_start", "breaks_only",
    "not_parallel", "blocks_all", "person_twice", "body_twice", "room_double", "hours",
)  # fmt: skip


def rank(rule: str) -> int:
    """How telling a rule is, 0 the most; what is no rule comes last."""
    return _TELLING.index(rule) if rule in _TELLING else len(_TELLING)


Keys = Sequence[tuple[str, ...]]
"""Whom a rule concerns: a rule's key without its kind."""

Said = Iterator[CodedMessage]


def _cause(w: Subjects, kind: str, found: Sequence[RuleKey]) -> Cause:
    keys = [key[1:] for key in found]
    return Cause(kind, *concerned(w, kind, keys), tuple(_MESSAGES[kind](w, keys)))


def concerned(w: Subjects, kind: str, keys: Keys) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes of sessions, rooms and people a kind of rule binds."""
    named = {code for key in keys for code in key}
    problem = w.problem
    if kind in {"room_double", "changeover", "room_closed", "room_hours"}:
        using = [s.code for s in problem.sessions if w.might_use(s, named)]
        return tuple(using), tuple(sorted(named)), ()
    if kind in {"person_twice", "person_gap", "person_away"}:
        return tuple(s.code for s in problem.sessions if named & s.people), (), tuple(sorted(named))
    if kind in _COUNTED:
        return tuple(s.code for s in problem.sessions if _COUNTED[kind](s, named)), (), ()
    if kind in {"same_time", "same_room"}:
        groups = problem.same_time if kind == "same_time" else problem.same_room
        named = {code for number in named for code in groups[int(number)]}
    found = tuple(s.code for s in problem.sessions if s.code in named)
    fixed = tuple(sorted({s.fixed_room for c in found if (s := w.sessions[c]).fixed_room is not None}))
    return found, fixed if kind in {"fixed_room", "room_too_small"} else (), ()


_COUNTED: dict[str, Callable[[Session, set[str]], bool]] = {
    "body_twice": lambda session, named: bool(named & set(session.bodies)),
    "body_away": lambda session, named: bool(named & set(session.bodies)),
    "interpreters": lambda session, _named: session.needs_interpreters,
    "max_parallel": lambda session, _named: session.counts_as_parallel and not session.is_break,
    "kind_parallel": lambda session, named: session.kind in named,
}


def _max_parallel(w: Subjects, _keys: Keys) -> Said:
    found = [s for s in w.problem.sessions if s.counts_as_parallel and not s.is_break]
    yield message(
        "cause.max_parallel",
        limit=w.problem.rules.max_parallel_open_sessions or 0,
        count=len(found),
        length=length(sum(s.duration for s in found)),
        sessions=sessions(s.code for s in found),
    )


def _interpreters(w: Subjects, _keys: Keys) -> Said:
    found = [s for s in w.problem.sessions if s.needs_interpreters]
    yield message(
        "cause.interpreters",
        teams=w.problem.rules.interpreter_teams or 0,
        count=len(found),
        length=length(sum(s.duration for s in found)),
        sessions=sessions(s.code for s in found),
    )


def _fixed_room(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        room = w.sessions[code].fixed_room
        yield message("cause.fixed_room", session=sessions([code]), room=rooms([] if room is None else [room]))


def _room_too_small(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        session = w.sessions[code]
        small = [
            room.code
            for room in w.problem.rooms
            if session.required_features <= room.features
            and session.fixed_room in {None, room.code}
            and (session.is_break or not room.breaks_only)
            and room.capacity < session.seats
        ]
        if small:
            yield message(
                "cause.room_too_small",
                session=sessions([code]),
                seats=session.seats,
                rooms=rooms(small),
                capacities=several([w.rooms[room].capacity for room in sorted(small)]),
            )
        else:
            yield message("cause.seats", session=sessions([code]), seats=session.seats)


def _room_feature(w: Subjects, keys: Keys) -> Said:
    by_need: dict[frozenset[str], list[str]] = {}
    for (code,) in keys:
        by_need.setdefault(w.sessions[code].required_features, []).append(code)
    for need, codes in by_need.items():
        having = [room.code for room in w.problem.rooms if need <= room.features]
        needed = {"features": features(need), "sessions": sessions(codes)}
        if having:
            yield message("cause.room_feature", rooms=rooms(having), **needed)
        else:
            yield message("cause.room_feature_nowhere", **needed)


def _room_hours(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        yield message("cause.room_hours", room=rooms([code]), times=w.spans(w.rooms[code].open))


def _pinned(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        pins = [pin for pin in w.problem.pins if pin.session == code]
        times = [w.moment(pin.start) for pin in pins if pin.start is not None]
        places = [rooms([pin.room]) for pin in pins if pin.room is not None]
        yield message("cause.pinned", session=sessions([code]), places=several([*times, *places]))


def _kind_parallel(w: Subjects, keys: Keys) -> Said:
    most = dict(w.problem.rules.max_parallel_by_kind)
    for (kind,) in keys:
        found = sessions(s.code for s in w.problem.sessions if s.kind == kind)
        yield message("cause.kind_parallel", limit=most[kind], sessions=found)


def _same_time(w: Subjects, keys: Keys) -> Said:
    for (number,) in keys:
        yield message("cause.same_time", sessions=sessions(sorted(w.problem.same_time[int(number)])))


def _same_room(w: Subjects, keys: Keys) -> Said:
    for (number,) in keys:
        yield message("cause.same_room", sessions=sessions(sorted(w.problem.same_room[int(number)])))


def _room_closed(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        yield message("cause.room_closed", room=rooms([code]), times=w.spans(w.rooms[code].closed))


def _person_away(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        bound = sessions(s.code for s in w.problem.sessions if code in s.people)
        yield message("cause.away", who=people([code]), times=w.spans(w.people[code].away), sessions=bound)


def _body_away(w: Subjects, keys: Keys) -> Said:
    for (code,) in keys:
        bound = sessions(s.code for s in w.problem.sessions if code in s.bodies)
        yield message("cause.away", who=bodies([code]), times=w.spans(w.bodies[code].away), sessions=bound)


def _changeover(w: Subjects, keys: Keys) -> Said:
    codes = [code for (code,) in keys]
    yield message(
        "cause.changeover",
        rooms=rooms(codes),
        minutes=w.problem.rules.room_changeover_minutes,
        sessions=sessions(s.code for s in w.problem.sessions if w.might_use(s, set(codes))),
    )


def _person_gap(w: Subjects, keys: Keys) -> Said:
    rules = w.problem.rules
    yield message(
        "cause.person_gap",
        people=people(code for (code,) in keys),
        near=rules.person_gap_same_group_minutes,
        far=rules.person_gap_other_group_minutes,
    )


def _order(_w: Subjects, keys: Keys) -> Said:
    by_later: dict[str, list[str]] = {}
    for earlier, later in keys:
        by_later.setdefault(later, []).append(earlier)
    for later, before in by_later.items():
        yield message("cause.order", later=sessions([later]), earlier=sessions(before))


def _time_limit(field: str) -> Callable[[Subjects, Keys], Said]:
    def said(w: Subjects, keys: Keys) -> Said:
        by_minute: dict[int, list[str]] = {}
        for (code,) in keys:
            by_minute.setdefault(getattr(w.sessions[code], field), []).append(code)
        for minute, codes in by_minute.items():
            yield message(f"cause.{field}", time=w.moment(minute), sessions=sessions(codes))

    return said


def _listed(rule: str) -> Callable[[Subjects, Keys], Said]:
    """A fixed sentence followed by the sessions it binds."""

    def said(w: Subjects, keys: Keys) -> Said:
        named = {code for key in keys for code in key}
        yield message(f"cause.{rule}", sessions=sessions(s.code for s in w.problem.sessions if s.code in named))

    return said


def _not_parallel(w: Subjects, keys: Keys) -> Said:
    if len(keys) > MOST_PAIRS:
        yield from _listed("not_parallel_some")(w, keys)
        return
    for first, second in keys:
        yield message("cause.not_parallel", first=sessions([first]), second=sessions([second]))


def _person_twice(_w: Subjects, keys: Keys) -> Said:
    yield message("cause.person_twice", people=people(code for (code,) in keys))


def _body_twice(_w: Subjects, keys: Keys) -> Said:
    yield message("cause.body_twice", bodies=bodies(code for (code,) in keys))


def _room_double(_w: Subjects, keys: Keys) -> Said:
    yield message("cause.room_double", rooms=rooms(code for (code,) in keys))


def _hours(w: Subjects, keys: Keys) -> Said:
    hours = w.problem.open_hours
    if not hours:
        yield message("cause.no_hours")
        return
    yield message("cause.hours", hours=w.hours(hours))
    longest = max(window.end - window.start for window in hours)
    for (code,) in keys:
        if (duration := w.sessions[code].duration) > longest:
            yield message("cause.too_long", session=sessions([code]), length=length(duration))


_MESSAGES: dict[str, Callable[[Subjects, Keys], Said]] = {
    "max_parallel": _max_parallel,
    "interpreters": _interpreters,
    "fixed_room": _fixed_room,
    "room_too_small": _room_too_small,
    "room_feature": _room_feature,
    "room_closed": _room_closed,
    "room_hours": _room_hours,
    "pinned": _pinned,
    "kind_parallel": _kind_parallel,
    "same_time": _same_time,
    "same_room": _same_room,
    "person_away": _person_away,
    "body_away": _body_away,
    "changeover": _changeover,
    "person_gap": _person_gap,
    "order": _order,
    "not_before": _time_limit("not_before"),
    "not_after": _time_limit("not_after"),
    "fixed_start": _time_limit("fixed_start"),
    "breaks_only": _listed("breaks_only"),
    "not_parallel": _not_parallel,
    "blocks_all": _listed("blocks_all"),
    "person_twice": _person_twice,
    "body_twice": _body_twice,
    "room_double": _room_double,
    "hours": _hours,
}
