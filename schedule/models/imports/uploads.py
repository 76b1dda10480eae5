"""Files that organizers uploaded to import, and how each kind of file was read last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from values.fields import LineField

if TYPE_CHECKING:
    from accounts.models import User


class ProgrammeUpload(models.Model):
    """One uploaded file. It holds people's addresses, so only the team reaches it, and it is deleted after a time."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="uploads")
    uploaded_by: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    file_name = LineField(_("file"), max_length=200)
    content = models.BinaryField(_("content"))
    # A name of `schedule.exchange.imports.formats`.
    format = LineField(_("format"), max_length=20)
    # How it is to be read (`schedule.exchange.imports.reading.Asked`).
    asked = models.JSONField(default=dict, blank=True)
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True, editable=False)
    # What became of it: counts by what was done.
    outcome = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("uploaded programme")
        verbose_name_plural = _("uploaded programmes")
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.file_name


class ReadingHabit(models.Model):
    """How files of one kind (a format, with its headings) were read last in a conference; one row has all headings."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="reading_habits")
    signature = LineField(_("kind of file"), max_length=64)
    asked = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("way of reading files")
        verbose_name_plural = _("ways of reading files")
        constraints = [
            models.UniqueConstraint(fields=["conference", "signature"], name="one_way_of_reading_a_kind_of_file")
        ]

    def __str__(self) -> str:
        return self.signature
