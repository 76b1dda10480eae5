"""Values of properties: the icalendar library's, given what it leaves to us. Text is cleaned already (`checks`).

A component is written with `written`: in the order in which its properties were set, each made once with its type.
Sorting, and having the library guess types, would take as long again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from icalendar import Component, vCalAddress, vCategory, vDate, vDuration, vText

from .checks import one_line


class TextValue(vText):
    """A TEXT (RFC 5545 3.3.11). icalendar 7.3 writes a typed backslash and capital N as a line break; this does not."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the text, escaped."""
        if "\\N" not in self:
            return super().to_ical()
        return b"\\\\N".join(vText(piece).to_ical() for piece in self.split("\\N"))


@lru_cache(maxsize=64)
def word(value: str) -> TextValue:
    """Return a TEXT out of few, such as a STATUS: the same one each time, never to be given parameters."""
    return TextValue(value)


def texts(values: Iterable[str]) -> vCategory:
    """Return a list of TEXT, as CATEGORIES has."""
    made = vCategory([])
    made.cats = [TextValue(value) for value in values]
    return made


def day(when: date) -> vDate:
    """Return a DATE, where a DATE-TIME is the usual."""
    return vDate(when, params={"VALUE": "DATE"})


def span(minutes: int, *, named: bool = False) -> vDuration:
    """Return a DURATION; `named` where the property has no type by default."""
    return vDuration(timedelta(minutes=minutes), params={"VALUE": "DURATION"} if named else None)


def mailbox(address: str, name: str, **parameters: str) -> vCalAddress:
    """Return a CAL-ADDRESS with its name, which is the address where there is none.

    A double quote cannot be written in a parameter and becomes an apostrophe: the escape of RFC 6868, which icalendar
    would use, is not read by Outlook and others. What of an address is not ASCII is percent-encoded (RFC 6068 2).
    """
    called = one_line(name).replace('"', "'") or address
    written_so = address if address.isascii() else quote(address, safe="@!$&'*+-/=?^_`{|}~")
    return vCalAddress(f"mailto:{written_so}", params={**parameters, "CN": called})


def written(component: Component) -> bytes:
    """Return the content lines of a component and those within it, folded to 75 octets."""
    return cast("bytes", component.to_ical(sorted=False))
