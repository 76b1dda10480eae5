"""One append-only table: every change has one entry, written in the transaction that made the change.

It is at once the audit log organizers read, the outbox that `notifications` takes its work from, and the
revision that pages poll. Entries hold identifiers, times and codes, never personal text, so erasing a person
needs no rewriting of history.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Entry(models.Model):
    """One fact about one change. The database refuses to change or delete it (journal/sql/)."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    # Plain numbers, not foreign keys: an entry outlives what it speaks of, and this app knows no other.
    conference_id = models.BigIntegerField(_("conference"), null=True)
    verb = models.CharField(_("verb"), max_length=60)
    actor = models.CharField(_("actor"), max_length=80)
    subject_id = models.BigIntegerField(pgettext_lazy("what an entry is about", "subject"), null=True)
    data = models.JSONField(_("data"), default=dict)
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        indexes = [
            models.Index(fields=["id"], name="journal_unhandled", condition=models.Q(handled_at__isnull=True)),
            models.Index(fields=["conference_id", "-id"], name="journal_of_conference"),
            # What public pages and files are keyed by; must say the same as schedule.exchange.writers.published.
            models.Index(
                fields=["conference_id", "-id"],
                name="journal_of_programme",
                condition=models.Q(verb__regex=r"^(body|conference|kind|person|release|room|session)\."),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb__regex=r"^[a-z_]+\.[a-z_]+$"), name="journal_verb_reads_thing_dot_verb"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.subject_id}"
