"""Archives of everything that owners asked for: made by a worker, taken away, deleted after a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from values.fields import LineField

if TYPE_CHECKING:
    from accounts.models import User

# A worker that has not finished by then has ended; tasks have less time than this (CELERY_TASK_TIME_LIMIT).
LONGEST_MAKING = timedelta(minutes=20)


class WholeArchive(models.Model):
    """One archive. It holds all that is known of everybody who takes part, so it is kept as briefly as it can be."""

    class State(models.TextChoices):
        ASKED = "asked", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("not made")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="archives")
    asked_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # In which the file's remarks are written.
    language = LineField(max_length=12)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ASKED)
    content = models.BinaryField(_("content"), default=b"")
    # Its length in bytes, so that lists need not read it.
    size = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("archive of everything")
        verbose_name_plural = _("archives of everything")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["conference"], condition=Q(state="asked"), name="one_archive_is_made_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=["asked", "ready", "failed"]), name="archive_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="ready", ready_at__isnull=False)
                | Q(~Q(state="ready"), ready_at__isnull=True, size=0),
                name="archive_has_content_once_it_is_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.asked_at:%Y-%m-%d %H:%M}"

    def is_lost(self, now: datetime) -> bool:
        """Whether nobody is making it any more, though it says so."""
        return self.state == self.State.ASKED and self.asked_at <= now - LONGEST_MAKING
