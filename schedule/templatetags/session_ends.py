"""The end of a session in templates; a builtin (config/settings), so that no template forgets to load it."""

from __future__ import annotations

from datetime import datetime

from django import template

from schedule.domain.programme.ends import end_in_words

register = template.Library()


@register.filter(expects_localtime=True)
def ends(end: datetime | None, start: datetime) -> str:
    """`{{ session.end|ends:session.start }}`: see `end_in_words`. Nothing where there is no end."""
    return "" if end is None else end_in_words(start, end)
