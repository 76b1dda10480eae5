"""Strict reading of the environment. A secret may come from NAME or from the file named by NAME_FILE."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str | None:
    """The value of NAME, else the content of the file NAME_FILE points to, else `default`. Empty counts as unset."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE points to {file_name}, which cannot be read: {error}.") from error
    return default


def boolean(name: str, default: bool) -> bool:
    """True or False. Anything but 1/true/yes/on and 0/false/no/off is an error, so that a typo is not a setting."""
    value = text(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is not a yes or a no. Use 1 or 0.")


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """A whole number of at least `minimum`."""
    value = text(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name}={number} is too small; the least is {minimum}.")
    return number


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    value = text(name)
    return default if value is None else [word.strip() for word in value.split(",") if word.strip()]


def rates(name: str, default: str) -> dict[str, float]:
    """A comma-separated list of name=number, each number above zero, such as `google=40,*=10`; `off` is none."""
    value = text(name, default) or default
    if value == "off":
        return {}
    found = {}
    for item in value.split(","):
        key, _, number = item.partition("=")
        try:
            found[key.strip().lower()] = float(number)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {item.strip()!r} is not name=number, such as google=40.") from error
        if not (key.strip() and 0 < found[key.strip().lower()] < float("inf")):
            raise ImproperlyConfigured(f"{name}: {item.strip()!r} is not a name and a number above zero.")
    return found


SHORTEST_KEY = 32
FEWEST_CHARACTERS = 10
# What stands in examples in the place of a key.
_IN_TEMPLATES = re.compile(
    "insecure|placeholder|secret.?key|your.?(own|secret|key)|(change|replace).?(it|me|this)", re.IGNORECASE
)
# Of a key that was drawn, no four characters are there twice.
_TOGETHER, _MOST_REPEATED = 4, 0.25
# Of the steps from one character to the next; of a key that was drawn, one in thirty.
_MOST_IN_A_ROW = 0.5


def weakness_of(key: str) -> str:
    """What makes a key one that can be guessed; "" where nothing does. The key itself is in no message."""
    if _IN_TEMPLATES.search(key):
        return "is one that a template brought along"
    if len(key) < SHORTEST_KEY:
        return f"has {len(key)} characters; it needs {SHORTEST_KEY} or more"
    if len(set(key)) < FEWEST_CHARACTERS:
        return f"has {len(set(key))} different characters; it needs {FEWEST_CHARACTERS} or more"
    parts = [key[at : at + _TOGETHER] for at in range(len(key) - _TOGETHER + 1)]
    if len(set(parts)) < len(parts) * (1 - _MOST_REPEATED):
        return "says the same again and again"
    in_a_row = sum(abs(ord(one) - ord(next_one)) <= 1 for one, next_one in pairwise(key))
    return "is a row of neighbours" if in_a_row > len(key) * _MOST_IN_A_ROW else ""
