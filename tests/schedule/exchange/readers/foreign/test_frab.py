"""Files of the frab family: what each form says, and what is odd about it."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schedule.exchange.imports import formats
from schedule.exchange.imports.formats import FileReading
from schedule.exchange.incoming.records import HowToRead, SaidRecord, Unreadable, What
from schedule.exchange.incoming.words import in_words
from values.instants import after

ROOT = Path(__file__).resolve().parents[5]
REAL = Path(os.environ.get("PLENARY_SHARED_DATA") or ROOT.parent / "shared/data") / "programmes"
BERLIN = HowToRead(ZoneInfo("Europe/Berlin"), ("en",), kind="Talk")
EVENT = (
    '<event guid="{guid}" id="1"><date>{date}</date><start>10:00</start><duration>00:42</duration>'
    "<title> Opening &amp; welcome </title><subtitle>Hello</subtitle><track>Community</track><type>Talk</type>"
    "<language>de, en</language>"
    "<abstract>&lt;p&gt;Hi&lt;/p&gt;</abstract><abstract>Other</abstract><persons><person id=\"1\">Ada</person>"
    '<person id="2"></person></persons><do_not_stream>True</do_not_stream></event>'
)  # fmt: skip


def xml(date: str = "2027-07-02T10:00:00+02:00", guid: str = "", more: str = "") -> bytes:
    head = "<conference><acronym>demo27</acronym><day_change>09:00:00</day_change></conference>"
    event = EVENT.format(date=date, guid=guid).replace(' guid=""', "") + more
    rooms = f'<room name="Hall A">{event}</room><room name="Empty"/>'
    return f'<schedule>{head}<day index="1" date="2027-07-02">{rooms}</day></schedule>'.encode()


def read(data: bytes, asked: HowToRead = BERLIN) -> FileReading:
    return formats.read(data, formats.format_of(data), asked)


def of(reading: FileReading, what: What) -> list[SaidRecord]:
    return [record for record in reading.records if record.what is what]


def codes(reading: FileReading) -> Counter[str]:
    return Counter(one.code for one in reading.oddities)


def test_an_event_is_a_session_and_what_is_odd_is_told() -> None:
    reading = read(xml())
    (session,) = of(reading, What.SESSION)
    assert session.key == "frab:demo27:1"
    start = datetime(2027, 7, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    assert session.said == {
        "title": {"": "Opening & welcome"}, "duration_minutes": 42, "abstract": {"": "Hello\n\n<p>Hi</p>"},
        "languages": ("de", "en"), "kind": "name:talk", "theme": "name:community",
        "people": (("frab:demo27:1", "", "in-person"),), "start": start, "room": "name:hall a",
    }  # fmt: skip
    assert [room.said["name"][""] for room in of(reading, What.ROOM)] == ["Hall A", "Empty"]
    assert codes(reading) == Counter(["subtitle", "abstracts_differ", "person_without_name", "ignored", "no_guid"])


def listed(**said: Any) -> bytes:
    event = {
        "id": 1,
        "guid": "A",
        "title": "One",
        "date": "2027-07-02T10:00:00+02:00",
        "start": "10:00",
        "type": "Talk",
    }
    event |= {"duration": "00:30", "language": "en", "track": "Peace", "persons": []}
    conference = {"acronym": "demo", "rooms": said.pop("rooms", [])}
    days = [{"date": "2027-07-02", "rooms": {"Hall": [event | said]}}]
    return json.dumps({"schedule": {"conference": conference | {"days": days}}}).encode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, []),
        ({"start": "9:00"}, ["start_differs"]),
        ({"date": "2027-07-02T17:00:00+09:00"}, []),
        ({"room": "hall "}, []),
        ({"room": "Attic"}, ["room_differs"]),
        ({"code": "A B/C"}, ["no_code"]),
        ({"persons": ["Ada", {"name": "Bo"}]}, []),
        ({"rooms": [{"name": "Hall", "capacity": "120"}]}, []),
        ({"rooms": [{"name": "Hall", "capacity": "about 120"}]}, ["count_with_words"]),
        ({"rooms": [{"name": "Hall", "capacity": -1}]}, ["negative_count"]),
        ({"rooms": [{"name": "Hall", "capacity": 3_000_000}]}, ["count_too_large"]),
    ],
)
def test_what_is_said_twice_or_cannot_be_is_told(said: dict[str, Any], told: list[str]) -> None:
    reading = read(listed(**said))
    assert (list(codes(reading)), len(of(reading, What.SESSION))) == (told, 1)


@pytest.mark.parametrize(
    ("date", "start", "day"),
    [
        ("", "10:00", 2),
        ("", "01:30", 3),
        ("", "24:30", 3),
        ("2027-07-03", "10:00", 3),
        ("2027-07-03T00:30:00+02:00", "00:30", 3),
    ],
)
def test_the_day_of_a_night(date: str, start: str, day: int) -> None:
    (session,) = of(read(xml(date).replace(b"<start>10:00", f"<start>{start}".encode())), What.SESSION)
    assert session.said["start"].day == day


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (("<title> Opening &amp; welcome </title>", ""), "no_title"),
        (("<duration>00:42</duration>", ""), "length_missing"),
        (("<duration>00:42</duration>", "<duration>soon</duration>"), "no_length"),
        (("2027-07-02T10:00:00+02:00", "2027-07-02T99"), "no_moment"),
        (("2027-07-02T10:00:00+02:00", "2027-03-28T02:30:00"), "skipped"),
        (('id="1"><date>', "><date>"), "no_key"),
    ],
)
def test_an_event_that_is_wrong_is_left_out(broken: tuple[str, str], code: str) -> None:
    good = xml(more=EVENT.format(date="2027-07-02T10:00:00+02:00", guid="9b2f5cde-0000-5000-8000-000000000001"))
    text = good.decode().replace(*broken, 1)
    reading = read(text.encode())
    wrong = [one for one in reading.oddities if one.is_wrong]
    assert ([one.code for one in wrong], len(of(reading, What.SESSION))) == ([code], 1)


@pytest.mark.parametrize(("stamps", "hour"), [("", 10), ("local", 10), ("utc", 6)])
def test_stamps_that_all_say_utc_are_asked_about(stamps: str, hour: int) -> None:
    toronto = HowToRead(ZoneInfo("America/Toronto"), ("en",), kind="Talk", stamps=stamps)
    (session,) = of(read(xml("2027-07-02T10:00:00+00:00"), toronto), What.SESSION)
    assert session.said["start"].hour == hour


def test_stamps_of_a_conference_in_utc_are_what_they_say() -> None:
    reading = read(xml("2027-07-02T10:00:00+00:00"), HowToRead(ZoneInfo("UTC"), ("en",), kind="Talk"))
    assert "stamps_local" not in codes(reading)


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE schedule><schedule><day date="2027-07-02"/></schedule>',
        b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><schedule>&x;</schedule>',
        b"<schedule><day></schedule>",
        b'<?xml version="1.0" encoding="nonsense"?><schedule/>',
        b'{"schedule": []}',
        b'{"schedule": {"conference": {"days": 5}}}',
        b'{"schedule": {"conference": {"days": [5]}}}',
        b'{"schedule": {"conference": {"days": [{"rooms": {"A": [5]}}]}}}',
    ],
)
def test_what_harms_or_is_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


def test_json_says_the_same_as_xml() -> None:
    event: dict[str, Any] = {
        "id": 1, "guid": "AAAAAAAA-0000-5000-8000-000000000001", "date": "2027-07-02T10:00:00+02:00",
        "duration": "00:45", "room": "Hall A", "title": "Opening", "language": "en", "type": "Talk", "track": None,
        "do_not_record": False,
        "persons": [{"id": 26, "code": "NQTF", "public_name": "Ada", "biography": "Writes.", "email": "a@example.org"}],
    }  # fmt: skip
    rooms = [{"name": "Hall A", "capacity": 80}, {"name": "Hall B", "capacity": None}]
    days = [{"index": 1, "date": "2027-07-02", "rooms": {"Hall A": [event]}}]
    conference = {"acronym": "demo27", "rooms": rooms, "days": days}
    reading = read(json.dumps({"schedule": {"conference": conference}}).encode())
    (session,) = of(reading, What.SESSION)
    assert session.key == "guid:aaaaaaaa-0000-5000-8000-000000000001"
    (person,) = of(reading, What.PERSON)
    assert person.said == {"name": {"": "Ada"}, "biography": {"": "Writes."}, "email": "a@example.org"}
    assert [(room.key, room.said.get("capacity")) for room in of(reading, What.ROOM)] == [
        ("name:hall a", 80), ("name:hall b", None),
    ]  # fmt: skip
    assert codes(reading) == Counter(["says_none"])


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real programmes at {REAL}; set PLENARY_SHARED_DATA")
@pytest.mark.parametrize(
    ("name", "zone", "counts", "oddities"),
    [
        (
            "fosdem-2017_pentabarf.xml",
            "Brussels",
            (668, 610, 30),
            {"subtitle": 381, "no_guid": 1, "no_date": 1, "says_none": 1},
        ),
        (
            "debconf17_wafer-pentabarf.xml",
            "Toronto",
            (181, 126, 6),
            {"no_kind": 29, "ignored": 3, "stamps_local": 1, "no_guid": 1, "says_none": 1},
        ),
        (
            "38c3-2024_c3voc-xml_Europe-Berlin.xml",
            "Berlin",
            (1007, 571, 72),
            {"outside_its_day": 6, "ignored": 2, "of_the_next_day": 1, "says_none": 2},
        ),
        ("camp2019_frab-json.json", "Berlin", (79, 90, 2), {"subtitle": 63}),
    ],
)
def test_real_programmes(name: str, zone: str, counts: tuple[int, ...], oddities: dict[str, int]) -> None:
    reading = read((REAL / name).read_bytes(), HowToRead(_zone(zone), ("en",), kind="Talk"))
    assert tuple(len(of(reading, what)) for what in (What.SESSION, What.PERSON, What.ROOM)) == counts
    assert codes(reading) == Counter(oddities)
    assert [in_words(one) for one in reading.oddities if one.is_wrong] == []
    assert _overlaps(of(reading, What.SESSION)) == (2 if name.startswith("38c3") else 0)


def _zone(city: str) -> ZoneInfo:
    return ZoneInfo(f"America/{city}" if city == "Toronto" else f"Europe/{city}")


def _overlaps(sessions: list[SaidRecord]) -> int:
    times = sorted(
        (r.said["room"], r.said["start"], after(r.said["start"], r.said["duration_minutes"])) for r in sessions
    )
    return sum(one[0] == two[0] and two[1] < one[2] for n, one in enumerate(times) for two in times[n + 1 : n + 8])
