"""Programme files that both doors must answer alike: the sample with one change, and small files of their own."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import SAMPLE

INPUTS = Path(__file__).parent / "inputs"
GONE = object()
_SAMPLE = json.loads(SAMPLE.read_text(encoding="utf-8"))

Found = tuple[str, str]
"""Where something is found, and its code."""


@dataclass(frozen=True)
class Probe:
    """The sample with `value` at the end of `path`, or with the fields of `value` where there is no path.

    Problems stop both doors, warnings stop none.
    """

    name: str
    path: tuple[str | int, ...]
    value: Any
    problems: tuple[Found, ...] = ()
    warnings: tuple[Found, ...] = ()

    def file(self) -> dict[str, Any]:
        data: dict[str, Any] = copy.deepcopy(_SAMPLE)
        if not self.path:
            return {**data, **self.value}
        target: Any = data
        for step in self.path[:-1]:
            target = target[step]
        if self.value is GONE:
            del target[self.path[-1]]
        elif isinstance(target, list) and self.path[-1] == len(target):
            target.append(self.value)
        else:
            target[self.path[-1]] = self.value
        return data


O1, O2, T1 = "sessions[0] (O1)", "sessions[1] (O2)", "sessions[5] (T1)"
CH2, CH3, CH23 = "rooms[0] (CH2)", "rooms[1] (CH3)", "rooms[2] (CH23)"
AWAY = "unavailabilities[0]"
FIXED = [f"sessions[{n}] ({one['code']})" for n, one in enumerate(_SAMPLE["sessions"]) if one["fixed"]]
WISHES = (("interests", "wishes_left_out"),)


def refused(name: str, path: tuple[str | int, ...], value: Any, *problems: Found) -> Probe:
    return Probe(name, path, value, problems)


def taken(name: str, path: tuple[str | int, ...], value: Any, *warnings: Found) -> Probe:
    return Probe(name, path, value, (), warnings)


PROBES = (
    # What the two former readers answered differently.
    taken("a role is taken on by video", ("sessions", 0, "roles", 0, "mode"), "remote"),
    refused(
        "a weekday is not the date's",
        ("day_windows", 0, "weekday"),
        "Friday",
        ("day_windows[0], weekday", "wrong_weekday"),
    ),
    refused(
        "the last day is before the first",
        ("conference", "ends_on"),
        "2017-09-13",
        ("conference, ends_on", "ends_before_start"),
    ),
    refused("sessions wait for each other", ("sessions", 0, "after"), ["O2"], (f"{O1}, after", "circle")),
    taken("a field is misspelt", ("sessions", 0, "lenght"), 5, (f"{O1}, lenght", "unknown_field")),
    taken("a field of the file is misspelt", ("pepole",), [], ("pepole", "unknown_field")),
    taken("there is no changeover", ("rules", "room_changeover_minutes"), GONE),
    taken("there is no walk", ("rules", "person_gap_other_group_minutes"), GONE),
    taken("an organisation says nothing of teams", ("bodies", 0, "single_team"), GONE),
    taken("there are no unavailabilities", ("unavailabilities",), GONE),
    refused("rooms are parts of each other", ("rooms", 0, "parts"), ["CH23"], (f"{CH2}, parts", "circle")),
    taken("a room is joined from a joined one", ("rooms", 8, "parts"), ["R212", "R213", "CH23"]),
    taken(
        "a length is off the grid",
        ("sessions", 1, "duration_minutes"),
        100,
        (f"{O2}, duration_minutes", "length_off_grid"),
    ),
    refused(
        "a length is longer than any day",
        ("sessions", 1, "duration_minutes"),
        735,
        (f"{O2}, duration_minutes", "longer_than_a_day"),
        (f"{O2}, not_after", "does_not_fit"),
    ),
    taken(
        "a fixed start is off the grid",
        ("sessions", 0, "fixed", "start"),
        "13:10",
        ("sessions[0] (O1).fixed, start", "start_off_grid"),
    ),
    refused(
        "a fixed day is not one of the conference",
        ("sessions", 0, "fixed", "date"),
        "2017-09-18",
        ("sessions[0] (O1).fixed, date", "outside_conference"),
    ),
    refused(
        "no break is in the lobby", ("sessions", 0, "fixed", "room"), "LOBBY", (f"{O1}, fixed.room", "breaks_only")
    ),
    taken(
        "a fixed place is outside the hours",
        ("sessions", 0, "fixed", "start"),
        "08:00",
        (f"{O1}, fixed", "outside_hours"),
    ),
    refused(
        "a bound is outside the days",
        ("sessions", 1, "not_before"),
        "2017-09-18T10:00",
        (f"{O2}, not_before", "outside_days"),
    ),
    taken("a bound has its offset", ("sessions", 1, "not_before"), "2017-09-14T12:00+09:00"),
    refused(
        "a bound has an offset of another zone",
        ("sessions", 1, "not_before"),
        "2017-09-14T12:00+02:00",
        (f"{O2}, not_before", "other_offset"),
    ),
    refused(
        "a time of day has seconds", ("day_windows", 0, "opens"), "09:00:30", ("day_windows[0], opens", "not_a_time")
    ),
    refused(
        "a date is written in another way",
        ("conference", "starts_on"),
        "20170914",
        ("conference, starts_on", "not_a_date"),
    ),
    refused("a title has no Korean", ("sessions", 0, "title"), {"en": "Opening"}, (f"{O1}, title.ko", "text_missing")),
    taken(
        "a title is in a further language",
        ("sessions", 0, "title", "fr"),
        "Ouverture",
        (f"{O1}, title.fr", "other_language"),
    ),
    taken("a title breaks its line", ("sessions", 0, "title", "en"), "Opening\r\nCeremony"),
    refused("a title rings", ("sessions", 0, "title", "en"), "Opening\aCeremony", (f"{O1}, title.en", "not_shown")),
    refused(
        "a title turns round",
        ("sessions", 0, "title", "en"),
        "Opening \u202eCeremony",
        (f"{O1}, title.en", "turns_direction"),
    ),
    refused("a title is invisible", ("sessions", 0, "title", "en"), "\u200b\u3164", (f"{O1}, title.en", "empty")),
    refused("a title is too long", ("sessions", 0, "title", "en"), "x" * 301, (f"{O1}, title.en", "too_long")),
    refused("an address is taken by the site", ("conference", "slug"), "my", ("conference, slug", "reserved_slug")),
    refused("an address has a blank", ("conference", "slug"), "my forum", ("conference, slug", "not_a_slug")),
    refused(
        "a language is none",
        ("conference", "languages"),
        ["ko", "en", "Korean!"],
        ("conference, languages", "not_a_language"),
    ),
    refused(
        "a country is a name",
        ("people", 0, "country"),
        "Korea",
        ("people[0] (yoon-jang-hyun), country", "not_a_country"),
    ),
    taken(
        "a feature is not known",
        ("rooms", 0, "features"),
        ["projecter", "interpretation-booth", "captions-screen", "projector", "wheelchair", "hybrid"],
        (f"{CH2}, features", "unknown_feature"),
    ),
    taken("a feature is a loop", ("rooms", 0, "features", 0), "hearing-loop"),
    taken(
        "a feature is nowhere",
        ("sessions", 0, "required_features"),
        ["hearing-loop"],
        (f"{O1}, required_features", "feature_nowhere"),
    ),
    refused("a code has a blank", ("rooms", 9, "code"), "R 214", ("rooms[9], code", "not_a_code")),
    refused(
        "a person has a role twice",
        ("sessions", 0, "roles", 1),
        {"person": "yoon-jang-hyun", "role": "opening-address", "mode": "in-person"},
        ("sessions[0] (O1).roles[1], person", "role_twice"),
    ),
    refused("a group is of one", ("same_time",), [["T1"]], ("same_time[0]", "group_of_one")),
    refused(
        "groups cannot be kept",
        (),
        {"same_time": [["T1", "T2"]], "same_room": [["T1", "T2"]]},
        ("same_room", "impossible_together"),
    ),
    taken("sessions start together", ("same_time",), [["T1", "T2"]]),
    taken("sessions share a room", ("same_room",), [["T1", "T2"]]),
    taken("one side says that two are apart", ("sessions", 0, "not_parallel_with"), ["T9"]),
    taken(
        "there are core hours",
        ("day_windows", 1),
        {"date": "2017-09-15", "opens": "09:00", "closes": "18:30", "core_from": "10:00", "core_until": "17:00"},
    ),
    refused(
        "core hours are outside",
        ("day_windows", 1),
        {"date": "2017-09-15", "opens": "09:00", "closes": "18:30", "core_from": "08:00", "core_until": "17:00"},
        ("day_windows[1], core_until", "core_outside_hours"),
    ),
    refused("core hours are half", ("day_windows", 1, "core_from"), "10:00", ("day_windows[1], core_until", "missing")),
    taken("no day is open", ("day_windows",), [], *((f"{place}, fixed", "outside_hours") for place in FIXED)),
    taken("a theme is given", ("themes",), [{"code": "peace", "name": {"en": "Peace", "ko": "평화"}}]),
    taken("rooms and times are preferred", ("sessions", 4, "preferred_rooms"), ["R305", "R306"]),
    taken(
        "a time is preferred",
        ("sessions", 4, "preferred_times"),
        [{"from": "2017-09-15T13:00", "to": "2017-09-15T17:00"}],
    ),
    refused(
        "an unavailability is of another century",
        ("unavailabilities", 0, "from"),
        "2117-09-16T13:00",
        (f"{AWAY}, from", "far_away"),
    ),
    refused(
        "an unavailability is at the end of the calendar",
        ("unavailabilities", 0, "to"),
        "9999-12-31T23:59",
        (f"{AWAY}, to", "year_out_of_range"),
    ),
    refused(
        "a conference is at the beginning of the calendar",
        ("conference", "starts_on"),
        "0001-01-01",
        ("conference, starts_on", "year_out_of_range"),
    ),
    # What both refused, now in the same words.
    refused("it is another format", ("format",), "other", ("format", "unknown_format")),
    refused("it is another version", ("format_version",), 2, ("format", "unknown_format")),
    refused("there are no sessions", ("sessions",), GONE, ("sessions", "missing")),
    refused("there are no days", ("day_windows",), GONE, ("day_windows", "missing")),
    refused(
        "a zone is on Mars", ("conference", "timezone"), "Mars/Olympus", ("conference, timezone", "not_a_timezone")
    ),
    refused(
        "a date does not exist", ("conference", "starts_on"), "2017-09-31", ("conference, starts_on", "not_a_date")
    ),
    refused("a grid is of no minutes", ("rules", "slot_minutes"), 0, ("rules, slot_minutes", "out_of_range")),
    refused("a grid is longer than a day", ("rules", "slot_minutes"), 527_041, ("rules, slot_minutes", "out_of_range")),
    refused("a number is text", ("rules", "interpreter_teams"), "three", ("rules, interpreter_teams", "not_whole")),
    taken(
        "a day closes before it opens",
        ("day_windows", 0, "closes"),
        "08:00",
        ("day_windows[0], closes", "closes_next_day"),
    ),
    taken("a night ends after midnight", ("day_windows", 0, "closes"), "26:00"),
    refused(
        "a day closes when it opens",
        ("day_windows", 1, "closes"),
        "09:00",
        ("day_windows[1], closes", "closes_before_opening"),
    ),
    refused(
        "a night reaches into the next day",
        ("day_windows", 0, "closes"),
        "35:00",
        ("day_windows[1], opens", "hours_overlap"),
    ),
    refused("a time of day is none", ("day_windows", 0, "opens"), "48:30", ("day_windows[0], opens", "not_a_time")),
    refused("a day is given twice", ("day_windows", 1, "date"), "2017-09-14", ("day_windows[1], date", "day_twice")),
    refused(
        "a day is before the first",
        ("day_windows", 0, "date"),
        "2017-09-13",
        ("day_windows[0], date", "outside_conference"),
    ),
    refused("a sign-up is none", ("kinds", 0, "signup"), "maybe", ("kinds[0] (official), signup", "not_a_choice")),
    refused("a part is no room", ("rooms", 2, "parts"), ["CH2", "CH9"], (f"{CH23}, parts", "unknown_code")),
    refused("a room is a part of itself", ("rooms", 2, "parts"), ["CH23"], (f"{CH23}, parts", "part_of_itself")),
    refused("a room has less than no seats", ("rooms", 0, "capacity"), -1, (f"{CH2}, capacity", "out_of_range")),
    refused(
        "a room has more seats than the earth", ("rooms", 0, "capacity"), 10**25, (f"{CH2}, capacity", "out_of_range")
    ),
    refused(
        "two rooms have one code",
        ("rooms", 11, "code"),
        "R305",
        ("rooms[12] (R305306), parts", "unknown_code"),
        ("rooms[11] (R305), code", "code_twice"),
    ),
    refused(
        "a flag is a word", ("bodies", 0, "single_team"), "no", ("bodies[0] (gwangju-city), single_team", "not_a_flag")
    ),
    refused(
        "a session takes no time", ("sessions", 0, "duration_minutes"), 0, (f"{O1}, duration_minutes", "out_of_range")
    ),
    refused(
        "a session has no length", ("sessions", 0, "duration_minutes"), GONE, (f"{O1}, duration_minutes", "missing")
    ),
    refused("a kind is none", ("sessions", 0, "kind"), "party", (f"{O1}, kind", "unknown_code_of_few")),
    refused("a host is none", ("sessions", 0, "hosts"), ["nobody"], (f"{O1}, hosts", "unknown_code")),
    refused("a session is after itself", ("sessions", 0, "after"), ["O1"], (f"{O1}, after", "names_itself")),
    refused(
        "a session is apart from none",
        ("sessions", 0, "not_parallel_with"),
        ["O9"],
        (f"{O1}, not_parallel_with", "unknown_code"),
    ),
    refused(
        "a person is none",
        ("sessions", 0, "roles", 0, "person"),
        "nobody",
        ("sessions[0] (O1).roles[0], person", "unknown_code"),
    ),
    refused(
        "a mode is none",
        ("sessions", 0, "roles", 0, "mode"),
        "hologram",
        ("sessions[0] (O1).roles[0], mode", "not_a_choice"),
    ),
    refused(
        "a role is no object", ("sessions", 0, "roles", 0), "the mayor", ("sessions[0] (O1).roles[0]", "not_an_object")
    ),
    refused(
        "a fixed room is none",
        ("sessions", 0, "fixed", "room"),
        "R999",
        ("sessions[0] (O1).fixed, room", "unknown_code"),
    ),
    refused(
        "an unavailability is of no room",
        ("unavailabilities", 0, "subject"),
        "CH9",
        (f"{AWAY}, subject", "unknown_code"),
    ),
    refused(
        "an unavailability ends before it begins",
        ("unavailabilities", 0, "to"),
        "2017-09-16T12:00",
        (f"{AWAY}, to", "not_later"),
    ),
    refused(
        "a sign-up of a session is none", ("sessions", 1, "signup"), "sometimes", (f"{O2}, signup", "not_a_choice")
    ),
    refused(
        "a bound has no time of day", ("sessions", 1, "not_before"), "2017-09-14", (f"{O2}, not_before", "not_a_moment")
    ),
    refused(
        "a fixed day is in words",
        ("sessions", 0, "fixed", "date"),
        "14 September",
        ("sessions[0] (O1).fixed, date", "not_a_date"),
    ),
    refused(
        "a session is longer than a year",
        ("sessions", 0, "duration_minutes"),
        10**30,
        (f"{O1}, duration_minutes", "out_of_range"),
    ),
    refused(
        "a conference is longer than a year",
        ("conference", "ends_on"),
        "2018-09-16",
        ("conference, ends_on", "longer_than_a_year"),
    ),
    # Wishes are for the command line; the import says that it leaves them out.
    taken("there are wishes", ("interests",), [[["T1", 1], ["P2", 3]], []]),
    refused("a wish is for no session", ("interests",), [[["T1", 1]], [["T99", 1]]], ("interests[1]", "unknown_code")),
    refused("a wish weighs nothing", ("interests",), [[["T1", 0]]], ("interests[0]", "out_of_range")),
    refused("a wish weighs too much", ("interests",), [[["T1", 1001]]], ("interests[0]", "out_of_range")),
    refused("a wish is there twice", ("interests",), [[["T1", 1], ["T1", 2]]], ("interests[0]", "named_twice")),
    refused("a wish has no weight", ("interests",), [["T1"]], ("interests[0]", "not_a_wish")),
)

# (name, the file's bytes, the code)
BROKEN_BYTES = (
    ("nothing", b"", "not_json"),
    ("half an object", b"{", "not_json"),
    ("a workbook", b"PK\x03\x04", "not_json"),
    ("a list", b"[]", "no_object_in_file"),
    ("UTF-16", b"\xff\xfe{\x00}\x00", "other_encoding"),
    ("Korean Windows", '{"note": "포럼"}'.encode("cp949"), "not_utf8"),
    ("no number", b'{"a": NaN}', "not_a_json_number"),
    ("a name twice", b'{"a": 1, "a": 2}', "name_twice"),
    ("a deep nest", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested_too_deeply"),
    ("a long number", b'{"a": ' + b"1" * 5000 + b"}", "too_many_digits"),
    ("too much of it", json.dumps({"format": "other", "note": "x" * 10_000_000}).encode(), "file_too_long"),
)

# Small files of whole programmes: name -> (problems, warnings).
SMALL: dict[str, tuple[tuple[Found, ...], tuple[Found, ...]]] = {
    "berlin-2027": ((), ()),
    "c3voc-minimal": ((("format", "unknown_format"),), ()),
    "crlf-abstract": ((), ()),
    "html-abstract": ((), ()),
    "off-grid-42-minutes": ((), (("sessions[0] (S1), duration_minutes", "length_off_grid"),)),
    "overnight-session-contiguous-days": ((), ()),
    "overnight-window": ((), (("day_windows[0], closes", "closes_next_day"),)),
    "pdf-emoji-title": ((), ()),
    "reader-mismatch-no-bodies": ((), ()),
    "speaker-email": ((), ()),
    "too-many-talks-25-for-24-slots": ((), ()),
    "two-themes": ((), ()),
}
