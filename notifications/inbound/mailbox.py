"""The robot mailbox: every mail that comes in is handed to the first handler that knows what it is.

A handler runs in a transaction of its mail. It answers with the outcome, a short code, or None when the mail is not
for it. What no handler knows stays with whoever looks after the mailbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from notifications.inbound import bounces, imap
from notifications.inbound.incoming import Incoming, UnreadableMailError, key_of, read
from notifications.inbound.only_reader import only_reader
from notifications.inbound.replies import taking
from notifications.models import ReceivedMail

logger = logging.getLogger(__name__)
Handler = Callable[[Incoming], str | None]
HANDLERS: tuple[Handler, ...] = (bounces.take, taking.take)
# A mail whose handling breaks off, whatever the cause, is begun this often and then put aside; but not so soon that
# these might be several readers who begin at the same moment.
MAX_TRIES = 3
GIVE_UP_AFTER = timedelta(minutes=2)
UNKNOWN, UNREADABLE, DUPLICATE, GIVEN_UP = "unknown", "unreadable", "duplicate", "given-up"
_ASIDE = frozenset({UNKNOWN, UNREADABLE, GIVEN_UP})
_BEGIN = """
INSERT INTO notifications_receivedmail AS mail (key_hash, tries, outcome, first_seen_at)
VALUES (%(key)s, 1, '', %(now)s)
ON CONFLICT (key_hash) DO UPDATE SET tries = mail.tries + 1 WHERE mail.outcome = ''
RETURNING tries, first_seen_at
"""


def handle_mail(raw: bytes, *, now: datetime | None = None) -> str:
    """Handle one mail as it came over the wire; return its outcome.

    Handled twice, at the same time or after a crash, it has its effect once; the second time is a "duplicate".
    """
    now = now or timezone.now()
    key = key_of(raw)
    with connection.cursor() as cursor:
        # By itself, before anything can break off: the count of tries must outlive what it counts.
        cursor.execute(_BEGIN, {"key": key, "now": now})
        begun = cursor.fetchone()
    if begun is None:
        return DUPLICATE
    tries, first_seen_at = begun
    return _handle(raw, key, now, give_up=tries > MAX_TRIES and first_seen_at <= now - GIVE_UP_AFTER)


@transaction.atomic
def _handle(raw: bytes, key: str, now: datetime, *, give_up: bool) -> str:
    waiting = ReceivedMail.objects.select_for_update().filter(key_hash=key, outcome="").first()
    if waiting is None:
        return DUPLICATE
    if give_up:
        logger.error("A mail in the robot mailbox could not be handled %s times; it is put aside.", MAX_TRIES)
        outcome = GIVEN_UP
    else:
        outcome = _outcome(raw, now)
    waiting.outcome, waiting.settled_at = outcome, now
    waiting.save(update_fields=["outcome", "settled_at"])
    return outcome


def _outcome(raw: bytes, now: datetime) -> str:
    try:
        incoming = read(raw, now=now)
    except UnreadableMailError as error:
        logger.warning("A mail in the robot mailbox is not read: %s", error)
        return UNREADABLE
    for handler in HANDLERS:
        if outcome := handler(incoming):
            return outcome
    return UNKNOWN


def read_mailbox(*, limit: int = 200) -> dict[str, int]:
    """Handle what waits in the mailbox of the settings, up to `limit` mails; return how many had which outcome.

    Each mail leaves the inbox: handled ones for one folder, those a person should see for another. Raises
    `imap.MailboxAwayError` when the server cannot be reached, refuses us or breaks off, and `MailboxBusyError` while
    somebody else is reading.
    """
    outcomes: dict[str, int] = {}
    with only_reader(), imap.Mailbox.of_settings() as mailbox:
        for uid, readable in mailbox.waiting(limit).items():
            outcome = handle_mail(mailbox.fetch(uid)) if readable else UNREADABLE
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            mailbox.put_away(uid, aside=outcome in _ASIDE)
    return outcomes
