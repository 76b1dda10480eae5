"""Imports as they are carried out by a worker: what was asked for, how far it is, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models.imports.uploads import ProgrammeUpload
from values.fields import LineField, LinesField

_BUSY = ["queued", "running"]


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def busy(self) -> ImportRunQuerySet:
        return self.filter(state__in=_BUSY)


class ImportRun(models.Model):
    """One import of an uploaded file. All of it is one transaction, which ends with the state "done": a run in any
    other state has changed nothing."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to begin")
        RUNNING = "running", _("importing")
        DONE = "done", _("imported")
        STOPPED = "stopped", _("cancelled by an organizer")
        OLD = "old", _("the conference was changed meanwhile")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        LOST = "lost", _("broken off: the worker ended")

    class Phase(models.TextChoices):
        READ = "read", _("Reading the file")
        COMPARE = "compare", _("Comparing it with the conference")
        WRITE = "write", _("Writing")
        PLACE = "place", _("Placing sessions in the timetable")

    upload = models.ForeignKey(ProgrammeUpload, models.CASCADE, related_name="runs")
    actor = LineField(max_length=80)
    # Of the preview that was agreed to, which is in the language of whoever did.
    version = LineField(max_length=64)
    language = LineField(max_length=20)
    # Ids of entries; null for everything that is not wrong.
    chosen = models.JSONField(null=True, blank=True)
    state = LineField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    phase = LineField(max_length=10, choices=Phase.choices, default=Phase.READ)
    # Entries of this phase that are dealt with, and how many there are; 0 where nobody knows.
    dealt = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Why it was refused, in that language.
    refusal = LinesField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    beat_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["upload"], condition=Q(state__in=_BUSY), name="one_import_of_a_file_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} ({self.state})"

    @property
    def is_busy(self) -> bool:
        return self.state in _BUSY
