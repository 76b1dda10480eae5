"""Organizers enter people by hand, also after sign-up has closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.attending.by_hand import enter_by_hand
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, SignUp
from schedule.domain.programme import sessions as editing
from schedule.models import Session
from tests.factories import make_kind, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, Small, states

ORGANIZER = Actor.organizer(7)


@pytest.fixture
def running(agenda: Agenda) -> Session:
    """B, which has one place, began ten minutes ago."""
    start = timezone.now() - timedelta(minutes=10)
    publish(agenda.conference, [(agenda.b, agenda.single, start)])
    return agenda.b


def test_somebody_is_entered_into_a_running_session(running: Session, alice: Registration) -> None:
    with pytest.raises(SignUpRefused, match="closed"):
        sign_up(alice, running, actor=alice.actor)
    signup = enter_by_hand(alice, running, actor=ORGANIZER)
    assert (signup.state, signup.by_hand) == ("confirmed", True)
    told = Entry.objects.get(verb="signup.confirmed")
    assert (told.actor, told.data["by"], told.subject_id) == (str(ORGANIZER), "hand", signup.pk)
    assert enter_by_hand(alice, running, actor=ORGANIZER) == signup
    assert Entry.objects.filter(verb="signup.confirmed").count() == 1


def test_never_more_than_there_are_places(running: Session, alice: Registration, bob: Registration) -> None:
    first = enter_by_hand(alice, running, actor=ORGANIZER)
    with pytest.raises(SignUpRefused, match="full"):
        enter_by_hand(bob, running, actor=ORGANIZER)
    leave(first, actor=SYSTEM)
    first.refresh_from_db()
    assert (first.state, first.by_hand) == ("left", False)
    assert enter_by_hand(bob, running, actor=ORGANIZER).state == "confirmed"


def test_nobody_is_entered_into_two_sessions_at_once(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    with pytest.raises(SignUpRefused, match="clash") as refused:
        enter_by_hand(alice, agenda.b, actor=ORGANIZER)
    assert refused.value.message == "This person has a place in “Session A” at the same time."


def test_where_people_are_invited_they_are_entered(agenda: Agenda, alice: Registration) -> None:
    agenda.by_invitation(agenda.c)
    assert enter_by_hand(alice, agenda.c, actor=ORGANIZER).state == "confirmed"


def test_who_waits_is_taken_out_of_the_line(small: Small) -> None:
    people = small.people(4)
    signups = [small.sign_up(person, "morning") for person in people]
    editing.change_cap(small.morning, places=1, actor=SYSTEM)
    with pytest.raises(SignUpRefused, match="full"):
        enter_by_hand(people[3], small.morning, actor=ORGANIZER)
    assert states(*signups) == ["confirmed", "waiting", "waiting", "waiting"]
    start = timezone.now() - timedelta(minutes=10)
    publish(small.conference, [(small.morning, small.three, start)])
    editing.change_cap(small.morning, places=None, actor=SYSTEM)
    assert states(*signups) == ["confirmed", "left", "left", "left"]
    enter_by_hand(people[3], small.morning, actor=ORGANIZER)
    assert states(*signups) == ["confirmed", "left", "left", "confirmed"]
    assert not SignUp.objects.get(pk=signups[3].pk).line_closed


@pytest.mark.parametrize("what", ["break", "unpublished", "cancelled", "other conference"])
def test_what_has_no_places_takes_nobody(agenda: Agenda, alice: Registration, charlie: Registration, what: str) -> None:
    session, person, code = agenda.a, alice, "not-on-offer"
    match what:
        case "break":
            session = make_session(agenda.conference, kind=make_kind(agenda.conference, is_break=True))
            publish(agenda.conference, [(session, make_room(agenda.conference), timezone.now())])
        case "unpublished":
            session = make_session(agenda.conference)
        case "cancelled":
            editing.cancel_session(session, actor=SYSTEM)
        case _:
            person, code = charlie, "not-registered"
    with pytest.raises(SignUpRefused, match=code):
        enter_by_hand(person, session, actor=ORGANIZER)
    assert not SignUp.objects.exists()


def test_who_has_cancelled_is_not_entered(agenda: Agenda) -> None:
    gone = make_registration(agenda.conference, state="cancelled")
    with pytest.raises(SignUpRefused, match="not-registered"):
        enter_by_hand(gone, agenda.a, actor=ORGANIZER)
