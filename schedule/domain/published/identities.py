"""How public files, calendars and addresses name what is in a programme: the same for ever, and telling no more."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from schedule.models import Conference

# No code of a session is as long as this.
_CODE = "c" * 255


def _identity(conference: Conference, *parts: str) -> uuid.UUID:
    """A name-based UUID (RFC 9562, 5.5) for what has no uid of its own."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join((settings.CALENDAR_DOMAIN, conference.slug, *parts)))


def person_identity(conference: Conference, code: str) -> uuid.UUID:
    """How public files and addresses name somebody. The code itself stays inside: it may tell a name kept back."""
    return _identity(conference, "people", code)


def room_identity(conference: Conference, code: str) -> uuid.UUID:
    """How public files name a room."""
    return _identity(conference, "rooms", code)


def programme_address(conference: Conference) -> str:
    """The full address of the programme page."""
    return f"{settings.SITE_URL}{reverse('website:programme', args=[conference.slug])}"


def session_address(conference: Conference, code: str) -> str:
    """The full address of a session's page."""
    return _session_page(settings.SITE_URL, conference.slug).replace(_CODE, code)


@lru_cache(maxsize=256)
def _session_page(site: str, slug: str) -> str:
    """Kept, as finding a path by its name takes long: a programme names a thousand sessions."""
    return f"{site}{reverse('website:session', args=[slug, _CODE])}"
