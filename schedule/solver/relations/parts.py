"""The rooms that a joined room is made of."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def smallest_parts(room: T, parts: Mapping[T, Collection[T]]) -> frozenset[T]:
    """The rooms at the bottom of a joined room, given the parts of each; of none for a room without parts.

    Rooms that are parts of each other, which no reader lets in, end the search all the same.
    """
    if not parts.get(room):
        return frozenset()
    found: set[T] = set()
    open_, seen = [room], set[T]()
    while open_:
        one = open_.pop()
        if one in seen:
            continue
        seen.add(one)
        if below := parts.get(one):
            open_.extend(below)
        else:
            found.add(one)
    return frozenset(found)
