"""Passwords: setting one, and asking for the link that sets a new one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.facts import PasswordChanged, PasswordResetAsked, PasswordResetRefused
from accounts.models import User
from journal.actors import SYSTEM, Actor
from journal.recording import record
from journal.retrying import retried
from values.presses import SAME_PRESS


def account_with(email: str) -> User | None:
    """The active account with this address, however it is capitalised. One query."""
    return User.objects.alias(key=Lower("email")).filter(key=email.strip().lower(), is_active=True).first()


@retried
def ask_for_reset(email: str, *, now: datetime) -> None:
    """Have a link mailed that sets a new password, if the address has an active account; pressed again, it is one mail.

    Every case costs the same: a look-up, an update and a journal entry, written before the worker is woken.
    """
    user = account_with(email)
    key = user.pk if user else 0
    with transaction.atomic():
        # Of two presses at once the later one waits here, and finds what the first has written.
        before = Q(reset_asked_at=None) | Q(reset_asked_at__lte=now - SAME_PRESS)
        if User.objects.filter(before, pk=key).update(reset_asked_at=now):
            record(PasswordResetAsked(conference_id=None, subject_id=key), actor=SYSTEM)
        else:
            record(PasswordResetRefused(conference_id=None), actor=SYSTEM)


@retried
@transaction.atomic
def set_password(user: User, password: str, *, actor: Actor) -> User:
    """Give an account another password; every session begun with the old one ends. Its owner is told by mail."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record(PasswordChanged(conference_id=None, subject_id=user.pk), actor=actor)
    return user
