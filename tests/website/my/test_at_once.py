"""The same button pressed several times at once, on real connections."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.registrations import registering
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.registrations.answers import Answers
from registration.domain.signups.signing_up import sign_up
from registration.models import Interest, MagicLink, Registration, SignUp
from schedule.domain.timetables import releasing
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Draft, Placement
from tests.at_once import at_once
from tests.factories import at, make_registration
from tests.fixtures.conferences import Agenda, Small
from tests.registration.steps import AGREED
from tests.website.registering.test_views import fill_in

pytestmark = pytest.mark.django_db(transaction=True)


def browser(registration: Registration) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = str(registration.participant.uid)
    session.save()
    return client


def again(client: Client, path: str, data: Any) -> int:
    """The status of the same press, by a browser of its own with the same cookies."""
    other = Client()
    other.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return other.post(path, data).status_code


def test_details_saved_four_times_at_once_are_saved() -> None:
    agenda = Agenda()
    person = make_registration(agenda.conference)
    client = browser(person)
    Interest.objects.create(registration=person, session=agenda.a, rank=1)
    data = {"wishes": ["B", "C"]}
    assert at_once([partial(again, client, "/my/forum/wishes/", data)] * 4) == [302] * 4
    wished = list(person.interests.order_by("rank").values_list("session__code", flat=True))
    assert wished == ["B", "C"]


@pytest.mark.parametrize("known", [False, True])
def test_register_pressed_four_times_at_once_is_one_registration_and_one_mail(known: bool) -> None:
    agenda = Agenda()
    client = browser(make_registration(Small().conference)) if known else Client()
    fill_in(client)
    shown = re.search(r'name="reviewed" value="(\w+)"', client.get("/forum/register/review/").content.decode())
    assert shown is not None
    press = partial(again, client, "/forum/register/review/", AGREED | {"reviewed": shown[1]})
    assert at_once([press] * 4) == [302] * 4
    assert Registration.objects.filter(conference=agenda.conference).count() == 1
    links = 0 if known else 1
    assert MagicLink.objects.count() == links
    verbs = ["registration.confirmed"] if known else ["link.requested"]
    assert (
        list(Entry.objects.filter(verb__in=["registration.confirmed", "link.requested"]).values_list("verb", flat=True))
        == verbs
    )


def test_answers_given_four_times_at_once_stand_whole() -> None:
    """As my own details are saved; the wishes go with them."""
    agenda = Agenda()
    person = make_registration(agenda.conference)
    given = [
        Answers(display_name=f"Name {codes}", language="en", wishes=tuple(codes)) for codes in ("AB", "BC", "CA", "B")
    ]

    def save(answers: Answers) -> None:
        registering.answer(Registration.objects.get(pk=person.pk), answers, actor=SYSTEM)

    at_once([partial(save, answers) for answers in given])
    person.refresh_from_db()
    wished = "".join(person.interests.order_by("rank").values_list("session__code", flat=True))
    assert person.display_name == f"Name {wished}"


def test_a_link_asked_for_four_times_at_once_is_one_mail() -> None:
    person = make_registration(Agenda().conference)
    data = {"email": person.participant.email}
    assert at_once([partial(again, Client(), "/my/sign-in/", data)] * 4) == [302] * 4
    assert (MagicLink.objects.count(), Entry.objects.filter(verb="link.requested").count()) == (1, 1)


def test_releases_while_people_sign_up_are_made_and_lose_nobody() -> None:
    """Each moves a session people sign up for, so that both sides lock the places of many."""
    small = Small()
    people = small.people(8)
    drafts = [create_draft(small.conference, name=clock, actor=SYSTEM) for clock in ("13:00", "14:00", "15:00")]
    for draft in drafts:
        for session, room, clock in ((small.morning, small.two, "09:00"), (small.noon, small.three, draft.name)):
            start = at(small.conference, clock)
            Placement.objects.create(
                draft=draft, session=session, room=room, start=start, end=start + timedelta(hours=1)
            )

    def join(person: Registration) -> str:
        for session in (small.noon, small.morning):
            sign_up(person, session, actor=SYSTEM)
        return "joined"

    def publish(draft: Draft) -> str:
        releasing.release(draft, actor=SYSTEM)
        return "released"

    calls = [*(partial(join, person) for person in people), *(partial(publish, draft) for draft in drafts)]
    assert sorted(at_once(calls)) == ["joined"] * 8 + ["released"] * 3
    assert SignUp.objects.exclude(state="left").count() == 16
