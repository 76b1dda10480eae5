"""Lengths as tables and calendars write them."""

from __future__ import annotations

import pytest

from schedule.exchange.incoming.moments import minutes_of
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
