"""The first account of an empty installation: made on a page, by whoever holds the key that the server printed.

An installation without accounts must not belong to whoever finds it first. Each time a server starts on an empty
database it makes a new key, prints it, and the one before works no more. The key works once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.domain.teams import found_team
from accounts.facts import AccountMade
from accounts.models import SetupKey, User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried


class SetupRefused(Exception):
    """The key is wrong or older than the last start, or there is an account already."""


def is_empty() -> bool:
    """Whether nobody has an account. One query."""
    return not User.objects.exists()


@retried
@transaction.atomic
def new_key(*, now: datetime) -> str | None:
    """A key for the first account, in place of an earlier one; None where there is an account.

    Only its hash is stored.
    """
    if not is_empty():
        SetupKey.objects.all().delete()
        return None
    key = secrets.token_urlsafe(32)
    SetupKey.objects.update_or_create(only=True, defaults={"digest": _digest(key), "made_at": now})
    return key


def is_key(key: str) -> bool:
    """Whether this key opens the page still. Two queries."""
    row = SetupKey.objects.first()
    return row is not None and secrets.compare_digest(row.digest, _digest(key)) and is_empty()


@retried
@transaction.atomic
def make_first_account(key: str, *, email: str, name: str, password: str, team: str) -> User:
    """Make the account, and a team that it owns. Of two that use a key at once one is refused: the row of the key is
    taken first, and goes with its use.

    Raises `SetupRefused`.
    """
    row = SetupKey.objects.select_for_update().first()
    if row is None or not secrets.compare_digest(row.digest, _digest(key)) or not is_empty():
        raise SetupRefused
    row.delete()
    user = User.objects.create_user(email, password, name=name)
    actor = Actor.organizer(user.pk)
    record(AccountMade(conference_id=None, subject_id=user.pk, first=True), actor=actor)
    found_team(team, user, actor=actor)
    return user


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
