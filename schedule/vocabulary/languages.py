"""What languages are called and how each of them sorts and writes days, as CLDR (Unicode's locale data) has it."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.text import capfirst
from django.utils.translation import get_language

FALLBACK = "en"


@cache
def locale_of(language: str) -> Locale:
    """CLDR's data for a language tag such as "ko" or "zh-hans"; that of English for one it does not know."""
    return _known(language) or Locale.parse(FALLBACK)


def _known(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


def active_locale() -> Locale:
    """CLDR's data for the language of the page."""
    return locale_of(get_language() or FALLBACK)


def language_name(code: str) -> str:
    """A language in the language of the page, as a label; one that CLDR has no name for by its code."""
    return _name_in(active_locale(), code)


def own_name(code: str) -> str:
    """A language in that language itself, as a label: "English", "한국어", "Français"."""
    return _name_in(locale_of(code), code)


@cache
def _name_in(locale: Locale, code: str) -> str:
    """The name CLDR has for the whole tag ("Simplified Chinese"), else for its parts, else for the language alone."""
    known, names = _known(code), locale.languages
    whole = names.get(str(known)) or (known and known.get_display_name(locale))
    name = whole or names.get(code.partition("-")[0].lower())
    return str(capfirst(name)) if name else code


def sort_key(text: str) -> str:
    """What sorts names as a reader looks for them: accents aside ("Åland" among A), Hangul in its own order.

    Unicode has the syllables of Hangul in the order of Korean dictionaries; taking them apart keeps it.
    """
    letters = (one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return "".join(letters).casefold()
