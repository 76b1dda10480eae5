"""Where and when a session of one's own is or was, in words."""

from __future__ import annotations

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registration.domain.attending.since import Spot

register = template.Library()


@register.filter
def spot(where: Spot | None) -> str:
    """Day, times and room: "Thu 10 September, 10:00–11:00, Room 1"; empty for None. The end has a date of its own where
    it is on another day.
    """
    if where is None:
        return ""
    day = _("D j F")
    end = date_format(where.end, "H:i")
    if where.end.date() != where.start.date():
        end = f"{date_format(where.end, day)}, {end}"
    return f"{date_format(where.start, day)}, {date_format(where.start, 'H:i')}–{end}, {where.room.name}"
