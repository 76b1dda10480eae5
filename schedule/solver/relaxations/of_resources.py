"""More time, rooms better equipped, one room more, one session less: what softens many rules at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from schedule.solver.explain.words import Words
from schedule.solver.objective import Demand
from schedule.solver.problem import Interval, Problem, Room, Session

from .changes import Asks, Relaxation, Step, free_code, with_hours, with_more_room, with_room, without_session

HOUR = 60
DAY = 24 * HOUR


def longer_days(w: Words, *, between: bool = True) -> Iterator[Relaxation]:
    """Each stretch of opening hours an hour longer, at its end and at its beginning, as far as its day goes.

    Without `between` only the first beginning and the last end.
    """
    windows = w.problem.windows
    ends = min((one.hours.start for one in windows), default=0), max((one.hours.end for one in windows), default=0)
    for number, window in enumerate(windows):
        hours = window.hours
        midnight = w.clock.minute_of(w.clock.local(hours.start).replace(hour=0, minute=0))
        others = [other.hours for other in windows if other is not window]
        for where, longer in (
            ("end", Interval(hours.start, hours.end + HOUR)),
            ("start", Interval(hours.start - HOUR, hours.end)),
        ):
            if not between and longer.start >= ends[0] and longer.end <= ends[1]:
                continue
            if longer.start < midnight or longer.end > midnight + DAY or any(longer.overlaps(one) for one in others):
                continue
            (old_en, old_ko), (new_en, new_ko) = w.span(hours.start, hours.end), w.span(longer.start, longer.end)
            step = Step(
                with_hours(w.problem, number, longer),
                HOUR,
                f"Open an hour longer: {new_en} instead of {old_en}.",
                f"운영 시간을 한 시간 늘립니다: {old_ko} → {new_ko}.",
            )
            yield Relaxation(Asks.HOUR, ("hours", str(number), where), (step,))


def more_room(w: Words, sessions: Collection[Session], seats: dict[str, int]) -> Iterator[Relaxation]:
    """One room more for some of these sessions: small at first, then as large as the next session needs.

    `seats` says how many each should seat. A larger step also has every feature a smaller one has. The room is as near
    as most others are.
    """
    if not sessions:
        return
    groups = Counter(room.distance_group for room in w.problem.rooms if not room.breaks_only)
    group = max(sorted(groups), key=lambda name: groups[name], default="")
    steps: list[Step] = []
    features: frozenset[str] = frozenset()
    for most in sorted({seats[session.code] for session in sessions}):
        features |= frozenset(f for s in sessions if seats[s.code] <= most for f in s.required_features)
        room = Room(free_code(w.problem, "+"), "+", max(1, most), features=features, distance_group=group)
        having, having_ko = w.features(features, *([(f"{most} seats", f"{most}석")] if most else []))
        steps.append(
            Step(
                with_more_room(w.problem, room),
                most,
                f"Have one more room{f' with {having}' if having else ''}.",
                f"{f'{having_ko}을(를) 갖춘 ' if having_ko else ''}장소를 하나 더 마련합니다.",
            )
        )
    yield Relaxation(Asks.ROOM, ("room",), tuple(steps))


def equipped(w: Words, sessions: Collection[Session]) -> Iterator[Relaxation]:
    """Each room that would seat one of these sessions gets what that session needs, then what the next one needs."""
    for room in w.problem.rooms:
        lacking = {s.required_features - room.features for s in sessions if s.seats <= room.capacity}
        steps: list[Step] = []
        gets: frozenset[str] = frozenset()
        for more in sorted(lacking - {frozenset()}, key=lambda features: (len(features), sorted(features))):
            if more <= gets or room.breaks_only:
                continue
            gets |= more
            (en, ko), (what_en, what_ko) = w.names("rooms", [room.code]), w.features(gets)
            problem = with_room(w.problem, room.code, features=room.features | gets)
            texts = f"Equip {en} with {what_en}.", f"{ko}에 {what_ko}을(를) 갖춥니다."
            steps.append(Step(problem, room.capacity, *texts))
        if steps:
            yield Relaxation(Asks.EQUIPMENT, ("equipment", room.code), tuple(steps))


def left_out(w: Words, sessions: Iterable[str], demand: Demand) -> Iterator[Relaxation]:
    """Each of these sessions left out; its size are the people who want it, or whom it expects if those are more."""
    for code in sessions:
        session = w.sessions[code]
        en, ko = w.titles([code])
        people = max(session.seats, demand.wanted(session))
        step = Step(without_session(w.problem, code), people, f"Leave out {en}.", f"{ko}을(를) 뺍니다.")
        yield Relaxation(Asks.SESSION, ("session", code), (step,))


def seats_needed(problem: Problem, demand: Demand) -> dict[str, int]:
    """How many each session should seat, whether they are expected, promised or wish it."""
    return {session.code: max(session.seats, demand.wanted(session)) for session in problem.sessions}
