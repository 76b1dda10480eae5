"""Who is told of what by webhook, and what became of each telling."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models import Conference
from values.fields import LineField


class WebhookSubscriptionQuerySet(models.QuerySet["WebhookSubscription"]):
    def for_conference(self, conference: Conference) -> WebhookSubscriptionQuerySet:
        return self.filter(conference=conference)


class WebhookSubscription(models.Model):
    """An address that wants to hear of some verbs of one conference's journal.

    Its secret is derived from `uid`, `secret_number` and the site's secret key (see webhooks.signing); none is kept.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        DISABLED = "disabled", _("disabled after failing")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="webhooks")
    name = LineField(_("name"), max_length=120)
    url = LineField(_("address"), max_length=500)
    verbs = ArrayField(models.CharField(max_length=60), verbose_name=_("events"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    # Every journal entry up to this key has been looked at for this subscription; nothing older can turn up any more.
    position = models.BigIntegerField(default=0, editable=False)
    # Entries from before are not sent.
    since = models.DateTimeField(default=timezone.now, editable=False)
    # When the first of the failures happened that nothing delivered has followed since.
    failing_since = models.DateTimeField(null=True)
    secret_number = models.PositiveSmallIntegerField(default=1)
    # Until then what is sent carries a signature by the secret before as well.
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WebhookSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "disabled"]), name="webhook_state_is_known"
            ),
            models.CheckConstraint(condition=Q(verbs__len__gt=0), name="webhook_names_an_event"),
            models.CheckConstraint(condition=Q(secret_number__gte=1), name="webhook_secrets_are_counted_from_one"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """Where it goes, for those who may only look: the rest of an address is often a key."""
        return urlsplit(self.url).hostname or "?"


class WebhookDelivery(models.Model):
    """One event for one subscription. Its body is written once, so every try and every replay says the same."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(WebhookSubscription, models.CASCADE, related_name="deliveries")
    # None for a test event.
    journal_entry_id = models.BigIntegerField(_("journal entry"), null=True)
    verb = models.CharField(_("event"), max_length=60)
    body = models.TextField()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            models.Index(
                fields=["subscription", "due_at", "id"],
                name="webhook_deliveries_due",
                condition=Q(state__in=["queued", "claimed"]),
            ),
            models.Index(fields=["subscription", "-id"], name="deliveries_of_webhook"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "journal_entry_id"], name="a_webhook_is_told_of_an_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "claimed", "delivered", "failed"]),
                name="webhook_delivery_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_until__isnull=False)
                | (~Q(state="claimed") & Q(claimed_until__isnull=True)),
                name="only_a_claimed_webhook_delivery_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False),
                name="delivered_webhook_delivery_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.uid} {self.state}"


class WebhookTry(models.Model):
    """One request, and what came of it. `status` is None when no answer came; `answer` then says why."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    url = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    milliseconds = models.PositiveIntegerField(_("duration"))

    class Meta:
        verbose_name = _("webhook try")
        verbose_name_plural = _("webhook tries")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at:%Y-%m-%d %H:%M:%S} {self.status}"
