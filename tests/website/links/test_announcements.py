"""How announcements end: the headers, the one click, the page, and that they stay ended."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.addresses import secret
from notifications.announcements import announcing
from notifications.announcements.announcing import Content, compose_due
from notifications.mails.render_input import gather
from notifications.mails.rendering import ComposedMail, compose
from notifications.models import Message
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.models import Registration
from tests.factories import make_conference, make_registration
from tests.responses import mail_text

pytestmark = pytest.mark.django_db


def announced(registration: Registration) -> ComposedMail:
    content = Content(texts={"en": ("News", "There is news.")})
    now = timezone.now()
    made = announcing.create_announcement(registration.conference, content, actor=SYSTEM, now=now)
    announcing.schedule_announcement(made, due_at=now, version=0, actor=SYSTEM)
    compose_due(now=now)
    [given] = gather([Message.objects.get(announcement=made, registration=registration).pk])
    return compose([given], now)


def path_of(registration: Registration) -> str:
    return secret(TokenPurpose.UNSUBSCRIBE, registration.uid).removeprefix("https://forum.example.org")


def test_announcements_carry_the_headers_of_one_click() -> None:
    registration = make_registration(make_conference())
    mail = announced(registration)
    address = secret(TokenPurpose.UNSUBSCRIBE, registration.uid)
    assert address == f"https://forum.example.org/link/announcements/{registration.uid}/{address.split('/')[-2]}/"
    assert mail.message["List-Unsubscribe"] == f"<{address}>"
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail_text(mail.message)
    assert f'<a href="{address}">' in mail_text(mail.message, "html")


def test_one_click_is_promised_over_https_only(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    mail = announced(make_registration(make_conference()))
    assert (mail.message["List-Unsubscribe"][:22], mail.message["List-Unsubscribe-Post"]) == (
        "<http://127.0.0.1:8000",
        None,
    )


def test_a_mail_program_ends_them_without_cookie_or_redirect() -> None:
    registration, other = (make_registration(make_conference()) for _ in range(2))
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(path_of(registration), {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, response.cookies.get("sessionid")) == (200, None)
    registration.refresh_from_db()
    other.refresh_from_db()
    assert (registration.announcements_by_mail, other.announcements_by_mail) == (False, True)
    entry = Entry.objects.get(verb="registration.announcements_changed")
    assert (entry.actor, entry.data) == (f"participant:{registration.uid}", {"wanted": False})


def test_opening_the_page_changes_nothing(client: Client) -> None:
    registration = make_registration(make_conference())
    response = client.get(path_of(registration))
    registration.refresh_from_db()
    assert (response.status_code, registration.announcements_by_mail) == (200, True)
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert registration.participant.email not in response.content.decode()


def test_they_can_be_had_again(client: Client) -> None:
    registration = make_registration(make_conference())
    client.post(path_of(registration), {"announcements": "off"})
    client.post(path_of(registration), {"announcements": "on"})
    registration.refresh_from_db()
    assert registration.announcements_by_mail is True


def test_nobody_ends_them_for_somebody_else(client: Client) -> None:
    registration, other = (make_registration(make_conference()) for _ in range(2))
    paths = [
        f"/link/announcements/{registration.uid}/{path_of(other).split('/')[-2]}/",
        f"/link/announcements/{registration.uid}/{token_for(TokenPurpose.FEED, registration.uid)}/",
        f"/link/announcements/{registration.uid}/x/",
        f"/link/announcements/{uuid4()}/{path_of(registration).split('/')[-2]}/",
    ]
    assert [client.post(path).status_code for path in paths] == [404] * len(paths)
    registration.refresh_from_db()
    assert registration.announcements_by_mail is True
