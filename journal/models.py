"""One append-only table: every change has one entry, written in the transaction that made the change.

It is at once the audit log organizers read, the outbox that `notifications` takes its work from, and the revision that
pages poll. Entries hold identifiers, times, codes and the programme's own words, never personal text, so erasing a
person needs no rewriting of history. What can be written stands in each app's `facts`.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.facts import Concern


class Entry(models.Model):
    """One fact about one change. The database refuses to change or delete it (journal/sql/)."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    # Plain numbers, not foreign keys: an entry outlives what it speaks of, and this app knows no other.
    conference_id = models.BigIntegerField(_("conference"), null=True)
    verb = models.CharField(_("verb"), max_length=60)
    # Stored, although the verb's class says it: so that an index finds what changed pages and files.
    concerns = models.CharField(
        pgettext_lazy("what an entry may change", "concerns"),
        max_length=10,
        choices=Concern.choices,
    )
    actor = models.CharField(_("actor"), max_length=80)
    subject_id = models.BigIntegerField(pgettext_lazy("what an entry is about", "subject"), null=True)
    data = models.JSONField(_("data"), default=dict)
    # Shared by the entries that one domain function wrote, with all that it called (journal.acts).
    act = models.UUIDField(_("act"), null=True, editable=False)
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        indexes = [
            models.Index(fields=["id"], name="journal_unhandled", condition=models.Q(handled_at__isnull=True)),
            models.Index(fields=["conference_id", "-id"], name="journal_of_conference"),
            models.Index(fields=["act", "-id"], name="journal_of_act", condition=models.Q(act__isnull=False)),
            # What pages, files and feeds are keyed by (schedule.domain.timetables.revision).
            models.Index(fields=["conference_id", "concerns", "-id"], name="journal_by_concern"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb__regex=r"^[a-z_]+\.[a-z_]+$"), name="journal_verb_reads_thing_dot_verb"
            ),
            models.CheckConstraint(condition=models.Q(concerns__in=Concern.values), name="journal_concern_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.subject_id}"


class Press(models.Model):
    """That a button was pressed, and where that led (journal.presses). It names nobody; a day later it is forgotten."""

    # A keyed digest of who pressed which button of which page, and of what they had typed.
    key = models.CharField(_("key"), max_length=64, unique=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    # An address on this site; empty while it is being done.
    led_to = models.TextField(_("led to"), blank=True)

    class Meta:
        verbose_name = _("press of a button")
        verbose_name_plural = _("presses of buttons")
        indexes = [models.Index(fields=["at"], name="journal_press_by_age")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.led_to}"
