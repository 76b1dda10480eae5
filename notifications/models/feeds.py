"""Secret addresses of personal calendar feeds."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models import Registration


class FeedToken(models.Model):
    """One secret address of one person's calendar; any number per person, each revoked by itself.

    The token is derived from `uid` and the site's secret key when its owner asks to see it; only its hash is kept.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="feed_tokens")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"{self.registration_id} {self.created_at:%Y-%m-%d}"
