"""Erasing somebody: their places go on, counts stay, and the whole database, read as text, knows nothing of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from journal.models import Entry
from notifications.models import Message, Suppression
from notifications.rules.intake import take_in
from registration.domain.consents import Purpose, agree
from registration.domain.privacy.browsers import note_browser
from registration.domain.privacy.erasing import erase
from registration.domain.registrations import links, registering, tokens
from registration.domain.registrations.answers import Answers
from registration.domain.signups.signing_up import sign_up
from registration.models import Participant, Registration
from tests.factories import make_registration
from tests.fixtures.conferences import Agenda, signed_in

MARKS = ("zebedee", "quaxolotl", "vorpalstadt", "snickersnack")


def whole_database() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in names:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')  # names of our own tables
            rows += [row for (row,) in cursor.fetchall()]
    rows += [repr(SessionStore(key).load()) for key in session_keys()]
    return "\n".join(rows).lower()


def session_keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session")
        return [key for (key,) in cursor.fetchall()]


@pytest.fixture
def zebedee(agenda: Agenda) -> Registration:
    """Somebody of whom there is a trace wherever there can be one."""
    now = timezone.now()
    answers = Answers("Zebedee", affiliation="Vorpalstadt", access_note="snickersnack", diet="vegan", wishes=("A",))
    link = registering.register(agenda.conference, email="zebedee@quaxolotl.example", answers=answers)
    token = tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)
    registering.redeem(token, now=now, agreed=agree(Purpose, {}, now=now))
    found = Registration.objects.get(participant__email="zebedee@quaxolotl.example")
    sign_up(found, agenda.b, actor=found.actor)
    registering.register(agenda.conference, email="zebedee@quaxolotl.example", answers=answers)
    Suppression.objects.create(address="zebedee@quaxolotl.example", reason="hard", answer="no such user zebedee")
    client = signed_in(found.participant)
    note_browser(found.participant, client.session.session_key or "", "Firefox/130 Linux", now=now)
    typed = SessionStore()
    typed["link_sent_to"] = "Zebedee@Quaxolotl.example"
    typed.save()
    return found


def test_nothing_is_left_and_their_place_goes_on(agenda: Agenda, zebedee: Registration) -> None:
    waiting = sign_up(make_registration(agenda.conference), agenda.b, actor=zebedee.actor)
    assert waiting.state == "waiting"
    take_in()
    before = whole_database()
    assert [mark for mark in MARKS if mark not in before] == []
    others = Registration.objects.exclude(pk=zebedee.pk).count()
    assert erase(zebedee.participant) == 1
    take_in()
    after = whole_database()
    assert [mark for mark in MARKS if mark in after] == []
    waiting.refresh_from_db()
    assert (waiting.state, Registration.objects.count()) == ("confirmed", others)
    assert not Message.objects.filter(participant=zebedee.participant_id).exists()
    told = Entry.objects.filter(verb="registration.erased").values_list("subject_id", "data")
    assert list(told) == [(zebedee.pk, {"was": "accepted"})]
    assert session_keys() == []


def test_others_keep_what_is_theirs(agenda: Agenda, zebedee: Registration, alice: Registration) -> None:
    now = timezone.now()
    client = signed_in(alice.participant)
    note_browser(alice.participant, client.session.session_key or "", "", now=now)
    link = links.request_link(alice.participant.email, now=now - timedelta(minutes=5))
    assert link is not None
    erase(zebedee.participant)
    take_in()
    assert list(Participant.objects.values_list("email", flat=True)) == [alice.participant.email]
    link.refresh_from_db()
    assert (links.is_usable(link, now=now), alice.participant.browsers.count()) == (True, 1)
    assert client.get("/my/forum/").status_code == 200
