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


def magic_link(uid: UUID) -> str:
    """The address that signs in whoever opens it, once."""
    return absolute(reverse("website:link", args=[token_for(TokenPurpose.MAGIC_LINK, uid)]))


def declined_place(signup_uid: UUID) -> str:
    """The secret address of the page that asks whether one place is given back."""
    return absolute(reverse("website:declined_place", args=[token_for(TokenPurpose.DECLINE, signup_uid)]))


def invitation(uid: UUID) -> str:
    """The secret address at which somebody answers an invitation to speak or to host."""
    return absolute(reverse("website:invitation", args=[uid, token_for(TokenPurpose.INVITATION, uid)]))


def feed(uid: UUID) -> str:
    """The secret address of a personal calendar."""
    return absolute(reverse("website:feed", args=[token_for(TokenPurpose.FEED, uid)]))


def public_feed(slug: str) -> str:
    return absolute(reverse("website:public_feed", args=[slug]))
