"""Addresses that take no mail: how one gets on the list, what is kept back because of it, and how it gets off again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journal.actors import SYSTEM, Actor
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.leases import UNTRIED
from notifications.facts import SuppressionAdded, SuppressionLifted
from notifications.models import Message, Suppression
from notifications.wakeup import wake_delivery
from registration.models import Participant
from schedule.models import Person
from values.hosts import one_mailbox

State = Message.State
KEEP_LIFTED = timedelta(days=30)
KEEP_NOBODYS = timedelta(days=7)

# What organizers read where a message was withheld; the reason is the list's, the words are the server's.
WITHHELD = "not sent: mails to this address come back (%(answer)s)"


class LiftRefusedError(Exception):
    """The address is not on the list any more, so there is nothing to lift."""

    message = _("Mails to this address are sent again already.")


def listed(address: str) -> str:
    """An address as the list holds it."""
    return one_mailbox(address.strip()).lower()


def is_suppressed(address: str) -> bool:
    """Whether nothing is sent to this address. One query, the same for every address."""
    return Suppression.objects.active().filter(address=listed(address)).exists()


def suppressions_of(addresses: Collection[str]) -> dict[str, Suppression]:
    """Which of these addresses are on the list, as it holds them. One query."""
    found = Suppression.objects.active().filter(address__in={listed(address) for address in addresses})
    return {suppression.address: suppression for suppression in found}


@retried
@transaction.atomic
def suppress(address: str, reason: Suppression.Reason, *, answer: str, now: datetime) -> Suppression | None:
    """Put an address on the list; None when it is there already. Its next messages will be withheld."""
    try:
        with transaction.atomic():
            entry = Suppression.objects.create(address=listed(address), reason=reason, answer=answer, created_at=now)
    except IntegrityError:
        return None
    record(SuppressionAdded(conference_id=None, subject_id=entry.pk, reason=reason), actor=SYSTEM)
    return entry


@retried
@transaction.atomic
def lift(suppression: Suppression, *, actor: Actor, now: datetime | None = None) -> int:
    """Take an address off the list and put what was withheld because of it back into the queue; return how many.

    What is sent then says what holds then. Raises `LiftRefusedError` when somebody else was faster.
    """
    now = now or timezone.now()
    if not Suppression.objects.active().filter(pk=suppression.pk).update(lifted_at=now):
        raise LiftRefusedError(LiftRefusedError.message)
    withheld = Message.objects.filter(suppression=suppression, state=State.WITHHELD)
    queues = set(withheld.values_list("queue", flat=True))
    count = withheld.update(
        state=UNTRIED,
        suppression=None,
        attempts=0,
        due_at=now,
        last_answer="",
    )
    record(SuppressionLifted(conference_id=None, subject_id=suppression.pk, messages=count), actor=actor)
    for queue in queues:
        transaction.on_commit(partial(wake_delivery, queue))
    suppression.refresh_from_db()
    return count


def forget(*, now: datetime) -> int:
    """Delete what was lifted long ago, and addresses that belong to nobody here any more. Returns how many.

    An address nobody has is kept for a while: a report may still come in for what was just sent.
    """
    over = Suppression.objects.filter(
        Q(lifted_at__lt=now - KEEP_LIFTED) | Q(created_at__lt=now - KEEP_NOBODYS) & _nobodys()
    )
    return over.delete()[1].get(Suppression._meta.label, 0)


def forget_addresses(addresses: Collection[str]) -> None:
    """Delete what is kept of addresses whose owners were erased just now, unless somebody else has them: on the list,
    and of mails to them about a change of address. The same number of queries for any number of addresses.
    """
    Suppression.objects.filter(_nobodys(), address__in={listed(address) for address in addresses}).delete()
    # Both sides as the database capitalises them: its letters are not always those of Python.
    mails = Message.objects.alias(to=Upper(KeyTextTransform("to", "data"))).filter(user=None)
    owned = Participant.objects.alias(key=Upper("email")).filter(key=OuterRef("to"))
    mails.filter(~Exists(owned), to__in=[Upper(Value(address)) for address in addresses]).delete()


def _nobodys() -> Q:
    known = Participant.objects.alias(key=Lower("email")).filter(key=OuterRef("address"))
    appearing = Person.objects.alias(key=Lower("email")).filter(key=OuterRef("address"))
    working = User.objects.alias(key=Lower("email")).filter(key=OuterRef("address"))
    return Q(~Exists(known), ~Exists(appearing), ~Exists(working))
