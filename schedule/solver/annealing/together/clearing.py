"""A session that nothing, or little, may run beside goes to another time: all who are in its way make way.

A plenary speaks against every session that runs at its new time. One broken rule for each of them would never be
paid, and no exchange of two makes room. So all of them move at once: those in the way go to the time that becomes
free, at the same distance from its beginning as far as they fit, and who finds no room there goes to the cheapest of
a few other places (ruin and recreate, after Schrimpf, Schneider, Stamm-Wilbrandt and Dueck 2000).
"""

from __future__ import annotations

from ..chains import (
    FREE,
    SessionChain,
    blocker,
    breaker,
    free_room,
    join,
    most_saved,
    some_start,
    take_out,
    times_change,
    wishes_change,
)
from ..compiling import compiled
from ..draws import Seeds
from ..state import AFTER, APART, BEFORE, SAME_TIME, TOGETHER, AnnealingInstance, AnnealingState, count, price
from .teams import CROWD, refused

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

NOWHERE = -1
"""The start of who does not fit where the other was."""

PLACES_DRAWN = 12
"""Starts drawn for who finds no room in the time that becomes free."""


@compiled
def make_way(  # noqa: PLR0912  # one compiled loop: a call would hand over every array
    data: AnnealingInstance,
    state: AnnealingState,
    chain: SessionChain,
    i: int,
    k: int,
    insert: bool,
    spare: float,
    temperature: float,
    luck: float,
) -> int:
    """The chain of session i, which goes to slot k, and all in its way; its length, 0 if that is refused."""
    old, span = state.slot[i], data.using[i]
    wide = 2 * (data.pair_end[i + 1] - data.pair_end[i]) > data.length.shape[0]
    near = abs(k - old) < span
    insert = wide and (near or (insert and data.day[k] == data.day[old]))
    if near and not insert:
        return 0
    begins, ends = k, k + span
    if insert and k < old:
        ends = old
    elif insert:
        begins = old + span
    length = join(state, chain, 0, i, k, state.room[i])
    change, saved = times_change(data, state, i, k), most_saved(data, state, i)
    for index in range(data.pair_end[i], data.pair_end[i + 1]):
        j = data.pair[index]
        bits = data.pair_bits[index]
        at = state.slot[j]
        in_way = bits & (APART | TOGETHER) and at < ends and begins < at + data.length[j]
        if bits & SAME_TIME or (in_way and (bits & (BEFORE | AFTER) or data.slot_count[j] == 1)):
            return 0
        if (bits & BEFORE and at < k + data.length[i]) or (bits & AFTER and k < at + data.length[j]):
            return 0
        if not in_way:
            continue
        there = NOWHERE
        if data.using[j] <= ends - begins:
            there = min(max(begins, at), ends - data.using[j])
            if not insert:
                there += old - k
            elif k < old:
                there += span
            else:
                there -= span
        if there >= data.allowed.shape[2]:
            there = NOWHERE
        if there == NOWHERE:
            change -= state.wished[at, j] + data.slot_cost[j, at]
        else:
            change += times_change(data, state, j, there)
        saved += most_saved(data, state, j)
        length = join(state, chain, length, j, there, state.room[j])
    return 0 if refused(change, saved + spare, temperature, luck) else length


@compiled
def evict(
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
    """The chain of session i, which goes to slot k in room r, and all who are there; its length, 0 if refused."""
    if not data.allowed[i, r, k]:
        return 0
    old, old_room, span = state.slot[i], state.room[i], data.using[i]
    length = join(state, chain, 0, i, k, r)
    change, saved = times_change(data, state, i, k), most_saved(data, state, i)
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + span):
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
            if data.slot_count[j] == 1 or data.asked[j] & SAME_TIME:
                return 0
            there = NOWHERE
            if data.using[j] <= span:
                there = old + min(max(0, state.slot[j] - k), span - data.using[j])
            if there == NOWHERE or there >= data.allowed.shape[2] or not data.allowed[j, old_room, there]:
                there = NOWHERE
                change -= state.wished[state.slot[j], j] + data.slot_cost[j, state.slot[j]]
            else:
                change += times_change(data, state, j, there)
            saved += most_saved(data, state, j)
            length = join(state, chain, length, j, there, old_room)
    return 0 if refused(change, saved + spare, temperature, luck) else length


@compiled
def resettle(
    data: AnnealingInstance, state: AnnealingState, rng: Seeds, chain: SessionChain, length: int
) -> tuple[int, int]:
    """Move a chain that makes way: change of broken rules and of the whole cost."""
    gone_hard, gone_soft = take_out(data, state, chain, length)
    hard, soft = -gone_hard, -gone_soft
    for a in range(length):
        i, k, r = chain.who[a], chain.slot[a], chain.room[a]
        if k != NOWHERE and breaker(data, state, i, k) == FREE:
            if not data.allowed[i, r, k] or blocker(data, state, i, k, r) != FREE:
                r = free_room(data, state, rng, i, k, FREE, FREE)
        else:
            r = FREE
        if r < 0 and a > 0:
            least = 0
            for _ in range(PLACES_DRAWN):
                drawn = some_start(data, rng, i)
                cost = state.wished[drawn, i] + data.slot_cost[i, drawn]
                if (r < 0 or cost < least) and breaker(data, state, i, drawn) == FREE:
                    there = free_room(data, state, rng, i, drawn, FREE, FREE)
                    if there >= 0:
                        k, r, least = drawn, there, cost
        if r < 0:
            k, r = chain.old_slot[a], chain.old_room[a]
        chain.slot[a], chain.room[a] = k, r
        h, s = price(data, state, i, k, r)
        count(data, state, i, k, r, 1)
        hard += h
        soft += s
    return hard, soft + wishes_change(data, state, chain, length)
