"""A form's day and time: on the named clocks, refused in words, asked about where it comes twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation

from values.instant_fields import ClockForms, InstantFormField

BERLIN = ClockForms(ZoneInfo("Europe/Berlin"))


class _When(forms.Form):
    at = InstantFormField(clocks=BERLIN, label="At")


def sent(text: str, **more: str) -> _When:
    data = QueryDict(mutable=True)
    data.update({"at": text, **more})
    return _When(data)


@pytest.mark.parametrize(
    ("text", "offset", "instant"),
    [
        ("2027-03-28T09:00", "", datetime(2027, 3, 28, 7, tzinfo=UTC)),
        ("2027-03-28 09:00:30", "", datetime(2027, 3, 28, 7, 0, 30, tzinfo=UTC)),
        ("2027-10-31T02:30", "+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31T02:30", "+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("2027-10-31 02:30+01:00", "", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        # Chosen for a time that was changed afterwards.
        ("2027-10-31T04:00", "+02:00", datetime(2027, 10, 31, 3, tzinfo=UTC)),
    ],
)
def test_a_time_is_that_of_the_clocks(text: str, offset: str, instant: datetime) -> None:
    form = sent(text, at_offset=offset)

    assert form.is_valid()
    assert (form.cleaned_data["at"], form.cleaned_data["at"].tzinfo) == (instant, UTC)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "2027-03-28T02:30",
            (
                "The clocks of Europe/Berlin never show this: on 28 March 2027 they jump from 02:00 to 03:00. "
                "Choose a time before 02:00, or 03:00 or later."
            ),
        ),
        (
            "2027-10-31T02:30",
            "On 31 October 2027 the clocks of Europe/Berlin show 02:30 twice. Choose which is meant.",
        ),
        ("2027-10-31T12:00+09:00", "At this time the clocks of Europe/Berlin are at UTC+1."),
        ("9999-12-31T23:59", "This is too far away."),
        ("0001-01-01T00:00", "This is too far away."),
        ("2027-02-30T12:00", "This is no date with a time. Write it like 2027-09-14 14:30."),
        ("soon", "This is no date with a time. Write it like 2027-09-14 14:30."),
    ],
)
def test_what_the_clocks_do_not_show_once_is_refused_in_words(text: str, refusal: str) -> None:
    form = sent(text)

    assert form.errors == {"at": [refusal]}
    assert form["at"].as_widget()


def test_the_two_times_are_offered_and_what_is_kept_stays() -> None:
    asked = sent("2027-10-31T02:30").as_p()
    kept = _When(initial={"at": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)})

    assert 'name="at_offset"' in asked
    assert "02:30 (UTC+2), the first time" in asked
    assert "02:30 (UTC+1), when the clocks were set back" in asked
    assert '<option value="+01:00" selected>' in kept.as_p()
    again = _When(
        QueryDict("at=2027-10-31T02:30&at_offset=%2B01:00"), initial={"at": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)}
    )
    assert (again.is_valid(), again.has_changed()) == (True, False)
    assert "at_offset" not in sent("2027-10-31T03:30").as_p()


def test_the_active_clocks_are_those_meant_and_named() -> None:
    class Free(forms.Form):
        at = InstantFormField(help_text="Soon.")
        later = InstantFormField(clocks=ClockForms(said="On the clocks of the conference."))

    shown: dict[str, Any] = {}
    for zone in ("Asia/Kathmandu", "America/Havana"):
        with timezone.override(zone), translation.override("en"):
            form = Free({"at": "2027-06-01T12:00", "later": "2027-06-01T12:00"})
            assert form.is_valid()
            shown[zone] = (str(form["at"].help_text), f"{form.cleaned_data['at']:%H:%M}", str(form["later"].help_text))
    assert shown == {
        "Asia/Kathmandu": ("Soon. On the clocks of Asia/Kathmandu.", "06:15", "On the clocks of the conference."),
        "America/Havana": ("Soon. On the clocks of America/Havana.", "16:00", "On the clocks of the conference."),
    }
