from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from notifications.calendars.entries import CalendarError
from notifications.calendars.zones import vtimezone

FIVE = ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
ODD = ("Africa/Casablanca", "Europe/Dublin", "Australia/Lord_Howe", "America/Nuuk", "Asia/Gaza", "America/Sao_Paulo")
REGIONS = ("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/")
SAMPLE = sorted(name for name in available_timezones() if name.startswith(REGIONS))[::11]


def assert_exact(name: str, first: int, last: int) -> None:
    """Evaluate the component with dateutil and compare every three hours of the window with the zone database."""
    where = ZoneInfo(name)
    text = vtimezone(name, first, last).decode()
    read = tzical(io.StringIO(text)).get()
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        there = moment.astimezone(where)
        # A wall-clock time that happens twice is never written with a zone.
        if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
            assert there.replace(tzinfo=read).utcoffset() == there.utcoffset(), there
        moment += timedelta(hours=3)


@pytest.mark.parametrize("year", [2011, 2017, 2021, 2026])
@pytest.mark.parametrize("name", [*FIVE, *ODD])
def test_offsets_are_exact_all_year(name: str, year: int) -> None:
    assert_exact(name, year, year)


@pytest.mark.parametrize("name", SAMPLE)
def test_offsets_are_exact_in_a_sample_of_all_zones(name: str) -> None:
    assert_exact(name, 2017, 2017)


def test_switches_a_week_apart_are_found() -> None:
    assert_exact("America/Boa_Vista", 2000, 2000)


@pytest.mark.parametrize("name", FIVE)
def test_offsets_are_exact_over_several_years(name: str) -> None:
    assert_exact(name, 2009, 2013)


@pytest.mark.parametrize("name", [*FIVE, *ODD])
def test_no_list_of_dates_and_no_comment(name: str) -> None:
    text = vtimezone(name, 2017, 2017).decode()
    assert "RDATE" not in text
    assert "COMMENT" not in text


def test_a_zone_with_yearly_switches_has_rules_from_their_first_year() -> None:
    assert vtimezone("Europe/Berlin", 2017, 2017).decode().splitlines() == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19960331T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_a_zone_without_switches_has_one_observance() -> None:
    assert vtimezone("Asia/Seoul", 2017, 2017).decode().splitlines() == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Seoul",
        "BEGIN:STANDARD",
        "DTSTART:19890101T000000",
        "TZOFFSETFROM:+0900",
        "TZOFFSETTO:+0900",
        "TZNAME:KST",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize("name", ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_a_component_is_the_same_for_every_window_its_rules_cover(name: str) -> None:
    """Programs that keep the first definition of a name they saw stay right."""
    assert vtimezone(name, 2017, 2017) == vtimezone(name, 2015, 2026)


def test_a_zone_whose_switches_follow_no_rule_names_each() -> None:
    text = vtimezone("Africa/Casablanca", 2017, 2017).decode()
    assert text.count("BEGIN:DAYLIGHT") == 6
    assert "RRULE" not in text


def test_a_component_is_made_once_per_zone_and_years() -> None:
    assert vtimezone("Europe/Berlin", 2017, 2018) is vtimezone("Europe/Berlin", 2017, 2018)


@pytest.mark.parametrize("name", ["", "Mars/Base", "Europe", "../etc/passwd", "Asia/Seoul\r\nX-EVIL:1", "KST-9", "\0"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(CalendarError, match="timezone"):
        vtimezone(name, 2017, 2017)


@pytest.mark.parametrize(
    ("name", "year", "offsets"),
    [
        ("Asia/Kathmandu", 2017, {"+0545"}),
        ("Pacific/Marquesas", 2017, {"-0930"}),
        ("Pacific/Kiritimati", 2017, {"+1400"}),
        ("Europe/London", 2017, {"+0000", "+0100"}),
        ("Africa/Monrovia", 1971, {"-004430", "+0000"}),
    ],
)
def test_offsets_are_written_by_the_letter(name: str, year: int, offsets: set[str]) -> None:
    lines = vtimezone(name, year, year).decode().splitlines()
    assert {line.partition(":")[2] for line in lines if line.startswith("TZOFFSETTO:")} == offsets
