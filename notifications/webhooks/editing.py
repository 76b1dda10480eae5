"""What organizers do with webhooks. Each function is one transaction and one journal entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record
from journal.retrying import retried
from notifications.facts import (
    SecretRotated,
    WebhookChanged,
    WebhookCreated,
    WebhookDeleted,
    WebhookPaused,
    WebhookReplayed,
    WebhookResumed,
    WebhookTested,
)
from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.wakeup import wake_webhooks
from notifications.webhooks.bodies import body_of_test
from notifications.webhooks.events import EVENTS, TEST
from notifications.webhooks.signing import BOTH_FOR
from schedule.domain.editing.changes import changes_of
from schedule.models import Conference

State = WebhookSubscription.State
MOST_PER_CONFERENCE = 20
# How many deliveries one press of a button sends again.
MOST_AGAIN = 1000


@retried
@transaction.atomic
def subscribe(
    conference: Conference, *, name: str, url: str, verbs: Sequence[str], actor: Actor, now: datetime
) -> WebhookSubscription:
    """Have an address told of what happens from now on. `url` has been checked by guard.target_of.

    Raises `ValidationError` for an event that does not exist, and beyond MOST_PER_CONFERENCE.
    """
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    if WebhookSubscription.objects.for_conference(conference).count() >= MOST_PER_CONFERENCE:
        raise ValidationError(
            _("There are %(most)d webhooks already. Delete one that is not needed.") % {"most": MOST_PER_CONFERENCE}
        )
    made = WebhookSubscription.objects.create(
        conference=conference, name=name, url=url, verbs=_known(verbs), since=now, created_at=now
    )
    _record(WebhookCreated, made, actor)
    return made


@retried
@transaction.atomic
def change(
    subscription: WebhookSubscription, *, name: str, url: str, verbs: Sequence[str], actor: Actor
) -> WebhookSubscription:
    """Give a webhook another name, address or choice of events. What is on its way goes to the new address."""
    subscription.name, subscription.url, subscription.verbs = name, url, _known(verbs)
    # A key may be part of the address.
    changes = {field: None if field == "url" else said for field, said in changes_of(subscription).items()}
    subscription.save(update_fields=["name", "url", "verbs"])
    if changes:
        fact = WebhookChanged(conference_id=subscription.conference_id, subject_id=subscription.pk, changes=changes)
        record(fact, actor=actor)
    return subscription


def _known(verbs: Sequence[str]) -> list[str]:
    if not verbs or not set(verbs) <= EVENTS.keys():
        raise ValidationError({"verbs": _("Choose at least one of the events.")})
    return sorted(set(verbs))


@retried
@transaction.atomic
def pause(subscription: WebhookSubscription, *, actor: Actor) -> bool:
    """Stop sending. What happens meanwhile is sent after `resume`. False when it was not active."""
    return _switch(subscription, [State.ACTIVE], State.PAUSED, WebhookPaused, actor)


@retried
@transaction.atomic
def resume(subscription: WebhookSubscription, *, actor: Actor) -> bool:
    """Send again, also what has happened since. False when it was active."""
    switched = _switch(subscription, [State.PAUSED, State.DISABLED], State.ACTIVE, WebhookResumed, actor)
    if switched:
        transaction.on_commit(wake_webhooks)
    return switched


def _switch(subscription: WebhookSubscription, old: Sequence[str], new: str, fact: type[Fact], actor: Actor) -> bool:
    rows = WebhookSubscription.objects.filter(pk=subscription.pk, state__in=old)
    if not rows.update(state=new, failing_since=None):
        return False
    _record(fact, subscription, actor)
    return True


@retried
@transaction.atomic
def rotate_secret(subscription: WebhookSubscription, *, actor: Actor, now: datetime) -> WebhookSubscription:
    """Make a new secret. The one before signs as well for BOTH_FOR; one before that ends at once."""
    locked = WebhookSubscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)
    locked.secret_number += 1
    locked.old_secret_until = now + BOTH_FOR
    locked.save(update_fields=["secret_number", "old_secret_until"])
    _record(SecretRotated, locked, actor)
    return locked


@retried
@transaction.atomic
def delete(subscription: WebhookSubscription, *, actor: Actor) -> None:
    """Delete a webhook with all that is on its way."""
    _record(WebhookDeleted, subscription, actor)
    subscription.delete()


@retried
@transaction.atomic
def send_test(subscription: WebhookSubscription, *, actor: Actor, now: datetime) -> WebhookDelivery:
    """Send an event that says nothing, to see whether it arrives."""
    delivery = WebhookDelivery.objects.create(
        subscription=subscription,
        verb=TEST,
        body=body_of_test(subscription.conference, now=now),
        due_at=now,
        created_at=now,
    )
    _record(WebhookTested, subscription, actor)
    transaction.on_commit(wake_webhooks)
    return delivery


@retried
@transaction.atomic
def send_again(
    deliveries: QuerySet[WebhookDelivery], subscription: WebhookSubscription, *, actor: Actor, now: datetime
) -> int:
    """Send deliveries of one webhook once more, whether they arrived or not; return how many.

    Each keeps its id and its text, so a receiver that has it already can tell. Those on their way are left alone; at
    most MOST_AGAIN, the oldest first.
    """
    over = deliveries.filter(subscription=subscription, state__in=["delivered", "failed"])
    keys = list(over.order_by("pk").values_list("pk", flat=True)[:MOST_AGAIN])
    count = over.filter(pk__in=keys).update(state=WebhookDelivery.State.QUEUED, attempts=0, due_at=now)
    if count:
        about = {"conference_id": subscription.conference_id, "subject_id": subscription.pk}
        record(WebhookReplayed(**about, deliveries=count), actor=actor)
        transaction.on_commit(wake_webhooks)
    return count


def _record(fact: type[Fact], subscription: WebhookSubscription, actor: Actor) -> None:
    record(fact(conference_id=subscription.conference_id, subject_id=subscription.pk), actor=actor)
