"""What the daily mail says of a place, for each mail that its reader would have got at once."""

from __future__ import annotations

import pytest

from notifications.mails.news import news
from notifications.models import Message
from notifications.rules.intake import take_in
from notifications.rules.mail_rules import RULES
from registration.facts import SIGNUP
from tests.notifications.mails.test_rendering import SCENES
from tests.notifications.places import Stage
from tests.present import present

pytestmark = pytest.mark.django_db

# By the kind of the mail that the daily one stands for.
SAID = {
    "place_confirmed": "confirmed",
    "place_back": "confirmed",
    "place_waiting": "waiting",
    "offer_expired": "expired",
    "line_closed": "closed",
    "place_left": "left",
    "session_cancelled": "cancelled",
    "place_lost": "lost",
    "place_changed": "changed",
}


def test_whatever_may_wait_for_the_daily_mail_is_told_in_it() -> None:
    assert {rule.kind for rule in RULES if rule.kind and rule.subject == SIGNUP and not rule.always} == set(SAID)


@pytest.mark.parametrize("kind", SAID)
def test_the_daily_mail_says_what_the_mail_would_have_said(kind: str) -> None:
    stage = Stage()
    SCENES[kind](stage, "en")
    take_in()
    message = Message.objects.filter(kind=kind).latest("pk")
    cause = present(message.journal_entry_id)
    # What that one entry tells, whatever was told before it.
    found = news({present(message.registration_id): cause})
    assert [(row.signup, row.what) for rows in found.values() for row in rows] == [(message.signup, SAID[kind])]
