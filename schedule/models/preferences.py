"""When and where a session would like to be: wishes that the scheduler weighs, never rules."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schedule.models.rooms import Room
from schedule.models.sessions import Session


class Preference(models.Model):
    """One room or one stretch of time. A session with several is content with any of them."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="preferences")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("room"))
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("preferred room or time")
        verbose_name_plural = _("preferred rooms and times")
        ordering = ("session", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(room__isnull=False, starts_at__isnull=True, ends_at__isnull=True)
                | Q(room__isnull=True, starts_at__isnull=False, ends_at__isnull=False),
                name="preference_is_a_room_or_a_time",
                violation_error_message=_("Give a room, or both ends of a time; use another line for the other."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="preferred_time_ends_after_it_starts",
                violation_error_message=_("The preferred time must end after it starts."),
            ),
            models.UniqueConstraint(fields=["session", "room"], name="session_prefers_a_room_once"),
        ]

    def __str__(self) -> str:
        return str(self.room) if self.room_id else f"{self.starts_at:%Y-%m-%d %H:%M}"
