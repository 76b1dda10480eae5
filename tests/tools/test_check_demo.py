"""What the demo prints is believed only when every figure is there and right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tools.check_demo import faults

GOOD: dict[str, Any] = {
    "sessions": 30,
    "placed": 30,
    "hard_conflicts": 0,
    "registrations": 600,
    "signups_confirmed": 1500,
    "signups_waiting": 40,
    "oversold": 0,
    "double_booked": 0,
    "messages_due": 2700,
    "messages_sent": 2700,
    "messages_lost": 0,
    "messages_doubled": 0,
    "invites_attached": 1500,
    "change": {"room": "209", "moved": 2, "people_affected": 120, "people_told": 120, "told_without_cause": 0},
    "seconds": {"total": 40.5},
}


def test_a_good_run_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["placed"], 29, "placed is 29, not 30"),
        (["oversold"], 1, "oversold is 1, not 0"),
        (["messages_sent"], 2699, "messages_sent is 2699, not 2700"),
        (["registrations"], 0, "registrations is 0, not above 0"),
        (["change", "people_told"], 121, "change.people_told is 121, not 120"),
        (["change", "told_without_cause"], 1, "change.told_without_cause is 1, not 0"),
        (["seconds", "total"], 0, "seconds.total is 0, not above 0"),
    ],
)
def test_every_wrong_figure_is_named(path: list[str], value: int, fault: str) -> None:
    result = deepcopy(GOOD)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert faults(result) == [fault]


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"signups_waiting"}))
def test_a_missing_figure_is_a_fault(name: str) -> None:
    result = deepcopy(GOOD)
    del result[name]
    assert faults(result) != []
