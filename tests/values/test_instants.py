"""Days, clocks and lengths: the same in zones whose clocks jump by an hour, by half of one, at midnight or by a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values import instants

ZONES = [
    "Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe",
    "Africa/Cairo", "America/Havana", "UTC",
]  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(2009, 1, 1), date(2036, 12, 31))
NAIVE = st.datetimes(datetime(2009, 1, 1), datetime(2036, 12, 31)).map(lambda one: one.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2027-10-31T01:30+02:00", 120, "2027-10-31T02:30+01:00"),
        ("2027-03-27T22:00+01:00", 720, "2027-03-28T11:00+02:00"),
        ("2027-10-31T02:30+02:00", 60, "2027-10-31T02:30+01:00"),
        ("2027-03-28T03:00+02:00", -1, "2027-03-28T01:59+01:00"),
    ],
)
def test_a_length_is_added_to_an_instant(start: str, minutes: int, end: str) -> None:
    begins = datetime.fromisoformat(start).astimezone(BERLIN)

    found = instants.after(begins, minutes)

    assert (found.isoformat(timespec="minutes"), found.tzinfo) == (end, BERLIN)
    assert instants.minutes_between(begins, found) == minutes


def test_a_skipped_time_is_told_with_the_times_around_it() -> None:
    with pytest.raises(instants.SkippedByClocks) as refused:
        instants.instant(date(2027, 3, 28), time(2, 30), BERLIN)

    assert (refused.value.last, refused.value.next) == (datetime(2027, 3, 28, 2), datetime(2027, 3, 28, 3))


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [
        (date(2027, 3, 27), timedelta(hours=26), "Europe/Berlin"),
        (date(2027, 3, 28), time(2), "Europe/Berlin"),
        (date(2027, 4, 29), timedelta(hours=24), "Africa/Cairo"),
    ],
)
def test_what_ends_when_the_clocks_jump_ends_at_the_jump(day: date, clock: time | timedelta, zone: str) -> None:
    where = ZoneInfo(zone)

    end = instants.instant(day, clock, where, ends=True)

    before = instants.after(end, -1)
    assert instants.offset_of(end) - instants.offset_of(before) == timedelta(hours=1)
    with pytest.raises(instants.SkippedByClocks):
        instants.instant(day, clock, where)


def test_of_a_time_that_comes_twice_it_is_the_first_unless_its_offset_is_given() -> None:
    day, clock = date(2027, 10, 31), time(2, 30)
    hours = [timedelta(hours=2), timedelta(hours=1)]

    first, *both = (instants.instant(day, clock, BERLIN, offset=offset) for offset in (None, *hours))

    assert [instants.offset_of(one) for one in (first, *both)] == [hours[0], *hours]
    assert all(map(instants.comes_twice, both))
    with pytest.raises(instants.NotItsOffset) as refused:
        instants.instant(day, clock, BERLIN, offset=timedelta(hours=9))
    assert refused.value.offsets == hours


@pytest.mark.parametrize(
    ("day", "zone", "first"),
    [
        ("2027-04-30", "Africa/Cairo", "2027-04-30T01:00+03:00"),
        ("2027-11-07", "America/Havana", "2027-11-07T00:00-04:00"),
        ("2011-12-30", "Pacific/Apia", "2011-12-31T00:00+14:00"),
        ("2027-03-28", "Europe/Berlin", "2027-03-28T00:00+01:00"),
    ],
)
def test_a_day_begins_with_its_first_instant(day: str, zone: str, first: str) -> None:
    assert instants.midnight(date.fromisoformat(day), ZoneInfo(zone)).isoformat(timespec="minutes") == first


@given(naive=NAIVE, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_readings_are_exactly_the_instants_that_show_the_time(naive: datetime, zone: ZoneInfo) -> None:
    found = instants.readings(naive, zone)

    assert [one.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) for one in found] == [naive] * len(found)
    if not found:
        with pytest.raises(instants.SkippedByClocks) as refused:
            instants.at(naive, zone)
        assert refused.value.last <= naive < refused.value.next
        jump = instants.at(refused.value.last, zone, ends=True)
        assert jump.replace(tzinfo=None) == refused.value.next
        assert instants.readings(refused.value.next, zone)
        assert instants.after(jump, -1) < jump


@given(naive=NAIVE, zone=st.sampled_from(ZONES).map(ZoneInfo), minutes=st.integers(-200_000, 200_000))
def test_what_is_added_is_what_lies_between(naive: datetime, zone: ZoneInfo, minutes: int) -> None:
    for start in instants.readings(naive, zone):
        assert instants.minutes_between(start, instants.after(start, minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("02:30", ("02:30", None)),
        ("02:30+01:00", ("02:30", timedelta(hours=1))),
        ("02:30-0330", ("02:30", -timedelta(hours=3, minutes=30))),
        ("02:30Z", ("02:30", timedelta())),
    ],
)
def test_an_offset_stands_at_the_end(text: str, parts: tuple[str, timedelta | None]) -> None:
    assert instants.parted(text) == parts
    if parts[1] is not None:
        assert instants.parted(parts[0] + instants.offset_text(parts[1])) == parts
