"""Titles, names and times in English and Korean, for the sentences of `reasons`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from schedule.solver.files.reading.times import LocalClock
from schedule.solver.problem import Problem, Session

Texts = tuple[str, str]
"""English, Korean."""

MOST_TITLES = 6
"""More sessions than this are counted, not listed; `Cause.sessions` has all of them."""

_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_KO = ("월", "화", "수", "목", "금", "토", "일")
# What rooms have, where it has a usual name; any other is shown by its code.
_FEATURES: Mapping[str, Texts] = {
    "captions-screen": ("screen for captions", "자막 화면"),
    "hearing-loop": ("hearing loop", "히어링 루프"),
    "hybrid": ("equipment for remote participation", "원격 참여 장비"),
    "interpretation-booth": ("interpretation booth", "통역 부스"),
    "projector": ("projector", "프로젝터"),
    "wheelchair": ("wheelchair access", "휠체어 접근"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """Titles, names and times of one problem, each as (English, Korean)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.clock = LocalClock(problem.origin)
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.people = {person.code: person for person in problem.people}
        self.bodies = {body.code: body for body in problem.bodies}
        self._titled = Counter(session.title for session in problem.sessions)

    def might_use(self, session: Session, atoms: set[str]) -> bool:
        """Could a room that suits the session take one of these?"""
        return any(
            ({room.code} | room.occupies) & atoms
            and room.capacity >= session.seats
            and session.required_features <= room.features
            and session.fixed_room in {None, room.code}
            and (session.is_break or not room.breaks_only)
            for room in self.problem.rooms
        )

    def titles(self, codes: Iterable[str]) -> Texts:
        """Quoted titles, at most MOST_TITLES of them; the code as well where several sessions have one title."""
        found = [self.sessions[code] for code in codes if code in self.sessions]
        which = [f" ({s.code})" if self._titled[s.title] > 1 else "" for s in found]
        en = [f"“{dict(s.titles).get('en', s.title)}”{code}" for s, code in zip(found, which, strict=True)]
        ko = [f"‘{dict(s.titles).get('ko', s.title)}’{code}" for s, code in zip(found, which, strict=True)]
        more = len(found) - MOST_TITLES
        if more > 1:
            return f"{', '.join(en[:MOST_TITLES])} and {more} more", f"{', '.join(ko[:MOST_TITLES])} 외 {more}개"
        return ", ".join(en), ", ".join(ko)

    def names(self, what: str, codes: Iterable[str]) -> Texts:
        """Names of `what`: "rooms", "people" or "bodies"."""
        things = [getattr(self, what)[code] for code in sorted(codes)]
        return (
            ", ".join(dict(thing.names).get("en", thing.name) for thing in things),
            ", ".join(dict(thing.names).get("ko", thing.name) for thing in things),
        )

    def features(self, codes: Iterable[str], *before: Texts) -> Texts:
        """What rooms have, in a row, after what comes `before`."""
        known = [*before, *(_FEATURES.get(code, (code, code)) for code in sorted(codes))]
        return ", ".join(en for en, _ in known), ", ".join(ko for _, ko in known)

    def moment(self, minute: int) -> Texts:
        """A local day and time."""
        local = self.clock.local(minute)
        return (
            f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}",
            f"{local.month}월 {local.day}일({_DAYS_KO[local.weekday()]}) {local:%H:%M}",
        )

    def span(self, start: int, end: int) -> Texts:
        """A local stretch of time."""
        (a_en, a_ko), (b_en, b_ko) = self.moment(start), self.moment(end)
        if self.clock.local(start).date() == self.clock.local(end).date():
            b_en = b_ko = f"{self.clock.local(end):%H:%M}"
        return f"{a_en} to {b_en}", f"{a_ko}부터 {b_ko}까지"

    def each(self, parts: Iterable[Texts]) -> Texts:
        """Sentences one after another."""
        found = list(parts)
        return " ".join(en for en, _ in found), " ".join(ko for _, ko in found)


_TERMS: dict[str, Texts] = {
    "wish_clashes": ("wishes that overlap", "시간이 겹치는 희망 세션"),
    "unseated": ("people without a seat", "자리가 없는 사람"),
    "empty_seats": ("empty seats", "빈 좌석"),
    "off_half_hour": ("sessions off the half hour", "정시·30분에 시작하지 않는 세션"),
    "off_core_hours": ("sessions outside the core hours", "핵심 시간 밖의 세션"),
    "off_preferred_times": ("sessions outside the times they prefer", "희망 시간 밖의 세션"),
    "off_preferred_rooms": ("sessions outside the rooms they prefer", "희망 장소 밖의 세션"),
    "track_rooms": ("changes of room within a track", "한 주제의 추가 장소"),
    "person_gaps": ("idle minutes of people", "참여자의 빈 시간(분)"),
    "day_imbalance": ("sessions beyond a day’s share", "하루 몫을 넘는 세션"),
    "moved_times": ("sessions at another time than before", "시간이 바뀐 세션"),
    "moved_rooms": ("sessions in another room than before", "장소가 바뀐 세션"),
}


def difference(before: Mapping[str, int], after: Mapping[str, int], prices: Mapping[str, int]) -> Texts:
    """The priced terms that differ, "wishes that overlap 1620 → 1490", what saves most first; "" if none does."""
    saved = {name: (before[name] - after[name]) * prices[name] for name in before if name in after}
    names = sorted((name for name in saved if saved[name]), key=lambda name: -saved[name])
    return (
        ", ".join(f"{_TERMS[name][0]} {before[name]} → {after[name]}" for name in names),
        ", ".join(f"{_TERMS[name][1]} {before[name]} → {after[name]}" for name in names),
    )


def length(minutes: int) -> Texts:
    """A number of hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d} hours", f"{hours}시간 {rest}분" if rest else f"{hours}시간"
