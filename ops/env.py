"""Strict reading of the environment. A secret may come from NAME or from the file named by NAME_FILE."""

from __future__ import annotations

import os
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
