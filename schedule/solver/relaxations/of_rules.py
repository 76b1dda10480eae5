"""Every rule of the solver, softened: how the problem changes and what that is called in English and Korean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from schedule.solver.exact.domains import RuleKey
from schedule.solver.exact.interval_model import limits
from schedule.solver.explain.words import Texts, Words
from schedule.solver.problem import Interval, Problem

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
Softer = Callable[[Words, Subject], Iterator[Relaxation]]


def softened(words: Words, keys: Iterable[RuleKey]) -> Iterator[Relaxation]:
    """For each rule the changes that soften it, each once; none for what only time, rooms or sessions can soften."""
    seen: set[RuleKey] = set()
    for rule, *subject in keys:
        for relaxation in _SOFTER[rule](words, tuple(subject)) if rule in _SOFTER else ():
            if relaxation.subject not in seen:
                seen.add(relaxation.subject)
                yield relaxation


def _one(asks: Asks, subject: RuleKey, problem: Problem, texts: Texts, size: int = 0) -> Relaxation:
    return Relaxation(asks, subject, (Step(problem, size, *texts),))


def _session_free(rule: str, changes: dict[str, Any], english: str, korean: str) -> Softer:
    """A wish of one session that is given up."""

    def softer(w: Words, subject: Subject) -> Iterator[Relaxation]:
        (code,) = subject
        en, ko = w.titles([code])
        problem = with_session(w.problem, code, **changes)
        yield _one(Asks.DECISION, (rule, code), problem, (english.format(en), korean.format(ko)))

    return softer


def _order(w: Words, subject: Subject) -> Iterator[Relaxation]:
    earlier, later = subject
    (a_en, a_ko), (b_en, b_ko) = w.titles([earlier]), w.titles([later])
    texts = f"Let {b_en} begin before {a_en} has ended.", f"{b_ko}이(가) {a_ko} 다음이 아니어도 되게 합니다."
    problem = with_session(w.problem, later, after=w.sessions[later].after - {earlier})
    yield _one(Asks.DECISION, ("order", earlier, later), problem, texts)


def _not_parallel(w: Words, subject: Subject) -> Iterator[Relaxation]:
    first, second = subject
    (a_en, a_ko), (b_en, b_ko) = w.titles([first]), w.titles([second])
    texts = f"Let {a_en} and {b_en} run at the same time.", f"{a_ko}와(과) {b_ko}을(를) 동시에 열 수 있게 합니다."
    yield _one(Asks.DECISION, ("not_parallel", first, second), without_pair(w.problem, first, second), texts)


def _pinned(w: Words, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    en, ko = w.titles([code])
    texts = f"Take the pin off {en}.", f"{ko}의 고정을 풉니다."
    yield _one(Asks.DECISION, ("pinned", code), without_pins(w.problem, code), texts)


def _grid(w: Words, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    fixed = w.sessions[code].fixed_start
    if fixed is None:
        return
    start = fixed - fixed % w.problem.rules.slot_minutes
    (en, ko), (when_en, when_ko) = w.titles([code]), w.moment(start)
    texts = (
        f"Fix {en} to {when_en}, which lies on the time grid.",
        f"{ko}을(를) 시간 격자에 맞는 {when_ko}에 고정합니다.",
    )
    yield _one(Asks.DECISION, ("grid", code), with_session(w.problem, code, fixed_start=start), texts)


def _group(rule: str, english: str, korean: str) -> Softer:
    def softer(w: Words, subject: Subject) -> Iterator[Relaxation]:
        number = int(subject[0])
        groups: tuple[frozenset[str], ...] = getattr(w.problem, rule)
        en, ko = w.titles(sorted(groups[number]))
        texts = english.format(en), korean.format(ko)
        yield _one(Asks.DECISION, (rule, subject[0]), without_group(w.problem, rule, number), texts)

    return softer


def _fewer_minutes(now: int, slot: int) -> Iterator[int]:
    """Shorter times on the grid, the longest first, down to none."""
    yield from range((now - 1) // slot * slot, 0, -slot)
    yield 0


def _changeover(w: Words, _subject: Subject) -> Iterator[Relaxation]:
    now = w.problem.rules.room_changeover_minutes
    steps = [
        Step(
            with_rules(w.problem, room_changeover_minutes=minutes),
            now - minutes,
            f"Leave {minutes} instead of {now} minutes between two uses of a room.",
            f"장소 사용 사이의 시간을 {now}분에서 {minutes}분으로 줄입니다.",
        )
        for minutes in _fewer_minutes(now, w.problem.rules.slot_minutes)
    ]
    yield Relaxation(Asks.DECISION, ("changeover",), tuple(steps))


def _person_gap(w: Words, _subject: Subject) -> Iterator[Relaxation]:
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
            f"Count on at most {minutes} instead of {now} minutes to walk from room to room.",
            f"방 사이의 이동 시간을 최대 {now}분이 아니라 {minutes}분으로 계산합니다.",
        )
        for minutes in _fewer_minutes(now, rules.slot_minutes)
    ]
    yield Relaxation(Asks.DECISION, ("person_gap",), tuple(steps))


def _limit(rule: str, asks: Asks) -> Softer:
    """A higher limit on how many run at once, up to where it would not bind at all."""

    def softer(w: Words, subject: Subject) -> Iterator[Relaxation]:
        key = (rule, *subject)
        now, used = next((limit, len(used)) for found, limit, used in limits(w.problem) if found == key)
        steps = [
            Step(_raised(w.problem, key, most), most - now, *_raised_texts(w, key, now, most))
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


def _raised_texts(w: Words, key: RuleKey, now: int, most: int) -> Texts:
    if key[0] == "interpreters":
        teams = "team" if most == 1 else "teams"
        return f"Have {most} interpretation {teams} instead of {now}.", f"통역팀을 {now}팀에서 {most}팀으로 늘립니다."
    if key[0] == "max_parallel":
        return (
            f"Let {most} instead of {now} open sessions run at once.",
            f"동시에 여는 공개 세션을 {now}개에서 {most}개로 늘립니다.",
        )
    en, ko = w.titles(session.code for session in w.problem.sessions if session.kind == key[1])
    return (
        f"Let {most} instead of {now} of these, which are of one kind, run at once: {en}.",
        f"같은 종류인 다음 세션을 동시에 {now}개가 아니라 {most}개까지 열 수 있게 합니다: {ko}.",
    )


def _times(rule: str, what: str, change: Callable[..., Problem], english: str, korean: str) -> Softer:
    """An absence or a closure: each stretch of it on its own, and all of them if there are several."""
    field = "closed" if what == "rooms" else "away"

    def softer(w: Words, subject: Subject) -> Iterator[Relaxation]:
        (code,) = subject
        name_en, name_ko = w.names(what, [code])
        times: tuple[Interval, ...] = getattr(getattr(w, what)[code], field)
        groups = [*((time,) for time in times), *([times] if len(times) > 1 else [])]
        for number, group in enumerate(groups):
            left = tuple(time for time in times if time not in group)
            spans = [w.span(time.start, time.end) for time in group]
            texts = (
                english.format(name_en, ", ".join(en for en, _ in spans)),
                korean.format(name_ko, ", ".join(ko for _, ko in spans)),
            )
            length = sum(time.end - time.start for time in group)
            subject_ = (rule, code, str(number))
            yield _one(Asks.PEOPLE, subject_, change(w.problem, code, **{field: left}), texts, length)

    return softer


def _room_hours(w: Words, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    en, ko = w.names("rooms", [code])
    texts = f"Have {en} outside its own hours too.", f"{ko}을(를) 정해진 시간 밖에도 사용합니다."
    yield _one(Asks.PEOPLE, ("room_hours", code), with_room(w.problem, code, open=()), texts)


def _person_twice(w: Words, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    name_en, name_ko = w.names("people", [code])
    for session in w.problem.sessions:
        if code in session.people:
            en, ko = w.titles([session.code])
            texts = f"Do {en} without {name_en}.", f"{ko}을(를) {name_ko} 없이 진행합니다."
            problem = with_session(w.problem, session.code, people=session.people - {code})
            yield _one(Asks.PEOPLE, ("person_twice", code, session.code), problem, texts)


def _body_twice(w: Words, subject: Subject) -> Iterator[Relaxation]:
    (code,) = subject
    en, ko = w.names("bodies", [code])
    texts = f"Have {en} run several sessions at once.", f"{ko}이(가) 여러 세션을 동시에 운영하게 합니다."
    yield _one(Asks.PEOPLE, ("body_twice", code), with_body(w.problem, code, single_team=False), texts)


def _room_too_small(w: Words, subject: Subject) -> Iterator[Relaxation]:
    """Fewer seats, as many as a room has: but never fewer than are promised already."""
    (code,) = subject
    session = w.sessions[code]
    en, ko = w.titles([code])
    suited = (r for r in w.problem.rooms if session.required_features <= r.features and not r.breaks_only)
    seats = {r.capacity for r in suited if session.confirmed <= r.capacity < session.seats}
    steps = [
        Step(
            with_session(w.problem, code, seats_needed=most),
            session.seats - most,
            f"Expect {most} instead of {session.seats} people in {en}.",
            f"{ko}의 예상 인원을 {session.seats}명에서 {most}명으로 줄입니다.",
        )
        for most in sorted(seats, reverse=True)
    ]
    if steps:
        yield Relaxation(Asks.EQUIPMENT, ("room_too_small", code), tuple(steps))


def _room_feature(w: Words, subject: Subject) -> Iterator[Relaxation]:
    """The session does without what it needs."""
    (code,) = subject
    (en, ko), (what_en, what_ko) = w.titles([code]), w.features(w.sessions[code].required_features)
    texts = f"Do {en} without {what_en}.", f"{ko}을(를) {what_ko} 없이 진행합니다."
    problem = with_session(w.problem, code, required_features=frozenset())
    yield _one(Asks.DECISION, ("room_feature", code), problem, texts)


def _breaks_only(w: Words, _subject: Subject) -> Iterator[Relaxation]:
    for room in w.problem.rooms:
        if room.breaks_only:
            en, ko = w.names("rooms", [room.code])
            texts = f"Open {en} to sessions that are no breaks.", f"{ko}을(를) 휴식이 아닌 세션에도 씁니다."
            yield _one(
                Asks.DECISION, ("breaks_only", room.code), with_room(w.problem, room.code, breaks_only=False), texts
            )


_SOFTER: dict[str, Softer] = {
    "order": _order,
    "not_parallel": _not_parallel,
    "pinned": _pinned,
    "grid": _grid,
    "fixed_start": _session_free(
        "fixed_start", {"fixed_start": None}, "Let {} start at another time.", "{}의 시작 시각을 옮길 수 있게 합니다."
    ),
    "fixed_room": _session_free(
        "fixed_room", {"fixed_room": None}, "Let {} be in another room.", "{}의 장소를 옮길 수 있게 합니다."
    ),
    "not_before": _session_free(
        "not_before", {"not_before": None}, "Let {} start earlier.", "{}이(가) 더 일찍 시작할 수 있게 합니다."
    ),
    "not_after": _session_free(
        "not_after", {"not_after": None}, "Let {} end later.", "{}이(가) 더 늦게 끝날 수 있게 합니다."
    ),
    "blocks_all": _session_free(
        "blocks_all", {"blocks_all": False}, "Let others run during {}.", "{} 동안 다른 세션을 열 수 있게 합니다."
    ),
    "same_time": _group(
        "same_time", "Let these start at different times: {}.", "서로 다른 시각에 시작할 수 있게 합니다: {}."
    ),
    "same_room": _group(
        "same_room", "Let these be in different rooms: {}.", "서로 다른 장소를 쓸 수 있게 합니다: {}."
    ),
    "changeover": _changeover,
    "person_gap": _person_gap,
    "max_parallel": _limit("max_parallel", Asks.DECISION),
    "kind_parallel": _limit("kind_parallel", Asks.DECISION),
    "interpreters": _limit("interpreters", Asks.EQUIPMENT),
    "person_away": _times(
        "person_away", "people", with_person, "Ask {} to come in spite of being away {}.",
        "{} 참석 요청: {} 불참을 바꿔 달라고 합니다.",
    ),
    "body_away": _times(
        "body_away", "bodies", with_body, "Ask {} to come in spite of being away {}.",
        "{} 참석 요청: {} 불참을 바꿔 달라고 합니다.",
    ),
    "room_closed": _times(
        "room_closed", "rooms", with_room, "Have {} although it is closed {}.",
        "{} 사용 요청: {} 사용할 수 없는 것을 풉니다.",
    ),
    "room_hours": _room_hours,
    "person_twice": _person_twice,
    "body_twice": _body_twice,
    "room_too_small": _room_too_small,
    "room_feature": _room_feature,
    "breaks_only": _breaks_only,
}  # fmt: skip
