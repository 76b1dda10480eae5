"""Answering an invitation by the link in its mail. Alice is asked as two things, Bob as one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from journal.actors import Actor
from journal.models import Entry
from notifications.addresses import secret
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.mail.preview import may_preview
from registration.domain.registrations.tokens import TokenPurpose, token_for
from schedule.domain.programme.invitations import invite_to_host, invite_to_speak
from schedule.models import Invitation, Role, Session, SessionHost
from tests.factories import both, make_body, make_conference, make_person, make_session
from tests.present import present
from tests.responses import mail_text


@dataclass
class Asked:
    session: Session
    speaking: Invitation
    hosting: Invitation
    bobs: Invitation


@pytest.fixture
def asked(db: None) -> Asked:
    conference = make_conference(slug="forum", name=both("Forum"), contact_email="office@example.org")
    session, other = (make_session(conference, code=code, title=both(f"Session {code}")) for code in "AB")
    alice, bob = (make_person(conference, name=name, email=f"{name}@example.org") for name in ("alice", "bob"))
    body = make_body(conference, name=both("City Hall"), contact=alice)
    elsewhere = Role.objects.create(session=other, person=alice, role="chair")
    role, bobs = (Role.objects.create(session=session, person=who, role="speaker") for who in (alice, bob))
    host = SessionHost.objects.create(session=session, body=body)
    invite_to_speak(elsewhere, actor=Actor.organizer(1))
    return Asked(
        session,
        invite_to_speak(role, actor=Actor.organizer(1)),
        invite_to_host(host, actor=Actor.organizer(1)),
        invite_to_speak(bobs, actor=Actor.organizer(1)),
    )


def path_of(invitation: Invitation) -> str:
    return f"/link/invitations/{invitation.uid}/{token_for(TokenPurpose.INVITATION, invitation.uid)}/"


def answers() -> dict[int, str]:
    return dict(Invitation.objects.exclude(answer="").values_list("pk", "answer"))


def test_opening_the_link_changes_nothing_and_shows_what_the_person_is_asked(asked: Asked, client: Client) -> None:
    before = Entry.objects.count()
    response = client.get(path_of(asked.speaking))
    assert [(row.pk, str(what)) for row, what in response.context["rows"]] == [
        (asked.speaking.pk, "Speaker"),
        (asked.hosting.pk, "City Hall"),
    ]
    page = response.content.decode()
    assert [word in page for word in ("alice, will you take part as: Speaker?", "bob", "Session B")] == [
        True,
        False,
        False,
    ]
    assert (answers(), Entry.objects.count()) == ({}, before)
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")


def test_an_answer_is_taken_and_may_be_changed(asked: Asked, client: Client) -> None:
    path = path_of(asked.speaking)
    said = client.post(path, {"answer": "yes", "about": str(asked.speaking.uid)}).content.decode()
    assert ("Thank you." in said, "You have said yes." in said) == (True, True)
    assert answers() == {asked.speaking.pk: "yes"}
    client.post(path, {"answer": "no"})
    assert answers() == {asked.speaking.pk: "no"}


def test_each_of_several_is_answered_from_the_same_page(asked: Asked, client: Client) -> None:
    client.post(path_of(asked.speaking), {"answer": "yes", "about": str(asked.hosting.uid)})
    assert answers() == {asked.hosting.pk: "yes"}


def test_nobody_answers_for_somebody_else(asked: Asked, client: Client) -> None:
    client.post(path_of(asked.speaking), {"answer": "yes", "about": str(asked.bobs.uid)})
    assert answers() == {asked.speaking.pk: "yes"}  # the link's own


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_what_is_no_answer_is_refused(asked: Asked, client: Client, answer: str) -> None:
    assert (client.post(path_of(asked.speaking), {"answer": answer}).status_code, answers()) == (404, {})


def test_a_link_opens_its_own_invitation_only(asked: Asked, client: Client) -> None:
    token = token_for(TokenPurpose.INVITATION, asked.speaking.uid)
    other = token_for(TokenPurpose.DECLINE, asked.speaking.uid)
    paths = [f"/link/invitations/{asked.bobs.uid}/{token}/", f"/link/invitations/{asked.speaking.uid}/{other}/"]
    assert [one.status_code for path in paths for one in (client.get(path), client.post(path, {"answer": "yes"}))] == [
        404
    ] * 4
    assert answers() == {}


def test_a_form_of_another_site_answers_nothing(asked: Asked) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert (strict.post(path_of(asked.speaking), {"answer": "yes"}).status_code, answers()) == (403, {})


def test_a_cancelled_session_is_no_longer_asked_about(asked: Asked, client: Client) -> None:
    Session.objects.filter(pk=asked.session.pk).update(state="cancelled")
    path = path_of(asked.speaking)
    assert "This invitation can no longer be answered." in client.get(path).content.decode()
    response = client.post(path, {"answer": "yes"})
    assert (response.status_code, response.context["problem"], answers()) == (409, "This session is cancelled.", {})


def test_whoever_was_replaced_is_told_so(asked: Asked, client: Client) -> None:
    Role.objects.filter(pk=present(asked.speaking.role_id)).update(person=asked.bobs.person, role="moderator")
    SessionHost.objects.all().delete()
    response = client.post(path_of(asked.speaking), {"answer": "yes"})
    assert (response.status_code, response.context["problem"], answers()) == (409, "Somebody else is asked now.", {})


def test_each_invitation_is_a_mail_with_its_link_that_no_organizer_reads(asked: Asked) -> None:
    take_in()
    messages = Message.objects.order_by("pk")
    inputs = gather([message.pk for message in messages])
    texts = [mail_text(compose([one], one.message.created_at).message) for one in inputs]
    rows = Invitation.objects.order_by("pk")
    links = [secret(TokenPurpose.INVITATION, row.uid) for row in rows]
    assert [link in text for link, text in zip(links, texts, strict=True)] == [True] * 4
    assert [(one.kind, one.state, may_preview(one, may_change=True)) for one in messages] == [
        (kind, "queued", False)
        for kind in ("speaking_invitation", "speaking_invitation", "hosting_invitation", "speaking_invitation")
    ]
