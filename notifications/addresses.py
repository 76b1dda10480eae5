"""Addresses in mails and calendars. They start with the site's own address, never with the host a request named."""

from __future__ import annotations

from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.domain.addresses import key_of
from accounts.domain.invitations import key_of as key_of_invitation
from accounts.models import AddressChange, TeamInvitation, User
from registration.domain.registrations.tokens import TokenPurpose, short_token_for, token_for
from schedule.models import Conference

# A message's identity in base 32, without the signs that fill it up.
_UID_LETTERS = 26
# No slug of a conference is as long as this.
_CODE = "c" * 255
# The page for each purpose, and whether its address names the row beside the secret.
_SECRET_PAGES = {
    TokenPurpose.MAGIC_LINK: ("website:link", False),
    TokenPurpose.FEED: ("website:feed", False),
    TokenPurpose.UNSUBSCRIBE: ("website:unsubscribe", True),
    TokenPurpose.DECLINE: ("website:declined_place", False),
    TokenPurpose.INVITATION: ("website:invitation", True),
    TokenPurpose.ENTRIES: ("website:entries", True),
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


def conference_calendar(slug: str) -> str:
    """The conference's own calendar entry."""
    return absolute(reverse("website:conference_days", args=[slug]))


def conference_text(slug: str, kind: str) -> str:
    """One of the texts that a conference publishes about itself."""
    return absolute(reverse("website:text", args=[slug, kind]))


def conference_texts(conference: Conference) -> list[dict[str, str]]:
    """What every mail of a conference links to at its foot, in the active language."""
    kinds = conference.linked_texts
    return [{"label": str(kind.label), "url": conference_text(conference.slug, kind.value)} for kind in kinds]


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


def password_reset(user: User) -> str:
    """The address that sets a new password for whoever opens it, once, within `PASSWORD_RESET_TIMEOUT`."""
    uid, key = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key}))


def password_page() -> str:
    """Where an organizer asks for such a link."""
    return absolute(reverse("account_reset_password"))


def address_proof(change: AddressChange) -> str:
    """The secret address at which the owner of an account proves their new mail address."""
    return absolute(reverse("account_address_proof", args=[key_of(change)]))


def team_invitation(invitation: TeamInvitation) -> str:
    """The secret address at which whoever is invited comes into the team."""
    return absolute(reverse("team_invitation", args=[key_of_invitation(invitation)]))


def public_feed(slug: str) -> str:
    return absolute(reverse("website:public_feed", args=[slug]))


def return_path(message_uid: UUID) -> str:
    """The envelope's sender of a message (RFC 5321 4.4), to which alone a report about it goes.

    It names the message and proves that whoever writes there knows the envelope: nobody can say that a mail came back
    which was not theirs, and an answer to what it says goes elsewhere.
    """
    before, star, after = _return_pattern().partition("*")
    if not star:
        return settings.MAIL_FROM
    name = b32encode(message_uid.bytes)[:_UID_LETTERS].decode("ascii").lower()
    return f"{before}{name}{short_token_for(TokenPurpose.BOUNCE, message_uid)}{after}"


def message_returned_to(address: str) -> UUID | None:
    """The message whose return path this address is; None for every other. Case means nothing: it may get lost."""
    before, star, after = _return_pattern().lower().partition("*")
    address = address.strip().lower()
    if not star or not address.startswith(before) or not address.endswith(after):
        return None
    named = address[len(before) : len(address) - len(after)]
    name, secret = named[:_UID_LETTERS], named[_UID_LETTERS:]
    try:
        uid = UUID(bytes=b32decode(name.upper() + "=" * 6))
    except (Base32Error, ValueError):
        return None
    return uid if constant_time_compare(secret, short_token_for(TokenPurpose.BOUNCE, uid)) else None


def _return_pattern() -> str:
    if settings.MAIL_RETURN_PATH == "off":
        return settings.MAIL_FROM
    return settings.MAIL_RETURN_PATH or settings.MAIL_FROM.replace("@", "+*@", 1)
