"""Times at which a room, a person or an organisation cannot be used."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.people import Body, Person
from schedule.models.rooms import Room
from values.fields import I18nLineField


class Unavailability(models.Model):
    """One stretch of time for exactly one of room, person or body."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="unavailabilities")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="unavailabilities")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="unavailabilities")
    body = models.ForeignKey(Body, models.CASCADE, null=True, blank=True, related_name="unavailabilities")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = I18nLineField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("unavailability")
        verbose_name_plural = _("unavailabilities")
        ordering = ("starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="unavailability_ends_after_it_starts",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(room__isnull=False, person__isnull=True, body__isnull=True)
                    | Q(room__isnull=True, person__isnull=False, body__isnull=True)
                    | Q(room__isnull=True, person__isnull=True, body__isnull=False)
                ),
                name="unavailability_has_exactly_one_subject",
                violation_error_message=_("Choose exactly one: a room, a person or an organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room or self.person or self.body}: {self.conference.local(self.starts_at):%Y-%m-%d %H:%M}"
