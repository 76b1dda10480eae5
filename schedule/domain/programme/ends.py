"""How the end of a session is told beside its start: its clock, and its day where the clock alone would mislead."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from values.instants import minutes_between

DAY_MINUTES = 24 * 60


def end_in_words(start: datetime, end: datetime) -> str:
    """The clock, as "11:30"; "Sun 28, 18:00" where a day or more has passed. `end` is on the clocks to be told."""
    return date_format(end, _("D j, H:i") if minutes_between(start, end) >= DAY_MINUTES else "H:i")
