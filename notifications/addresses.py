"""Addresses in mails and calendars. They start with the site's own address, never with the host a request named."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from registration.domain.registrations.tokens import Purpose, token_for

# No slug of a conference is as long as this.
_CODE = "c" * 255


def absolute(path: str) -> str:
    """A path of this site as a full address."""
    return f"{settings.SITE_URL}{path}"


@lru_cache(maxsize=1024)
def _path(page: str, slug: str, code: str = "") -> str:
    """The path of a page that every mail or every entry of a calendar names."""
    return reverse(f"website:{page}", args=[slug, code] if code else [slug])


def programme(slug: str) -> str:
    return f"{settings.SITE_URL}{_path('programme', slug)}"


def session(slug: str, code: str) -> str:
    # One path for all sessions of a conference: a calendar has a thousand of them.
    return f"{settings.SITE_URL}{_path('session', slug, _CODE)}".replace(_CODE, code)


def my_conference(slug: str) -> str:
    return f"{settings.SITE_URL}{_path('my_conference', slug)}"


def organizers(slug: str) -> str:
    """The organizers' overview of a conference."""
    return absolute(reverse("organize:home", args=[slug]))


def organizer_mails(slug: str) -> str:
    """Where an organizer chooses which mails they get."""
    return absolute(reverse("organize:my_mails", args=[slug]))


def mail_preferences(slug: str) -> str:
    return f"{settings.SITE_URL}{_path('mails', slug)}"


def magic_link(uid: UUID) -> str:
    """The address that signs in whoever opens it, once."""
    return absolute(reverse("website:link", args=[token_for(Purpose.MAGIC_LINK, uid)]))


def declined_place(signup_uid: UUID) -> str:
    """The secret address of the page that asks whether one place is given back."""
    return absolute(reverse("website:declined_place", args=[token_for(Purpose.DECLINE, signup_uid)]))


def invitation(uid: UUID) -> str:
    """The secret address at which somebody answers an invitation to speak or to host."""
    return absolute(reverse("website:invitation", args=[uid, token_for(Purpose.INVITATION, uid)]))


def feed(uid: UUID) -> str:
    """The secret address of a personal calendar."""
    return absolute(reverse("website:feed", args=[token_for(Purpose.FEED, uid)]))


def public_feed(slug: str) -> str:
    return absolute(reverse("website:public_feed", args=[slug]))


def ascii_mailbox(address: str) -> str:
    """A mail address with its domain in the letters mail servers know (RFC 5891). Raises ValueError if it has none."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
