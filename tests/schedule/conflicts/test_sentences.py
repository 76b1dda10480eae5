"""Every kind of conflict in English and Korean, word for word, with local times that nobody typed."""

from __future__ import annotations

import gettext
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import polib
import pytest
from django.utils import translation

from schedule.conflicts import Conflict, ConflictKind, find_conflicts, in_words
from schedule.conflicts.clock import ConferenceClock
from schedule.conflicts.sentences import sentence
from schedule.solver.problem import Body, Interval, Person, Placement, Problem, Session, Window
from schedule.solver.sentences.catalogue import Catalogue
from tests.schedule.conflicts.world import ROOMS, at, make, put, session, span

ENGLISH = gettext.NullTranslations()
KOREAN_FILE = Path(__file__).parents[3] / "locale" / "ko" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def korean() -> Catalogue:
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(KOREAN_FILE)).to_binary()))


def named(code: str, english: str, korean: str, duration: int = 60, **fields: object) -> Session:
    return replace(session(code, duration, **fields), title=english, titles=(("en", english), ("ko", korean)))


KOREAN_ROOMS = {"R212": "212호", "R213": "213호", "R212213": "212+213호", "R305": "305호", "LOBBY": "로비"}
NAMED_ROOMS = tuple(replace(room, names=(("ko", KOREAN_ROOMS[room.code]),)) for room in ROOMS)
SHUT_ROOMS = tuple(
    replace(room, closed=(span("14:00", "16:00"),)) if room.code == "R213" else room for room in NAMED_ROOMS
)
KIM = Person("kim", "Kim Young-jeong", away=(span("14:00", "15:00"),), names=(("ko", "김영정"),))
ADN = Body("adn", "Asia Democracy Network", True, (span("14:00", "15:00"),), (("ko", "아시아민주주의네트워크"),))
KIMS, ADNS = frozenset({"kim"}), ("adn",)

A, A_KO = "Peace", "평화"
B, B_KO = "Youth", "청소년"


def two(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **rules: Any) -> Problem:
    return make(
        named("A", A, A_KO, **(first or {})),
        named("B", B, B_KO, **(second or {})),
        rooms=SHUT_ROOMS,
        people=(KIM,),
        bodies=(ADN,),
        **rules,
    )


def one(**fields: object) -> Problem:
    problem = two(fields)
    return replace(problem, sessions=problem.sessions[:1])


IN_212 = put("A", "10:00", "11:00")
IN_213_LATER = put("B", "10:30", "11:30", "R213")


class Case(NamedTuple):
    kind: ConflictKind
    problem: Problem
    placed: list[Placement]
    english: str
    korean: str


CASES = {
    "one room": Case(
        ConflictKind.ROOM_DOUBLE_USE,
        two(),
        [IN_212, put("B", "10:30", "11:30")],
        "Thu 14 Sep, 10:30–11:00: “Peace” and “Youth” are both in Room 212.",
        "9월 14일(목) 10:30–11:00: ‘평화’ 세션과 ‘청소년’ 세션이 모두 212호에 배정되어 있습니다.",
    ),
    "a joined room": Case(
        ConflictKind.ROOM_DOUBLE_USE,
        two(),
        [put("A", "10:00", "11:00", "R212213"), put("B", "10:30", "11:30")],
        "Thu 14 Sep, 10:30–11:00: “Peace” in Room 212+213 and “Youth” in Room 212 need the same space (Room 212).",
        "9월 14일(목) 10:30–11:00: ‘평화’ 세션(212+213호)과 ‘청소년’ 세션(212호)이 같은 공간(212호)을 "
        "사용하도록 배정되어 있습니다.",
    ),
    "changeover": Case(
        ConflictKind.ROOM_CHANGEOVER,
        two(room_changeover_minutes=15),
        [IN_212, put("B", "11:00", "12:00")],
        "Thu 14 Sep: “Peace” ends at 11:00 and “Youth” starts at 11:00, but changing over Room 212 takes 15 minutes.",
        "9월 14일(목): ‘평화’ 세션은 11:00에 끝나고 ‘청소년’ 세션은 11:00에 시작하지만, 공간(212호)을 "
        "정리하는 데 15분이 필요합니다.",
    ),
    "too small for the confirmed": Case(
        ConflictKind.ROOM_TOO_SMALL_CONFIRMED,
        one(confirmed=120),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” has 120 confirmed people, but Room 212 has 90 seats.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션의 참가 확정 인원은 120명이지만, 배정된 장소(212호)의 좌석은 90석입니다.",
    ),
    "too small for the wanted": Case(
        ConflictKind.ROOM_TOO_SMALL_WANTED,
        one(seats_needed=120),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” needs 120 seats, but Room 212 has 90.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션에는 120석이 필요하지만, 배정된 장소(212호)의 좌석은 90석입니다.",
    ),
    "closed": Case(
        ConflictKind.ROOM_CLOSED,
        one(),
        [put("A", "13:30", "14:30", "R213")],
        "Thu 14 Sep, 13:30–14:30: “Peace” is in Room 213, which is closed Thu 14 Sep, 14:00–16:00.",
        "9월 14일(목) 13:30–14:30: ‘평화’ 세션이 배정된 장소(213호)를 사용할 수 없는 시간(9월 14일(목) "
        "14:00–16:00)과 겹칩니다.",
    ),
    "closed part": Case(
        ConflictKind.ROOM_CLOSED,
        one(),
        [put("A", "13:30", "14:30", "R212213")],
        "Thu 14 Sep, 13:30–14:30: “Peace” is in Room 212+213, part of which is closed Thu 14 Sep, "
        "14:00–16:00: Room 213.",
        "9월 14일(목) 13:30–14:30: ‘평화’ 세션이 배정된 장소(212+213호)의 일부(213호)를 사용할 수 없는 "
        "시간(9월 14일(목) 14:00–16:00)과 겹칩니다.",
    ),
    "feature": Case(
        ConflictKind.ROOM_FEATURE_MISSING,
        one(required_features=frozenset({"interpretation-booth", "wheelchair", "grand-piano"})),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” needs something that Room 212 does not have: "
        "grand-piano, interpretation booth, wheelchair access.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션에 필요한 설비(grand-piano, 통역 부스, 휠체어 접근)가 배정된 "
        "장소(212호)에 없습니다.",
    ),
    "breaks only": Case(
        ConflictKind.ROOM_BREAKS_ONLY,
        one(),
        [put("A", "10:00", "11:00", "LOBBY")],
        "Thu 14 Sep, 10:00–11:00: “Peace” is in Lobby, which is for breaks only.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션이 배정된 장소(로비)는 휴식 시간에만 사용할 수 있습니다.",
    ),
    "person twice": Case(
        ConflictKind.PERSON_DOUBLE_BOOKED,
        two({"people": KIMS}, {"people": KIMS}),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: Kim Young-jeong appears in “Peace” (Room 212) and “Youth” (Room 213) at the "
        "same time.",
        "9월 14일(목) 10:30–11:00: 김영정 님이 ‘평화’ 세션(212호)과 ‘청소년’ 세션(213호)에 동시에 배정되어 있습니다.",
    ),
    "way": Case(
        ConflictKind.PERSON_WALKING_TIME,
        two({"people": KIMS}, {"people": KIMS}, person_gap_other_group_minutes=15),
        [IN_212, put("B", "11:00", "12:00", "R305")],
        "Thu 14 Sep: Kim Young-jeong leaves “Peace” (Room 212) at 11:00 and is due in “Youth” (Room 305) "
        "at 11:00; the way takes 15 minutes.",
        "9월 14일(목): 김영정 님이 참여하는 ‘평화’ 세션(212호)은 11:00에 끝나고 ‘청소년’ 세션(305호)은 "
        "11:00에 시작하지만, 이동에 15분이 필요합니다.",
    ),
    "person away": Case(
        ConflictKind.PERSON_AWAY,
        one(people=KIMS),
        [put("A", "13:30", "14:30")],
        "Thu 14 Sep, 13:30–14:30: Kim Young-jeong appears in “Peace” but is away Thu 14 Sep, 14:00–15:00.",
        "9월 14일(목) 13:30–14:30: ‘평화’ 세션이 김영정 님의 부재 시간(9월 14일(목) 14:00–15:00)과 겹칩니다.",
    ),
    "body twice": Case(
        ConflictKind.BODY_DOUBLE_BOOKED,
        two({"bodies": ADNS}, {"bodies": ADNS}),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: Asia Democracy Network has one team but hosts “Peace” and “Youth” at the same time.",
        "9월 14일(목) 10:30–11:00: 아시아민주주의네트워크 측은 담당 팀이 하나뿐인데 ‘평화’ 세션과 ‘청소년’ "
        "세션을 동시에 맡고 있습니다.",
    ),
    "body away": Case(
        ConflictKind.BODY_AWAY,
        one(bodies=ADNS),
        [put("A", "13:30", "14:30")],
        "Thu 14 Sep, 13:30–14:30: Asia Democracy Network hosts “Peace” but is away Thu 14 Sep, 14:00–15:00.",
        "9월 14일(목) 13:30–14:30: ‘평화’ 세션이 주관 단체(아시아민주주의네트워크)의 부재 시간(9월 14일(목) "
        "14:00–15:00)과 겹칩니다.",
    ),
    "interpreters": Case(
        ConflictKind.INTERPRETERS_SHORT,
        two({"needs_interpreters": True}, {"needs_interpreters": True}, interpreter_teams=1),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: 2 sessions need interpreters at once, but there is 1 team: “Peace”, “Youth”.",
        "9월 14일(목) 10:30–11:00: 통역이 필요한 세션 2개가 동시에 열리지만 통역팀은 1팀입니다. 해당 세션: "
        "‘평화’, ‘청소년’.",
    ),
    "parallel": Case(
        ConflictKind.TOO_MANY_PARALLEL,
        two(max_parallel_open_sessions=1),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: 2 sessions run at once, but at most 1 may: “Peace”, “Youth”.",
        "9월 14일(목) 10:30–11:00: 동시에 열리는 세션이 2개로, 허용된 최대 1개를 넘습니다. 해당 세션: ‘평화’, "
        "‘청소년’.",
    ),
    "parallel of a kind": Case(
        ConflictKind.KIND_TOO_PARALLEL,
        two({"kind": "talk"}, {"kind": "talk"}, max_parallel_by_kind=(("talk", 1),)),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: 2 sessions of one kind run at once, but at most 1 of them may: “Peace”, “Youth”.",
        "9월 14일(목) 10:30–11:00: 같은 종류의 세션이 동시에 2개 열려, 허용된 최대 1개를 넘습니다. 해당 세션: ‘평화’, "
        "‘청소년’.",
    ),
    "order": Case(
        ConflictKind.ORDER,
        two({"after": frozenset({"B"})}),
        [put("A", "16:00", "17:00"), put("B", "10:00", "11:00", "R305", day=1)],
        "“Peace” must come after “Youth”, but starts on Thu 14 Sep, 16:00, before “Youth” ends on Fri 15 Sep, 11:00.",
        "‘평화’ 세션은 ‘청소년’ 세션이 끝난 뒤에 열려야 하지만, 시작 시각(9월 14일(목) 16:00)이 "
        "‘청소년’ 세션의 종료 시각(9월 15일(금) 11:00)보다 이릅니다.",
    ),
    "kept apart": Case(
        ConflictKind.NOT_PARALLEL,
        two({"not_parallel_with": frozenset({"B"})}),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: “Peace” and “Youth” overlap, but must not run at the same time.",
        "9월 14일(목) 10:30–11:00: 동시에 열 수 없는 ‘평화’ 세션과 ‘청소년’ 세션의 시간이 겹칩니다.",
    ),
    "same time": Case(
        ConflictKind.NOT_SAME_TIME,
        replace(two(), same_time=(frozenset("AB"),)),
        [IN_212, put("B", "10:00", "11:00", "R305", day=1)],
        "“Peace” (on Thu 14 Sep, 10:00) and “Youth” (on Fri 15 Sep, 10:00) must start at the same time.",
        "‘평화’ 세션(9월 14일(목) 10:00)과 ‘청소년’ 세션(9월 15일(금) 10:00)은 동시에 시작해야 합니다.",
    ),
    "same room": Case(
        ConflictKind.NOT_SAME_ROOM,
        replace(two(), same_room=(frozenset("AB"),)),
        [IN_212, IN_213_LATER],
        "“Peace” in Room 212 and “Youth” in Room 213 must be in the same room.",
        "‘평화’ 세션(212호)과 ‘청소년’ 세션(213호)은 같은 장소에서 열려야 합니다.",
    ),
    "blocks all": Case(
        ConflictKind.BLOCKS_ALL,
        two({}, {"blocks_all": True}),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: “Youth” allows nothing else at the same time, but “Peace” overlaps it.",
        "9월 14일(목) 10:30–11:00: ‘청소년’ 세션 시간에는 다른 세션을 열 수 없지만 ‘평화’ 세션이 겹칩니다.",
    ),
    "hours": Case(
        ConflictKind.OUTSIDE_HOURS,
        one(),
        [put("A", "08:30", "09:30", day=1)],
        "Fri 15 Sep, 08:30–09:30: “Peace” is outside the opening hours (Fri 15 Sep, 09:00–18:30).",
        "9월 15일(금) 08:30–09:30: ‘평화’ 세션이 운영 시간(9월 15일(금) 09:00–18:30)을 벗어나 있습니다.",
    ),
    "no hours": Case(
        ConflictKind.OUTSIDE_HOURS,
        one(),
        [put("A", "10:00", "11:00", day=2)],
        "Sat 16 Sep, 10:00–11:00: “Peace” is on a day without opening hours.",
        "9월 16일(토) 10:00–11:00: ‘평화’ 세션이 운영하지 않는 날에 배정되어 있습니다.",
    ),
    "grid": Case(
        ConflictKind.OFF_GRID,
        one(),
        [put("A", "10:10", "11:10")],
        "Thu 14 Sep, 10:10–11:10: “Peace” does not start on the time grid of 15 minutes.",
        "9월 14일(목) 10:10–11:10: ‘평화’ 세션의 시작 시각이 15분 단위에 맞지 않습니다.",
    ),
    "fixed time": Case(
        ConflictKind.FIXED_TIME,
        one(fixed_start=at("09:00", day=1)),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” is fixed to start on Fri 15 Sep, 09:00.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션은 고정된 시작 시각(9월 15일(금) 09:00)에 배정되어 있지 않습니다.",
    ),
    "fixed room": Case(
        ConflictKind.FIXED_ROOM,
        one(fixed_room="R305"),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” is in Room 212, but is fixed to Room 305.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션이 지정된 장소(305호)가 아닌 다른 장소(212호)에 배정되어 있습니다.",
    ),
    "too early": Case(
        ConflictKind.TOO_EARLY,
        one(not_before=at("12:00")),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” must not start before Thu 14 Sep, 12:00.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션은 9월 14일(목) 12:00 이전에 시작할 수 없습니다.",
    ),
    "too late": Case(
        ConflictKind.TOO_LATE,
        one(not_after=at("10:30")),
        [IN_212],
        "Thu 14 Sep, 10:00–11:00: “Peace” must end by Thu 14 Sep, 10:30.",
        "9월 14일(목) 10:00–11:00: ‘평화’ 세션은 9월 14일(목) 10:30까지 끝나야 합니다.",
    ),
    "too short": Case(
        ConflictKind.TOO_SHORT,
        one(),
        [put("A", "10:00", "10:45")],
        "Thu 14 Sep, 10:00–10:45: “Peace” is given 45 minutes, less than the 60 it needs.",
        "9월 14일(목) 10:00–10:45: ‘평화’ 세션의 배정 시간(45분)이 필요한 시간(60분)보다 짧습니다.",
    ),
    "too long": Case(
        ConflictKind.TOO_LONG,
        one(),
        [put("A", "10:00", "11:30")],
        "Thu 14 Sep, 10:00–11:30: “Peace” is given 90 minutes, more than the 60 it needs.",
        "9월 14일(목) 10:00–11:30: ‘평화’ 세션의 배정 시간(90분)이 필요한 시간(60분)보다 깁니다.",
    ),
    "attendees": Case(
        ConflictKind.ATTENDEES_CLASH,
        two(),
        [IN_212, IN_213_LATER],
        "Thu 14 Sep, 10:30–11:00: 31 people want or hold both “Peace” and “Youth”, which overlap.",
        "9월 14일(목) 10:30–11:00: 시간이 겹치는 ‘평화’ 세션과 ‘청소년’ 세션을 모두 희망하거나 신청한 사람이 "
        "31명입니다.",
    ),
    "unplaced": Case(
        ConflictKind.UNPLACED,
        one(),
        [],
        "“Peace” has no time and no room yet.",
        "‘평화’ 세션의 시간과 장소가 아직 정해지지 않았습니다.",
    ),
}


def only(problem: Problem, placed: list[Placement], counts: dict[tuple[str, str], int] | None = None) -> Conflict:
    (conflict,) = find_conflicts(problem, placed, pair_counts=counts or {})
    return conflict


def conflict_of(name: str) -> Conflict:
    case = CASES[name]
    conflict = only(case.problem, case.placed, {("A", "B"): 31} if case.kind is ConflictKind.ATTENDEES_CLASH else None)
    assert conflict.kind is case.kind
    return conflict


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in CASES.values()} == set(ConflictKind)


@pytest.mark.parametrize("name", CASES)
def test_sentence_in_english(name: str) -> None:
    assert sentence(conflict_of(name), ENGLISH, "en") == CASES[name].english


@pytest.mark.parametrize("name", CASES)
def test_sentence_in_korean(name: str, korean: Catalogue) -> None:
    assert sentence(conflict_of(name), korean, "ko") == CASES[name].korean


def test_one_is_said_in_the_singular() -> None:
    small = replace(one(seats_needed=1), rooms=tuple(replace(room, capacity=0) for room in SHUT_ROOMS))
    assert sentence(only(small, [IN_212]), ENGLISH, "en") == (
        "Thu 14 Sep, 10:00–11:00: “Peace” needs 1 seat, but Room 212 has 0."
    )


def test_sentence_is_translated_when_it_is_read() -> None:
    words = in_words(conflict_of("unplaced"))
    with translation.override("en"):
        assert str(words) == "“Peace” has no time and no room yet."
    with translation.override("ko"):
        assert "평화" in str(words)
        assert "Peace" not in str(words)


def test_names_fall_back_to_the_plain_one_and_regions_to_their_language() -> None:
    conflict = conflict_of("one room")
    assert sentence(conflict, ENGLISH, "ko-kr") == ("Thu 14 Sep, 10:30–11:00: “평화” and “청소년” are both in 212호.")
    assert sentence(conflict, ENGLISH, "fr") == CASES["one room"].english


def test_braces_and_percent_signs_in_a_title_stay_as_they_are() -> None:
    problem = make(replace(session("A"), title="{when} 100%(s) {0.__class__} {{x}}"))
    assert sentence(only(problem, []), ENGLISH, "en") == (
        "“{when} 100%(s) {0.__class__} {{x}}” has no time and no room yet."
    )


def distant(zone: str, day: date, start: int, length: int = 60, **fields: object) -> Conflict:
    """One conflict (off the grid of a day) in another zone; minutes count from the midnight before `day`."""
    problem = replace(
        make(session("A", length, **fields), slot_minutes=24 * 60),
        origin=datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)),
        timezone=zone,
        windows=(Window(day, Interval(0, 4 * 24 * 60)),),
    )
    return only(problem, [Placement("A", start, start + length, "R212")])


@pytest.mark.parametrize(
    ("zone", "day", "start", "length", "english", "korean_words"),
    [
        # 29 March 2037: 02:00 becomes 03:00, so ten elapsed hours after midnight it is 11:00.
        ("Europe/Berlin", date(2037, 3, 29), 600, 60, "Sun 29 Mar, 11:00–12:00", "3월 29일(일) 11:00–12:00"),
        ("Europe/Berlin", date(2037, 3, 28), 2040, 60, "Sun 29 Mar, 11:00–12:00", "3월 29일(일) 11:00–12:00"),
        ("America/New_York", date(2037, 11, 1), 600, 60, "Sun 1 Nov, 09:00–10:00", "11월 1일(일) 09:00–10:00"),
        ("Asia/Kathmandu", date(2037, 7, 4), 600, 60, "Sat 4 Jul, 10:00–11:00", "7월 4일(토) 10:00–11:00"),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", date(2011, 12, 29), 2040, 60, "Sat 31 Dec, 10:00–11:00", "12월 31일(토) 10:00–11:00"),
        # Over midnight, up to midnight, and through the hour that happens twice.
        ("Asia/Seoul", date(2017, 9, 14), 1410, 60, "Thu 14 Sep, 23:30 – Fri 15 Sep, 00:30",
         "9월 14일(목) 23:30 – 9월 15일(금) 00:30"),
        ("Asia/Seoul", date(2017, 9, 14), 1380, 60, "Thu 14 Sep, 23:00–24:00", "9월 14일(목) 23:00–24:00"),
        ("Europe/Berlin", date(2037, 10, 25), 150, 60, "Sun 25 Oct, 02:30 (UTC+2)–02:30 (UTC+1)",
         "10월 25일(일) 02:30 (UTC+2)–02:30 (UTC+1)"),
    ],
)  # fmt: skip
def test_local_time_and_weekday_across_switches_and_midnight(
    request: pytest.FixtureRequest, zone: str, day: date, start: int, length: int, english: str, korean_words: str
) -> None:
    conflict = distant(zone, day, start, length)
    assert sentence(conflict, ENGLISH, "en") == (
        f"{english}: “Title A” does not start on the time grid of 1440 minutes."
    )
    catalogue = request.getfixturevalue("korean")
    assert sentence(conflict, catalogue, "ko") == (
        f"{korean_words}: ‘Title A’ 세션의 시작 시각이 1440분 단위에 맞지 않습니다."
    )


@pytest.mark.parametrize(
    ("zone", "moment", "span_words"),
    [
        ("America/St_Johns", datetime(2037, 3, 8), "Sun 8 Mar, 01:30 (UTC-3:30)–03:30 (UTC-2:30)"),
        ("Australia/Lord_Howe", datetime(2037, 4, 5), "Sun 5 Apr, 01:30 (UTC+11)–02:00 (UTC+10:30)"),
    ],
)
def test_offsets_that_are_no_whole_hours(zone: str, moment: datetime, span_words: str) -> None:
    clock = ConferenceClock(moment.replace(tzinfo=ZoneInfo(zone)), zone)
    assert clock.span(Interval(90, 150), ENGLISH) == span_words
