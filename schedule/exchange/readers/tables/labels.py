"""What we call the columns of tables and their sheets, on our pages and in the tables that we write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from schedule.exchange.incoming.records import What

Words = Mapping[str, str | Promise]
SHEETS: Words = {
    What.SESSION: gettext_lazy("Sessions"),
    What.ROOM: gettext_lazy("Rooms"),
    What.PERSON: gettext_lazy("People"),
}
COLUMNS: Words = {
    "key": pgettext_lazy("column", "Number or key there"),
    "code": gettext_lazy("Code"),
    "title": gettext_lazy("Title"),
    "abstract": gettext_lazy("Abstract"),
    "kind": gettext_lazy("Kind"),
    "theme": gettext_lazy("Theme"),
    "minutes": gettext_lazy("Minutes"),
    "day": gettext_lazy("Day"),
    "start": gettext_lazy("Start"),
    "end": gettext_lazy("End"),
    "room": gettext_lazy("Room"),
    "people": gettext_lazy("People"),
    "emails": pgettext_lazy("column", "Addresses of the people"),
    "biographies": pgettext_lazy("column", "About the people"),
    "affiliations": pgettext_lazy("column", "Affiliations of the people"),
    "hosts": gettext_lazy("Hosts"),
    "languages": gettext_lazy("Languages"),
    "interpretation": gettext_lazy("Interpretation"),
    "sign": gettext_lazy("Sign language"),
    "captions": gettext_lazy("Captions"),
    "signup": pgettext_lazy("column", "Sign-up"),
    "places": pgettext_lazy("column", "Places at most"),
    "expected": gettext_lazy("Expected attendance"),
    "online": gettext_lazy("Address to join online"),
    "status": pgettext_lazy("column", "Accepted or not"),
    "name": gettext_lazy("Name"),
    "seats": gettext_lazy("Seats"),
    "features": gettext_lazy("Features"),
    "floor": gettext_lazy("Floor or building"),
    "email": gettext_lazy("E-mail"),
    "affiliation": gettext_lazy("Affiliation"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language for mails"),
    "biography": pgettext_lazy("column", "About the person"),
}


@cache
def in_every_language() -> Mapping[str, frozenset[str]]:
    """Every column by what it holds, as the pages call it in each of their languages, in small letters."""
    found: dict[str, set[str]] = {name: set() for name in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name, label in COLUMNS.items():
                found[name].add(str(label).casefold())
    return {name: frozenset(labels) for name, labels in found.items()}
