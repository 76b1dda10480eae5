"""Organizers' own wordings of the mails Plenary sends by itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models import Conference
from values.fields import LineField, VerbatimLinesField


class MailTemplate(models.Model):
    """What a kind of mail says in one language of one conference, instead of the wording Plenary comes with."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="mail_templates")
    kind = models.CharField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=12)
    subject = LineField(_("subject"), max_length=200)
    body = VerbatimLinesField(_("text"))
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "kind", "language"], name="one_template_per_conference_kind_and_language"
            ),
            models.CheckConstraint(
                condition=~Q(subject__regex="[\r\n]") & ~Q(subject=""), name="template_subject_is_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"
