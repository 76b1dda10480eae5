"""What a conference publishes about itself, and that registration needs it."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.programme.conference_texts import TextChangedError, missing_for_registration, publish_text
from schedule.models import Conference, ConferenceText
from tests.factories import make_conference
from tests.fixtures.conferences import Agenda

WORDS = {"en": "# New\n\nWe keep **less**.", "ko": "덜 보관합니다."}


def publish(
    conference: Conference, kind: str = "privacy", *, seen: int = 1, words: dict[str, str] = WORDS
) -> ConferenceText:
    return publish_text(conference, kind, words, seen=seen, actor=SYSTEM, now=timezone.now())


def test_every_page_links_to_the_texts_there_are(agenda: Agenda, client: Client) -> None:
    links = re.compile(r'href="/forum/(privacy|conduct|contact|imprint)/"')
    pages = ("/forum/", "/forum/register/", "/forum/sessions/A/")
    for page in pages:
        assert links.findall(client.get(page).content.decode()) == ["privacy", "conduct", "contact"]
    publish(agenda.conference, "imprint", seen=0)
    for page in pages:
        assert links.findall(client.get(page).content.decode()) == ["privacy", "conduct", "contact", "imprint"]


def test_a_text_is_read_in_the_readers_language_and_each_version_stays(agenda: Agenda, client: Client) -> None:
    publish(agenda.conference)
    page = client.get("/forum/privacy/").content.decode()
    assert ("<strong>less</strong>" in page, "Version 2" in page, "earlier version" in page) == (True, True, False)
    old = client.get("/forum/privacy/1/").content.decode()
    assert ("as long as we need it" in old, "This is an earlier version" in old) == (True, True)
    client.cookies["django_language"] = "ko"
    assert "덜 보관합니다." in client.get("/forum/privacy/").content.decode()
    missing = [client.get(f"/forum/{path}/").status_code for path in ("privacy/3", "imprint", "terms")]
    assert missing == [404, 404, 404]


def test_an_address_for_questions_is_a_contact(client: Client, db: None) -> None:
    conference = make_conference(slug="forum", registration_open=False)
    assert client.get("/forum/contact/").status_code == 200
    other = Conference.objects.create(
        slug="other", name="Other", timezone="UTC", starts_on="2037-01-01", ends_on="2037-01-02", languages=["en"],
        is_public=True, contact_email="desk@example.org",
    )  # fmt: skip
    assert 'href="mailto:desk@example.org"' in client.get("/other/contact/").content.decode()
    assert missing_for_registration(other) == ["privacy"]
    assert missing_for_registration(conference) == []


@pytest.mark.parametrize("lacking", ["privacy", "contact"])
def test_registration_does_not_open_without_a_privacy_notice_and_a_contact(db: None, lacking: str) -> None:
    bare = Conference.objects.create(
        slug="bare", name="Bare", timezone="UTC", starts_on="2037-01-01", ends_on="2037-01-02", languages=["en"]
    )
    other = "contact" if lacking == "privacy" else "privacy"
    publish(bare, other, seen=0, words={"en": "Words."})
    bare.refresh_from_db()
    bare.registration_open = True
    with pytest.raises(ValidationError) as said:
        bare.full_clean()
    assert "Registration cannot open before" in str(said.value)
    # Nor by a statement that claims a text there is not.
    claimed = {"registration_open": True, "published_texts": ["privacy", "contact"]}
    with (
        pytest.raises(IntegrityError, match="registration_opens_with_privacy_notice_and_contact"),
        transaction.atomic(),
    ):
        Conference.objects.filter(pk=bare.pk).update(**claimed)
    publish(bare, lacking, seen=0, words={"en": "Words."})
    Conference.objects.filter(pk=bare.pk).update(registration_open=True)


def test_a_version_is_never_changed(agenda: Agenda) -> None:
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ConferenceText.objects.filter(kind="privacy").update(body="Something else")


def test_publishing_needs_every_language_and_the_newest_version(agenda: Agenda) -> None:
    with pytest.raises(ValidationError, match="Korean"):
        publish(agenda.conference, words={"en": "Only English"})
    first = publish(agenda.conference)
    assert publish(agenda.conference, seen=2) == first
    with pytest.raises(TextChangedError):
        publish(agenda.conference, words={"en": "a", "ko": "b"})
    told = Entry.objects.filter(verb="conference.text_published").values_list("data", flat=True)
    assert list(told) == [{"kind": "privacy", "version": 2}]
