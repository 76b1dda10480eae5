"""More time, rooms better equipped, one room more, one session less: what softens many rules at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Interval, Problem, Room, Session
from schedule.solver.sentences.message import features, message, rooms, several
from schedule.solver.sentences.message import seats as seats_of
from schedule.solver.sentences.message import sessions as sessions_of
from values.instants import midnight

from .changes import Asks, Relaxation, Step, free_code, with_hours, with_more_room, with_room, without_session

HOUR = 60
DAY = 24 * HOUR


def longer_days(w: Subjects, *, between: bool = True) -> Iterator[Relaxation]:
    """Each stretch of opening hours an hour longer, at its end and at its beginning, as far as its day goes.

    Without `between` only the first beginning and the last end.
    """
    windows = w.problem.windows
    ends = min((one.hours.start for one in windows), default=0), max((one.hours.end for one in windows), default=0)
    for number, window in enumerate(windows):
        hours = window.hours
        first = w.clock.minute_of(midnight(window.day, w.clock.zone))
        others = [other.hours for other in windows if other is not window]
        for where, longer in (
            ("end", Interval(hours.start, hours.end + HOUR)),
            ("start", Interval(hours.start - HOUR, hours.end)),
        ):
            if not between and longer.start >= ends[0] and longer.end <= ends[1]:
                continue
            if longer.start < first or longer.end > first + DAY or any(longer.overlaps(one) for one in others):
                continue
            said = message("relax.hours", new=w.spans([longer]), old=w.spans([hours]))
            step = Step(with_hours(w.problem, number, longer), HOUR, said)
            yield Relaxation(Asks.HOUR, ("hours", str(number), where), (step,))


def more_room(w: Subjects, sessions: Collection[Session], seats: dict[str, int]) -> Iterator[Relaxation]:
    """One room more for some of these sessions: small at first, then as large as the next session needs.

    `seats` says how many each should seat. A larger step also has every feature a smaller one has. The room is as near
    as most others are.
    """
    if not sessions:
        return
    groups = Counter(room.distance_group for room in w.problem.rooms if not room.breaks_only)
    group = max(sorted(groups), key=lambda name: groups[name], default="")
    steps: list[Step] = []
    needed: frozenset[str] = frozenset()
    for most in sorted({seats[session.code] for session in sessions}):
        needed |= frozenset(f for s in sessions if seats[s.code] <= most for f in s.required_features)
        room = Room(free_code(w.problem, "+"), "+", max(1, most), features=needed, distance_group=group)
        having = [*([seats_of(most)] if most else []), *([features(needed)] if needed else [])]
        said = message("relax.room_with", features=several(having)) if having else message("relax.room")
        steps.append(Step(with_more_room(w.problem, room), most, said))
    yield Relaxation(Asks.ROOM, ("room",), tuple(steps))


def equipped(w: Subjects, sessions: Collection[Session]) -> Iterator[Relaxation]:
    """Each room that would seat one of these sessions gets what that session needs, then what the next one needs."""
    for room in w.problem.rooms:
        lacking = {s.required_features - room.features for s in sessions if s.seats <= room.capacity}
        steps: list[Step] = []
        gets: frozenset[str] = frozenset()
        for more in sorted(lacking - {frozenset()}, key=lambda features: (len(features), sorted(features))):
            if more <= gets or room.breaks_only:
                continue
            gets |= more
            problem = with_room(w.problem, room.code, features=room.features | gets)
            said = message("relax.equipment", room=rooms([room.code]), features=features(gets))
            steps.append(Step(problem, room.capacity, said))
        if steps:
            yield Relaxation(Asks.EQUIPMENT, ("equipment", room.code), tuple(steps))


def left_out(w: Subjects, sessions: Iterable[str], demand: SeatDemand) -> Iterator[Relaxation]:
    """Each of these sessions left out; its size are the people who want it, or whom it expects if those are more."""
    for code in sessions:
        session = w.sessions[code]
        people = max(session.seats, demand.wanted(session))
        said = message("relax.session", session=sessions_of([code]))
        step = Step(without_session(w.problem, code), people, said)
        yield Relaxation(Asks.SESSION, ("session", code), (step,))


def seats_needed(problem: Problem, demand: SeatDemand) -> dict[str, int]:
    """How many each session should seat, whether they are expected, promised or wish it."""
    return {session.code: max(session.seats, demand.wanted(session)) for session in problem.sessions}
