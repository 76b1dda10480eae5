"""Countries and regions: the codes that ISO 3166-1 assigns, with their names in any language.

The codes are those of the time-zone database (its `iso3166.tab` lists the assigned ones and nothing else), the names
those of CLDR. CLDR alone would not do: it names codes too that ISO 3166 reserves or leaves to its users, such as EU, UN
or XK.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel import Locale

from schedule.vocabulary.languages import active_locale, sort_key


@cache
def codes() -> frozenset[str]:
    """Every code that ISO 3166-1 assigns (alpha-2)."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))


def name_of(code: str) -> str:
    """The name of a country in the active language; the code itself for one that nobody has a name for."""
    return str(active_locale().territories.get(code, code))


def choices() -> list[tuple[str, str]]:
    """Codes with names in the active language, in order of name."""
    return list(_choices(active_locale()))


def by_name(choice: tuple[str, str]) -> str:
    """Sorts choices (a code and a name) as readers look for them."""
    return sort_key(choice[1])


@cache
def _choices(locale: Locale) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((code, locale.territories[code]) for code in codes()), key=by_name))
