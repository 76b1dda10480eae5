"""What Celery runs. Wake-ups only: every task may run at any time, any number of times, side by side."""

from __future__ import annotations

import logging
from contextlib import closing

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from journal.wakeup import awake
from notifications.announcements import announcing
from notifications.delivery import delivering
from notifications.delivery.smtp import capabilities
from notifications.delivery.smtp.carrier import Carrier, MailServerAwayError
from notifications.inbound import mailbox
from notifications.inbound.only_reader import MailboxBusyError
from notifications.mails import organizer_digests, reminders
from notifications.models import Message
from notifications.retention import TERMS
from notifications.rules import intake
from notifications.wakeup import alone, wake_delivery, wake_later, wake_webhooks
from notifications.webhooks import making, sending
from registration.domain.privacy.retention import carry_out

logger = logging.getLogger(__name__)


@shared_task
def take_in_journal() -> int:
    """Turn journal entries into messages."""
    awake()
    return intake.take_in()


@shared_task
def compose_announcements() -> int:
    """Turn announcements that are due into messages, and end those whose last message has left."""
    return announcing.compose_due(now=timezone.now())


@shared_task
def plan_messages() -> int:
    """Write the rows of reminders, thanks and organizers' daily mails that become due."""
    now = timezone.now()
    return reminders.plan(now) + organizer_digests.plan(now)


@shared_task
def deliver_urgent() -> int:
    """Send what somebody is waiting for: links to sign in."""
    return _deliver(Message.Queue.URGENT)


@shared_task
def deliver_bulk() -> int:
    """Send what a change has caused: places, sessions, announcements."""
    return _deliver(Message.Queue.BULK)


@shared_task
def deliver_background() -> int:
    """Send what nobody waits for."""
    return _deliver(Message.Queue.BACKGROUND)


@shared_task
def ask_mail_server() -> None:
    """Ask what the mail server takes, unless that was heard lately: sending mails tells it too."""
    if not capabilities.is_due():
        return
    with closing(Carrier()) as carrier:
        try:
            carrier.connect()
        except MailServerAwayError as error:
            logger.warning("The mail server cannot be asked what it takes: %s", error)


@shared_task
def read_mailbox() -> dict[str, int]:
    """Handle what came into the robot mailbox, if there is one and nobody is at it."""
    if not settings.IMAP_URL:
        return {}
    try:
        return mailbox.read_mailbox()
    except MailboxBusyError:
        return {}


@shared_task
def make_webhooks() -> int:
    """Turn journal entries into webhook deliveries."""
    made = making.make_deliveries()
    if made:
        wake_webhooks()
    return made


@shared_task
def send_webhooks() -> int:
    """Send webhook deliveries that are due; while there are more, another round follows."""
    with alone("webhooks.sending", seconds=60) as first:
        sent = sending.send_due() if first else sending.Sent()
    if sent.more:
        wake_webhooks()
    return sent.delivered


@shared_task
def forget() -> None:
    """Delete what nobody looks at any more."""
    carry_out(TERMS, now=timezone.now())


def _deliver(queue: str) -> int:
    """One round; while the server answers and messages are due, another round follows."""
    done = delivering.deliver(queue)
    if done.more and not done.away:
        wake_delivery(queue)
    elif done.wait is not None:
        wake_later(queue, done.wait)
    return done.sent
