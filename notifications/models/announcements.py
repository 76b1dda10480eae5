"""Mails that organizers write themselves, to many people at once."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models import Conference, Session


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def for_conference(self, conference: Conference) -> AnnouncementQuerySet:
        return self.filter(conference=conference)


class Announcement(models.Model):
    """One text in one or more languages, for whoever fits its segment when it is sent.

    An empty part of the segment narrows nothing. Text and segment change only while it is a draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Stopped")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="announcements")
    # {language: {"subject": ..., "body": ...}}; languages without a text are missing.
    texts = models.JSONField(_("texts"), default=dict)
    registration_states = ArrayField(models.CharField(max_length=12), verbose_name=_("states of registrations"))
    sessions = models.ManyToManyField(Session, verbose_name=_("sessions"), related_name="+", blank=True)
    signup_states = ArrayField(
        models.CharField(max_length=9), verbose_name=_("states of sign-ups"), default=list, blank=True
    )
    languages = ArrayField(models.CharField(max_length=12), verbose_name=_("languages"), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    # Raised by every change of text or segment: two editors never overwrite each other silently.
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("send at"), null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # How many people fitted when it began, and the key of the last registration that has its message.
    planned = models.PositiveIntegerField(default=0)
    composed_to = models.BigIntegerField(default=0)
    composed_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["due_at"], name="announcements_due", condition=Q(state__in=["scheduled", "sending"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled", "sending", "sent", "stopped"]),
                name="announcement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", due_at__isnull=True) | (~Q(state="draft") & Q(due_at__isnull=False)),
                name="announcement_is_due_unless_a_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled"], started_at__isnull=True)
                | (~Q(state__in=["draft", "scheduled"]) & Q(started_at__isnull=False)),
                name="announcement_that_is_sent_was_started",
            ),
            # A draft's state means that its address was never proved: what is mailed there reaches strangers.
            models.CheckConstraint(
                condition=~Q(registration_states__contains=["draft"]) & Q(registration_states__len__gte=1),
                name="announcement_goes_to_proved_addresses_only",
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {self.uid} {self.state}"
