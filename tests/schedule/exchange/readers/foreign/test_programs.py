"""pretalx, Sessionize, Indico and calendars: a small file of each, and what each leaves out."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schedule.exchange.imports import formats
from schedule.exchange.imports.formats import FileReading
from schedule.exchange.incoming.records import HowToRead, SaidRecord, Unreadable, What

ASKED = HowToRead(ZoneInfo("Europe/Berlin"), ("en",), kind="Talk")


def read(data: Any) -> FileReading:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return formats.read(content, formats.format_of(content), ASKED)


def of(reading: FileReading, what: What) -> list[SaidRecord]:
    return [record for record in reading.records if record.what is what]


def brief(reading: FileReading) -> list[tuple[Any, ...]]:
    """Of each session its key, title, minutes, kind, theme, start on the clock, and room."""
    return [
        (
            one.key,
            next(iter(one.said["title"].values())),
            one.said["duration_minutes"],
            one.said.get("kind"),
            one.said.get("theme"),
            f"{one.said['start']:%Y-%m-%d %H:%M}" if "start" in one.said else None,
            one.said.get("room"),
        )
        for one in of(reading, What.SESSION)
    ]


def codes(reading: FileReading) -> list[str]:
    return [one.code for one in reading.oddities]


PRETALX = {
    "code": "ABCDEF", "title": "One", "submission_type": {"en": "Talk", "de": "Vortrag"},
    "track": {"name": {"en": "Peace"}}, "state": "confirmed", "abstract": "Short.", "description": "Long.",
    "duration": 30, "content_locale": "de", "internal_notes": "secret", "notes": "secret",
    "slots": [{"start": "2027-07-02T10:00:00+02:00", "room": {"name": {"en": "Hall"}}}],
    "speakers": [{"code": "SPEAK1", "name": "Ada", "email": "ada@example.org", "biography": "Writes."}],
}  # fmt: skip


def test_pretalx() -> None:
    others = [PRETALX | {"code": state, "state": state} for state in ("rejected", "canceled", "submitted")]
    reading = read({"count": 4, "results": [PRETALX, *others]})
    assert brief(reading) == [("pretalx:ABCDEF", "One", 30, "name:talk", "name:peace", "2027-07-02 10:00", "name:hall")]
    assert of(reading, What.SESSION)[0].said["abstract"] == {"": "Short.\n\nLong."}
    (person,) = of(reading, What.PERSON)
    assert (person.said["email"], person.said["biography"]) == ("ada@example.org", {"": "Writes."})
    assert codes(reading) == ["not_accepted", "cancelled_there", "not_accepted"]
    assert "secret" not in str(reading.records)


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ({"slots": None, "slot": None}, []),
        ({"speakers": ["SPEAK1"]}, ["only_codes"]),
        ({"speakers": [{"code": "X", "name": ""}]}, ["person_without_name"]),
        ({"slots": [{"start": "soon"}]}, ["no_moment"]),
        ({"duration": None, "slots": None, "slot": None}, ["length_missing"]),
        ({"title": ""}, ["no_title"]),
        ({"title": ["One"]}, ["no_title"]),
        ({"slots": [{"start": "2027-07-02"}]}, ["day_alone"]),
        ({"code": "A B"}, ["no_code"]),
        ({"title": "M\N{REPLACEMENT CHARACTER}ller"}, ["letters_lost"]),
    ],
)
def test_pretalx_with_less(instead: dict[str, Any], told: list[str]) -> None:
    assert codes(read([PRETALX | instead])) == told


def slots(*spans: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"start": f"2027-07-02T{start}+09:00", "end": f"2027-07-02T{end}+09:00", "room": "Hall"} for start, end in spans
    ]


@pytest.mark.parametrize(
    ("instead", "minutes", "told"),
    [
        ({"duration": None, "slots": slots(("10:00", "10:50"))}, 50, []),
        ({"slots": slots(("10:00", "10:50"))}, 30, ["end_differs"]),
        ({"slots": slots(("10:00", "10:30"), ("14:00", "14:30"))}, 30, ["repeats"]),
        ({"title": {"en": "One", "ko": "하나"}}, 30, []),
    ],
)
def test_what_pretalx_says_twice(instead: dict[str, Any], minutes: int, told: list[str]) -> None:
    reading = read([PRETALX | instead])
    (session,) = of(reading, What.SESSION)
    assert (session.said["duration_minutes"], codes(reading)) == (minutes, told)
    assert session.said["title"] == instead.get("title", {"": "One"})


def test_codes_differ_by_more_than_capital_letters() -> None:
    reading = read([PRETALX, PRETALX | {"code": "abcdef", "title": "Two"}])
    assert ([one.key for one in of(reading, What.SESSION)], codes(reading)) == (
        ["pretalx:ABCDEF"],
        ["code_by_case_alone"],
    )


def test_one_page_of_several_says_so() -> None:
    assert codes(read({"count": 1, "next": None, "results": [PRETALX]})) == []
    assert codes(read({"count": 60, "next": "https://example.org/?page=2", "results": [PRETALX]})) == ["one_page"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_the_mark_of_an_encoding(encoding: str) -> None:
    assert codes(read(json.dumps([PRETALX]).encode(encoding))) == []
    assert codes(read(calendar(event(*ONE)).decode().encode(encoding))) == ["no_kind"]


def test_letters_that_are_not_in_utf_8_are_called_so() -> None:
    with pytest.raises(Unreadable, match="not_utf8"):
        read(json.dumps([PRETALX | {"title": "Müller"}], ensure_ascii=False).encode("cp1252"))


SESSIONIZE = {
    "sessions": [
        {"id": "14", "title": "One", "description": "About.", "startsAt": "2027-07-02T10:00:00", "roomId": 3,
         "endsAt": "2027-07-02T10:45:00", "isServiceSession": False, "speakers": ["u1"],
         "categoryItems": [71, 81, 91, 61], "status": "Accepted", "liveUrl": "https://example.org/live"},
        {"id": "15", "title": "Lunch", "startsAt": "2027-07-02T12:00:00", "endsAt": "2027-07-02T13:00:00", "roomId": 3,
         "isServiceSession": True, "speakers": [], "categoryItems": []},
        {"id": "16", "title": "No", "status": "Declined", "speakers": [], "categoryItems": []},
    ],
    "speakers": [{"id": "u1", "firstName": "Ada", "lastName": "B", "bio": "Writes.", "tagLine": "City"}],
    "questions": [],
    "categories": [
        {"id": 7, "title": "Session format", "items": [{"id": 71, "name": "Workshop"}]},
        {"id": 8, "title": "Track", "items": [{"id": 81, "name": "Peace"}]},
        {"id": 9, "title": "Language", "items": [{"id": 91, "name": "German"}]},
        {"id": 6, "title": "Level", "items": [{"id": 61, "name": "All"}]},
    ],
    "rooms": [{"id": 3, "name": "Hall"}],
}  # fmt: skip


def test_sessionize() -> None:
    reading = read(SESSIONIZE)
    assert brief(reading) == [
        ("sessionize:14", "One", 45, "name:workshop", "name:peace", "2027-07-02 10:00", "name:hall"),
        ("sessionize:15", "Lunch", 60, "name:break", None, "2027-07-02 12:00", "name:hall"),
    ]
    one = of(reading, What.SESSION)[0].said
    assert (one["languages"], one["online_url"]) == (("de",), "https://example.org/live")
    (person,) = of(reading, What.PERSON)
    assert (person.said["affiliation"], person.said["biography"]) == ("City", {"": "Writes."})
    assert codes(reading) == ["ignored", "not_accepted"]


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ({"roomId": 9}, ["names_nothing", "time_without_room"]),
        ({"speakers": ["u9"]}, ["names_nothing"]),
        ({"startsAt": None}, ["end_without_start", "length_missing"]),
        ({"startsAt": "2027-07-02"}, ["day_alone"]),
    ],
)
def test_sessionize_with_less(instead: dict[str, Any], told: list[str]) -> None:
    one = SESSIONIZE["sessions"][0] | instead | {"categoryItems": [71]}  # type: ignore[index]  # of lists, as above
    assert codes(read(SESSIONIZE | {"sessions": [one], "categories": SESSIONIZE["categories"][:1]})) == told  # type: ignore[index]  # a list, as above


@pytest.mark.parametrize(
    "groups", [[{"groupId": None, "sessions": []}], [{"date": "2027-07-02", "isDefault": True, "rooms": []}]]
)
def test_other_views_of_sessionize_are_called_so(groups: list[dict[str, Any]]) -> None:
    with pytest.raises(Unreadable, match="sessionize_view"):
        read(groups)


INDICO = {
    "id": "12", "db_id": 34, "friendly_id": 1, "title": "One", "duration": 25, "roomFullname": "Hall",
    "description": "About.", "startDate": {"date": "2027-07-02", "time": "09:00:00", "tz": "Europe/London"},
    "type": "Oral", "track": None, "session": "Peace",
    "speakers": [{"first_name": "Ada", "last_name": "B", "email": "Ada@example.org", "affiliation": "City"}],
}  # fmt: skip


def test_indico() -> None:
    event = {"id": "7", "contributions": [INDICO], "sessions": [{"title": "Peace", "contributions": [INDICO]}]}
    reading = read({"count": 1, "results": [event]})
    assert brief(reading) == [("indico:7:34", "One", 25, "name:oral", "name:peace", "2027-07-02 10:00", "name:hall")]
    (person,) = of(reading, What.PERSON)
    assert (person.key, person.said["name"], person.said["affiliation"]) == (
        "mail:ada@example.org",
        {"": "Ada B"},
        "City",
    )


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ({"startDate": {"date": "2027-07-02", "time": "09:00:00", "tz": "Mars"}}, ["no_zone"]),
        ({"startDate": {"date": "2027-03-28", "time": "01:30:00", "tz": "Europe/London"}}, ["skipped"]),
        ({"startDate": None}, ["room_without_time"]),
        ({"duration": 0}, ["length_out_of_range"]),
    ],
)
def test_indico_with_less(instead: dict[str, Any], told: list[str]) -> None:
    assert codes(read({"results": [{"id": "7", "contributions": [INDICO | instead]}]})) == told


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *events, "END:VCALENDAR", ""]).encode()


ONE = (
    "UID:one@example.org",
    "SUMMARY:One\\, two",
    "DTSTART:20270702T080000Z",
    "DTEND:20270702T084500Z",
    "LOCATION:Hall",
)


def test_calendars() -> None:
    floating = event("UID:2", "SUMMARY:Two", "DTSTART:20270702T120000", "DURATION:PT1H", "CATEGORIES:Peace,Cities")
    people = "ATTENDEE;CN=Ada B:mailto:Ada@example.org"
    reading = read(calendar(event(*ONE, people), floating))
    assert brief(reading) == [
        ("ical:one@example.org", "One, two", 45, "name:talk", None, "2027-07-02 10:00", "name:hall"),
        ("ical:2", "Two", 60, "name:talk", "name:peace", None, None),
    ]
    (person,) = of(reading, What.PERSON)
    assert (person.key, person.said["email"]) == ("mail:ada@example.org", "Ada@example.org")
    assert codes(reading) == ["no_kind", "no_kind", "time_without_room"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((*ONE, "STATUS:CANCELLED"), ["cancelled_there"]),
        ((*ONE, "RRULE:FREQ=DAILY"), ["repeats", "no_kind"]),
        (ONE[1:], ["no_key"]),
        (("UID:1", "SUMMARY:X", "DTSTART;VALUE=DATE:20270702"), ["day_without_time", "length_missing"]),
        (("UID:1", "SUMMARY:X", "DTSTART;TZID=Mars/Base:20270702T100000", "DURATION:PT1H"), ["no_zone"]),
        (("UID:1", "SUMMARY:X", "DTSTART:20270702T100000", "DTEND:20270702T090000"), ["ends_before_start"]),
        (("UID:1", "SUMMARY:X", "DTSTART:20270328T023000", "DURATION:PT1H"), ["skipped"]),
    ],
)
def test_events_that_are_odd(lines: tuple[str, ...], told: list[str]) -> None:
    assert codes(read(calendar(event(*lines)))) == told


def test_a_file_may_have_several_calendars() -> None:
    two = calendar(event(*ONE)) + calendar(event("UID:two", *ONE[1:]))
    assert [record.key for record in of(read(two), What.SESSION)] == ["ical:one@example.org", "ical:two"]


@pytest.mark.parametrize(
    "data", [b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", {"results": 5}, {"sessions": []}, {"a": [1]}, [5]]
)
def test_what_is_none_of_them_is_refused(data: Any) -> None:
    with pytest.raises(Unreadable):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        {"sessions": [{"id": 1, "title": "x", "categoryItems": 5}], "speakers": [], "rooms": []},
        {"results": [{"id": "7", "contributions": 5}]},
        [PRETALX | {"speakers": 5}],
        {"format": "plenary-archive", "version": 1, "timezone": "Europe/Berlin", "session": 5},
    ],
)
def test_values_of_another_kind_crash_nothing(data: Any) -> None:
    with suppress(Unreadable):
        assert of(read(data), What.SESSION) is not None
