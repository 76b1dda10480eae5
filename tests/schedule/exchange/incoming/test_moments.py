"""Lengths as tables and calendars write them."""

from __future__ import annotations

from datetime import time

import pytest

from schedule.exchange.incoming.moments import clock_of, minutes_of, stamp_of
from schedule.exchange.incoming.records import Unreadable


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("45", 45), ("0:45", 45), ("00:45:00", 45), ("1:00:00:00", 1440), ("PT45M", 45), ("45 min", 45), ("1 h 30", 90)],
)
def test_a_length_is_read_however_it_is_written(said: str, minutes: int) -> None:
    assert minutes_of(said) == minutes


@pytest.mark.parametrize("said", ["{}", "{}:10:00", "P{}D", "PT{}M", "PT{}S", "{} h", "{} min", "1 h {}"])
def test_what_nobody_counts_to_is_no_length(said: str) -> None:
    with pytest.raises(Unreadable, match="no_length"):
        minutes_of(said.format("9" * 5000))


@pytest.mark.parametrize(
    ("said", "clock"),
    [("오전 10:30", "10:30"), ("오후 2:05:00", "14:05"), ("오전 12:00", "00:00"), ("10.30 Uhr", "10:30")],
)
def test_a_clock_is_read_as_people_write_it(said: str, clock: str) -> None:
    assert clock_of(said) == time.fromisoformat(clock)


@pytest.mark.parametrize("said", ["10:00 CEST", "10:00Z", "10:00 +09:00", "10:00 am KST", "10:00 UTC+9"])
def test_a_zone_beside_a_clock_is_called_so(said: str) -> None:
    with pytest.raises(Unreadable, match="clock_with_zone"):
        clock_of(said)


@pytest.mark.parametrize("said", ["2027-07-02", "20270702", "2027-W26-5"])
def test_a_day_alone_is_no_midnight(said: str) -> None:
    with pytest.raises(Unreadable, match="day_alone"):
        stamp_of(said)
