"""How often something was tried lately. Kept in the database, so that limits hold when the cache is away or emptied."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

_COUNT = """
INSERT INTO registration_tally AS tally (key, starts_at, count) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tally.starts_at > %(since)s THEN tally.count + 1 ELSE 1 END,
    starts_at = CASE WHEN tally.starts_at > %(since)s THEN tally.starts_at ELSE excluded.starts_at END
RETURNING count
"""


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

    @staticmethod
    def count_try(kind: str, source: str, *, window: timedelta, now: datetime) -> int:
        """Count one try; how many there have been since the first within `window`. One query."""
        key = salted_hmac(f"plenary.limit.{kind}", source, algorithm="sha256").hexdigest()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"key": key, "now": now, "since": now - window})
            return int(cursor.fetchone()[0])
