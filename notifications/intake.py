"""From the journal to the outbox: each entry that calls for a mail makes exactly one message."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from journal.models import Entry
from notifications.models import Message
from notifications.verbs import Rule, Subject, rule_for, supersedes
from notifications.wakeup import wake_delivery
from registration.models import MagicLink, Registration, SignUp

MAX_BATCHES = 200
# How many messages make another worker worth waking.
PER_WORKER = 50
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('notifications.intake'))"

Wanted = list[tuple[Entry, Rule]]


@dataclass(frozen=True)
class Recipient:
    """Whom an entry's subject belongs to."""

    participant_id: int
    registration_id: int | None = None
    signup_id: int | None = None
    magic_link_id: int | None = None


def take_in(limit: int = 500, *, now: datetime | None = None) -> int:
    """Handle every unhandled journal entry, `limit` to a transaction; return how many messages they called for.

    A crash loses nothing and doubles nothing: entries are marked as handled in the transaction that makes their
    messages. At most ten queries a batch, whatever its size.
    """
    made = 0
    for _ in range(MAX_BATCHES):
        handled, new = _take_in_batch(limit, now or timezone.now())
        made += new
        if handled < limit:
            break
    return made


@transaction.atomic
def _take_in_batch(limit: int, now: datetime) -> tuple[int, int]:
    """Handle the oldest entries; return how many there were and how many messages they called for."""
    with connection.cursor() as cursor:
        # One at a time: two transactions side by side would put a place's messages into the outbox in the wrong
        # order, and neither would see what the other's messages supersede.
        cursor.execute(_LOCK)
    unhandled = Entry.objects.select_for_update(skip_locked=True).filter(handled_at__isnull=True)
    entries = list(unhandled.order_by("id")[:limit])
    if not entries:
        return 0, 0
    wanted = [(entry, rule) for entry in entries if (rule := rule_for(entry.verb, entry.data))]
    messages = _messages(wanted, now)
    made = Message.objects.bulk_create(messages, ignore_conflicts=True)
    _supersede(messages)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(handled_at=now)
    for queue, count in Counter(message.queue for message in made).items():
        transaction.on_commit(partial(wake_delivery, queue, workers=-(-count // PER_WORKER)))
    return len(entries), len(made)


def _messages(wanted: Wanted, now: datetime) -> list[Message]:
    """One message for each entry whose subject still exists."""
    recipients = _recipients(wanted)
    messages = []
    for entry, rule in wanted:
        recipient = recipients.get((rule.subject, entry.subject_id))
        if recipient is not None:
            messages.append(
                Message(
                    conference_id=entry.conference_id,
                    participant_id=recipient.participant_id,
                    registration_id=recipient.registration_id,
                    signup_id=recipient.signup_id,
                    magic_link_id=recipient.magic_link_id,
                    kind=rule.kind or "",
                    dedup_key=f"journal:{entry.pk}",
                    queue=rule.queue,
                    journal_entry_id=entry.pk,
                    due_at=now,
                    created_at=now,
                )
            )
    return messages


def _recipients(wanted: Wanted) -> dict[tuple[Subject, int | None], Recipient]:
    """Whom each subject belongs to: at most four queries."""
    ids: dict[Subject, list[int]] = defaultdict(list)
    registrations: dict[int, int | None] = {}
    for entry, rule in wanted:
        if entry.subject_id is not None:
            ids[rule.subject].append(entry.subject_id)
            if rule.subject is Subject.MAGIC_LINK:
                registrations[entry.subject_id] = entry.data.get("registration")
    found: dict[tuple[Subject, int | None], Recipient] = {}
    if keys := ids[Subject.SIGNUP]:
        rows = SignUp.objects.filter(pk__in=keys).values_list("pk", "registration__participant_id", "registration_id")
        found |= {(Subject.SIGNUP, pk): Recipient(person, of, signup_id=pk) for pk, person, of in rows}
    if keys := ids[Subject.REGISTRATION]:
        people = Registration.objects.filter(pk__in=keys).values_list("pk", "participant_id")
        found |= {(Subject.REGISTRATION, pk): Recipient(person, pk) for pk, person in people}
    if keys := ids[Subject.MAGIC_LINK]:
        there = set(
            Registration.objects.filter(pk__in=filter(None, registrations.values())).values_list("pk", flat=True)
        )
        for pk, person in MagicLink.objects.filter(pk__in=keys).values_list("pk", "participant_id"):
            registration = registrations[pk] if registrations[pk] in there else None
            found[Subject.MAGIC_LINK, pk] = Recipient(person, registration, magic_link_id=pk)
    return found


def _supersede(messages: Sequence[Message]) -> None:
    """Mark waiting messages that a newer one about the same place makes pointless. Two queries at most.

    Those being sent at this moment are left alone; delivery looks again before it sends.
    """
    places = {message.signup_id for message in messages if message.signup_id}
    if not places:
        return
    waiting = Message.objects.filter(signup_id__in=places, state=Message.State.QUEUED)
    by_place: dict[int | None, list[tuple[int, str, int]]] = defaultdict(list)
    for place, entry, kind, pk in waiting.values_list("signup_id", "journal_entry_id", "kind", "pk"):
        by_place[place].append((entry or 0, kind, pk))
    pointless = []
    for queued in by_place.values():
        queued.sort()
        for position, (_, kind, pk) in enumerate(queued):
            if any(supersedes(newer, kind) for _, newer, _ in queued[position + 1 :]):
                pointless.append(pk)
    if pointless:
        Message.objects.filter(pk__in=pointless, state=Message.State.QUEUED).update(state=Message.State.SUPERSEDED)
