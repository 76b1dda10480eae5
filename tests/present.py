"""What must be there: for fields that may be empty and in this test are not."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """The value; fails where there is none."""
    assert value is not None
    return value
