"""The link at which somebody who appears in the programme refuses calendar entries."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from journal.models import Entry
from notifications.addresses import secret
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from registration.domain.registrations.tokens import TokenPurpose, token_for
from schedule.models import Person
from tests.notifications.places import Stage
from tests.notifications.scenes import in_calendar
from tests.responses import mail_text

pytestmark = pytest.mark.django_db


def test_link_in_the_mail_ends_the_entries_and_brings_them_back(client: Client) -> None:
    in_calendar(Stage(), "en")
    message = Message.objects.get()
    person = message.person
    assert person is not None
    path = secret(TokenPurpose.ENTRIES, message.uid)
    [given] = gather([message.pk])
    mail = compose([given], message.created_at).message
    assert [path in mail_text(mail, kind) for kind in ("plain", "html")] == [True, True]

    def wanted() -> bool:
        return Person.objects.get(pk=person.pk).entries_by_mail

    page = client.get(path)
    assert (page.status_code, page["Referrer-Policy"], wanted()) == (200, "no-referrer", True)
    assert client.head(path).status_code == 200
    assert person.name.localize("en") not in page.content.decode()
    assert (client.post(path, {"entries": "off"}).status_code, wanted()) == (200, False)
    # Not offered again by the next mail.
    [given] = gather([message.pk])
    assert path not in mail_text(compose([given], message.created_at).message)
    assert (client.post(path, {"entries": "on"}).status_code, wanted()) == (200, True)
    said = Entry.objects.filter(verb="person.entries_changed").order_by("pk").values_list("actor", "data")
    assert list(said) == [(f"person:{person.pk}", {"wanted": False}), (f"person:{person.pk}", {"wanted": True})]


def test_other_links_open_nothing(client: Client) -> None:
    in_calendar(Stage(), "en")
    uid = Message.objects.get().uid
    for of, token in (
        (uid, token_for(TokenPurpose.INVITATION, uid)),
        (uid, "x"),
        (uuid4(), token_for(TokenPurpose.ENTRIES, uid)),
        (other := uuid4(), token_for(TokenPurpose.ENTRIES, other)),
    ):
        assert client.post(f"/link/entries/{of}/{token}/", {"entries": "off"}).status_code == 404
    assert Person.objects.get().entries_by_mail
