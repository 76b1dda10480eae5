"""What a planted conference asks for: rules and goals that its hidden timetable keeps, drawn at random from it."""

from __future__ import annotations

import random
from collections.abc import Callable

from schedule.solver.problem import Interval, Person, Pin, Room, Rules, Session

from .frame import CHANGEOVER, CLOSES, CORE, OPENS, Frame
from .hidden import GAP_OTHER, Hidden

WORKSHOP = "workshop"


def sessions(frame: Frame, hidden: list[Hidden], chance: random.Random) -> tuple[Session, ...]:
    """All of them with what they need, in an order that tells nothing."""
    tracks = _tracks(frame, chance)
    found = [_session(one, hidden, tracks, chance) for one in hidden]
    chance.shuffle(found)
    return tuple(found)


def _tracks(frame: Frame, chance: random.Random) -> dict[tuple[str, int], str]:
    """Each day every room has a track of its own, not the same every day."""
    rooms = [room.code for room in frame.rooms]
    found = {}
    for day in range(frame.days):
        for number, code in enumerate(chance.sample(rooms, len(rooms))):
            found[code, day] = f"track {number}"
    return found


def _session(one: Hidden, hidden: list[Hidden], tracks: dict[tuple[str, int], str], chance: random.Random) -> Session:
    if one.is_break:
        return Session(
            one.code,
            one.code,
            one.length,
            is_break=True,
            blocks_all=True,
            fixed_start=one.start,
            fixed_room=one.room.code,
            counts_as_parallel=False,
        )
    day = one.day * 1440
    part = (day + CORE[0], day + 13 * 60 + 30) if one.start < day + 13 * 60 else (day + 13 * 60, day + CORE[1])
    wide = Interval(max(day + OPENS, one.start - 120), min(day + CLOSES, one.end + 120))
    others = [other for other in chance.sample(hidden, min(20, len(hidden))) if not other.is_break]
    earlier = [other.code for other in others if other.end <= one.start and not other.plenary]
    apart = [other.code for other in others if other.end <= one.start or one.end <= other.start]
    return Session(
        one.code,
        one.code,
        one.length,
        kind=WORKSHOP if one.number % 5 == 0 else "talk",
        people=frozenset(one.people),
        required_features=frozenset(f for f in sorted(one.room.features) if chance.random() < 0.3),
        needs_interpreters=chance.random() < 0.15,
        seats_needed=one.room.capacity,
        capacity_cap=one.room.capacity if chance.random() < 0.1 else None,
        blocks_all=one.plenary,
        not_before=wide.start if chance.random() < 0.08 else None,
        not_after=wide.end if one.plenary or chance.random() < 0.08 else None,
        after=frozenset(earlier[:1]) if earlier and chance.random() < 0.08 else frozenset(),
        not_parallel_with=frozenset(apart[:2]) if chance.random() < 0.1 else frozenset(),
        track="" if one.plenary or chance.random() < 0.2 else tracks[one.room.code, one.day],
        preferred_times=(Interval(*part),) if not one.plenary and chance.random() < 0.15 else (),
        preferred_rooms=frozenset({one.room.code}) if chance.random() < 0.1 else frozenset(),
    )


def rules(hidden: list[Hidden], asked: tuple[Session, ...]) -> Rules:
    """As many at once as the hidden timetable has."""
    at = {session.code: session for session in asked}
    talks = [one for one in hidden if not one.is_break]
    return Rules(
        slot_minutes=5,
        room_changeover_minutes=CHANGEOVER,
        person_gap_same_group_minutes=0,
        person_gap_other_group_minutes=GAP_OTHER,
        interpreter_teams=_most(talks, lambda one: at[one.code].needs_interpreters),
        max_parallel_open_sessions=_most(talks, lambda one: at[one.code].counts_as_parallel),
        max_parallel_by_kind=((WORKSHOP, _most(talks, lambda one: at[one.code].kind == WORKSHOP)),),
    )


def _most(hidden: list[Hidden], counts: Callable[[Hidden], bool]) -> int:
    """The most that run at once."""
    held = [one for one in hidden if counts(one)]
    return max((sum(other.start <= one.start < other.end for other in held) for one in held), default=0)


def people(count: int, frame: Frame, hidden: list[Hidden], chance: random.Random) -> tuple[Person, ...]:
    """One in four is away for half a day on which they have nothing to do."""
    found = []
    for number in range(count):
        code, away = f"P{number}", []
        if chance.random() < 0.25:
            begins = chance.randrange(frame.days) * 1440 + chance.choice((OPENS, 13 * 60))
            half = Interval(begins, begins + 4 * 60)
            if not any(code in one.people and one.during.overlaps(half) for one in hidden):
                away.append(half)
        found.append(Person(code, code, tuple(away)))
    return tuple(found)


def closed(rooms: tuple[Room, ...], frame: Frame, hidden: list[Hidden], chance: random.Random) -> dict[str, Interval]:
    """Two rooms in five are closed for an hour in which they are free."""
    hours = [
        Interval(day * 1440 + begins, day * 1440 + begins + 60)
        for day in range(frame.days)
        for begins in range(OPENS, CLOSES - 59, 30)
    ]
    found = {}
    for room in rooms:
        used = [one.during for one in hidden if room.occupies & one.room.occupies]
        free = [hour for hour in hours if not any(hour.overlaps(during) for during in used)]
        if free and not room.breaks_only and chance.random() < 0.4:
            found[room.code] = chance.choice(free)
    return found


def groups(
    hidden: list[Hidden], chance: random.Random
) -> tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]:
    """Pairs that start together, and pairs that share a room, about one in forty sessions each."""
    talks = [one for one in hidden if not one.is_break and not one.plenary]
    return _pairs(talks, lambda one: one.start, chance), _pairs(talks, lambda one: one.room.code, chance)


def _pairs(talks: list[Hidden], what: Callable[[Hidden], object], chance: random.Random) -> tuple[frozenset[str], ...]:
    """Pairs of which both have the same `what`; nobody is in two of them."""
    chosen: list[frozenset[str]] = []
    seen: set[str] = set()
    for one in chance.sample(talks, max(1, len(talks) // 40)):
        mates = [other for other in talks if other is not one and other.code not in seen and what(one) == what(other)]
        if mates and one.code not in seen:
            chosen.append(frozenset({one.code, chance.choice(mates).code}))
            seen |= chosen[-1]
    return tuple(chosen)


def pins(hidden: list[Hidden], chance: random.Random) -> tuple[Pin, ...]:
    """One session in fifty is held to its start, one to its room."""
    talks = [one for one in hidden if not one.is_break]
    many = max(1, len(talks) // 50)
    starts = [Pin(one.code, start=one.start) for one in chance.sample(talks, many)]
    return (*starts, *(Pin(one.code, room=one.room.code) for one in chance.sample(talks, many)))
