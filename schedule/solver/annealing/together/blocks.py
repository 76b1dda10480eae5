"""Two stretches of time that change places: all sessions of one go to the other, in every room, and back.

Sessions that belong together may have come together at a wrong time: each of them alone would only cost more
elsewhere. Where all sessions are as long as the slots, this exchanges two whole slots.
"""

from __future__ import annotations

from ..chains import FREE, MANY, SessionChain, blocker, breaker, free_room, join, take_out, wishes_change
from ..compiling import compiled, inner
from ..draws import Seeds
from ..state import AnnealingInstance, AnnealingState, count, price

# ruff: noqa: PLR0917  # compiled functions take positional arguments only


@inner
def _may_start(data: AnnealingInstance, i: int, k: int) -> bool:
    """Is there a room in which session i may start at slot k?"""
    for a in range(data.room_count[i]):  # noqa: SIM110  # numba has no any()
        if data.allowed[i, data.rooms[i, a], k]:
            return True
    return False


@compiled
def collect(
    data: AnnealingInstance, state: AnnealingState, chain: SessionChain, first: int, second: int, span: int
) -> int:
    """The chain of all that lie within `span` slots from `first` or `second` and may go to the other; its length."""
    length = 0
    for i in range(data.length.shape[0]):
        k = state.slot[i]
        for here, there in ((first, second), (second, first)):
            if here <= k and k + data.length[i] <= here + span:
                target = there + k - here
                if target < data.allowed.shape[2] and _may_start(data, i, target):
                    length = join(state, chain, length, i, target, state.room[i])
    return length


@compiled
def exchange(
    data: AnnealingInstance, state: AnnealingState, rng: Seeds, chain: SessionChain, length: int
) -> tuple[int, int]:
    """Move a collected chain: change of broken rules and of the whole cost.

    Each session keeps its room if it can. One that finds none, or that another speaks against, stays where it was.
    """
    gone_hard, gone_soft = take_out(data, state, chain, length)
    hard, soft = -gone_hard, -gone_soft
    for a in range(length):
        i, k, r = chain.who[a], chain.slot[a], chain.room[a]
        if breaker(data, state, i, k) != FREE:
            r = MANY
        elif not data.allowed[i, r, k] or blocker(data, state, i, k, r) != FREE:
            r = free_room(data, state, rng, i, k, FREE, FREE)
        if r < 0:
            k, r = chain.old_slot[a], chain.old_room[a]
            if blocker(data, state, i, k, r) != FREE:
                other = free_room(data, state, rng, i, k, FREE, FREE)
                r = r if other < 0 else other
        chain.slot[a], chain.room[a] = k, r
        h, s = price(data, state, i, k, r)
        count(data, state, i, k, r, 1)
        hard += h
        soft += s
    return hard, soft + wishes_change(data, state, chain, length)
