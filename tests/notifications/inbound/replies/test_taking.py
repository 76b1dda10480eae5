"""From a mail to what follows: a no asks its owner; nobody else's word touches a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from journal.models import Entry
from notifications.inbound.mailbox import handle_mail
from notifications.inbound.replies import declining
from notifications.mails.calendar_entries import uid
from notifications.models import DeclinedPlace
from registration.domain.registrations.limits import Limit
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import SignUp
from tests.factories import make_participant, make_session, publish
from tests.notifications.inbound.replies.mails import SHAPES, Shape, google, thunderbird
from tests.notifications.places import ACTOR, Stage

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
ALICE, BOB = "alice@example.org", "bob@example.org"


def received(mail: bytes) -> str:
    return handle_mail(mail, now=BEFORE)


def declines() -> list[int | None]:
    return list(Entry.objects.filter(verb="signup.declined").order_by("id").values_list("subject_id", flat=True))


@pytest.fixture
def place() -> SignUp:
    """Alice's place; Bob has one in the same session."""
    stage = Stage()
    stage.place(participant=make_participant(email=BOB))
    return stage.place(participant=make_participant(email=ALICE))


def answer(place: SignUp, shape: Shape = google, **fields: str) -> bytes:
    return shape(**{"uid": uid(place.uid), "attendee": ALICE, "partstat": "DECLINED"} | fields)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(
    ("partstat", "outcome", "asked"),
    [("DECLINED", "reply-declined", 1), ("ACCEPTED", "reply-accepted", 0), ("TENTATIVE", "reply-tentative", 0)],
)
def test_answer_of_each_program(place: SignUp, shape: Shape, partstat: str, outcome: str, asked: int) -> None:
    assert received(answer(place, shape, partstat=partstat)) == outcome
    assert declines() == [place.pk] * asked
    place.refresh_from_db()
    assert place.state == "confirmed"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "reply-declined"),  # the control: the same mail without the difference
        ({"sender": BOB}, "reply-not-theirs"),
        ({"attendee": BOB}, "reply-not-theirs"),
        ({"sender": f"{ALICE}, {BOB}"}, "reply-not-theirs"),
        ({"sender": ""}, "reply-not-theirs"),
        ({"uid": f"{uuid4()}@forum.example.org"}, "reply-unknown"),
        ({"uid": "x' OR 1=1@forum.example.org"}, "reply-unknown"),
        (
            {"extra": "Auto-Submitted: auto-replied (vacation)\n"},
            "reply-declined",
        ),  # the second of its kind is not read
        ({"extra": "Precedence: bulk\n"}, "reply-automatic"),
        ({"extra": "Return-Path: <>\n"}, "reply-automatic"),
        ({"extra": "List-Id: <all.example.org>\n"}, "reply-automatic"),
        ({"extra": "X-Autoreply: yes\n"}, "reply-automatic"),
    ],
)
def test_only_the_owner_is_heard(place: SignUp, fields: dict[str, Any], outcome: str) -> None:
    mail = answer(place, **fields)
    if fields.get("sender") == "":
        mail = mail.replace(f"\r\nFrom: {ALICE}".encode(), b"")
    assert received(mail) == outcome
    assert declines() == ([place.pk] if outcome == "reply-declined" else [])


def test_vacation_note_with_an_answer_in_it_is_ignored(place: SignUp) -> None:
    mail = answer(place).replace(b"auto-generated", b"auto-replied")
    assert received(mail) == "reply-automatic"
    assert declines() == []


def test_answer_about_another_installations_entry_is_unknown(place: SignUp) -> None:
    assert received(answer(place, uid=f"{place.uid}@elsewhere.example")) == "reply-unknown"
    assert declines() == []


def test_mail_without_an_answer_is_for_nobody_here(place: SignUp) -> None:
    counter = answer(place, thunderbird).replace(b"METHOD:REPLY", b"METHOD:COUNTER")
    assert received(b"From: a@b.example\r\n\r\nHello") == "unknown"
    assert received(counter) == "unknown"
    assert declines() == []


def test_each_state_of_an_entry_is_asked_about_once(place: SignUp) -> None:
    outcomes = [received(answer(place)) for _ in range(3)]
    assert outcomes == ["reply-declined", "reply-declined-nothing-to-ask", "reply-declined-nothing-to-ask"]
    stage_room = place.session.conference.rooms.get(capacity=100)
    publish(place.session.conference, [(place.session, stage_room, place.during.lower)])
    assert received(answer(place)) == "reply-declined"
    assert declines() == [place.pk, place.pk]


def test_forged_answers_cause_few_mails(place: SignUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declining, "QUESTIONS_PER_ADDRESS", Limit("questions-per-address", 1, timedelta(days=1)))
    conference = place.session.conference
    other = make_session(conference)
    room = conference.rooms.get(capacity=100)
    publish(
        conference,
        [
            (place.session, place.room, place.during.lower),  # type: ignore[list-item]  # it has one
            (other, room, place.during.upper),
        ],
    )
    second = sign_up(place.registration, other, actor=ACTOR)
    assert received(answer(place)) == "reply-declined"
    assert received(answer(second)) == "reply-declined-nothing-to-ask"
    assert declines() == [place.pk]


def test_place_that_is_not_held_is_not_asked_about(place: SignUp) -> None:
    leave(place, actor=ACTOR)
    assert received(answer(place)) == "reply-declined-nothing-to-ask"
    assert (declines(), DeclinedPlace.objects.count()) == ([], 0)


def test_session_that_is_over_is_not_asked_about(place: SignUp) -> None:
    place.refresh_from_db()
    after = place.during.upper + timedelta(seconds=1)
    assert handle_mail(answer(place), now=after) == "reply-declined-nothing-to-ask"
    assert declines() == []


def test_address_is_compared_however_it_is_written(place: SignUp) -> None:
    assert received(answer(place, sender="Alice Kim <ALICE@Example.ORG>")) == "reply-declined"


def test_what_an_answer_costs(place: SignUp, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    mail = answer(place)
    with django_assert_num_queries(14):  # with four for the savepoints of the mail and of the bounce handler
        assert handle_mail(mail, now=BEFORE) == "reply-declined"
