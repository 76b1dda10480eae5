"""An organizer with a password, what they do at the doors, and what they are mailed."""

from __future__ import annotations

import re
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.delivery.superseding import is_pointless
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from tests.factories import make_user
from tests.responses import mail_text

PASSWORD = "correct horse battery staple"
WRONG = "incorrect horse battery staple"


def make_alice(**fields: Any) -> User:
    return make_user(**{"email": "alice@example.org", "name": "Alice", "password": PASSWORD} | fields)


def attempt(
    client: Client, *, email: str = "alice@example.org", password: str = PASSWORD, ip: str = "192.0.2.1"
) -> int:
    """Sign in as a person does; 302 is in."""
    return client.post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=ip).status_code


def prove(client: Client, password: str = PASSWORD) -> None:
    """Say the password again, as pages that change an account ask for."""
    assert client.post("/accounts/reauthenticate/", {"password": password}).status_code == 302


def told() -> list[tuple[str, str, str]]:
    """Address, subject and text of every mail that is due and still true, the oldest first."""
    take_in()
    due = Message.objects.filter(state="queued").order_by("journal_entry_id").values_list("pk", flat=True)
    given = sorted(gather(list(due)), key=lambda one: one.message.journal_entry_id or 0)
    mails = [compose([one], timezone.now()) for one in given if not is_pointless(one, timezone.now())]
    return [(mail.recipient, mail.subject, mail_text(mail.message)) for mail in mails]


def link_in(text: str) -> str:
    """The path of the one link of the site with a secret in it."""
    [path] = re.findall(r"https://forum\.example\.org(/accounts/(?:password/reset/key|email)/\S+)", text)
    return str(path)


def code_for(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many steps of 30 seconds later."""
    [_before, now, _after] = totp.yield_hotp_counters_from_time()
    return str(totp.format_hotp_value(totp.hotp_value(secret, now + steps)))
