"""Sending again what has failed, when an organizer asks for it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.leases import UNTRIED
from notifications.delivery.retry_schedule import CUT_OFFS
from notifications.facts import MessageRetried
from notifications.models import Message
from notifications.wakeup import wake_delivery

State = Message.State
# What no worker tries any more: refused for good, or cut off so often that a person decides.
FAILED = Q(state=State.FAILED) | Q(state=State.UNKNOWN, cut_offs__gte=CUT_OFFS)


class RetryRefusedError(Exception):
    """The message has not failed, so there is nothing to try again."""

    message = _("Only a message that has failed can be tried again.")


def has_failed(message: Message) -> bool:
    """The same as FAILED, of a row at hand."""
    return message.state == State.FAILED or (message.state == State.UNKNOWN and message.cut_offs >= CUT_OFFS)


@retried
@transaction.atomic
def retry(message: Message, *, actor: Actor, now: datetime | None = None) -> Message:
    """Put a message that has failed back into the queue, with all its tries before it, and all that its mail told too.

    One that was cut off again and again counts as failed: it may have arrived, and goes out once more. It leaves with
    the Message-ID it always had. Raises `RetryRefusedError` when it has not failed (any more).
    """
    if not has_failed(Message.objects.select_for_update(of=("self",)).get(pk=message.pk)):
        raise RetryRefusedError(RetryRefusedError.message)
    failed = list(
        Message.objects.told_by(message.known_by).filter(FAILED).order_by("pk").select_for_update(of=("self",))
    )
    Message.objects.filter(pk__in=[one.pk for one in failed]).update(
        state=UNTRIED,
        cut_offs=Least("cut_offs", CUT_OFFS - 1),
        attempts=0,
        due_at=now or timezone.now(),
        claimed_until=None,
    )
    for one in failed:
        record(MessageRetried(conference_id=one.conference_id, subject_id=one.pk), actor=actor)
    transaction.on_commit(partial(wake_delivery, message.queue))
    message.refresh_from_db()
    return message
