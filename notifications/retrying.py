"""Sending again what has failed, when an organizer asks for it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.recording import record
from notifications.models import Message
from notifications.wakeup import wake_delivery


class RetryRefusedError(Exception):
    """The message has not failed, so there is nothing to try again."""

    message = _("Only a message that has failed can be tried again.")


@transaction.atomic
def retry(message: Message, *, actor: str, now: datetime | None = None) -> Message:
    """Put a failed message back into the queue, with all its tries before it.

    It leaves with the Message-ID it always had. Raises `RetryRefusedError` when it has not failed (any more).
    """
    failed = Message.objects.filter(pk=message.pk, state=Message.State.FAILED)
    if not failed.update(state=Message.State.QUEUED, attempts=0, due_at=now or timezone.now(), claimed_until=None):
        raise RetryRefusedError(RetryRefusedError.message)
    record("message.retried", actor=actor, conference_id=message.conference_id, subject_id=message.pk)
    transaction.on_commit(partial(wake_delivery, message.queue))
    message.refresh_from_db()
    return message
