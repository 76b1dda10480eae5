"""Addresses in mails and calendars. They start with the site's own address, never with the host a request named."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from registration.domain.registrations.tokens import TokenPurpose, token_for

# No slug of a conference is as long as this.
_CODE = "c" * 255
# The page for each purpose, and whether its address names the row beside the secret.
_SECRET_PAGES = {
    TokenPurpose.MAGIC_LINK: ("website:link", False),
    TokenPurpose.FEED: ("website:feed", False),
    TokenPurpose.UNSUBSCRIBE: ("website:unsubscribe", True),
    TokenPurpose.DECLINE: ("website:declined_place", False),
    TokenPurpose.INVITATION: ("website:invitation", True),
}


def absolute(path: str) -> str:
    """A path of this site as a full address."""
    return f"{settings.SITE_URL}{path}"


class Pages(NamedTuple):
    """The pages of one conference that its mails and calendars name: `my_page` and `mails_page` are a participant's."""

    programme: str
    my_page: str
    mails_page: str
    session: str


def pages(slug: str) -> Pages:
    """Their addresses; the one of a session with _CODE in the place of its code."""
    return _pages(settings.SITE_URL, slug)


@lru_cache(maxsize=256)
def _pages(site: str, slug: str) -> Pages:
    """Kept, as finding a path by its name takes long: a calendar names a thousand sessions."""
    names = ("programme", "my_conference", "mails")
    paths = [reverse(f"website:{name}", args=[slug]) for name in names]
    paths.append(reverse("website:session", args=[slug, _CODE]))
    return Pages(*(f"{site}{path}" for path in paths))


def session(slug: str, code: str) -> str:
    return pages(slug).session.replace(_CODE, code)


def organizers(slug: str) -> str:
    """The organizers' overview of a conference."""
    return absolute(reverse("organize:home", args=[slug]))


def organizer_mails(slug: str) -> str:
    """Where an organizer chooses which mails they get."""
    return absolute(reverse("organize:my_mails", args=[slug]))


def secret(purpose: TokenPurpose, uid: UUID) -> str:
    """The address at which whoever has it may do one thing to one row, without signing in."""
    page, named = _SECRET_PAGES[purpose]
    token = token_for(purpose, uid)
    return absolute(reverse(page, args=[uid, token] if named else [token]))


def public_feed(slug: str) -> str:
    return absolute(reverse("website:public_feed", args=[slug]))


def ascii_mailbox(address: str) -> str:
    """A mail address with its domain in the letters mail servers know (RFC 5891). Raises ValueError if it has none."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
