"""What groups of sessions ask of each other, taken together."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def impossible_together(
    same_time: Iterable[Collection[T]], same_room: Iterable[Collection[T]], *, may_share: Collection[T] = ()
) -> list[frozenset[T]]:
    """Sessions that would have to start together in one room, by one group or by a chain of them.

    `may_share` are those that some room takes together with others.
    """
    together, beside = _chained(same_time), _chained(same_room)
    found = (frozenset(some & others) for some in together for others in beside)
    return [some for some in found if len(some) > 1 and not some <= set(may_share)]


def _chained(groups: Iterable[Collection[T]]) -> list[set[T]]:
    """Groups that have a member in common, as one."""
    chains: list[set[T]] = []
    for group in groups:
        touched = [chain for chain in chains if not chain.isdisjoint(group)]
        chains = [chain for chain in chains if chain.isdisjoint(group)]
        chains.append(set(group).union(*touched))
    return chains
