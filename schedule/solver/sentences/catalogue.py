"""Where translations come from, and the words that everybody who speaks of a timetable needs: days and equipment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol


class Catalogue(Protocol):
    """The gettext functions of `django.utils.translation` or of a gettext catalogue."""

    def gettext(self, message: str) -> str: ...

    def pgettext(self, context: str, message: str) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int) -> str: ...


def day(local: datetime, catalogue: Catalogue) -> str:
    """A local day, such as "Thu 14 Sep"."""
    return catalogue.pgettext("conflict day", "{weekday} {day} {month}").format(
        weekday=_WEEKDAYS[local.weekday()](catalogue), day=local.day, month=_MONTHS[local.month - 1](catalogue)
    )


def feature(code: str, catalogue: Catalogue) -> str:
    """What a room has, in words; what only this conference knows is shown by its code."""
    return _FEATURES[code](catalogue) if code in _FEATURES else code


# Functions rather than strings, so that each message stands as a literal in a call that makemessages can read.
_WEEKDAYS: Final[tuple[Callable[[Catalogue], str], ...]] = (
    lambda c: c.pgettext("short weekday", "Mon"),
    lambda c: c.pgettext("short weekday", "Tue"),
    lambda c: c.pgettext("short weekday", "Wed"),
    lambda c: c.pgettext("short weekday", "Thu"),
    lambda c: c.pgettext("short weekday", "Fri"),
    lambda c: c.pgettext("short weekday", "Sat"),
    lambda c: c.pgettext("short weekday", "Sun"),
)

_MONTHS: Final[tuple[Callable[[Catalogue], str], ...]] = (
    lambda c: c.pgettext("short month", "Jan"),
    lambda c: c.pgettext("short month", "Feb"),
    lambda c: c.pgettext("short month", "Mar"),
    lambda c: c.pgettext("short month", "Apr"),
    lambda c: c.pgettext("short month", "May"),
    lambda c: c.pgettext("short month", "Jun"),
    lambda c: c.pgettext("short month", "Jul"),
    lambda c: c.pgettext("short month", "Aug"),
    lambda c: c.pgettext("short month", "Sep"),
    lambda c: c.pgettext("short month", "Oct"),
    lambda c: c.pgettext("short month", "Nov"),
    lambda c: c.pgettext("short month", "Dec"),
)

_FEATURES: Final[Mapping[str, Callable[[Catalogue], str]]] = MappingProxyType(
    {
        "captions-screen": lambda c: c.pgettext("room feature", "screen for captions"),
        "hearing-loop": lambda c: c.pgettext("room feature", "hearing loop"),
        "hybrid": lambda c: c.pgettext("room feature", "equipment for remote participation"),
        "interpretation-booth": lambda c: c.pgettext("room feature", "interpretation booth"),
        "projector": lambda c: c.pgettext("room feature", "projector"),
        "wheelchair": lambda c: c.pgettext("room feature", "wheelchair access"),
    }
)
