"""How often something was tried lately. Kept in the database, so that limits hold when the cache is away or emptied."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """Tries of one kind by one source since `starts_at`. The key is a keyed hash: no address can be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tally of tries")
        verbose_name_plural = _("tallies of tries")
        indexes = [models.Index(fields=["starts_at"], name="tallies_by_age")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
