"""The registration form, filled in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.test import Client

from registration.domain.consents import Purpose, agree
from registration.domain.registrations import registering
from registration.models import Participant
from tests.responses import Response

AGREED = {"consent_privacy": "on", "code_of_conduct": "on"}


def redeemed(token: str, *, now: datetime) -> Participant:
    """Whoever uses a link and agrees to everything its page asks for."""
    return registering.redeem(token, now=now, agreed=agree(Purpose, {}, now=now)).participant


def reviewed(client: Client, path: str, **fields: Any) -> Response:
    """Open a page on which something is read again, and send its form as it stands, with these fields added."""
    shown = re.search(r'name="reviewed" value="(\w+)"', client.get(path).content.decode())
    return client.post(path, {"reviewed": shown[1] if shown else ""} | fields)


def about(**fields: Any) -> dict[str, Any]:
    """Step 1."""
    return {
        "display_name": "Dana",
        "email": "dana@example.org",
        "country": "KR",
        "affiliation": "City Hall",
        "language": "en",
    } | fields
