"""Reads shaped for the webhooks' pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from notifications.models import WebhookDelivery, WebhookSubscription, WebhookTry
from schedule.models import Conference

State = WebhookDelivery.State


@dataclass(frozen=True)
class Row:
    """One webhook with what became of its deliveries."""

    subscription: WebhookSubscription
    delivered: int
    waiting: int
    failed: int
    last_at: datetime | None


def webhook_rows(conference: Conference) -> list[Row]:
    """Every webhook, the oldest first. One query."""
    rows = WebhookSubscription.objects.for_conference(conference).annotate(
        delivered=Count("deliveries", filter=Q(deliveries__state=State.DELIVERED)),
        waiting=Count("deliveries", filter=Q(deliveries__state__in=[State.QUEUED, State.CLAIMED])),
        failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
        last_at=Max("deliveries__delivered_at"),
    )
    return [Row(one, one.delivered, one.waiting, one.failed, one.last_at) for one in rows.order_by("pk")]


def delivery_rows(subscription: WebhookSubscription, *, state: str = "") -> QuerySet[WebhookDelivery]:
    """Deliveries of a webhook, the newest first, each with `status`, `said` and `took` of its last try."""
    last = WebhookTry.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    rows = subscription.deliveries.order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    return rows.annotate(
        status=Subquery(last.values("status")[:1]),
        said=Subquery(last.values("answer")[:1]),
        took=Subquery(last.values("milliseconds")[:1]),
    )


def disabled_webhooks(conference: Conference) -> list[WebhookSubscription]:
    """Webhooks that were switched off because they kept failing. One query."""
    disabled = WebhookSubscription.State.DISABLED
    return list(WebhookSubscription.objects.for_conference(conference).filter(state=disabled))
