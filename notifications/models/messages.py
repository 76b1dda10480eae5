"""The outbox: one row is one mail to one recipient."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.models.announcements import Announcement
from registration.models import MagicLink, Participant, Registration, SignUp
from schedule.models import Conference


class MessageQuerySet(models.QuerySet["Message"]):
    def for_conference(self, conference: Conference) -> MessageQuerySet:
        return self.filter(conference=conference)


class Message(models.Model):
    """A mail that is due, is on its way, or has gone. Its text is made when it is sent, from what holds then."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SUPERSEDED = "superseded", _("superseded")

    class Queue(models.TextChoices):
        URGENT = "urgent", _("urgent")
        BULK = "bulk", _("bulk")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, null=True, related_name="messages")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="messages")
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="messages")
    signup = models.ForeignKey(SignUp, models.CASCADE, null=True, related_name="messages")
    magic_link = models.ForeignKey(MagicLink, models.CASCADE, null=True, related_name="messages")
    announcement = models.ForeignKey(Announcement, models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(_("kind"), max_length=40)
    # One reason, one message: a second one with the same key is refused.
    dedup_key = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=6, choices=Queue.choices, default=Queue.BULK)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    journal_entry_id = models.BigIntegerField(_("journal entry"), null=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    calendar_sequence = models.PositiveIntegerField(null=True)
    last_answer = models.TextField(_("last answer"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["queue", "due_at", "id"], name="messages_due", condition=Q(state__in=["queued", "claimed"])
            ),
            models.Index(fields=["conference", "-id"], name="messages_of_conference"),
            models.Index(fields=["signup", "id"], name="messages_of_signup"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "claimed", "sent", "failed", "superseded"]),
                name="message_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_until__isnull=False), name="claimed_message_has_a_lease"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_message_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} {self.state}"


class Attempt(models.Model):
    """One try to hand a message to the mail server, with what it answered."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.message_id} {self.at:%Y-%m-%d %H:%M:%S} {self.outcome}"
