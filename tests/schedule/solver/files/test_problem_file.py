"""The `plenary` format: what the forum's file means, and what each broken file is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schedule.solver.errors import FormatError
from schedule.solver.files import problem_file, problems
from schedule.solver.files.reading.finding import FileRefused
from schedule.solver.files.timetables import read_timetable, write_timetable
from schedule.solver.problem import Attendee, Body, Interval, Person
from tests.schedule.solver.variants import FORUM, FRIDAY, SATURDAY, clock, forum, session

Json = dict[str, Any]


def data() -> Json:
    read: Json = json.loads(FORUM.read_text(encoding="utf-8"))
    return read


def test_read_forum_sizes() -> None:
    problem = forum()
    sizes = [len(part) for part in (problem.sessions, problem.rooms, problem.bodies, problem.people, problem.windows)]
    assert sizes == [30, 14, 32, 18, 4]
    assert problem.origin.isoformat() == "2017-09-14T00:00:00+09:00"
    assert problem.rules.max_parallel_open_sessions == 4
    assert problem.rules.interpreter_teams == 3
    assert problem.windows[1].hours == Interval(clock(FRIDAY, 9), clock(FRIDAY, 18, 30))


def test_read_forum_sessions() -> None:
    problem = forum()
    opening = session(problem, "O1")
    assert (opening.fixed_start, opening.fixed_room) == (13 * 60, "CH23")
    assert "kang-kyung-wha" not in opening.people  # spoke by video
    assert len(opening.people) == 6
    assert opening.titles == (("ko", "개회식"), ("en", "Opening Ceremony"))
    assert sum(s.needs_interpreters for s in problem.sessions) == 14
    invited = {s.code for s in problem.sessions if not s.counts_as_parallel and not s.is_break}
    assert invited == {"E1", "E2", "E3", "E4", "L1"}
    assert {s.code for s in problem.sessions if s.is_break} == {"BL14", "BL15", "BL16", "BC15", "BC16", "BD14"}
    assert session(problem, "S1").capacity_cap == 130


def test_read_forum_rooms_and_absences() -> None:
    problem = forum()
    rooms = {room.code: room for room in problem.rooms}
    assert rooms["CH23"].occupies == {"CH2", "CH3"}
    assert rooms["CH2"].closed == (Interval(clock(SATURDAY, 13), clock(SATURDAY, 18, 30)),)
    assert [code for code, room in rooms.items() if room.allows_parallel_use or room.breaks_only] == ["LOBBY"]
    everybody: list[Person | Body] = [*problem.people, *problem.bodies]
    away = {thing.code: len(thing.away) for thing in everybody if thing.away}
    assert away == {"basil-fernando": 1, "hrc-ac": 1, "gwangju-education": 1, "disability-solidarity": 1}


def test_read_interests_heaviest_first() -> None:
    file = data() | {"interests": [[["T1", 1], ["P2", 3], ["T2", 1]], []]}
    assert problems.read(json.dumps(file)).attendees == (Attendee((("P2", 3), ("T1", 1), ("T2", 1))), Attendee(()))


def test_read_session_signup_overrides_its_kind() -> None:
    file = data()
    file["sessions"][4]["signup"] = "invitation"
    code = file["sessions"][4]["code"]
    assert session(forum(), code).counts_as_parallel
    assert not session(problems.read(json.dumps(file)), code).counts_as_parallel


def test_own_format_round_trip() -> None:
    problem = forum()
    assert problems.read(problem_file.write(problem)) == problem


def test_own_format_keeps_to_its_schema() -> None:
    path = FORUM.parents[3] / "docs/reference/plenary-problem.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    example = read_timetable(forum(), Path(__file__).parents[1] / "data" / "example_timetable.json")
    written = json.loads(problem_file.write(forum(), example))
    Draft202012Validator(schema).validate(written)
    assert schema["properties"].keys() == written.keys()
    for part in ("rooms", "people", "bodies", "sessions", "start"):
        assert schema["properties"][part]["items"]["properties"].keys() == written[part][0].keys()
    for part in ("rules", "weights"):
        assert schema["properties"][part]["properties"].keys() == written[part].keys()


def test_own_format_refuses_a_field_it_does_not_know() -> None:
    written = json.loads(problem_file.write(forum()))
    written["sessions"][0]["trak"] = "red"
    with pytest.raises(
        FormatError, match=r"sessions\[0\] \(O1\), trak: This is not a field of this version of the format"
    ):
        problems.read(json.dumps(written))


def test_timetable_round_trip_in_local_time() -> None:
    problem = forum()
    example = read_timetable(problem, Path(__file__).parents[1] / "data" / "example_timetable.json")
    text = write_timetable(problem, example)
    assert read_timetable(problem, text) == example
    assert json.loads(text)[2] == {
        "session": "BL14",
        "room": "LOBBY",
        "start": "2017-09-14T12:00+09:00",
        "end": "2017-09-14T13:00+09:00",
        "start_minute": 720,
        "end_minute": 780,
    }


def put(*path: str | int, value: Any) -> Callable[[Json], None]:
    def change(file: Json) -> None:
        target: Any = file
        for step in path[:-1]:
            target = target[step]
        if value is KeyError:
            del target[path[-1]]
        else:
            target[path[-1]] = value

    return change


BROKEN_OWN: list[tuple[Callable[[Json], None], str, str, str]] = [
    (put("origin", value="2017-09-14T00:00:00"), "", "origin", "not_an_instant"),
    (put("origin", value="today"), "", "origin", "not_an_instant"),
    (put("format_version", value=9), "", "format_version", "unknown_version"),
    (put("windows", 0, "closes", value=1), "windows[0]", "closes", "empty_interval"),
    (put("sessions", 0, "fixed_room", value="X"), "sessions[0] (O1)", "fixed_room", "unknown_code"),
    (put("sessions", 0, "people", value=["X"]), "sessions[0] (O1)", "people", "unknown_code"),
    (put("rooms", 0, "closed", value=[[5, 4]]), "rooms[0] (CH2)", "closed", "empty_interval"),
    (put("rooms", 0, "closed", value=[5]), "rooms[0] (CH2)", "closed", "not_an_interval"),
    (put("rooms", 0, "closed", value=[[-527_041, 4]]), "rooms[0] (CH2)", "closed", "out_of_range"),
    (put("rooms", 0, "capacity", value=1_000_001), "rooms[0] (CH2)", "capacity", "out_of_range"),
    (put("windows", 0, "closes", value=10**9), "windows[0]", "closes", "out_of_range"),
    (put("windows", 0, "opens", value=-60), "windows[0]", "opens", "out_of_range"),
    (put("weights", "unseated", value=10**19), "weights", "unseated", "out_of_range"),
    (put("sessions", 0, "duration", value=527_041), "sessions[0] (O1)", "duration", "out_of_range"),
    (put("sessions", 0, "fixed_start", value=10**15), "sessions[0] (O1)", "fixed_start", "out_of_range"),
    (put("pins", value=[{"session": "O1", "start": 10**15}]), "pins[0] (O1)", "start", "out_of_range"),
    (put("rules", "room_changeover_minutes", value=10**15), "rules", "room_changeover_minutes", "out_of_range"),
    (put("origin", value="0001-01-01T00:00:00+14:00"), "", "origin", "year_out_of_range"),
    (put("origin", value="9999-12-31T00:00:00-12:00"), "", "origin", "year_out_of_range"),
    (
        put("start", value=[{"session": "O1", "start": 60, "end": 60, "room": "CH2"}]),
        "start[0] (O1)",
        "end",
        "empty_interval",
    ),
    (put("start", value=[{"session": "O1", "start": 60, "room": "CH2"}]), "start[0] (O1)", "end", "missing"),
    (put("pins", value=[{"session": "O1"}]), "pins[0] (O1)", "start", "empty_pin"),
    (put("rooms", 1, "code", value="CH2"), "rooms[1] (CH2)", "code", "code_twice"),
    (put("interests", value=[[["T99", 1]]]), "", "interests[0]", "unknown_code"),
]


@pytest.mark.parametrize(("change", "record", "field", "code"), BROKEN_OWN)
def test_read_broken_own_file_names_record_and_field(
    change: Callable[[Json], None], record: str, field: str, code: str
) -> None:
    file = json.loads(problem_file.write(forum()))
    change(file)
    with pytest.raises(FileRefused) as caught:
        problems.read(json.dumps(file))
    assert [(one.record, one.field, one.code) for one in caught.value.findings] == [(record, field, code)]


def test_own_format_brings_a_timetable_to_begin_with() -> None:
    problem = forum()
    example = read_timetable(problem, Path(__file__).parents[1] / "data" / "example_timetable.json")
    text = problem_file.write(problem, example)
    assert (problems.read(text), problems.read_start(text)) == (problem, example)
    assert problems.read_start(problem_file.write(problem)) is None
    assert problems.read_start(FORUM) is None


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"session": "O1", "room": "CH2", "start": "2017-09-14T13:00+09:00"}, "end"),
        ({"session": "O1", "room": "CH2", "start": "x", "end": "2017-09-14T13:00+09:00"}, "start"),
        ({"session": "O1", "room": "CH2", "start": "2017-09-14T13:00", "end": "2017-09-14T13:00"}, "end"),
        ({"session": "O1", "start": "2017-09-14T13:00", "end": "2017-09-14T14:00"}, "room"),
        ({"session": "O1", "room": "A", "start": "2017-09-14T13:00:30", "end": "2017-09-14T14:00"}, "start"),
        (
            {"session": "O1", "room": "A", "start": "2017-09-14T13:00", "end": "2017-09-14T14:00", "start_minute": 1},
            "start_minute",
        ),
    ],
)
def test_read_timetable_broken_entry(entry: Json, field: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_timetable(forum(), json.dumps([entry]))
    assert (caught.value.record, caught.value.field) == ("entries[0] (O1)", field)


def test_read_timetable_of_another_century() -> None:
    entry = {"session": "O1", "room": "CH2", "start": "2117-09-14T13:00", "end": "2117-09-14T14:00"}
    with pytest.raises(FormatError, match=r"entries\[0\] \(O1\), start: This is more than 366 days from the first day"):
        read_timetable(forum(), json.dumps([entry]))


def test_read_time_that_the_clock_skips() -> None:
    file = data()
    file["conference"]["timezone"] = "Europe/Berlin"
    file["sessions"][1]["not_before"] = "2017-03-26T02:30"
    with pytest.raises(FormatError, match=r"O2.*, not_before: 2017-03-26 02:30 does not exist"):
        problems.read(json.dumps(file))


def test_minutes_are_elapsed_time_across_a_clock_change() -> None:
    file = data()
    file["conference"] |= {"timezone": "Europe/Berlin", "starts_on": "2017-10-28", "ends_on": "2017-10-29"}
    file["day_windows"] = [{"date": "2017-10-28", "opens": "09:00", "closes": "18:00"}]
    file["unavailabilities"] = []
    free = {"fixed": None, "not_before": None, "not_after": None, "preferred_times": None}
    file["sessions"] = [one | free for one in file["sessions"]]
    file["sessions"][1]["not_before"] = "2017-10-29T12:00"
    assert session(problems.read(json.dumps(file)), "O2").not_before == 24 * 60 + 12 * 60 + 60


def test_read_numbers_up_to_their_limits() -> None:
    file = json.loads(problem_file.write(forum()))
    put("rooms", 0, "capacity", value=1_000_000)(file)
    put("rooms", 0, "closed", value=[[-527_040, 527_040]])(file)
    put("weights", "unseated", value=100_000)(file)
    put("interests", value=[[["T1", 1000]]])(file)
    problem = problems.read(json.dumps(file))
    assert problem.rooms[0].capacity == 1_000_000
    assert problem.rooms[0].closed == (Interval(-527_040, 527_040),)
    assert problem.weights.unseated == 100_000
    assert problem.attendees == (Attendee((("T1", 1000),)),)


def test_a_number_of_many_digits_does_not_flood_the_message() -> None:
    file = json.loads(problem_file.write(forum()))
    file["rooms"][0]["capacity"] = 10**4000
    with pytest.raises(FormatError, match=r"This is “10{56}…”; it must be from 0 to 1000000"):
        problems.read(json.dumps(file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"format": ' + "9" * 5000 + "}", "A number is far too long"),
    ],
)
def test_read_json_that_python_refuses(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        problems.read(text)


def test_read_file_with_a_mark_in_front(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xef\xbb\xbf" + FORUM.read_bytes())
    assert problems.read(tmp_path / "x.json") == forum()


def test_read_missing_file_and_not_json(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        problems.read(tmp_path / "nothing.json")
    (tmp_path / "x.json").write_bytes(b"\xff\xfe")
    with pytest.raises(FormatError, match="UTF-16"):
        problems.read(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(FormatError, match="This is not JSON"):
        problems.read(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    with pytest.raises(FormatError, match="must hold one JSON object"):
        problems.read(tmp_path / "x.json")
