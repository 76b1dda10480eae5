from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.utils import timezone

from journal.models import Entry
from notifications.retention import as_markdown
from registration import tasks
from registration.domain.privacy.retention import KEEP_LINKS, KEEP_TYPED, forget
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.registering import begin, register
from registration.models import MagicLink, Participant, Registration, SignUp, Tally
from tests.factories import both, make_conference, make_person, make_registration
from tests.fixtures.conferences import Agenda, Small


def test_what_has_run_out_is_forgotten_and_nothing_else(agenda: Agenda, alice: Registration) -> None:
    now = timezone.now()
    unconfirmed = register(
        agenda.conference, email="dana@example.org", answers=Answers("Dana"), now=now - timedelta(days=3) - KEEP_TYPED
    )
    fresh = register(agenda.conference, email="erin@example.org", answers=Answers("Erin"), now=now)
    old = register(agenda.conference, email="alice@example.org", answers=Answers("Alice"), now=now - 2 * KEEP_LINKS)
    never = begin(agenda.conference, email="never@example.org", language="en").participant
    Participant.objects.filter(pk=never.pk).update(created_at=now - 2 * KEEP_LINKS)
    Tally.objects.create(key="k", starts_at=now - timedelta(days=1), count=1)
    BrowserSession.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    kept = register(agenda.conference, email="ed@example.org", answers=Answers("Ed"), now=now - timedelta(days=8))
    counts = forget(now=now)
    assert counts == {"typed": 2, "links": 1, "unproved": 1, "sessions": 1, "tries": 1}
    assert Entry.objects.get(verb="retention.carried_out").data == {"counts": counts}
    assert set(MagicLink.objects.values_list("pk", flat=True)) == {unconfirmed.pk, fresh.pk, kept.pk}
    unconfirmed.refresh_from_db()
    fresh.refresh_from_db()
    kept.refresh_from_db()
    names = [one.answers.get("display_name") for one in (unconfirmed, fresh, kept)]
    assert names == [None, "Erin", "Ed"]
    assert not Participant.objects.filter(pk=never.pk).exists()
    assert Registration.objects.filter(pk=alice.pk).exists()
    assert not MagicLink.objects.filter(pk=old.pk).exists()
    assert (Tally.objects.count(), BrowserSession.objects.count()) == (0, 0)


def test_the_tasks_do_it(small: Small) -> None:
    alice, bob, charlie = (small.sign_up(person, "morning") for person in small.people(3))
    past = timezone.now() - timedelta(minutes=1)
    SignUp.objects.filter(pk=alice.pk).update(state="offered", offered_until=past)
    tasks.expire_offers()
    tasks.forget()
    found = {one.pk: one.state for one in SignUp.objects.all()}
    assert found == {alice.pk: "left", bob.pk: "confirmed", charlie.pk: "confirmed"}


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (14, ["Alice", "ko", ["captions"], "a ramp", "vegan"]),
        (15, ["Alice", "ko", ["captions"], "a ramp", ""]),
        (91, ["Alice", "ko", [], "", ""]),
        (181, ["Alice", "", [], "", ""]),
        (366, ["", "", [], "", ""]),
    ],
)
def test_answers_are_emptied_when_their_term_is_over(alice: Registration, days: int, left: list[object]) -> None:
    alice.interpretation, alice.access_needs, alice.access_note, alice.diet = "ko", ["captions"], "a ramp", "vegan"
    alice.save()
    later = make_conference(starts_on=alice.conference.ends_on + timedelta(days=400))
    other = make_registration(later, diet="halal", access_needs=["captions"])
    # Whoever has no other conference is erased instead, after the longest of these terms.
    make_registration(later, participant=alice.participant)
    now = datetime.combine(alice.conference.ends_on + timedelta(days=days), time(12), UTC)
    forget(now=now)
    alice.refresh_from_db()
    assert [alice.display_name, alice.interpretation, alice.access_needs, alice.access_note, alice.diet] == left
    entries = Entry.objects.filter(verb="answers.forgotten").count()
    assert forget(now=now) == {}
    assert Entry.objects.filter(verb="answers.forgotten").count() == entries
    other.refresh_from_db()
    assert (other.diet, other.access_needs) == ("halal", ["captions"])


def test_the_page_of_the_reference_is_in_step() -> None:
    page = Path(settings.BASE_DIR) / "docs" / "reference" / "retention.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run manage.py retention_reference"


def test_addresses_of_who_appears_are_emptied_a_year_after_and_the_rest_stays(agenda: Agenda) -> None:
    over = make_person(agenda.conference, email="over@example.org", biography=both("Lives"))
    later = make_conference(starts_on=agenda.conference.starts_on + timedelta(days=1))
    make_person(agenda.conference)
    kept = make_person(later, email="kept@example.org")
    last = datetime.combine(agenda.conference.ends_on, time(12), UTC)
    assert [forget(now=last + timedelta(days=days)) for days in (365, 366, 366)] == [{}, {"contacts": 1}, {}]
    for person in (over, kept):
        person.refresh_from_db()
    assert (over.email, str(over.biography), kept.email) == ("", "Lives", "kept@example.org")
    told = Entry.objects.get(verb="contacts.forgotten")
    assert (told.conference_id, told.actor, told.data) == (agenda.conference.pk, "system", {"people": 1})
