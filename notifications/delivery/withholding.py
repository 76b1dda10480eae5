"""Keeping a message back when an organizer asks for it, and letting it go."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.leases import UNTRIED
from notifications.facts import MessageReleased, MessageWithheld
from notifications.models import Announcement, Message
from notifications.wakeup import wake_delivery

State = Message.State
# Due some time, and in no worker's hands.
WAITING = (State.QUEUED, State.UNKNOWN)


class WithholdRefusedError(Exception):
    """The message is not in a state in which this can be done (any more)."""


@retried
@transaction.atomic
def withhold(message: Message, *, actor: Actor) -> Message:
    """Keep back a message that waits to be sent. Raises `WithholdRefusedError` for one a worker has begun with."""
    waiting = Message.objects.filter(pk=message.pk, state__in=WAITING)
    if not waiting.update(state=State.WITHHELD):
        raise WithholdRefusedError(_("Only a message that has not been sent yet can be withheld."))
    record(MessageWithheld(conference_id=message.conference_id, subject_id=message.pk), actor=actor)
    message.refresh_from_db()
    return message


@retried
@transaction.atomic
def release_message(message: Message, *, actor: Actor, now: datetime) -> Message:
    """Let a withheld message go at once; one that no longer says anything true is dropped instead of sent.

    Raises `WithholdRefusedError` for one that is not withheld, whose address takes no mail, or whose announcement
    was stopped.
    """
    withheld = Message.objects.filter(pk=message.pk, state=State.WITHHELD)
    stopped = withheld.filter(announcement__state=Announcement.State.STOPPED)
    if stopped.exists():
        raise WithholdRefusedError(_("Its announcement was stopped; nothing more of it is sent."))
    if withheld.filter(suppression__lifted_at=None, suppression__isnull=False).exists():
        raise WithholdRefusedError(_("Its address takes no mail. Lift it from the list of suppressed addresses first."))
    if not withheld.update(state=UNTRIED, due_at=now, suppression=None):
        raise WithholdRefusedError(_("Only a message that is withheld can be released."))
    record(MessageReleased(conference_id=message.conference_id, subject_id=message.pk), actor=actor)
    transaction.on_commit(partial(wake_delivery, message.queue))
    message.refresh_from_db()
    return message
