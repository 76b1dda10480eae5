"""Coming in at a conference whose organizers decide about each registration."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.registrations import deciding, links, registering
from registration.models import MagicLink, Participant, Registration
from schedule.models import Conference
from tests.at_once import at_once
from tests.factories import make_conference, make_registration
from tests.fixtures.conferences import Agenda
from tests.registration.domain.registrations.test_registering import ANSWERS, token_of, verbs
from tests.registration.steps import redeemed

DANA = "dana@example.org"


@pytest.fixture
def link(agenda: Agenda) -> MagicLink:
    """What was mailed to Dana; the organizers of the forum decide."""
    deciding.set_approval(agenda.conference, wanted=True, actor=Actor.organizer(1))
    return registering.register(agenda.conference, email=DANA, answers=ANSWERS)


def use(link: MagicLink) -> Participant:
    return redeemed(token_of(link), now=timezone.now())


def use_if_alive(link: MagicLink) -> None:
    """An older link is dead once a newer one was used."""
    with suppress(links.LinkRefused):
        use(link)


def test_a_proved_address_hands_the_registration_in(link: MagicLink) -> None:
    participant = use(link)
    registration = Registration.objects.get()
    assert (registration.state, registration.display_name, registration.confirmed_at) == ("submitted", "Dana", None)
    assert registration.consented_at == datetime.fromisoformat(registration.consents["privacy"]["at"])
    assert list(registration.interests.order_by("rank").values_list("session__code", flat=True)) == ["C", "A"]
    link.refresh_from_db()
    assert (link.answers, link.used_at is None, participant.verified_at is None) == ({}, False, False)
    assert verbs() == [
        "conference.approval_changed",
        "link.requested",
        "registration.answered",
        "registration.consents_changed",
        "interests.changed",
        "registration.received",
    ]


def test_the_same_link_registers_at_once_where_nobody_decides(link: MagicLink, agenda: Agenda) -> None:
    deciding.set_approval(agenda.conference, wanted=False, actor=Actor.organizer(1))
    use(link)
    assert (Registration.objects.get().state, verbs()[-1]) == ("accepted", "registration.confirmed")


def test_a_link_is_used_once(link: MagicLink) -> None:
    use(link)
    with pytest.raises(links.LinkRefused):
        use(link)
    assert verbs().count("registration.received") == 1


def test_a_link_that_has_run_out_hands_nothing_in(link: MagicLink) -> None:
    token = token_of(link)
    with pytest.raises(links.LinkRefused):
        redeemed(token, now=link.expires_at + timedelta(seconds=1))
    assert (Registration.objects.get().state, verbs()[-1]) == ("draft", "link.requested")


def test_a_full_conference_still_takes_what_its_organizers_decide_about(link: MagicLink, agenda: Agenda) -> None:
    Conference.objects.filter(pk=agenda.conference.pk).update(capacity=0)
    use(link)
    assert Registration.objects.get().state == "submitted"


def test_a_second_link_changes_nothing_that_is_handed_in(link: MagicLink, agenda: Agenda) -> None:
    other = registering.register(agenda.conference, email=DANA, answers=replace(ANSWERS, affiliation="Other"))
    use(link)
    before = Entry.objects.count()
    use(other)
    assert (Registration.objects.get().state, Entry.objects.count()) == ("submitted", before)


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_hand_one_registration_in() -> None:
    conference = make_conference(approves_registrations=True)
    mailed = [
        registering.register(conference, email=DANA, answers=replace(ANSWERS, affiliation=str(n))) for n in range(4)
    ]
    at_once([partial(use_if_alive, link) for link in mailed])
    assert (Registration.objects.get().state, verbs().count("registration.received")) == ("submitted", 1)


@pytest.mark.parametrize(
    ("approves", "state", "verb"), [(True, "submitted", "received"), (False, "accepted", "confirmed")]
)
def test_taking_part_again_goes_the_same_way(db: None, approves: bool, state: str, verb: str) -> None:
    registration = make_registration(make_conference(approves_registrations=approves), state="cancelled")
    registering.take_part(registration, actor=SYSTEM, now=timezone.now())
    registration.refresh_from_db()
    assert (registration.state, verbs()) == (state, [f"registration.{verb}"])


def test_what_is_handed_in_is_not_handed_in_again(db: None) -> None:
    registration = make_registration(make_conference(approves_registrations=True), state="submitted")
    assert registering.take_part(registration, actor=SYSTEM, now=timezone.now()).state == "submitted"
    assert verbs() == []


def test_nothing_is_handed_in_without_consent(db: None) -> None:
    conference = make_conference(approves_registrations=True)
    registration = make_registration(conference, state="draft", consented_at=None)
    assert registering.take_part(registration, actor=SYSTEM, now=timezone.now()).state == "draft"
    assert verbs() == []
