"""Where translations come from, and the words that everybody who speaks of a timetable needs: days."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from babel.dates import format_date


class Catalogue(Protocol):
    """The gettext functions of `django.utils.translation` or of a gettext catalogue."""

    def gettext(self, message: str) -> str: ...

    def pgettext(self, context: str, message: str) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int) -> str: ...


def day(local: datetime, catalogue: Catalogue) -> str:
    """A local day, such as "Thu 14 Sep"."""
    # A pattern of CLDR (UTS 35, date format patterns), in the language that the catalogue says it is in.
    pattern = catalogue.pgettext("conflict day", "EEE d MMM")
    return format_date(local, pattern, locale=catalogue.pgettext("code of this language", "en"))
