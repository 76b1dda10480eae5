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
    written = json.loads(problem_file.write(forum()))
    Draft202012Validator(schema).validate(written)
    assert schema["properties"].keys() == written.keys()
    for part in ("rooms", "people", "bodies", "sessions"):
        assert schema["properties"][part]["items"]["properties"].keys() == written[part][0].keys()
    for part in ("rules", "weights"):
        assert schema["properties"][part]["properties"].keys() == written[part].keys()


def test_own_format_refuses_a_field_it_does_not_know() -> None:
    written = json.loads(problem_file.write(forum()))
    written["sessions"][0]["trak"] = "red"
    with pytest.raises(FormatError, match="session O1: trak: is not a field of this format version"):
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


BROKEN: list[tuple[Callable[[Json], None], str, str]] = [
    (put("format", value="other"), "file", "format"),
    (put("format_version", value=2), "file", "format_version"),
    (put("rooms", value=KeyError), "file", "rooms"),
    (put("conference", "timezone", value="Mars/Olympus"), "conference", "timezone"),
    (put("conference", "starts_on", value="2017-09-31"), "conference", "starts_on"),
    (put("conference", "languages", value=[]), "conference", "languages"),
    (put("rules", "slot_minutes", value=0), "rules", "slot_minutes"),
    (put("rules", "interpreter_teams", value="three"), "rules", "interpreter_teams"),
    (put("day_windows", value=[]), "file", "day_windows"),
    (put("day_windows", 0, "closes", value="08:00"), "day window number 1", "closes"),
    (put("day_windows", 0, "opens", value="25:00"), "day window number 1", "opens"),
    (put("day_windows", 1, "date", value="2017-09-14"), "day window number 2", "date"),
    (put("kinds", 0, "signup", value="maybe"), "kind official", "signup"),
    (put("rooms", 2, "parts", value=["CH2", "CH9"]), "room CH23", "parts"),
    (put("rooms", 2, "parts", value=["CH23"]), "room CH23", "parts"),
    (put("rooms", 0, "capacity", value=-1), "room CH2", "capacity"),
    (put("rooms", 1, "code", value="CH2"), "room CH2", "code"),
    (put("bodies", 0, "single_team", value="no"), "body gwangju-city", "single_team"),
    (put("sessions", 0, "duration_minutes", value=0), "session O1", "duration_minutes"),
    (put("sessions", 0, "duration_minutes", value=KeyError), "session O1", "duration_minutes"),
    (put("sessions", 0, "title", value={"en": "Opening"}), "session O1", "title.ko"),
    (put("sessions", 0, "kind", value="party"), "session O1", "kind"),
    (put("sessions", 0, "hosts", value=["nobody"]), "session O1", "hosts"),
    (put("sessions", 0, "after", value=["O1"]), "session O1", "after"),
    (put("sessions", 0, "not_parallel_with", value=["O9"]), "session O1", "not_parallel_with"),
    (put("sessions", 0, "roles", 0, "person", value="nobody"), "session O1: role number 1", "person"),
    (put("sessions", 0, "roles", 0, "mode", value="hologram"), "session O1: role number 1", "mode"),
    (put("sessions", 0, "fixed", "room", value="R999"), "session O1: fixed", "room"),
    (put("sessions", 0, "fixed", "date", value="14 September"), "session O1: fixed", "date"),
    (put("sessions", 1, "not_before", value="2017-09-14"), "session O2", "not_before"),
    (put("sessions", 1, "signup", value="sometimes"), "session O2", "signup"),
    (put("unavailabilities", 0, "subject", value="CH9"), "unavailability number 1", "subject"),
    (put("unavailabilities", 0, "to", value="2017-09-16T12:00"), "unavailability number 1", "to"),
    (put("interests", value=[[["T1", 1]], [["T99", 1]]]), "interests number 2", "wishes"),
    (put("interests", value=[[["T1", 0]]]), "interests number 1", "wishes"),
    (put("interests", value=[[["T1", 1], ["T1", 2]]]), "interests number 1", "wishes"),
    (put("interests", value=[["T1"]]), "interests number 1", "wishes"),
    (put("interests", value=[[["T1", 1001]]]), "interests number 1", "wishes"),
    (put("rules", "slot_minutes", value=527_041), "rules", "slot_minutes"),
    (put("rooms", 0, "capacity", value=10**25), "room CH2", "capacity"),
    (put("sessions", 0, "duration_minutes", value=10**30), "session O1", "duration_minutes"),
    (put("sessions", 1, "not_before", value="2019-09-14T10:00"), "session O2", "not_before"),
    (put("sessions", 1, "not_before", value="2018-09-16T10:00"), "session O2", "not_before"),
    (put("sessions", 1, "not_before", value="9999-12-31T23:59"), "session O2", "not_before"),
    (put("conference", "starts_on", value="0001-01-01"), "conference", "starts_on"),
    (put("day_windows", 0, "date", value="9999-12-31"), "day window number 1", "opens"),
    (put("day_windows", 0, "date", value="2017-09-13"), "day window number 1", "date"),
]


@pytest.mark.parametrize(
    ("change", "record", "field"), BROKEN, ids=[f"{r}-{f}-{i}" for i, (_, r, f) in enumerate(BROKEN)]
)
def test_read_broken_file_names_record_and_field(change: Callable[[Json], None], record: str, field: str) -> None:
    file = data()
    change(file)
    with pytest.raises(FormatError) as caught:
        problems.read(json.dumps(file))
    assert (caught.value.record, caught.value.field) == (record, field)
    assert str(caught.value).startswith(f"{record}: {field}: ")


BROKEN_OWN: list[tuple[Callable[[Json], None], str, str]] = [
    (put("origin", value="2017-09-14T00:00:00"), "file", "origin"),
    (put("origin", value="today"), "file", "origin"),
    (put("format_version", value=9), "file", "format_version"),
    (put("windows", 0, "closes", value=1), "window number 1", "closes"),
    (put("sessions", 0, "fixed_room", value="X"), "session O1", "fixed_room"),
    (put("sessions", 0, "people", value=["X"]), "session O1", "people"),
    (put("rooms", 0, "closed", value=[[5, 4]]), "room CH2", "closed"),
    (put("rooms", 0, "closed", value=[5]), "room CH2", "closed"),
    (put("rooms", 0, "closed", value=[[-527_041, 4]]), "room CH2", "closed"),
    (put("rooms", 0, "capacity", value=1_000_001), "room CH2", "capacity"),
    (put("windows", 0, "closes", value=10**9), "window number 1", "closes"),
    (put("windows", 0, "opens", value=-60), "window number 1", "opens"),
    (put("weights", "unseated", value=10**19), "file: weights", "unseated"),
    (put("sessions", 0, "duration", value=527_041), "session O1", "duration"),
    (put("sessions", 0, "fixed_start", value=10**15), "session O1", "fixed_start"),
    (put("pins", value=[{"session": "O1", "start": 10**15}]), "pin number 1", "start"),
    (put("rules", "room_changeover_minutes", value=10**15), "file: rules", "room_changeover_minutes"),
    (put("origin", value="0001-01-01T00:00:00+14:00"), "file", "origin"),
    (put("origin", value="9999-12-31T00:00:00-12:00"), "file", "origin"),
]


@pytest.mark.parametrize(("change", "record", "field"), BROKEN_OWN)
def test_read_broken_own_file_names_record_and_field(change: Callable[[Json], None], record: str, field: str) -> None:
    file = json.loads(problem_file.write(forum()))
    change(file)
    with pytest.raises(FormatError) as caught:
        problems.read(json.dumps(file))
    assert (caught.value.record, caught.value.field) == (record, field)


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
    assert (caught.value.record, caught.value.field) == ("entry O1", field)


def test_read_timetable_of_another_century() -> None:
    entry = {"session": "O1", "room": "CH2", "start": "2117-09-14T13:00", "end": "2117-09-14T14:00"}
    with pytest.raises(FormatError, match="entry O1: start: is more than 366 days from the beginning, 2017-09-14"):
        read_timetable(forum(), json.dumps([entry]))


def test_read_time_that_the_clock_skips() -> None:
    file = data()
    file["conference"]["timezone"] = "Europe/Berlin"
    file["sessions"][1]["not_before"] = "2017-03-26T02:30"
    with pytest.raises(FormatError, match="session O2: not_before: does not exist"):
        problems.read(json.dumps(file))


def test_minutes_are_elapsed_time_across_a_clock_change() -> None:
    file = data()
    file["conference"] |= {"timezone": "Europe/Berlin", "starts_on": "2017-10-28", "languages": ["en"]}
    file["day_windows"] = [{"date": "2017-10-28", "opens": "09:00", "closes": "18:00"}]
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
    with pytest.raises(FormatError, match=r"must be at most 1000000, not 10000000\.\.\. \(4001 characters\)$"):
        problems.read(json.dumps(file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "file: is nested too deeply"),
        ('{"format": ' + "9" * 5000 + "}", "file: has a number with too many digits"),
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
    with pytest.raises(FormatError, match="file: is not UTF-8 text"):
        problems.read(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(FormatError, match="file: is not JSON"):
        problems.read(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    with pytest.raises(FormatError, match="file: must be an object"):
        problems.read(tmp_path / "x.json")
