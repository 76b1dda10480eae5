"""Secrets that stand in addresses: sign-in links and personal feeds.

A token is derived from the site's secret key and a random identifier (HMAC-SHA-256, 256 bits), so it can be written
into a mail when the mail is made, or shown again to its owner, while the database keeps nothing but its hash.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode, urlsafe_b64encode
from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac


class TokenPurpose(StrEnum):
    MAGIC_LINK = "magic-link"
    FEED = "feed"
    UNSUBSCRIBE = "unsubscribe"
    DECLINE = "decline"
    INVITATION = "invitation"
    ENTRIES = "entries"
    BOUNCE = "bounce"


def token_for(purpose: TokenPurpose, uid: UUID) -> str:
    """The secret for one row: 43 characters, safe in an address."""
    return urlsafe_b64encode(_digest(purpose, uid)).rstrip(b"=").decode("ascii")


def short_token_for(purpose: TokenPurpose, uid: UUID) -> str:
    """The first 80 bits of it in 16 small letters and digits, for where there is little room and case may be lost.

    Enough where every guess is a mail to us (RFC 2104 5: not below 80 bits).
    """
    return b32encode(_digest(purpose, uid)[:10]).decode("ascii").lower()


def _digest(purpose: TokenPurpose, uid: UUID) -> bytes:
    return salted_hmac(f"plenary.{purpose}", uid.bytes, algorithm="sha256").digest()


def hash_of(token: str) -> str:
    """What the database keeps: 64 hexadecimal digits. Look-ups by it do not depend on how much of a guess is right."""
    return hashlib.sha256(token.encode()).hexdigest()
