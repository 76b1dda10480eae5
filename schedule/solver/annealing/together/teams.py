"""More than two sessions that move: several that take the place of a long one, and those that belong together."""

from __future__ import annotations

import numpy as np

from ..chains import FREE, MANY, SessionChain, blocker, free_room, join, most_saved, times_change, together
from ..compiling import called, inner
from ..draws import Seeds, below
from ..state import SAME_ROOM, SAME_TIME, AnnealingInstance, AnnealingState

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

CROWD = 6
"""The most that take the place of one."""


@inner
def refused(change: float, saved: float, temperature: float, luck: float) -> bool:
    """Is a change of cost, of which other terms can save `saved` at most, too dear whatever comes?"""
    least = change - saved
    return least > 0 and (least > 40 * temperature or luck > np.exp(-least / temperature))


@called
def displace(  # noqa: PLR0912  # one compiled loop: a call would hand over every array
    data: AnnealingInstance,
    state: AnnealingState,
    chain: SessionChain,
    i: int,
    k: int,
    r: int,
    spare: float,
    temperature: float,
    luck: float,
) -> int:
    """Session i goes to slot k in room r; all who are there while it needs it take its old place, in their order.

    So a long session and several short ones change places. The length of the chain, 0 if that is refused, if one of
    them runs beyond the time of session i or may not be at the old place, or if they are more than CROWD.
    """
    from_k, from_r = state.slot[i], state.room[i]
    if not data.allowed[i, r, k]:
        return 0
    length = join(state, chain, 0, i, k, r)
    change, saved = times_change(data, state, i, k), most_saved(data, state, i)
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            if state.taken[atom, t] == 0:
                continue
            j = state.holder[atom, t] - 1
            if state.taken[atom, t] > 1 or length > CROWD:
                return 0
            known = False
            for b in range(length):
                known = known or chain.who[b] == j
            if known:
                continue
            there = from_k + state.slot[j] - k
            if state.slot[j] < k or state.slot[j] + data.length[j] > k + data.using[i]:
                return 0
            if there >= data.allowed.shape[2] or not data.allowed[j, from_r, there]:
                return 0
            length = join(state, chain, length, j, there, from_r)
            change += times_change(data, state, j, there) + data.room_cost[j, from_r] - data.room_cost[j, r]
            saved += data.slack[j]
    for b in range(length):
        for c in range(b):
            m, n = chain.who[b], chain.who[c]
            if data.clash[m, n]:
                change += together(data, m, chain.old_slot[b], chain.slot[b], n, chain.old_slot[c], chain.slot[c])
    return 0 if refused(change, saved + spare, temperature, luck) else length


@called
def same_time(
    data: AnnealingInstance,
    state: AnnealingState,
    rng: Seeds,
    chain: SessionChain,
    i: int,
    k: int,
    spare: float,
    temperature: float,
    luck: float,
) -> int:
    """Session i and all who must start with it go to slot k; one in the way of each takes its old start, or 0."""
    length, change, saved, shun = 0, 0, 0.0, FREE
    for index in range(data.pair_end[i] - 1, data.pair_end[i + 1]):
        m = i
        if index >= data.pair_end[i]:
            m = data.pair[index]
            if not data.pair_bits[index] & SAME_TIME:
                continue
        change += times_change(data, state, m, k)
        saved += most_saved(data, state, m)
        r = free_room(data, state, rng, m, k, FREE, shun)
        if r < 0:
            r = data.rooms[m, below(rng, data.room_count[m])]
            if not data.allowed[m, r, k]:
                return 0
            j = blocker(data, state, m, k, r)
            if j < 0 or data.asked[j] & SAME_TIME:
                return 0
            rj = free_room(data, state, rng, j, state.slot[m], m, FREE)
            if rj < 0:
                return 0
            for b in range(length):
                if chain.who[b] == j:
                    return 0
            change += times_change(data, state, j, state.slot[m])
            saved += most_saved(data, state, j)
            length = join(state, chain, length, j, state.slot[m], rj)
        shun = r
        length = join(state, chain, length, m, k, r)
    for b in range(length):
        for c in range(b):
            m, n = chain.who[b], chain.who[c]
            if data.clash[m, n]:
                change += together(data, m, chain.old_slot[b], chain.slot[b], n, chain.old_slot[c], chain.slot[c])
    return 0 if refused(change, saved + spare, temperature, luck) else length


@called
def same_room(data: AnnealingInstance, state: AnnealingState, rng: Seeds, chain: SessionChain, i: int) -> int:
    """Session i and all who must share its room go to another, and one in the way of each comes back, or 0."""
    r = data.rooms[i, below(rng, data.room_count[i])]
    length = 0
    for index in range(data.pair_end[i] - 1, data.pair_end[i + 1]):
        m = i
        if index >= data.pair_end[i]:
            m = data.pair[index]
            if not data.pair_bits[index] & SAME_ROOM:
                continue
        k = state.slot[m]
        if r == state.room[m] or not data.allowed[m, r, k]:
            return 0
        j = blocker(data, state, m, k, r)
        if j == MANY:
            return 0
        if j != FREE:
            if not data.allowed[j, state.room[m], state.slot[j]]:
                return 0
            for b in range(length):
                if chain.who[b] == j:
                    return 0
            length = join(state, chain, length, j, state.slot[j], state.room[m])
        length = join(state, chain, length, m, k, r)
    return length
