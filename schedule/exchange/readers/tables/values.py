"""What one cell of a table says: counts, codes, addresses, languages. Each refusal has words of its own."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError

from schedule.exchange.incoming.records import Unreadable
from schedule.exchange.readers.tables.columns import language_named
from schedule.validators import CODE
from schedule.vocabulary.limits import MOST_COUNTED
from values.validators import validate_mailbox

_COUNT = re.compile(r"\d+(?:\.0+)?\Z")
_COUNT_WITH_WORDS = re.compile(r"(?:[^\d]*[^\d\s.,+-]\s*)?\d+\s*(?:[^\d\s.,+-][^\d]*)?\Z")
# From the beginning of a word, so that a long one is not gone through from each of its letters.
_COMMA_IN_ADDRESS = re.compile(r"(?<![^\s,;<>@])[^\s,;<>@]+@[^\s,;<>@]+,[a-z]{2,}>?\s*(?:\Z|;)", re.IGNORECASE)


def count_of(said: str) -> int:
    """A whole number, zero or more."""
    plain = said.replace(",", "").replace(" ", "")
    if not _COUNT.match(plain):
        raise Unreadable(_no_count(plain), said=said)
    count = int(plain.partition(".")[0])
    if count > MOST_COUNTED:
        raise Unreadable("count_too_large", said=said, most=MOST_COUNTED)
    return count


def _no_count(plain: str) -> str:
    if re.fullmatch(r"[-−–]\d+(?:\.\d+)?", plain):
        return "negative_count"
    if re.fullmatch(r"\d+\.\d+", plain):
        return "part_of_one"
    if re.fullmatch(r"\d+[-–—~]\d+", plain):
        return "count_span"
    return "count_with_words" if _COUNT_WITH_WORDS.match(plain) else "no_count"


def code_of(said: str, longest: int) -> str:
    """A code of at most so many characters."""
    if len(said) > longest:
        raise Unreadable("code_too_long", said=said, most=longest)
    if not CODE.match(said):
        raise Unreadable(_no_code(said), said=said)
    return said


def _no_code(said: str) -> str:
    if re.search(r"\s", said):
        return "code_with_blank"
    if re.match(r"[-_]", said):
        return "code_begins_so"
    return "no_code" if said.isascii() else "code_of_other_letters"


def mailbox_of(said: str) -> str:
    """A mail address; "Ada <ada@example.org>" is the one within."""
    inner = re.search(r"<([^<>]+)>\s*\Z", said)
    address = (inner[1] if inner else said).strip().removeprefix("mailto:")
    try:
        validate_mailbox(address)
    except ValidationError as refused:
        raise Unreadable(_no_mailbox(address), said=said) from refused
    return address


def _no_mailbox(address: str) -> str:
    if _COMMA_IN_ADDRESS.match(address):
        return "mailbox_with_comma"
    if address.count("@") > 1:
        return "several_mailboxes" if re.search(r"[\s,;/|]", address) else "mailbox_with_two_ats"
    if "@" not in address:
        return "mailbox_without_at"
    if re.search(r"\s", address):
        return "mailbox_with_blank"
    return "mailbox_incomplete" if address.startswith("@") or address.endswith("@") else "no_mailbox"


def mailboxes_of(said: str) -> list[str]:
    """Several mail addresses of one cell."""
    if _COMMA_IN_ADDRESS.search(said):  # a comma parts addresses too
        raise Unreadable("mailbox_with_comma", said=said)
    return [mailbox_of(one) for one in parts_of(said)]


@cache
def _territories() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale.parse("en").territories) if re.fullmatch(r"[A-Z]{2}", code))


def country_of(said: str) -> str:
    """The two letters of a country (ISO 3166-1)."""
    if not re.fullmatch(r"[A-Za-z]{2}", said):
        raise Unreadable("no_country", said=said)
    if said.upper() not in _territories():
        raise Unreadable("country_unknown", said=said)
    return said.upper()


def language_of(said: str, languages: tuple[str, ...]) -> str:
    """The code of a language (BCP 47), of its code or its name."""
    found = language_named(said, languages)
    if found:
        return found
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", said):
        raise Unreadable("no_language", said=said)
    if said.partition("-")[0] not in Locale.parse("en").languages:
        raise Unreadable("language_of_nobody", said=said)
    return said


def pair_of(said: str, languages: tuple[str, ...]) -> str:
    """From one language to another: "ko-en"."""
    sides = [one.strip() for one in re.split(r"[–—↔→>\-]", said) if one.strip()]
    if len(sides) != 2:
        raise Unreadable("no_pair", said=said)
    codes = [language_of(side, languages) for side in sides]
    if codes[0] == codes[1]:
        raise Unreadable("pair_of_one", said=said)
    return "-".join(codes)


def address_of(said: str) -> str:
    """The address of a page."""
    if re.search(r"\s", said):
        raise Unreadable("address_with_blank", said=said)
    if re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", said, re.IGNORECASE):
        raise Unreadable("address_of_other_kind", said=said)
    if not re.fullmatch(r"https?://\S+", said):
        raise Unreadable("no_address", said=said)
    return said


def parts_of(said: str) -> list[str]:
    """Several values of one cell."""
    return [part.strip() for part in re.split(r"[;\n,、]", said) if part.strip()]
