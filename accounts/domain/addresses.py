"""Changing the address of an account: asked for by its owner, proved at the new address, told to the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.facts import AddressChangeAsked, AddressChanged, AddressLinkAsked, AddressLinkRefused
from accounts.models import AddressChange, User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from values.presses import SAME_PRESS

VALID_FOR = timedelta(hours=24)
_SIGNER = "plenary.address-change"


class AddressRefused(Exception):
    """The link is unknown, was used, has run out, is another account's, or somebody else has the address by now."""


def key_of(change: AddressChange) -> str:
    """What stands in the link that proves the new address: nothing of it is stored, and it can be made again."""
    return Signer(salt=_SIGNER).sign(change.uid.hex)


@retried
@transaction.atomic
def ask_for_address(user: User, address: str, *, now: datetime) -> None:
    """Mail a link to the new address, and tell the present one. An earlier link that was not used works no more.

    Pressed again it is the same wish, of which nobody is told twice. Whoever asks learns nothing about the new address:
    one that has an account is mailed nothing, and costs the same; what is kept of it is over at once.
    """
    address, actor = address.strip().lower(), Actor.organizer(user.pk)
    User.objects.select_for_update().only("pk").get(pk=user.pk)  # of two that ask at once, the later one stands
    earlier = AddressChange.objects.filter(user=user, done_at=None)
    if earlier.filter(address=address, asked_at__gt=now - SAME_PRESS).exists():
        record(AddressLinkRefused(conference_id=None), actor=actor)
        return
    earlier.delete()
    record(AddressChangeAsked(conference_id=None, subject_id=user.pk), actor=actor)
    is_free = _holder_of(address) is None
    change = AddressChange.objects.create(
        user=user, address=address, former=user.email, asked_at=now, expires_at=now + VALID_FOR if is_free else now
    )
    if is_free:
        record(AddressLinkAsked(conference_id=None, subject_id=change.pk), actor=actor)
    else:
        record(AddressLinkRefused(conference_id=None), actor=actor)


def change_for(user: User, key: str, *, now: datetime) -> AddressChange:
    """The open change that this link proves, if it is this account's. One query. Raises `AddressRefused`."""
    try:
        uid = Signer(salt=_SIGNER).unsign(key)
    except BadSignature as forged:
        raise AddressRefused from forged
    change = AddressChange.objects.filter(user=user, uid=uid).first()
    if change is None or not change.is_open(now):
        raise AddressRefused
    return change


def confirm_address(user: User, key: str, *, now: datetime) -> AddressChange:
    """Give the account its new address. Raises `AddressRefused`; of two that use a link at once, one is refused."""
    try:
        return _confirm(user, key, now)
    except IntegrityError as taken:  # somebody else was given the address meanwhile
        raise AddressRefused from taken


@retried
@transaction.atomic
def _confirm(user: User, key: str, now: datetime) -> AddressChange:
    change = change_for(user, key, now=now)
    if not AddressChange.objects.filter(pk=change.pk, done_at=None).update(done_at=now, former=user.email):
        raise AddressRefused
    _set(user, change.address)
    fact = AddressChanged(conference_id=None, subject_id=change.pk, account=user.pk)
    record(fact, actor=Actor.organizer(user.pk))
    return change


@retried
@transaction.atomic
def replace_address(user: User, address: str, *, actor: Actor) -> AddressChange:
    """Give an account another address as an administrator does, without proof; the one before is told.

    Raises IntegrityError where another account has it.
    """
    now, former = timezone.now(), user.email
    AddressChange.objects.filter(user=user, done_at=None).delete()
    _set(user, address)
    change = AddressChange.objects.create(
        user=user, address=address, former=former, asked_at=now, expires_at=now, done_at=now
    )
    record(AddressChanged(conference_id=None, subject_id=change.pk, account=user.pk), actor=actor)
    return change


def forget_changes(*, before: datetime) -> int:
    """Delete changes of address whose link ran out before then, done or not. Returns how many."""
    deleted, _ = AddressChange.objects.filter(expires_at__lte=before).delete()
    return deleted


def _set(user: User, address: str) -> None:
    """Give an account its address. It has no other: one that the library for signing in has noted would sign in too."""
    User.objects.filter(pk=user.pk).update(email=address)
    EmailAddress.objects.filter(user=user).delete()
    user.email = address


def _holder_of(address: str) -> User | None:
    return User.objects.alias(key=Lower("email")).filter(key=address).first()
