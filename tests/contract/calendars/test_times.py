"""Every foreign parser finds the instants that were meant, in every zone, also around switches of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from notifications.calendars.files import feed
from tests.contract.calendars.parsers import Answering, Parse, parse_vobject
from tests.notifications.calendars.factories import make_entry, make_info, make_invite

ZONES = ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
# Some days in each season, the days around each switch, and New Year; local wall clock.
DAYS = (
    datetime(2017, 1, 1),
    datetime(2017, 3, 12),  # New York goes forward
    datetime(2017, 3, 26),  # Berlin goes forward
    datetime(2017, 4, 2),  # Apia goes back
    datetime(2017, 7, 15),
    datetime(2017, 9, 24),  # Apia goes forward
    datetime(2017, 10, 29),  # Berlin goes back
    datetime(2017, 11, 5),  # New York goes back
    datetime(2017, 12, 31),
)


def instants(zone: str) -> list[datetime]:
    """Return moments every hour and a half from the evening before to the evening after each day."""
    where = ZoneInfo(zone)
    return [
        day.replace(tzinfo=where).astimezone(UTC) + timedelta(minutes=90 * step)
        for day in DAYS
        for step in range(-4, 15)
    ]


def offset(zone: str, moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def near_a_switch(zone: str, moment: datetime) -> bool:
    """Say whether the zone's clock changes within 15 hours of a moment."""
    return len({offset(zone, moment + timedelta(hours=hours)) for hours in range(-15, 16)}) > 1


def assert_instant(parser: str, zone: str, seen: datetime, meant: datetime) -> None:
    """Compare instants, with what is known of one parser.

    ts-ics 2.4.6 compares wall-clock times with switches it has moved by the zone's offset and expands to midnight,
    so within some hours of a switch it may take the other side's offset. Everywhere else it is exact.
    """
    if parser == "ts-ics" and seen != meant:
        assert near_a_switch(zone, meant)
        sides = {offset(zone, meant + timedelta(hours=hours)) for hours in range(-15, 16)}
        assert meant + offset(zone, meant) - seen in sides
    else:
        assert seen == meant


@pytest.mark.parametrize("zone", ZONES)
def test_all_parsers_find_the_instants_around_every_switch(parser: str, parse: Parse, zone: str) -> None:
    entries = [
        make_entry(uid=f"{number:03}@example.org", timezone=zone, start=start, end=start + timedelta(minutes=75))
        for number, start in enumerate(instants(zone))
    ]
    made = feed(entries, make_info(timezone=zone))
    assert made.skipped == ()
    seen = {event.uid: event for event in parse(made.body).events}
    assert seen.keys() == {entry.uid for entry in entries}
    for entry in entries:
        assert_instant(parser, zone, seen[entry.uid].start, entry.start)
        assert_instant(parser, zone, seen[entry.uid].end, entry.end)


@pytest.mark.parametrize("zone", ZONES)
def test_an_invite_that_spans_a_switch_keeps_both_ends(parse: Parse, zone: str) -> None:
    for day in DAYS:
        start = (day - timedelta(hours=2)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        entry = make_entry(timezone=zone, start=start, end=start + timedelta(hours=9))
        (event,) = parse(make_invite(entry)).events
        assert (event.start, event.end) == (entry.start, entry.end)


@pytest.mark.parametrize("zone", ZONES)
def test_an_entry_over_midnight_keeps_both_ends(parse: Parse, zone: str) -> None:
    start = datetime(2017, 9, 14, 23, 15, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    entry = make_entry(timezone=zone, start=start, end=start + timedelta(hours=2))
    (event,) = parse(make_invite(entry)).events
    assert (event.start, event.end) == (entry.start, entry.end)


@pytest.mark.parametrize("zone", ZONES)
def test_an_entry_over_several_days_and_new_year_keeps_both_ends(parse: Parse, zone: str) -> None:
    start = datetime(2017, 12, 30, 9, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    entry = make_entry(timezone=zone, start=start, end=start + timedelta(days=3, hours=8))
    (event,) = parse(make_invite(entry)).events
    assert (event.start, event.end) == (entry.start, entry.end)


def test_a_feed_over_several_years_and_zones_keeps_every_instant(parse: Parse) -> None:
    entries = [
        make_entry(
            uid=f"{zone}-{year}-{month}@example.org",
            timezone=zone,
            start=datetime(year, month, 28, 20, 0, tzinfo=UTC),
            end=datetime(year, month, 28, 21, 0, tzinfo=UTC),
        )
        for zone in ZONES
        for year in range(2015, 2020)
        for month in (1, 3, 4, 9, 10, 11)
    ]
    seen = {event.uid: (event.start, event.end) for event in parse(feed(entries, make_info()).body).events}
    assert seen == {entry.uid: (entry.start, entry.end) for entry in entries}


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Africa/Casablanca", datetime(2017, 6, 1, 10, tzinfo=UTC)),  # four switches a year, moved by Ramadan
        ("Pacific/Apia", datetime(2021, 4, 3, 10, tzinfo=UTC)),  # the last daylight saving for good
        ("Pacific/Apia", datetime(2011, 12, 29, 20, tzinfo=UTC)),  # a day that never was
        ("Europe/Dublin", datetime(2017, 1, 10, 10, tzinfo=UTC)),  # winter time is the deviation
        ("Australia/Lord_Howe", datetime(2017, 4, 1, 10, tzinfo=UTC)),  # half an hour
        ("UTC", datetime(2017, 4, 1, 10, tzinfo=UTC)),
    ],
)
def test_unusual_zones_keep_their_instants(parser: str, parse: Parse, zone: str, start: datetime) -> None:
    entry = make_entry(timezone=zone, start=start, end=start + timedelta(minutes=45))
    (event,) = parse(make_invite(entry)).events
    assert_instant(parser, zone, event.start, entry.start)
    assert_instant(parser, zone, event.end, entry.end)


def test_ts_ics_is_an_hour_off_just_before_berlins_clocks_change(node: Answering) -> None:
    """What the exception above rests on. Once this fails, ts-ics has been mended: drop the exception."""
    start = datetime(2017, 10, 28, 22, 0, tzinfo=UTC)
    entry = make_entry(timezone="Europe/Berlin", start=start, end=start + timedelta(hours=12))
    (event,) = node.parse(make_invite(entry), parser="ts-ics").events
    assert (event.start, event.end) == (start + timedelta(hours=1), entry.end)


def test_icalendars_own_time_zone_is_an_hour_off_in_summer() -> None:
    """Why zones.py is there. Once this fails, look whether other clients than vobject read the library's too."""
    start = datetime(2017, 7, 15, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    event = icalendar.Event(UID="1", SEQUENCE="0", STATUS="CONFIRMED", SUMMARY="x")
    event.add("DTSTART", start)
    event.add("DTEND", start + timedelta(hours=1))
    calendar = icalendar.Calendar(VERSION="2.0", PRODID="x")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    (seen,) = parse_vobject(calendar.to_ical()).events
    assert seen.start == start + timedelta(hours=1)
