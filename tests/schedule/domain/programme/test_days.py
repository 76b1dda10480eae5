"""The day a session belongs to, as a rule and on everything that lists days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.domain.programme.days import ProgrammeDays

FIRST = date(2027, 3, 27)
LAST = FIRST + timedelta(days=2)
# The second has its clocks go forward in the night of the windows below, the third has them go back.
ZONES = [ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")]


def local(zone: ZoneInfo, day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)


def night(zone: ZoneInfo) -> ProgrammeDays:
    """From the evening of the first day to two at night, a plain second day, and no hours on the third."""
    return ProgrammeDays(
        zone,
        FIRST,
        LAST,
        [
            (local(zone, FIRST, "18:00"), local(zone, FIRST + timedelta(days=1), "02:00"), FIRST),
            (
                local(zone, FIRST + timedelta(days=1), "09:00"),
                local(zone, FIRST + timedelta(days=1), "18:00"),
                FIRST + timedelta(days=1),
            ),
        ],
    )


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2027-03-27T18:00", 0),
        ("2027-03-27T08:00", 0),  # before it opens, on the calendar's day
        ("2027-03-28T00:30", 0),  # after midnight, within the hours of the evening
        ("2027-03-28T01:59", 0),
        ("2027-03-28T02:00", 1),
        ("2027-03-28T23:00", 1),
        ("2027-03-29T00:30", 2),  # no hours reach this far
        ("2027-03-30T00:30", 2),  # after the conference: its last day
        ("2027-03-26T23:00", 0),
    ],
)
def test_day_is_that_of_the_hours_a_session_starts_in(start: str, day: int) -> None:
    zone = ZoneInfo("Asia/Seoul")
    days = night(zone)
    begins = datetime.fromisoformat(start).replace(tzinfo=zone)
    assert days.day_of(begins) == days.day_of(begins.astimezone(UTC)) == FIRST + timedelta(days=day)


def test_what_day_it_is_does_not_stop_at_the_conference() -> None:
    zone = ZoneInfo("Asia/Seoul")
    days = night(zone)
    assert days.day_at(local(zone, FIRST + timedelta(days=1), "00:30")) == FIRST
    assert days.day_at(local(zone, LAST + timedelta(days=3), "12:00")) == LAST + timedelta(days=3)


def test_dates_are_those_that_days_reach_into() -> None:
    zone = ZoneInfo("Asia/Seoul")
    midnight = local(zone, FIRST + timedelta(days=1), "00:00")
    for closes, last in ((midnight, FIRST), (midnight + timedelta(hours=1), FIRST + timedelta(days=1))):
        days = ProgrammeDays(zone, FIRST, FIRST, [(local(zone, FIRST, "18:00"), closes, FIRST)])
        assert days.calendar_dates()[-1] == last


@given(
    zone=st.sampled_from(ZONES),
    minutes=st.integers(-3 * 24 * 60, 6 * 24 * 60),
    hours=st.lists(st.integers(0, 71), min_size=2, max_size=6, unique=True),
)
def test_stretches_say_the_same_as_the_day_of_a_start(zone: ZoneInfo, minutes: int, hours: list[int]) -> None:
    """Also with hours that begin or end on another date than their day's, whatever they are."""
    origin = local(zone, FIRST, "00:00").astimezone(UTC)
    marks = sorted(origin + timedelta(hours=hour) for hour in hours)
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    days = ProgrammeDays(zone, FIRST, LAST, [(a, b, FIRST + timedelta(days=n)) for n, (a, b) in enumerate(pairs)])
    start = origin + timedelta(minutes=minutes)
    listed = [
        day
        for day in (FIRST + timedelta(days=n) for n in range(-1, 5))
        if any(begins <= start < ends for begins, ends in days.stretches(day))
    ]
    assert listed == [days.day_of(start)]
