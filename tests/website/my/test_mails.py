"""The page on which participants say how they want to be written to."""

from __future__ import annotations

import pytest

from journal.models import Entry
from registration.domain.registrations.preferences import MailWishes
from registration.models import Registration
from tests.fixtures.conferences import signed_in
from website.my.mail_form import _zones

GOOD = {
    "updates": "digest",
    "agenda_reminder": "on",
    "reminder_minutes": "30",
    "zone_name": "Europe/Berlin",
    "announcements": "on",
}


def test_choices_are_shown_and_saved(alice: Registration) -> None:
    client = signed_in(alice.participant)
    form = client.get("/my/forum/mails/").context["form"]
    assert form.initial == {
        "updates": "each",
        "zone_name": "",
        "agenda_reminder": True,
        "reminder_minutes": None,
        "announcements": True,
    }
    page = client.post("/my/forum/mails/", GOOD)
    assert page.headers["Location"] == "/my/forum/"
    alice.refresh_from_db()
    assert MailWishes.of(alice) == MailWishes(updates="digest", zone_name="Europe/Berlin", reminder_minutes=30)
    client.post("/my/forum/mails/", {"updates": "feed", "reminder_minutes": "0"})
    alice.refresh_from_db()
    assert MailWishes.of(alice) == MailWishes(updates="feed", agenda_reminder=False, reminder_minutes=0)


def test_announcements_are_turned_off_and_on_again_for_oneself_only(alice: Registration, bob: Registration) -> None:
    client = signed_in(alice.participant)
    off = {name: value for name, value in GOOD.items() if name != "announcements"}
    kept = []
    for sent in (off, off, GOOD):
        client.post("/my/forum/mails/", sent)
        alice.refresh_from_db()
        bob.refresh_from_db()
        kept.append((alice.announcements_by_mail, bob.announcements_by_mail))
    assert kept == [(False, True), (False, True), (True, True)]
    written = Entry.objects.filter(verb="registration.announcements_changed").order_by("pk")
    assert list(written.values_list("actor", "subject_id", "data")) == [
        (f"participant:{alice.uid}", alice.pk, {"wanted": wanted}) for wanted in (False, True)
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("updates", ""), ("updates", "often"), ("reminder_minutes", "7"), ("zone_name", "Mars/Base")]
)
def test_what_cannot_be_is_refused_and_nothing_entered_is_lost(alice: Registration, field: str, value: str) -> None:
    page = signed_in(alice.participant).post("/my/forum/mails/", GOOD | {field: value})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert 'value="digest"' in page.content.decode()
    alice.refresh_from_db()
    assert (MailWishes.of(alice), alice.announcements_by_mail) == (MailWishes(), True)


def test_every_zone_offered_can_be_saved() -> None:
    assert {"Asia/Seoul", "America/New_York", "UTC"} <= set(_zones())
    assert max(map(len, _zones())) <= 64
