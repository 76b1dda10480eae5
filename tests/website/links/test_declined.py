"""From the no of a calendar to the place given back: the mail, its link, and the page that asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journal.models import Entry
from notifications.delivery.delivering import deliver
from notifications.inbound.replies.declining import VALID_FOR, ask
from notifications.models import DeclinedPlace, Message
from notifications.rules.intake import take_in
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.domain.signups.signing_up import leave
from registration.models import SignUp
from tests.factories import make_participant, publish
from tests.notifications.places import ACTOR, Stage, outbox
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
BEFORE = datetime(2037, 1, 1, tzinfo=UTC)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def place(stage: Stage) -> SignUp:
    """Alice's place, which her calendar has declined."""
    place = stage.place(participant=make_participant(email="alice@example.org"))
    assert ask(place, now=BEFORE)
    DeclinedPlace.objects.update(asked_at=timezone.now())  # the link runs out by the clock of the page
    return place


def path_of(place: SignUp) -> str:
    return f"/my/link/declined/{token_for(TokenPurpose.DECLINE, place.uid)}/"


def states() -> list[str]:
    return list(SignUp.objects.order_by("id").values_list("state", flat=True))


def test_mail_leads_to_the_page_that_gives_the_place_back(place: SignUp, stage: Stage, sink: SmtpSink) -> None:
    next_in_line = [stage.place() for _ in range(2)][-1]
    assert next_in_line.state == "waiting"
    take_in()
    deliver("bulk")
    mail = next(one.message for one in sink.taken if "give back" in str(one.message["Subject"]))
    assert mail["To"] == f"Participant {place.registration.participant_id} <alice@example.org>"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = mail_text(mail)
    links = re.findall(r"https://forum\.example\.org(/my/link/\S+)", text)
    assert links == [path_of(place)]
    client = Client()
    assert [client.get(links[0]).status_code, client.head(links[0]).status_code] == [200, 200]
    assert states() == ["confirmed", "confirmed", "waiting"]
    done = client.post(links[0])
    assert (done.status_code, states()) == (200, ["left", "confirmed", "confirmed"])
    left = Entry.objects.get(verb="signup.left")
    assert (left.actor, left.data["reason"]) == (f"participant:{place.registration.uid}", "self")
    assert client.post(links[0]).status_code == 410


def test_question_leaves_the_calendar_alone(stage: Stage, sink: SmtpSink) -> None:
    """It shows a change that came before it was sent; the calendar of whoever keeps the place must get it as well."""
    place = stage.place()
    take_in()
    deliver("bulk")
    assert ask(place, now=BEFORE)
    take_in()
    stage.move("14:00")
    deliver("bulk")
    take_in()
    deliver("bulk")
    assert outbox() == [("place_confirmed", "sent"), ("decline_asked", "sent"), ("place_changed", "sent")]
    assert Message.objects.get(kind="decline_asked").calendar_sequence is None


def test_page_is_kept_by_nobody_and_names_nobody(place: SignUp) -> None:
    response = Client().get(path_of(place))
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "alice@example.org" not in response.text
    assert place.registration.display_name not in response.text


@pytest.mark.parametrize("case", ["unknown", "too old", "answered", "of a feed"])
def test_link_that_does_not_work(place: SignUp, case: str) -> None:
    path = path_of(place)
    if case == "unknown":
        path = path[:-3] + "x/"
    elif case == "of a feed":
        path = f"/my/link/declined/{token_for(TokenPurpose.FEED, place.uid)}/"
    elif case == "too old":
        DeclinedPlace.objects.update(asked_at=timezone.now() - VALID_FOR - timedelta(seconds=1))
    else:
        DeclinedPlace.objects.update(answered_at=timezone.now())
    answers = [Client().get(path).status_code, Client().post(path).status_code]
    assert (answers, states()) == ([410, 410], ["confirmed"])


def test_place_left_meanwhile_is_not_asked_about(place: SignUp) -> None:
    leave(place, actor=ACTOR)
    response = Client().get(path_of(place))
    assert (response.status_code, '<form method="post">' in response.text) == (200, False)


def test_question_is_not_sent_about_a_place_left_meanwhile(place: SignUp, sink: SmtpSink) -> None:
    take_in()
    leave(place, actor=ACTOR)
    take_in()
    deliver("bulk")
    assert dict(outbox())["decline_asked"] == "superseded"


def test_forged_form_is_refused(place: SignUp) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(path_of(place))
    assert (client.post(path_of(place)).status_code, states()) == (403, ["confirmed"])


def test_page_in_the_readers_language(place: SignUp, stage: Stage) -> None:
    publish(stage.conference, [])  # the session has no time any more: the page shows the last one
    assert Client().get(path_of(place)).status_code == 200
