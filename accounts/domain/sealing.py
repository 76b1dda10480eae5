"""Secrets that must be read again (seeds of second factors) are kept sealed: the database alone gives none away.

The keys are derived from SECRET_KEY and, for reading, from SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from journal.retrying import retried

# Where an authenticator's data hold a sealed value.
_SEALED_IN = ("secret", "seed")


class SealBroken(Exception):
    """A sealed value was made with a key that is not known (any more), or was tampered with."""


def seal(text: str) -> str:
    """A text as only this installation can read it: Fernet, which is AES-128-CBC with HMAC-SHA-256."""
    return _keys(*_secrets()).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed. Raises `SealBroken`."""
    try:
        return _keys(*_secrets()).decrypt(sealed).decode()
    except InvalidToken as broken:
        raise SealBroken("sealed with a key that is neither SECRET_KEY nor among SECRET_KEY_FALLBACKS") from broken


@retried
@transaction.atomic
def reseal() -> int:
    """Seal every secret anew with the present key, so that an older one can be dropped. Returns how many there were.

    Raises `SealBroken`; nothing is changed then.
    """
    count = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        kept = {name: seal(unseal(row.data[name])) for name in _SEALED_IN if name in row.data}
        if kept:
            row.data |= kept
            row.save(update_fields=["data"])
            count += len(kept)
    return count


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _keys(*secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    # RFC 5869: a key of its own for this purpose. SECRET_KEY is random and long, so nothing has to be slow here.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"plenary.sealing").derive(secret.encode())
