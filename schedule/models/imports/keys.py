"""By what a row is known in the files that it came from, so that the next import changes it and makes no second one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from values.fields import LineField

LONGEST_KEY = 200


def import_key() -> LineField:
    """The column; empty for what no import made or met."""
    return LineField(_("key in imported files"), max_length=LONGEST_KEY, blank=True, default="", editable=False)


def one_row_a_key(name: str) -> models.UniqueConstraint:
    """Within its conference a key names one row. `name` is the constraint's."""
    return models.UniqueConstraint(fields=["conference", "import_key"], condition=~Q(import_key=""), name=name)
