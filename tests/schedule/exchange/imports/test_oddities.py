"""Real programmes and small files that once went wrong: each comes in, and what is odd about it is told.

Each of the oddities that real programmes have is a line here, with what is said of it. The real ones are not part of
the project; without them their tests are skipped.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schedule.exchange.imports import checks, formats
from schedule.exchange.imports.entries.entry import State
from schedule.exchange.imports.preview import Comparison
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import HowToRead, Oddity, SaidRecord, Unreadable, What
from schedule.exchange.incoming.words import in_words
from schedule.models import Conference
from tests.factories import make_conference

SHARED = Path(os.environ.get("PLENARY_SHARED_DATA") or Path(__file__).resolve().parents[5] / "shared/data")
REAL, SMALL = SHARED / "programmes", SHARED.parent / "cases/inputs"
FOSDEM, DEBCONF = "fosdem-2017_pentabarf.xml", "debconf17_wafer-pentabarf.xml"
C3, CAMP = "38c3-2024_c3voc-xml_Europe-Berlin.xml", "camp2019_frab-json.json"
ZONES = {FOSDEM: "Europe/Brussels", DEBCONF: "America/Toronto", C3: "Europe/Berlin", CAMP: "Europe/Berlin"}


@cache
def read(name: str) -> formats.FileReading:
    data = (REAL / name).read_bytes()
    return formats.read(data, formats.format_of(data), HowToRead(ZoneInfo(ZONES[name]), ("en",), kind="Talk"))


def conference_of(name: str) -> Conference:
    """One of the file's zone that needs no database."""
    found = Conference(timezone=ZONES[name], slot_minutes=15, languages=["en"])
    days = sorted(one.said["start"].date() for one in read(name).records if one.what is What.SESSION)
    found.starts_on, found.ends_on = days[0], days[-1]
    return found


@cache
def oddities(name: str) -> tuple[Oddity, ...]:
    reading = read(name)
    return (*reading.oddities, *checks.oddities_of(conference_of(name), reading.records))


def told(name: str, code: str, value: str, column: str) -> list[Any]:
    return [one.values.get(value) for one in oddities(name) if one.code == code and one.column == column]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real programmes at {REAL}; set PLENARY_SHARED_DATA")
@pytest.mark.parametrize(
    ("oddity", "name", "code", "column", "value", "expected"),
    [
        ("false offset", DEBCONF, "stamps_local", "", "said", ["10:00"]),
        ("no date on the event", FOSDEM, "no_date", "date", "count", [668]),
        ("a day that ends after midnight", C3, "of_the_next_day", "date", "count", [58]),
        ("an event across midnight", C3, "past_midnight", "", "count", [26]),
        ("an event across midnight", CAMP, "past_midnight", "", "count", [1]),
        ("an event outside its day's window", C3, "outside_its_day", "", "day", None),
        ("overlaps in one room", C3, "same_room", "", "room", ["Chill Floor", "Chill Floor"]),
        ("one person in two places", C3, "two_places", "", "count", None),
        ("missing guid", FOSDEM, "no_guid", "guid", "count", [668]),
        ("missing guid", DEBCONF, "no_guid", "guid", "count", [181]),
        ("people of one name", C3, "same_name", "", "count", [2, 2, 2, 2]),
        ("missing language", FOSDEM, "says_none", "language", "count", [668]),
        ("missing language", DEBCONF, "says_none", "language", "count", [181]),
        ("missing language", C3, "says_none", "language", "count", [44]),
        ("missing track", C3, "says_none", "track", "count", [858]),
        ("missing type", DEBCONF, "no_kind", "", "x", [None] * 29),
        ("two abstracts that are alike", DEBCONF, "abstracts_differ", "", "x", []),
        ("extra elements", DEBCONF, "ignored", "conf_url", "count", [181]),
        ("extra elements", C3, "ignored", "do_not_stream", "count", [3]),
        ("markup in text", FOSDEM, "markup", "", "count", [652]),
        ("markup in text", CAMP, "markup", "", "count", [9]),
        ("off the grid", C3, "off_grid", "", "count", None),
        ("rooms without events", FOSDEM, "unused_rooms", "", "said", None),
    ],
)
def test_each_oddity_is_told(
    oddity: str, name: str, code: str, column: str, value: str, expected: list[Any] | None
) -> None:
    found = told(name, code, value, column)
    many = {"outside_its_day": 6, "two_places": 9, "off_grid": 1, "unused_rooms": 1}
    assert (oddity, found if expected is not None else len(found)) == (
        oddity,
        many[code] if expected is None else expected,
    )
    assert all("%(" not in in_words(one) for one in oddities(name) if one.code == code)
    if code == "two_places":
        assert sum(found) == 140


@pytest.mark.parametrize(("minutes", "codes"), [(24 * 60, []), (90 * 60, ["longer_than_a_day"])])
def test_hours_that_were_meant_as_minutes_are_told(minutes: int, codes: list[str]) -> None:
    conference = Conference(timezone="Europe/Berlin", slot_minutes=15, languages=["en"])
    session = SaidRecord(What.SESSION, "code:A", "", {"title": {"": "One"}, "duration_minutes": minutes})
    assert [one.code for one in checks.oddities_of(conference, [session])] == codes


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real programmes at {REAL}; set PLENARY_SHARED_DATA")
def test_what_is_taken_as_it_stands() -> None:
    sessions = {name: [one.said for one in read(name).records if one.what is What.SESSION] for name in ZONES}
    titles = [next(iter(said["title"].values())) for said in sessions[DEBCONF]]
    assert all(title == title.strip() for title in titles)
    assert Counter(titles)["Lunch"] > 1  # meals have one name, and are no doubles
    assert Counter(said["duration_minutes"] for said in sessions[C3])[720] == 3
    wide = sum(
        1
        for said in sessions[C3]
        for text in (said["title"] | said.get("abstract", {})).values()
        for letter in text
        if letter > "\uffff"
    )
    assert wide > 100
    assert {said.get("languages") for said in sessions[C3]} >= {("de", "en"), ("en", "de"), None}
    assert sum(1 for said in sessions[C3] if not said.get("people")) == 118


@pytest.mark.django_db
@pytest.mark.skipif(not SMALL.is_dir(), reason=f"no small inputs at {SMALL}")
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("berlin-2027.json", []),
        ("c3voc-minimal.json", ["outside_conference", "room_without_seats"]),
        ("crlf-abstract.json", []),
        ("easychair-accepted.csv", ["column_ignored", "length_assumed", "no_kind"]),
        (
            "frab-minimal.xml",
            ["markup", "of_the_next_day", "off_grid", *["outside_conference"] * 2, "room_without_seats"],
        ),
        ("html-abstract.json", ["markup"]),
        ("off-grid-42-minutes.json", ["programme_refused"]),
        ("overnight-session-contiguous-days.json", []),
        ("overnight-window.json", ["programme_refused"]),
        ("papercall.csv", ["column_ignored", "column_ignored"]),
        ("pdf-emoji-title.json", []),
        ("reader-mismatch-no-bodies.json", []),
        ("speaker-email.json", []),
        ("too-many-talks-25-for-24-slots.json", []),
        ("two-themes.json", []),
    ],
)
def test_small_files_that_went_wrong_come_in(name: str, codes: list[str]) -> None:
    conference = make_conference(timezone="Europe/Berlin", languages=["en"])
    data = (SMALL / name).read_bytes()
    asked = HowToRead(conference.zone, ("en",), kind="Talk", minutes=20)
    reading = formats.read(data, formats.format_of(data), asked)
    comparison = Comparison(KeptProgramme(conference), reading.records)
    entries = comparison.preview().entries
    found = [*reading.oddities, *comparison.oddities, *checks.oddities_of(conference, reading.records)]
    assert sorted(one.code for one in found) == codes
    assert [one for one in entries if one.state is State.WRONG] == []
    assert any(one.record.what is What.SESSION for one in entries)


@pytest.mark.skipif(not SMALL.is_dir(), reason=f"no small inputs at {SMALL}")
@pytest.mark.parametrize("path", sorted(SMALL.glob("**/*.eml")) or [Path("none")], ids=lambda path: path.name)
def test_a_mail_is_no_table(path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        formats.format_of(path.read_bytes())
    assert refused.value.code == "mail"
