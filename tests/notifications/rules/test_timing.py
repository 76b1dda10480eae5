from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.rules.timing import Quiet, due_at, next_digest, waits_for_digest

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = Quiet(time(22), time(7), SEOUL)


def seoul(day: int, clock: str) -> datetime:
    return datetime.combine(datetime(2026, 5, day), time.fromisoformat(clock), tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("instant", "leaves"),
    [
        (seoul(4, "21:59"), seoul(4, "21:59")),
        (seoul(4, "22:00"), seoul(5, "07:00")),
        (seoul(4, "23:30"), seoul(5, "07:00")),
        (seoul(5, "00:30"), seoul(5, "07:00")),
        (seoul(5, "06:59"), seoul(5, "07:00")),
        (seoul(5, "07:00"), seoul(5, "07:00")),
    ],
)
def test_night_ends_on_the_clocks_of_its_zone(instant: datetime, leaves: datetime) -> None:
    assert NIGHT.over(instant.astimezone(UTC)) == leaves


def test_quiet_hours_within_a_day() -> None:
    noon = Quiet(time(12), time(13), SEOUL)
    assert [noon.over(seoul(4, clock)) for clock in ("11:59", "12:30", "13:00")] == [
        seoul(4, "11:59"),
        seoul(4, "13:00"),
        seoul(4, "13:00"),
    ]


def test_night_in_which_the_clocks_change_ends_at_its_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2037, 3, 28, 23, tzinfo=berlin)
    over = Quiet(time(22), time(7), berlin).over(before)
    assert (over.hour, over - before) == (7, timedelta(hours=8))
    assert over.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=7)


@pytest.mark.parametrize(
    ("begins", "leaves"),
    [
        (None, seoul(5, "07:00")),
        (seoul(5, "12:00"), seoul(5, "07:00")),
        # Less than three hours after the night: it cannot wait.
        (seoul(5, "09:30"), seoul(4, "23:00")),
        (seoul(4, "20:00"), seoul(4, "23:00")),
    ],
)
def test_what_begins_soon_does_not_wait_for_the_morning(begins: datetime | None, leaves: datetime) -> None:
    now = seoul(4, "23:00")
    assert due_at(now, now + timedelta(minutes=1), quiet=NIGHT, begins=begins) == leaves


def test_what_begins_soon_is_not_gathered() -> None:
    now = seoul(4, "12:00")
    gathered = now + timedelta(minutes=10)
    assert due_at(now, gathered, quiet=None, begins=now + timedelta(hours=3)) == now
    assert due_at(now, gathered, quiet=None, begins=now + timedelta(hours=4)) == gathered


def test_daily_mail_leaves_at_six_in_the_evening() -> None:
    assert next_digest(seoul(4, "17:59"), SEOUL) == seoul(4, "18:00")
    assert next_digest(seoul(4, "18:00"), SEOUL) == seoul(5, "18:00")


@pytest.mark.parametrize(
    ("updates", "begins", "waits"),
    [
        ("each", seoul(20, "10:00"), False),
        ("digest", seoul(20, "10:00"), True),
        ("feed", seoul(20, "10:00"), True),
        ("digest", seoul(4, "20:00"), False),
        ("feed", seoul(4, "20:00"), False),
        ("digest", None, False),
    ],
)
def test_who_can_wait_for_the_daily_mail(updates: str, begins: datetime | None, waits: bool) -> None:
    assert waits_for_digest(updates, seoul(4, "12:00"), SEOUL, begins) is waits
