from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from ops.demo.dates import moved_to, next_september, note
from ops.demo.steps import load_programme
from schedule.models import Conference
from tests.conftest import SAMPLE


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 30), date(2027, 9, 9)),
        (date(2027, 9, 8), date(2027, 9, 9)),
        (date(2027, 9, 9), date(2028, 9, 14)),
        (date(2017, 1, 1), date(2017, 9, 14)),
    ],
)
def test_the_forum_begins_on_the_second_thursday_of_a_september_to_come(today: date, day: date) -> None:
    assert next_september(today) == day


def test_every_day_moves_and_no_source_does() -> None:
    programme = json.loads(SAMPLE.read_bytes())
    moved = moved_to(programme, date(2027, 9, 9))
    conference = moved["conference"]
    assert (conference["starts_on"], conference["ends_on"]) == ("2027-09-09", "2027-09-12")
    assert [one["date"] for one in moved["day_windows"]] == [f"2027-09-{day:02}" for day in (9, 10, 11, 12)]
    assert conference["provenance"] == programme["conference"]["provenance"]
    assert moved["sessions"][1]["not_before"] == "2027-09-09T13:00"
    assert moved_to(moved, date(2017, 9, 14)) == programme


@pytest.mark.django_db
@pytest.mark.parametrize("first_day", [date(2027, 9, 9), None])
def test_the_forum_is_loaded_on_these_days_and_its_note_says_so(first_day: date | None) -> None:
    made = load_programme("olga@example.org", "correct horse battery staple", first_day=first_day)
    saved = Conference.objects.get(pk=made.pk)
    starts = first_day or date(2017, 9, 14)
    assert (saved.starts_on, saved.ends_on) == (starts, starts + timedelta(days=3))
    assert [day.date.strftime("%a") for day in saved.days.all()] == ["Thu", "Fri", "Sat", "Sun"]
    told = saved.sample_note.data
    said = note(saved.starts_on, saved.ends_on)
    assert [said[code] in told[code] for code in ("en", "ko")] == [first_day is not None] * 2
    if first_day:
        assert "moved to 9–12 September 2027." in told["en"]
        assert "2027년 9월 9일~12일" in told["ko"]
