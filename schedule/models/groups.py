"""Sessions that belong together in time or in space."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.sessions import Session


class SessionGroup(models.Model):
    """Sessions that start together, or that share one room. A session may be in several groups."""

    class Same(models.TextChoices):
        TIME = "time", _("start at the same time")
        ROOM = "room", _("are in the same room")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="session_groups")
    same = models.CharField(_("they"), max_length=4, choices=Same.choices)
    sessions = models.ManyToManyField(Session, related_name="groups", verbose_name=_("sessions"))

    class Meta:
        verbose_name = _("group of sessions")
        verbose_name_plural = _("groups of sessions")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(same__in=["time", "room"]), name="what_a_group_shares_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_same_display()} ({self.pk})"
