"""Fighting rules in words, in English and Korean: one cause per kind of rule, naming sessions, rooms and people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schedule.solver.exact.domains import RuleKey
from schedule.solver.problem import Problem, Session

from .words import Texts, Words, length


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of rule in the fight. `rule` is a name of `verify`, or "changeover", "person_gap", "no_rooms"."""

    rule: str
    sessions: tuple[str, ...]
    rooms: tuple[str, ...]
    people: tuple[str, ...]
    text_en: str
    text_ko: str


def causes(problem: Problem, keys: Sequence[RuleKey]) -> tuple[Cause, ...]:
    """One cause per kind, the most telling first. `problem` holds only the sessions in the fight."""
    by_kind: dict[str, list[RuleKey]] = {}
    for key in keys:
        by_kind.setdefault(key[0], []).append(key)
    words = Words(problem)
    if not problem.rooms:
        return (Cause("no_rooms", tuple(words.sessions), (), (), "There are no rooms.", "장소가 없습니다."),)
    return tuple(_cause(words, kind, by_kind[kind]) for kind in _TELLING if kind in by_kind)


# The most telling first: limits and demands that are somebody's decision, then the order of things, then nature.
_TELLING = (
    "max_parallel", "kind_parallel", "interpreters", "pinned", "fixed_room", "changeover", "room_too_small",
    "room_feature", "room_closed", "room_hours", "person_away", "body_away", "person_gap", "same_time", "same_room",
    "order", "not_before", "not_after", "fixed_start", "grid", "breaks_only",
    "not_parallel", "blocks_all", "person_twice", "body_twice", "room_double", "hours",
)  # fmt: skip


def rank(rule: str) -> int:
    """How telling a rule is, 0 the most; what is no rule comes last."""
    return _TELLING.index(rule) if rule in _TELLING else len(_TELLING)


def _cause(w: Words, kind: str, keys: Sequence[RuleKey]) -> Cause:
    sessions, rooms, people = concerned(w, kind, [key[1:] for key in keys])
    english, korean = _SENTENCES[kind](w, [key[1:] for key in keys])
    return Cause(kind, sessions, rooms, people, english, korean)


def concerned(
    w: Words, kind: str, subjects: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes of sessions, rooms and people a kind of rule binds."""
    named = {code for subject in subjects for code in subject}
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
    sessions = tuple(s.code for s in problem.sessions if s.code in named)
    rooms = tuple(sorted({s.fixed_room for c in sessions if (s := w.sessions[c]).fixed_room is not None}))
    return sessions, rooms if kind in {"fixed_room", "room_too_small"} else (), ()


_COUNTED: dict[str, Callable[[Session, set[str]], bool]] = {
    "body_twice": lambda session, named: bool(named & set(session.bodies)),
    "body_away": lambda session, named: bool(named & set(session.bodies)),
    "interpreters": lambda session, _named: session.needs_interpreters,
    "max_parallel": lambda session, _named: session.counts_as_parallel and not session.is_break,
    "kind_parallel": lambda session, named: session.kind in named,
}


Subjects = Sequence[tuple[str, ...]]


def _max_parallel(w: Words, _subjects: Subjects) -> Texts:
    limit = w.problem.rules.max_parallel_open_sessions
    open_ones = [s for s in w.problem.sessions if s.counts_as_parallel and not s.is_break]
    (en, ko), (time_en, time_ko) = w.titles(s.code for s in open_ones), length(sum(s.duration for s in open_ones))
    return (
        f"At most {limit} open sessions may run at once. These {len(open_ones)} ({time_en}) do not fit in: {en}.",
        f"공개 세션은 동시에 최대 {limit}개입니다. {len(open_ones)}개 세션(합계 {time_ko})이 들어가지 않습니다: {ko}.",
    )


def _interpreters(w: Words, _subjects: Subjects) -> Texts:
    teams = w.problem.rules.interpreter_teams
    used = [s for s in w.problem.sessions if s.needs_interpreters]
    (en, ko), (time_en, time_ko) = w.titles(s.code for s in used), length(sum(s.duration for s in used))
    return (
        f"Interpretation teams: {teams}. They cannot serve {len(used)} sessions, {time_en} together: {en}.",
        f"통역팀은 {teams}팀인데, 통역이 필요한 {len(used)}개 세션(합계 {time_ko})을 모두 맡을 수 없습니다: {ko}.",
    )


def _fixed_room(w: Words, subjects: Subjects) -> Texts:
    def one(code: str) -> Texts:
        (en, ko), (room_en, room_ko) = w.titles([code]), w.names("rooms", [w.sessions[code].fixed_room or ""])
        return f"{en} is fixed to {room_en}.", f"{ko}의 장소가 {room_ko}(으)로 고정되어 있습니다."

    return w.each(one(code) for (code,) in subjects)


def _room_too_small(w: Words, subjects: Subjects) -> Texts:
    def one(code: str) -> Texts:
        session = w.sessions[code]
        rooms = [
            room
            for room in w.problem.rooms
            if session.required_features <= room.features
            and session.fixed_room in {None, room.code}
            and (session.is_break or not room.breaks_only)
        ]
        (en, ko) = w.titles([code])
        small = [room.code for room in rooms if room.capacity < session.seats]
        (rooms_en, rooms_ko) = w.names("rooms", small)
        seats = ", ".join(str(w.rooms[room].capacity) for room in sorted(small))
        if not small:
            return f"{en} needs {session.seats} seats.", f"{ko}에는 {session.seats}석이 필요합니다."
        return (
            f"{en} needs {session.seats} seats; too small: {rooms_en} ({seats} seats).",
            f"{ko}에는 {session.seats}석이 필요합니다. 좌석이 모자란 곳: {rooms_ko}({seats}석).",
        )

    return w.each(one(code) for (code,) in subjects)


def _room_feature(w: Words, subjects: Subjects) -> Texts:
    by_need: dict[frozenset[str], list[str]] = {}
    for (code,) in subjects:
        by_need.setdefault(w.sessions[code].required_features, []).append(code)

    def one(need: frozenset[str], codes: list[str]) -> Texts:
        (en, ko), (features_en, features_ko) = w.titles(codes), w.features(need)
        having = [room.code for room in w.problem.rooms if need <= room.features]
        (rooms_en, rooms_ko) = w.names("rooms", having) if having else ("no room", "없음")
        return (
            f"Rooms with {features_en}: {rooms_en}. Needed by {en}.",
            f"필요한 설비({features_ko})를 갖춘 곳: {rooms_ko}. 필요한 세션: {ko}.",
        )

    return w.each(one(need, codes) for need, codes in by_need.items())


def _room_hours(w: Words, subjects: Subjects) -> Texts:
    def one(code: str) -> Texts:
        room_en, room_ko = w.names("rooms", [code])
        spans = [w.span(opening.start, opening.end) for opening in w.rooms[code].open]
        return (
            f"{room_en} is open only {', '.join(en for en, _ in spans)}.",
            f"{room_ko}은(는) {', '.join(ko for _, ko in spans)}에만 사용할 수 있습니다.",
        )

    return w.each(one(code) for (code,) in subjects)


def _pinned(w: Words, subjects: Subjects) -> Texts:
    def one(code: str) -> Texts:
        en, ko = w.titles([code])
        pins = [pin for pin in w.problem.pins if pin.session == code]
        times = [w.moment(pin.start) for pin in pins if pin.start is not None]
        rooms = [w.names("rooms", [pin.room]) for pin in pins if pin.room in w.rooms]
        return (
            f"{en} is pinned to {', '.join(found for found, _ in [*times, *rooms])}.",
            f"{ko}은(는) {', '.join(found for _, found in [*times, *rooms])}에 고정해 두었습니다.",
        )

    return w.each(one(code) for (code,) in subjects)


def _kind_parallel(w: Words, subjects: Subjects) -> Texts:
    most = dict(w.problem.rules.max_parallel_by_kind)

    def one(kind: str) -> Texts:
        en, ko = w.titles(s.code for s in w.problem.sessions if s.kind == kind)
        return (
            f"At most {most[kind]} of these, which are of one kind, may run at once: {en}.",
            f"같은 종류인 다음 세션은 동시에 최대 {most[kind]}개까지 열 수 있습니다: {ko}.",
        )

    return w.each(one(kind) for (kind,) in subjects)


def _group(field: str, english: str, korean: str) -> Callable[[Words, Subjects], Texts]:
    def sentence(w: Words, subjects: Subjects) -> Texts:
        groups: tuple[frozenset[str], ...] = getattr(w.problem, field)
        found = [w.titles(sorted(groups[int(number)])) for (number,) in subjects]
        return w.each((f"{english}: {en}.", f"{korean}: {ko}.") for en, ko in found)

    return sentence


def _room_closed(w: Words, subjects: Subjects) -> Texts:
    def one(code: str) -> Texts:
        room_en, room_ko = w.names("rooms", [code])
        spans = [w.span(closed.start, closed.end) for closed in w.rooms[code].closed]
        return (
            f"{room_en} is closed {', '.join(en for en, _ in spans)}.",
            f"{room_ko}은(는) {', '.join(ko for _, ko in spans)} 사용할 수 없습니다.",
        )

    return w.each(one(code) for (code,) in subjects)


def _away(what: str) -> Callable[[Words, Subjects], Texts]:
    def sentence(w: Words, subjects: Subjects) -> Texts:
        def one(code: str) -> Texts:
            name_en, name_ko = w.names(what, [code])
            spans = [w.span(away.start, away.end) for away in getattr(w, what)[code].away]
            bound = [
                s.code for s in w.problem.sessions if code in (s.people if what == "people" else frozenset(s.bodies))
            ]
            en, ko = w.titles(bound)
            return (
                f"{name_en} is away {', '.join(e for e, _ in spans)}, but is needed for {en}.",
                f"{name_ko}은(는) {', '.join(k for _, k in spans)} 참석할 수 없는데 다음 세션에 필요합니다: {ko}.",
            )

        return w.each(one(code) for (code,) in subjects)

    return sentence


def _changeover(w: Words, subjects: Subjects) -> Texts:
    minutes = w.problem.rules.room_changeover_minutes
    codes = [code for (code,) in subjects]
    room_en, room_ko = w.names("rooms", codes)
    en, ko = w.titles(s.code for s in w.problem.sessions if w.might_use(s, set(codes)))
    return (
        f"{room_en} must be free for {minutes} minutes between two uses, which concerns {en}.",
        f"{room_ko}은(는) 사용 사이에 {minutes}분을 비워 두어야 합니다. 해당 세션: {ko}.",
    )


def _person_gap(w: Words, subjects: Subjects) -> Texts:
    rules = w.problem.rules
    name_en, name_ko = w.names("people", [code for (code,) in subjects])
    same, other = rules.person_gap_same_group_minutes, rules.person_gap_other_group_minutes
    return (
        f"{name_en}: {same} minutes to another room nearby and {other} minutes to a room further away are needed.",
        f"{name_ko}: 가까운 다른 방까지 {same}분, 먼 방까지 {other}분의 이동 시간이 필요합니다.",
    )


def _order(w: Words, subjects: Subjects) -> Texts:
    by_later: dict[str, list[str]] = {}
    for earlier, later in subjects:
        by_later.setdefault(later, []).append(earlier)

    def one(later: str, earlier: list[str]) -> Texts:
        (en, ko), (before_en, before_ko) = w.titles([later]), w.titles(earlier)
        return f"{en} must come after {before_en}.", f"{ko}은(는) {before_ko} 다음이어야 합니다."

    return w.each(one(later, earlier) for later, earlier in by_later.items())


def _time_limit(field: str, english: str, korean: str) -> Callable[[Words, Subjects], Texts]:
    def sentence(w: Words, subjects: Subjects) -> Texts:
        by_minute: dict[int, list[str]] = {}
        for (code,) in subjects:
            by_minute.setdefault(getattr(w.sessions[code], field), []).append(code)

        def one(minute: int, codes: list[str]) -> Texts:
            (en, ko), (when_en, when_ko) = w.titles(codes), w.moment(minute)
            return f"{english} {when_en}: {en}.", f"{when_ko} {korean}: {ko}."

        return w.each(one(minute, codes) for minute, codes in by_minute.items())

    return sentence


def _listed(english: str, korean: str) -> Callable[[Words, Subjects], Texts]:
    """A fixed sentence followed by the sessions it binds."""

    def sentence(w: Words, subjects: Subjects) -> Texts:
        named = {code for subject in subjects for code in subject}
        en, ko = w.titles(s.code for s in w.problem.sessions if s.code in named)
        return f"{english}: {en}.", f"{korean}: {ko}."

    return sentence


def _not_parallel(w: Words, subjects: Subjects) -> Texts:
    def one(first: str, second: str) -> Texts:
        (a_en, a_ko), (b_en, b_ko) = w.titles([first]), w.titles([second])
        return f"{a_en} and {b_en} must not run at the same time.", f"{a_ko}와(과) {b_ko}은(는) 동시에 열 수 없습니다."

    if len(subjects) > 3:
        return _listed("Some of these must not run at the same time", "다음 세션 중 일부는 동시에 열 수 없습니다")(
            w, subjects
        )
    return w.each(one(first, second) for first, second in subjects)


def _once(what: str, english: str, korean: str) -> Callable[[Words, Subjects], Texts]:
    def sentence(w: Words, subjects: Subjects) -> Texts:
        en, ko = w.names(what, [code for (code,) in subjects])
        return english.format(en), korean.format(ko)

    return sentence


def _hours(w: Words, subjects: Subjects) -> Texts:
    hours = [window.hours for window in w.problem.windows]
    if not hours:
        return "The conference has no opening hours.", "행사의 운영 시간이 없습니다."
    spans = [w.span(window.start, window.end) for window in hours]
    longest = max(window.end - window.start for window in hours)

    def too_long(code: str) -> Texts:
        (en, ko), (time_en, time_ko) = w.titles([code]), length(w.sessions[code].duration)
        return (
            f"{en} lasts {time_en}, longer than any day is open.",
            f"{ko}은(는) {time_ko}로 하루 운영 시간보다 깁니다.",
        )

    opening = (
        f"Opening hours are {'; '.join(en for en, _ in spans)}.",
        f"운영 시간은 {'; '.join(ko for _, ko in spans)}입니다.",
    )
    return w.each([opening, *(too_long(code) for (code,) in subjects if w.sessions[code].duration > longest)])


_SENTENCES: dict[str, Callable[[Words, Subjects], Texts]] = {
    "max_parallel": _max_parallel,
    "interpreters": _interpreters,
    "fixed_room": _fixed_room,
    "room_too_small": _room_too_small,
    "room_feature": _room_feature,
    "room_closed": _room_closed,
    "room_hours": _room_hours,
    "pinned": _pinned,
    "kind_parallel": _kind_parallel,
    "same_time": _group("same_time", "These must start at the same time", "동시에 시작해야 하는 세션"),
    "same_room": _group("same_room", "These must be in the same room", "같은 장소를 써야 하는 세션"),
    "person_away": _away("people"),
    "body_away": _away("bodies"),
    "changeover": _changeover,
    "person_gap": _person_gap,
    "order": _order,
    "not_before": _time_limit("not_before", "Not before", "이전에는 시작할 수 없는 세션"),
    "not_after": _time_limit("not_after", "To end no later than", "이후까지 이어질 수 없는 세션"),
    "fixed_start": _time_limit("fixed_start", "Fixed to", "시작으로 고정된 세션"),
    "grid": _listed("Fixed to a start off the time grid", "시간 격자에 맞지 않는 시각으로 고정된 세션"),
    "breaks_only": _listed("These are no breaks and may not use rooms for breaks", "휴식 전용 장소를 쓸 수 없는 세션"),
    "not_parallel": _not_parallel,
    "blocks_all": _listed("Nothing else may run during", "다른 세션과 동시에 열 수 없는 세션"),
    "person_twice": _once(
        "people", "{} can be in one place at a time.", "{}은(는) 한 번에 한 곳에만 있을 수 있습니다."
    ),
    "body_twice": _once(
        "bodies", "{} has one team and can run one session at a time.", "{}은(는) 한 번에 한 세션만 운영할 수 있습니다."
    ),
    "room_double": _once("rooms", "{}: one session at a time.", "{}: 한 번에 한 세션만 열 수 있습니다."),
    "hours": _hours,
}
