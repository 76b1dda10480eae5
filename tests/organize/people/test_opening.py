"""When registration is open and sign-up closes, and entering people by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from journal.models import Entry
from registration.models import Seats, SignUp
from schedule.models import Conference
from tests.factories import make_participant, make_registration, publish
from tests.organize.conftest import Desk
from tests.responses import Response, squeezed

TIMES = "/organize/forum/registrations/times/"
TALK = "/organize/forum/sign-ups/TALK/"
SEOUL = ZoneInfo("Asia/Seoul")
FORM = {"is_open": "yes", "opens_at": "2037-01-01T09:00", "closes_at": "2037-05-01T18:00", "signup_minutes": "30"}


def says(response: Response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_times_are_set_on_the_clocks_of_the_conference(desk: Desk, alice: Client) -> None:
    page = squeezed(alice.get(TIMES).content.decode())
    assert "On the clocks of Asia/Seoul." in page
    assert says(alice.post(TIMES, FORM, follow=True)) == ["Saved."]
    saved = Conference.objects.get(pk=desk.conference.pk)
    assert saved.registration_opens_at == datetime(2037, 1, 1, 9, tzinfo=SEOUL)
    assert saved.registration_closes_at == datetime(2037, 5, 1, 18, tzinfo=SEOUL)
    assert 'value="2037-05-01T18:00"' in squeezed(alice.get(TIMES).content.decode())
    told = Entry.objects.filter(verb="conference.edited").latest("pk")
    assert (told.actor, sorted(told.data["changes"])) == (
        f"organizer:{desk.alice.pk}",
        ["registration_closes_at", "registration_opens_at", "signup_closes_minutes"],
    )
    assert all(one.closes_at == one.during.lower - timedelta(minutes=30) for one in Seats.objects.exclude(during=None))
    count = Entry.objects.count()
    alice.post(TIMES, FORM)
    assert Entry.objects.count() == count


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"closes_at": "2037-01-01T09:00"}, "Registration must close after it opens."),
        (
            {"opens_at": "2037-07-01T09:00", "closes_at": ""},
            "Registration must open before the conference ends.",
        ),
        ({"signup_minutes": "40321"}, "At most 40320, please."),
        ({"opens_at": "tomorrow"}, "This is no date with a time. Write it like 2027-09-14 14:30."),
    ],
)
def test_times_that_cannot_be_are_refused_and_kept(
    desk: Desk, alice: Client, fields: dict[str, str], error: str
) -> None:
    refused = alice.post(TIMES, FORM | fields)
    assert (refused.status_code, error in refused.content.decode()) == (422, True)
    assert all(value in refused.content.decode() for value in fields.values())
    assert not Entry.objects.filter(verb="conference.edited").exists()


def test_a_session_closes_at_its_own_time(desk: Desk, alice: Client) -> None:
    assert says(alice.post(f"{TALK}closing/", {"closing-minutes": "120"}, follow=True)) == ["Saved."]
    seats = Seats.objects.get(session=desk.talk)
    assert seats.closes_at == seats.during.lower - timedelta(hours=2)
    assert alice.post(f"{TALK}closing/", {"closing-minutes": "-1"}).status_code == 422
    alice.post(f"{TALK}closing/", {"closing-minutes": ""})
    assert Seats.objects.get(session=desk.talk).closes_at == seats.during.lower


def test_somebody_is_entered_after_sign_up_has_closed(desk: Desk, alice: Client) -> None:
    dana = make_registration(
        desk.conference, participant=make_participant(email="dana@example.org"), display_name="Dana"
    )
    make_registration(desk.elsewhere, participant=make_participant(email="zoe@example.org"), display_name="Zoe")
    publish(desk.conference, [(desk.talk, desk.hall, timezone.now() - timedelta(minutes=5))])
    assert "Sign-up is closed." in alice.get(TALK).content.decode()
    for stranger in ("Zoe", "zoe@example.org", "nobody"):
        refused = alice.post(f"{TALK}enter/", {"enter-who": stranger})
        assert refused.status_code == 422
        assert "Nobody who is registered has this name or address." in refused.content.decode()
    page = alice.post(f"{TALK}enter/", {"enter-who": "DANA@example.org"}, follow=True)
    assert says(page) == ["Dana has a place."]
    assert "entered by hand" in page.content.decode()
    assert list(SignUp.objects.values_list("registration", "by_hand")) == [(dana.pk, True)]
    told = Entry.objects.get(verb="signup.confirmed")
    assert (told.actor, told.data["by"]) == (f"organizer:{desk.alice.pk}", "hand")


def test_of_two_with_one_name_the_address_decides(desk: Desk, alice: Client) -> None:
    for email in ("one@example.org", "two@example.org"):
        make_registration(desk.conference, participant=make_participant(email=email), display_name="Kim")
    refused = alice.post(f"{TALK}enter/", {"enter-who": "kim"})
    assert "Several people have this name; give the e-mail address." in refused.content.decode()
    assert "one@example.org" not in refused.content.decode()
    alice.post(f"{TALK}enter/", {"enter-who": "two@example.org"})
    assert SignUp.objects.get().registration.participant.email == "two@example.org"


def test_a_viewer_enters_nobody(desk: Desk, bob: Client) -> None:
    make_registration(desk.conference, display_name="Dana")
    assert bob.post(f"{TALK}enter/", {"enter-who": "Dana"}).status_code == 404
    assert "/enter/" not in bob.get(TALK).content.decode()
    assert not SignUp.objects.exists()
