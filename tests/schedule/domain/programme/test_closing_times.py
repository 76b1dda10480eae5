"""When registration is open: the switch, the two instants, and the end of the conference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.programme.closing_times import Phase, change_times, registration_times
from schedule.models import Conference
from tests.factories import make_conference

OPENS, CLOSES = datetime(2027, 3, 1, 8, tzinfo=UTC), datetime(2027, 10, 1, 8, tzinfo=UTC)
# The midnight after the day on which Berlin's clocks go back.
END = datetime(2027, 10, 31, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def conference(**fields: object) -> Conference:
    return Conference(
        **{
            "timezone": "Europe/Berlin",
            "starts_on": date(2027, 10, 30),
            "ends_on": date(2027, 10, 31),
            "registration_open": True,
        }
        | fields
    )


@pytest.mark.parametrize(
    ("fields", "now", "phase"),
    [
        ({}, END - SECOND, "open"),
        ({}, END, "over"),
        ({"registration_open": False}, END - SECOND, "closed"),
        ({"registration_open": False}, END, "over"),
        ({"registration_opens_at": OPENS}, OPENS - SECOND, "soon"),
        ({"registration_opens_at": OPENS}, OPENS, "open"),
        ({"registration_opens_at": OPENS, "registration_open": False}, OPENS - SECOND, "closed"),
        ({"registration_closes_at": CLOSES}, CLOSES - SECOND, "open"),
        ({"registration_closes_at": CLOSES}, CLOSES, "over"),
        # Later than the conference is no time to register.
        ({"registration_closes_at": END + timedelta(days=9)}, END, "over"),
    ],
)
def test_the_phase_is_that_of_the_moment(fields: dict[str, object], now: datetime, phase: str) -> None:
    assert registration_times(conference(**fields), now=now).phase == phase


def test_the_instants_are_on_the_clocks_of_the_conference() -> None:
    times = registration_times(conference(registration_opens_at=OPENS), now=OPENS - SECOND)
    assert (times.is_open, str(times.opens_at), str(times.closes_at)) == (
        False,
        "2027-03-01 09:00:00+01:00",
        "2027-11-01 00:00:00+01:00",
    )
    assert times.next_change == OPENS
    assert registration_times(conference(), now=OPENS).next_change == END
    assert registration_times(conference(), now=END).next_change is None


@pytest.mark.django_db
def test_registration_cannot_close_before_it_opens() -> None:
    made = make_conference(slug="forum", timezone="Europe/Berlin", starts_on=date(2027, 10, 30), days=2)
    with pytest.raises(ValidationError, match="Registration must close after it opens"):
        change_times(made, is_open=True, opens_at=CLOSES, closes_at=OPENS, signup_minutes=0, actor=SYSTEM)
    assert not Entry.objects.filter(verb="conference.edited").exists()
    assert Conference.objects.get().registration_opens_at is None
    saved = change_times(made, is_open=True, opens_at=OPENS, closes_at=CLOSES, signup_minutes=0, actor=SYSTEM)
    assert registration_times(saved, now=OPENS).phase is Phase.OPEN
