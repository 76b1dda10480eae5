"""Secret addresses of personal calendar feeds."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.calendars.checks import MAX_ALARM_MINUTES
from registration.models import Registration
from values.fields import LineField

NAME_LENGTH = 60


class FeedToken(models.Model):
    """One secret address of one person's calendar, for one device; each is named, set up and revoked by itself.

    The token is derived from `uid` and the site's secret key when its owner asks to see it; only its hash is kept.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="feed_tokens")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = LineField(_("name of the device"), max_length=NAME_LENGTH)
    # Minutes before the start at which this device reminds; nothing where it does not.
    alarm_minutes = models.PositiveIntegerField(
        _("reminder"), null=True, blank=True, validators=[MaxValueValidator(MAX_ALARM_MINUTES)]
    )
    with_conference = models.BooleanField(_("the conference as an entry of its own"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # A day is enough to tell a calendar that is in use from one that is forgotten.
    last_read_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "name"],
                condition=Q(revoked_at=None),
                name="device_name_is_unique_among_a_persons_addresses",
                violation_error_message=_("You have a device with this name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="device_has_a_name"),
            models.CheckConstraint(
                condition=Q(alarm_minutes=None) | Q(alarm_minutes__lte=MAX_ALARM_MINUTES),
                name="reminder_is_at_most_four_weeks_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.created_at:%Y-%m-%d}"
