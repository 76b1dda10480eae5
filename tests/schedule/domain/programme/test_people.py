"""Somebody is taken out of everything public in one act, and put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import typst
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from journal.actors import SYSTEM
from journal.models import Entry
from notifications import addresses as links
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.registrations.tokens import TokenPurpose
from schedule.domain.programme.invitations import invite_to_speak
from schedule.domain.programme.people import put_back, take_down
from schedule.domain.published.identities import person_identity
from schedule.models import Conference, Person, Role
from tests.contract.public_view.channels import Drawn, kept, said
from tests.factories import at, both, make_conference, make_person, make_room, make_session, publish

pytestmark = pytest.mark.django_db

NAME, WHERE = "Zenobia", "Palmyra"
# Every channel that names people, and the search for them.
CHANNELS = (
    "/forum/sessions/A/",
    f"/forum/calendars/?speaker={NAME[:4]}",
    "/api/v1/conferences/forum/sessions/",
    *(f"/forum/schedule.{extension}" for extension in ("json", "xml", "xlsx", "pdf")),
)


@dataclass
class Speaking:
    conference: Conference
    person: Person
    role: Role

    @property
    def calendar(self) -> str:
        return f"/forum/schedule/speaker/{person_identity(self.conference, self.person.code)}.ics"


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch, addresses: None) -> Speaking:
    """Zenobia speaks in A, together with somebody else."""
    monkeypatch.setattr(typst, "Compiler", Drawn)
    cache.clear()
    conference = make_conference(slug="forum")
    session = make_session(conference, code="A", title=both("First"))
    person = make_person(conference, name=both(NAME), affiliation=WHERE, email="z@example.org")
    role = Role.objects.create(session=session, person=person, role="speaker")
    Role.objects.create(session=session, person=make_person(conference, name=both("Odaenathus")), role="chair")
    publish(conference, [(session, make_room(conference), at(conference, "09:00"))])
    return Speaking(conference, person, role)


def tags(client: Client) -> list[str]:
    return [client.get(path).get("ETag", "") for path in CHANNELS]


def named_by(client: Client, speaking: Speaking) -> list[str]:
    """The channels that say anything of her, the search and her own calendar among them."""
    found = [path for path in (*CHANNELS, speaking.calendar) if {NAME, WHERE} & set(_words(said(client.get(path))))]
    return found + [path for path in (f"/forum/?q={NAME}", f"/forum/?q={WHERE}") if "First" in said(client.get(path))]


def _words(text: str) -> list[str]:
    return [word for word in (NAME, WHERE) if word in text]


def test_a_person_is_taken_out_of_every_channel_and_cache_and_put_back(
    speaking: Speaking, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    everywhere = [*CHANNELS, speaking.calendar, f"/forum/?q={NAME}", f"/forum/?q={WHERE}"]
    before, before_tags = named_by(client, speaking), tags(client)
    assert before == everywhere
    assert [name for name, text in kept().items() if NAME in text] != []
    with django_capture_on_commit_callbacks(execute=True):
        take_down(speaking.person, actor=SYSTEM, now=datetime(2026, 5, 4, tzinfo=UTC))
    assert [name for name in kept() if name.startswith("kept:")] == []
    assert named_by(client, speaking) == []
    assert client.get(speaking.calendar).status_code == 404
    after_tags = tags(client)
    assert [path for path, old, new in zip(CHANNELS, before_tags, after_tags, strict=True) if old and old == new] == []
    assert "Odaenathus" in said(client.get("/forum/sessions/A/"))
    assert [name for name, text in kept().items() if NAME in text] == []
    with django_capture_on_commit_callbacks(execute=True):
        put_back(speaking.person, actor=SYSTEM)
    assert named_by(client, speaking) == everywhere


def test_each_act_is_one_fact_and_only_once(speaking: Speaking) -> None:
    for act in (put_back, take_down, take_down, put_back, put_back):
        act(speaking.person, actor=SYSTEM)
    entries = Entry.objects.filter(verb__startswith="person.").order_by("pk")
    assert list(entries.values_list("verb", "concerns", "subject_id", "data")) == [
        ("person.taken_down", "programme", speaking.person.pk, {}),
        ("person.put_back", "programme", speaking.person.pk, {}),
    ]


def test_their_own_mails_and_the_page_behind_them_go_without_their_name(speaking: Speaking, client: Client) -> None:
    invitation = invite_to_speak(speaking.role, actor=SYSTEM)
    take_in()
    [key] = Message.objects.values_list("pk", flat=True)
    page = links.secret(TokenPurpose.INVITATION, invitation.uid).removeprefix("https://forum.example.org")

    def told() -> str:
        [given] = gather([key])
        mail = compose([given], datetime(2026, 5, 4, tzinfo=UTC)).message
        return "\n".join(
            [
                mail.as_string(),
                *(part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"),
                said(client.get(page)),
            ]
        )

    assert told().count(NAME) > 2
    take_down(speaking.person, actor=SYSTEM)
    speaking.person.refresh_from_db()
    assert NAME not in told()
    assert "Will you take part as: Speaker?" in said(client.get(page))
