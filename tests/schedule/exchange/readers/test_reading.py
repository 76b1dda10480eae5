"""Reading a programme file: what is refused, where, and that all problems are named at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from schedule.exchange.readers.importing import ImportRefused, read_programme
from tests.conftest import SAMPLE
from tests.present import present

Data = dict[str, Any]


def problems_of(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(ImportRefused) as refusal:
        read_programme(data)
    for problem in refusal.value.problems:
        assert problem.what.endswith("."), problem
        assert problem.mend, problem
    return [(problem.record, problem.field) for problem in refusal.value.problems]


def test_small_programme_is_read_without_a_word(data: Data) -> None:
    programme = read_programme(data)
    assert programme.warnings == ()
    assert not programme.has_assumptions
    assert present(programme.sessions[0].fixed_start).isoformat() == "2017-09-14T09:00:00+09:00"
    assert programme.sessions[1].signup == "open"
    assert [kind.is_break for kind in programme.kinds] == [False, True]
    assert [(room.code, room.breaks_only, room.allows_parallel_use) for room in programme.rooms] == [
        ("R1", False, False),
        ("R2", False, False),
        ("R12", False, False),
        ("LOBBY", True, True),
    ]


@pytest.mark.parametrize("encode", [str, str.encode, lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: "\ufeff" + t])
def test_text_bytes_and_a_utf8_byte_order_mark_are_read_alike(data: Data, encode: Callable[[str], str | bytes]) -> None:
    assert read_programme(encode(json.dumps(data, ensure_ascii=False))) == read_programme(data)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"PK\x03\x04", "not a programme|not JSON"),
        (b"[]", "one JSON object"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
        ('{"note": "포럼"}'.encode("cp949"), "not UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
        (b'{"a": ' + b"1" * 5000 + b"}", "too long"),
        (b" " * 10_000_001, "larger than 10 MB"),
        (" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_files_that_hold_no_json_object_are_refused_with_the_cause(content: str | bytes, word: str) -> None:
    with pytest.raises(ImportRefused, match=word) as refusal:
        read_programme(content)
    assert len(refusal.value.problems) == 1


@pytest.mark.parametrize("change", [{"format": "csv"}, {"format_version": 2}, {"format_version": "1"}, {"format": 0}])
def test_other_formats_and_versions_are_refused(data: Data, change: Data) -> None:
    assert problems_of(data | change) == [("", "format")]


T1, T2 = "sessions[0] (T1)", "sessions[1] (T2)"
R1, R12 = "rooms[0] (R1)", "rooms[2] (R12)"

# (path to the field, its new value, the problems expected)
BROKEN: list[tuple[list[Any], Any, list[tuple[str, str]]]] = [
    (["conference"], None, [
        ("conference", key) for key in ("slug", "languages", "timezone", "starts_on", "ends_on", "name")
    ]),
    (["conference", "slug"], "my", [("conference", "slug")]),
    (["conference", "slug"], "a b", [("conference", "slug")]),
    (["conference", "slug"], "x" * 51, [("conference", "slug")]),
    (["conference", "name", "ko"], "", [("conference", "name.ko")]),
    (["conference", "name"], "Small Forum", [("conference", "name")]),
    (["conference", "timezone"], "Asia/Gwangju", [("conference", "timezone")]),
    (["conference", "timezone"], "KST", [("conference", "timezone")]),
    (["conference", "starts_on"], "14.09.2017", [("conference", "starts_on")]),
    (["conference", "starts_on"], "2017-02-30", [("conference", "starts_on")]),
    (["conference", "starts_on"], 20170914, [("conference", "starts_on")]),
    (["conference", "ends_on"], "2019-09-15", [("conference", "ends_on")]),
    (["conference", "languages"], ["en", "Korean!"], [("conference", "languages")]),
    (["conference", "expected_participants"], -1, [("conference", "expected_participants")]),
    (["rules", "slot_minutes"], 0, [("rules", "slot_minutes")]),
    (["rules", "slot_minutes"], "15", [("rules", "slot_minutes")]),
    (["rules", "max_parallel_open_sessions"], 0, [("rules", "max_parallel_open_sessions")]),
    (["day_windows", 0, "closes"], "09:00", [("day_windows[0]", "closes")]),
    (["day_windows", 0, "opens"], "9 am", [("day_windows[0]", "opens")]),
    (["day_windows", 0, "weekday"], "Friday", [("day_windows[0]", "weekday")]),
    (["day_windows", 1, "date"], "2017-09-16", [("day_windows[1]", "date")]),
    (["day_windows", 1, "date"], "2017-09-14", [("day_windows[1]", "date")]),
    (["day_windows", 1, "core_from"], "08:30", [("day_windows[1]", "core_until")]),
    (["day_windows", 1, "core_from"], None, [("day_windows[1]", "core_from")]),
    (["day_windows", 1, "core_until"], "09:30", [("day_windows[1]", "core_until")]),
    (["day_windows", 1, "core_until"], "noon", [("day_windows[1]", "core_until")]),
    (["kinds", 0, "max_parallel"], 0, [("kinds[0] (talk)", "max_parallel")]),
    (["themes", 0, "name"], None, [("themes[0] (peace)", "name")]),
    (["themes", 0, "code"], "war", [(T2, "theme")]),
    (["kinds", 0, "signup"], "maybe", [("kinds[0] (talk)", "signup")]),
    (["kinds", 0, "name"], None, [("kinds[0] (talk)", "name")]),
    (["kinds", 1, "code"], "talk", [("sessions[2] (B1)", "kind"), ("kinds[1] (talk)", "code")]),
    (["rooms", 2, "parts"], ["R1", "R9"], [(R12, "parts")]),
    (["rooms", 2, "parts"], ["R12"], [(R12, "parts")]),
    (["rooms", 2, "parts"], ["R1", "R1"], [(R12, "parts")]),
    (["rooms", 0, "parts"], ["R12"], [(R1, "parts")]),
    (["rooms", 0, "capacity"], -40, [(R1, "capacity")]),
    (["rooms", 0, "capacity"], 10**7, [(R1, "capacity")]),
    (["rooms", 0, "capacity"], 40.5, [(R1, "capacity")]),
    (["rooms", 0, "capacity"], True, [(R1, "capacity")]),
    (["rooms", 0, "name", "en"], "x" * 201, [(R1, "name.en")]),
    (["rooms", 0, "features"], "projector", [(R1, "features")]),
    (["rooms", 3, "code"], "R 4", [("rooms[3]", "code")]),
    (["bodies", 0, "single_team"], "yes", [("bodies[0] (city)", "single_team")]),
    (["people", 0, "country"], "Korea", [("people[0] (kim)", "country")]),
    (["people", 0, "country"], "kr", [("people[0] (kim)", "country")]),
    (["people", 0, "name", "ko"], None, [("people[0] (kim)", "name.ko")]),
    (["people", 0, "affiliation"], "a\u0000b", [("people[0] (kim)", "affiliation")]),
    (["people", 0, "affiliation"], "a\ud800b", [("people[0] (kim)", "affiliation")]),
    (["people", 0, "affiliation"], "City \u202eBcc: all", [("people[0] (kim)", "affiliation")]),
    (["people", 0], "Kim", [("people[0]", ""), ("sessions[0] (T1).roles[0]", "person")]),
    (["sessions", 0, "kind"], "lecture", [(T1, "kind")]),
    (["sessions", 0, "title"], {"en": "Opening"}, [(T1, "title.ko")]),
    (["sessions", 0, "title", "ko"], 7, [(T1, "title.ko")]),
    (["sessions", 0, "hosts"], ["town"], [(T1, "hosts")]),
    (["sessions", 0, "hosts"], ["city", "city"], [(T1, "hosts")]),
    (["sessions", 0, "duration_minutes"], 0, [(T1, "duration_minutes")]),
    (["sessions", 0, "duration_minutes"], -60, [(T1, "duration_minutes")]),
    (["sessions", 0, "duration_minutes"], 555, [(T1, "duration_minutes")]),
    (["sessions", 0, "duration_minutes"], None, [(T1, "duration_minutes")]),
    (["sessions", 0, "duration_minutes"], "an hour", [(T1, "duration_minutes")]),
    (["sessions", 0, "roles", 0, "person"], "lee", [("sessions[0] (T1).roles[0]", "person")]),
    (["sessions", 0, "roles", 0, "mode"], "hologram", [("sessions[0] (T1).roles[0]", "mode")]),
    (["sessions", 0, "roles", 0, "role"], "", [("sessions[0] (T1).roles[0]", "role")]),
    (["sessions", 0, "signup"], "first come", [(T1, "signup")]),
    (["sessions", 0, "capacity_cap"], 0, [(T1, "capacity_cap")]),
    (["sessions", 0, "fixed", "room"], "R9", [("sessions[0] (T1).fixed", "room")]),
    (["sessions", 0, "fixed", "room"], "LOBBY", [(T1, "fixed.room")]),
    (["sessions", 0, "fixed", "start"], "09:60", [("sessions[0] (T1).fixed", "start")]),
    (["sessions", 0, "fixed", "start"], "48:30", [("sessions[0] (T1).fixed", "start")]),
    (["sessions", 0, "fixed", "date"], "2017-09-13", [("sessions[0] (T1).fixed", "date")]),
    (["sessions", 0, "fixed"], "2017-09-14T09:00", [("sessions[0] (T1).fixed", "")]),
    (["sessions", 1, "not_before"], "2017-09-14", [(T2, "not_before")]),
    (["sessions", 1, "not_before"], "2017-09-14T12:00+02:00", [(T2, "not_before")]),
    (["sessions", 1, "not_before"], "2017-09-15T12:30", [(T2, "not_after")]),
    (["sessions", 1, "not_before"], "2017-09-15T13:00", [(T2, "not_after")]),
    (["sessions", 1, "not_after"], "2017-09-16T00:15", [(T2, "not_after")]),
    (["sessions", 1, "after"], ["T9"], [(T2, "after")]),
    (["sessions", 1, "after"], ["T2"], [(T2, "after")]),
    (["sessions", 0, "after"], ["T2"], [(T1, "after")]),
    (["sessions", 1, "not_parallel_with"], ["T2"], [(T2, "not_parallel_with")]),
    (["sessions", 1, "preferred_rooms"], ["R9"], [(T2, "preferred_rooms")]),
    (["sessions", 1, "preferred_rooms"], ["R1", "R1"], [(T2, "preferred_rooms")]),
    (["sessions", 1, "preferred_times", 0, "to"], "2017-09-15T09:00", [(f"{T2}.preferred_times[0]", "to")]),
    (["sessions", 1, "preferred_times", 0, "from"], None, [(f"{T2}.preferred_times[0]", "from")]),
    (["same_time"], [["T1", "T9"]], [("", "same_time[0]")]),
    (["same_time"], [["T1"]], [("", "same_time[0]")]),
    (["same_time"], [[], None], [("", "same_time[0]"), ("", "same_time[1]")]),
    (["same_room"], [["T1", "T1"]], [("", "same_room[0]")]),
    (["same_room"], ["T1"], [("", "same_room[0]")]),
    (["same_room"], "T1, T2", [("", "same_room")]),
    (["sessions", 1, "blocks_all"], 1, [(T2, "blocks_all")]),
    (["same_room"], [["T1", "T2"], ["T2", "B1"]], [("", "same_room")]),
    (["same_room"], [["T1", "T2"], ["T1", "B1"]], [("", "same_room")]),
    (["sessions", 2, "code"], "T1", [("sessions[2] (T1)", "code"), ("", "same_time[0]")]),
    (["sessions"], None, [("", "sessions")]),
    (["sessions"], {}, [("", "sessions")]),
    (["unavailabilities", 0, "subject"], "R9", [("unavailabilities[0]", "subject")]),
    (["unavailabilities", 0, "subject_type"], "dog", [("unavailabilities[0]", "subject_type")]),
    (["unavailabilities", 0, "to"], "2017-09-14T09:00", [("unavailabilities[0]", "to")]),
    (["unavailabilities", 0, "from"], None, [("unavailabilities[0]", "from")]),
]  # fmt: skip


def test_groups_that_cannot_be_kept_together_are_named(data: Data) -> None:
    data["same_room"] = [["T1", "T2"], ["T1", "B1"]]
    with pytest.raises(ImportRefused) as refusal:
        read_programme(data)
    (problem,) = refusal.value.problems
    assert problem.what == "“B1”, “T2” would have to start at the same time in the same room."


def test_breaks_may_share_a_lobby(data: Data) -> None:
    data["sessions"].append({"code": "B2", "kind": "break", "title": {"en": "Tea", "ko": "차"}, "duration_minutes": 30})
    data["same_time"] = data["same_room"] = [["B1", "B2"]]
    assert read_programme(data).same_room == (("B1", "B2"),)
    del data["rooms"][-1]
    assert problems_of(data) == [("", "same_room")]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN, ids=lambda value: str(value)[:50])
def test_broken_field_is_named_and_nothing_else_is(
    data: Data, path: list[Any], value: Any, expected: list[tuple[str, str]]
) -> None:
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert problems_of(data) == expected


def test_all_problems_are_named_at_once(data: Data) -> None:
    data["rooms"][0]["capacity"] = -1
    data["sessions"][0]["duration_minutes"] = 0
    data["sessions"][1]["kind"] = "lecture"
    data["unavailabilities"][0]["to"] = "noon"
    assert problems_of(data) == [
        (R1, "capacity"),
        (T1, "duration_minutes"),
        (T2, "kind"),
        ("unavailabilities[0]", "to"),
    ]


def test_message_names_record_field_fault_and_remedy(data: Data) -> None:
    data["sessions"][0]["duration_minutes"] = 0
    with pytest.raises(ImportRefused) as refusal:
        read_programme(data)
    assert str(refusal.value) == (
        "Nothing was imported: the file has 1 problem.\n"
        "- sessions[0] (T1), duration_minutes: This is “0”; it must be from 1 to 10080. Correct the number."
    )


def test_message_is_in_the_language_of_its_reader(data: Data) -> None:
    data["day_windows"][0]["weekday"] = "Friday"
    with translation.override("ko"), pytest.raises(ImportRefused) as refusal:
        read_programme(data)
    (problem,) = refusal.value.problems
    assert problem.code == "wrong_weekday"
    assert problem.what == "2017-09-14의 요일이 맞지 않습니다. 실제 요일: 목요일, 적힌 요일: “friday”."


def test_longer_circle_is_named_once_with_its_chain(data: Data) -> None:
    data["sessions"][0]["after"] = ["B1"]
    data["sessions"][2]["after"] = ["T2"]
    with pytest.raises(ImportRefused) as refusal:
        read_programme(data)
    (problem,) = refusal.value.problems
    assert problem.field == "after"
    chain = problem.what.removeprefix("This goes round in a circle: ").removesuffix(".").split(" → ")
    follows = {"T1": "B1", "B1": "T2", "T2": "T1"}
    assert chain[0] == chain[-1]
    assert [follows[code] for code in chain[:-1]] == chain[1:]


def test_local_time_that_the_clocks_skip_is_refused(data: Data) -> None:
    data["conference"] |= {"timezone": "Europe/Brussels", "starts_on": "2017-03-26", "ends_on": "2017-03-26"}
    data["day_windows"] = [{"date": "2017-03-26", "opens": "01:00", "closes": "24:00"}]
    data["sessions"][0]["fixed"] = {"date": "2017-03-26", "start": "02:30", "room": None}
    data["sessions"][1] |= {"not_before": None, "not_after": "2017-03-27T00:00"}
    data["unavailabilities"] = []
    assert problems_of(data) == [("sessions[0] (T1).fixed", "start")]


@pytest.mark.parametrize("weekday", ["Thursday", "thu", "Thu.", "목", "목요일"])
def test_right_weekday_is_taken_in_english_and_korean(data: Data, weekday: str) -> None:
    data["day_windows"][0]["weekday"] = weekday
    assert read_programme(data).days[0].date.isoformat() == "2017-09-14"


def test_unknown_fields_features_and_half_translated_abstracts_only_warn(data: Data) -> None:
    data["rooms"][1]["features"] = ["projecter"]
    data["sessions"][0]["required_features"] = ["hybrid"]
    data["sessions"][0]["abstract"] = {"en": "We open.", "fr": "On ouvre."}
    data["sessions"][1]["lenght"] = 5
    data["sessions"][2]["fixed"] = {"date": "2017-09-15", "start": "12:45", "room": "LOBBY"}
    programme = read_programme(data)
    assert [(warning.record, warning.field) for warning in programme.warnings] == [
        ("rooms[1] (R2)", "features"),
        (T1, "abstract.fr"),
        (T1, "abstract.ko"),
        (T2, "lenght"),
        ("sessions[2] (B1)", "fixed"),
        (T1, "required_features"),
    ]
    assert programme.sessions[0].abstract == {"en": "We open."}


def test_sample_is_read_without_a_word_and_says_that_it_is_sample_data() -> None:
    programme = read_programme(SAMPLE.read_bytes())
    assert programme.warnings == ()
    assert len(programme.sessions) == 30
    assert programme.has_assumptions
    assert {session.code for session in programme.sessions if session.hosts and session.hosts_shown} == {
        "O1",
        "O2",
        "P1",
        "S2",
        "E1",
        "E2",
        "E3",
        "E4",
        "L1",
        "C1",
    }
