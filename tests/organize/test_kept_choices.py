"""A form that is opened and saved as it stands takes nothing back, whatever it can no longer offer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from i18nfield.strings import LazyI18nString

from accounts.models import Membership
from journal.actors import SYSTEM
from notifications.announcements.announcing import Content, Segment, create_announcement
from notifications.models import Announcement
from organize.kept_choices import with_held
from schedule.models import ConferenceText
from tests.factories import make_registration, make_session, make_theme
from tests.organize.conftest import Desk
from tests.organize.setup.filled import typed_in

FRENCH = {"subject": "Bonjour", "body": "À tous."}


def test_what_is_held_comes_after_what_is_on_offer() -> None:
    assert with_held([("a", "A"), (2, "B")], ["2", "c", "a"], str.upper) == [("a", "A"), (2, "B"), ("c", "C")]


@pytest.fixture
def announcement(desk: Desk) -> Announcement:
    """For few: people from France who read French, with a place in a session; none of which is on offer any more."""
    desk.conference.languages = ["en", "ko", "fr"]
    desk.conference.save(update_fields=["languages"])
    guest = make_registration(desk.conference, country="FR", language="fr")
    closed = make_session(desk.conference, code="CLOSED")
    segment = Segment(registration_states=("accepted",), sessions=(closed,), languages=("fr",), countries=("FR",))
    texts = {"en": ("Hello", "To all."), "fr": (FRENCH["subject"], FRENCH["body"])}
    now = guest.created_at
    made = create_announcement(desk.conference, Content(texts, segment), actor=SYSTEM, now=now)
    desk.conference.languages = ["en", "ko"]
    desk.conference.save(update_fields=["languages"])
    closed.signup = "invitation"
    closed.save(update_fields=["signup"])
    guest.delete()
    return made


def test_an_announcement_for_few_stays_for_few(alice: Client, announcement: Announcement) -> None:
    path = f"/organize/forum/announcements/{announcement.uid}/edit/"
    sent = typed_in(alice, path) | {"subject_en": "Hello again"}
    assert alice.post(path, sent).status_code == 302
    announcement.refresh_from_db()
    assert announcement.texts == {"en": {"subject": "Hello again", "body": "To all."}, "fr": FRENCH}
    narrowed = (announcement.countries, announcement.languages, [one.code for one in announcement.sessions.all()])
    assert narrowed == (["FR"], ["fr"], ["CLOSED"])
    # Taken back by whoever unticks it.
    without: dict[str, Any] = {name: said for name, said in typed_in(alice, path).items() if name != "countries"}
    assert alice.post(path, without).status_code == 302
    announcement.refresh_from_db()
    assert (announcement.countries, announcement.languages) == ([], ["fr"])


def test_a_text_keeps_the_languages_its_form_does_not_show(desk: Desk, alice: Client) -> None:
    body = LazyI18nString({"en": "We keep it.", "ko": "보관합니다.", "fr": "Nous la gardons."})
    ConferenceText.objects.create(conference=desk.conference, kind="imprint", version=1, body=body)
    path = "/organize/forum/texts/imprint/"
    assert alice.post(path, typed_in(alice, path) | {"body_en": "We keep it short."}).status_code == 302
    newest = ConferenceText.objects.get(conference=desk.conference, kind="imprint", version=2)
    assert newest.body.data == {"en": "We keep it short.", "ko": "보관합니다.", "fr": "Nous la gardons."}


@pytest.mark.parametrize("others", [["rivers"], []])
def test_whoever_had_a_theme_that_is_gone_does_not_get_all(desk: Desk, alice: Client, others: list[str]) -> None:
    for code in others:
        make_theme(desk.conference, code=code)
    bob = Membership.objects.get(user=desk.bob)
    Membership.objects.filter(pk=bob.pk).update(role="custom", sees=["programme"], changes=[], themes=["gone"])
    path = f"/organize/forum/team/{bob.pk}/role/"
    assert alice.post(path, typed_in(alice, path) | {"area_mails": "1"}).status_code == 302
    bob.refresh_from_db()
    assert (sorted(bob.sees), bob.themes) == (["mails", "programme"], ["gone"])
