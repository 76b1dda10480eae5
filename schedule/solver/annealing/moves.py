"""The compiled inner loop of the local search: simulated annealing over (start, room) of every session.

A hard rule that is broken costs `hard_weight`, so the search may pass through wrong timetables; only timetables
without broken rules are kept.

Most that is ever accepted moves one session, or two that change places. So a proposal draws one session and a start,
or two sessions. What their starts alone would cost decides most of them at once, by a few looks; then it is asked who
is in the way, who comes along then, and which rooms are free; and only what is left is taken out and put in (`chains`).
One in a thousand exchanges two stretches of time as a whole (`blocks`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .chains import (
    FREE,
    MANY,
    SessionChain,
    blocker,
    breaker,
    free_room,
    join,
    most_saved,
    put_in,
    settle,
    some_start,
    take_out,
    times_change,
    together,
    undo,
    wishes_change,
)
from .compiling import called, compiled, inner
from .draws import Seeds, below, fraction
from .state import SAME_ROOM, SAME_TIME, AnnealingInstance, AnnealingState, Ints, bound, price
from .together.blocks import collect, exchange
from .together.clearing import evict, make_way, resettle
from .together.teams import displace, refused, same_room, same_time

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

BLOCKS, ROOMS, ORDERS, SWAPS = 0.004, 0.02, 0.03, 0.3
"""Of the proposals, one after the other: below BLOCKS two stretches of time, below ROOMS another room, below ORDERS two
of one room in another order, then LOOSE a place where a rule may be broken, below SWAPS two that change starts, and
above it another start."""

LOOSE, LOOSE_UNEVEN = 0.002, 0.2
"""Of the proposals, those to a place where a rule may be broken; and where many sessions are not equally long: two that
change places seldom fit there, and most ways lead through broken rules."""

WAYS, INSERTED, EVICTED = 0.3, 0.5, 0.03
"""Where more than one is in the way: how often they make way for a start, and of those, how often by moving along; and
where lengths are uneven, how often those in a room do for whom there is no other move."""

FOCUSED = 0.05
"""While a rule is broken where lengths are uneven, how often a session is drawn that breaks one.
Those in its way then always make way."""

ATTEMPTS = 40
"""Sessions looked at to find another one in the same room."""

ROOMS_TRIED = 3
"""Rooms priced for a place where a rule may be broken."""

START_DRAWS, ROOM_DRAWS = 4, 8
"""Starts and rooms drawn until one is not too dear."""

TINY = 1e-300


class AnnealingOutcome(NamedTuple):
    """What one call did: hard violations and cost of the current state, cost of the best right one (-1: none)."""

    hard: int
    soft: int
    best: int


@called
def _pair(
    data: AnnealingInstance,
    state: AnnealingState,
    rng: Seeds,
    chain: SessionChain,
    i: int,
    k: int,
    j: int,
    kj: int,
    spare: float,
    temperature: float,
    luck: float,
) -> int:
    """Session i goes to slot k and j to kj, into rooms that are free then; the length of the chain, 0 if refused."""
    change = (
        times_change(data, state, i, k)
        + times_change(data, state, j, kj)
        + together(data, i, state.slot[i], k, j, state.slot[j], kj)
    )
    if refused(change, most_saved(data, state, i) + most_saved(data, state, j) + spare, temperature, luck):
        return 0
    r = free_room(data, state, rng, i, k, j, FREE)
    if r < 0:
        return 0
    rj = free_room(data, state, rng, j, kj, i, FREE)
    if rj < 0:
        return 0
    return join(state, chain, join(state, chain, 0, i, k, r), j, kj, rj)


@inner
def _allowed(data: AnnealingInstance, i: int, r: int, k: int) -> bool:
    return 0 <= k < data.allowed.shape[2] and bool(data.allowed[i, r, k])


@inner
def _room_within(data: AnnealingInstance, state: AnnealingState, rng: Seeds, i: int, limit: float) -> int:
    """A room drawn for session i that costs at most `limit` more than where it is, or FREE."""
    for _ in range(ROOM_DRAWS):
        r = data.rooms[i, below(rng, data.room_count[i])]
        if data.room_cost[i, r] - data.room_cost[i, state.room[i]] <= limit:
            return r  # type: ignore[no-any-return]  # compiled code has no Any
    return FREE


@called
def _shift(  # noqa: PLR0911  # each look may end it, the cheap ones first
    data: AnnealingInstance,
    state: AnnealingState,
    rng: Seeds,
    chain: SessionChain,
    i: int,
    k: int,
    spare: float,
    temperature: float,
    luck: float,
    keen: bool,
) -> int:
    """Session i goes to slot k; who is in the way gets its start, or another room. The length of the chain, or 0.

    A negative length: the chain has still to find its places (`resettle`). `keen`: whatever way there is.
    """
    if data.asked[i] & SAME_TIME:
        return same_time(data, state, rng, chain, i, k, spare, temperature, luck)
    j = breaker(data, state, i, k)
    if j == MANY:
        if fraction(rng) >= WAYS:
            return 0
        return -make_way(data, state, chain, i, k, fraction(rng) < INSERTED, spare, temperature, luck)
    if j != FREE:
        return _pair(data, state, rng, chain, i, k, j, state.slot[i], spare, temperature, luck)
    if refused(times_change(data, state, i, k), most_saved(data, state, i) + spare, temperature, luck):
        return 0
    r = free_room(data, state, rng, i, k, FREE, FREE)
    if r >= 0:
        return join(state, chain, 0, i, k, r)
    limit = data.slack[i] + spare - times_change(data, state, i, k) - temperature * np.log(luck + TINY)
    r = _room_within(data, state, rng, i, limit)
    if r < 0 or not data.allowed[i, r, k]:
        return 0
    j = blocker(data, state, i, k, r)
    if j == FREE:
        return 0
    if j == MANY:
        length = displace(data, state, chain, i, k, r, spare, temperature, luck)
    else:
        rj = free_room(data, state, rng, j, state.slot[j], FREE, state.room[j])
        if rj >= 0:
            return join(state, chain, join(state, chain, 0, j, state.slot[j], rj), i, k, r)
        length = _pair(data, state, rng, chain, i, k, j, state.slot[i], spare, temperature, luck)
    if length == 0 and data.uneven and (keen or fraction(rng) < EVICTED):
        return -evict(data, state, chain, i, k, r, spare, temperature, luck)
    return length


@called
def _other_room(
    data: AnnealingInstance,
    state: AnnealingState,
    rng: Seeds,
    chain: SessionChain,
    i: int,
    spare: float,
    temperature: float,
    luck: float,
) -> int:
    """Session i goes to another room, and who is there comes into its own; the length of the chain, or 0."""
    if data.asked[i] & SAME_ROOM:
        return same_room(data, state, rng, chain, i)
    k, old = state.slot[i], state.room[i]
    r = data.rooms[i, below(rng, data.room_count[i])]
    if r == old or not data.allowed[i, r, k]:
        return 0
    j = blocker(data, state, i, k, r)
    if j == MANY:
        return displace(data, state, chain, i, k, r, spare, temperature, luck)
    length = join(state, chain, 0, i, k, r)
    if j != FREE:
        if not data.allowed[j, old, state.slot[j]]:
            return 0
        length = join(state, chain, length, j, state.slot[j], old)
    return length


@called
def _other_order(data: AnnealingInstance, state: AnnealingState, rng: Seeds, chain: SessionChain, i: int) -> int:
    """Two of one room change their order: the later one starts first, the earlier one ends last."""
    n = data.length.shape[0]
    j = below(rng, n)
    r = state.room[i]
    for _ in range(ATTEMPTS):
        if j != i and state.room[j] == r:
            break
        j = j + 1 if j + 1 < n else 0
    if j == i or state.room[j] != r:
        return 0
    first, last = (i, j) if state.slot[i] < state.slot[j] else (j, i)
    late = state.slot[last] + data.length[last] - data.length[first]
    if not (_allowed(data, last, r, state.slot[first]) and _allowed(data, first, r, late)):
        return 0
    return join(state, chain, join(state, chain, 0, last, state.slot[first], r), first, late, r)


@called
def _loose(
    data: AnnealingInstance, state: AnnealingState, rng: Seeds, chain: SessionChain, i: int, hard_weight: float
) -> int:
    """Session i goes to another slot and the cheapest of a few rooms, whatever rule that breaks; the length, or 0."""
    k = some_start(data, rng, i)
    best, least = FREE, 0.0
    for attempt in range(ROOMS_TRIED + 1):
        r = state.room[i] if attempt == 0 else data.rooms[i, below(rng, data.room_count[i])]
        if data.allowed[i, r, k] and r != best:
            hard, soft = price(data, state, i, k, r)
            if best == FREE or hard * hard_weight + soft < least:
                best, least = r, hard * hard_weight + soft
    return 0 if best == FREE else join(state, chain, 0, i, k, best)


@inner
def _draw(  # noqa: PLR0911  # one for each kind
    data: AnnealingInstance,
    state: AnnealingState,
    rng: Seeds,
    chain: SessionChain,
    i: int,
    kind: float,
    spare: float,
    temperature: float,
    luck: float,
    hard_weight: float,
    keen: bool,
) -> int:
    """One proposal that begins with session i; the length of its chain as `_shift` has it, 0 if none is worth it."""
    if kind < ROOMS:
        return _other_room(data, state, rng, chain, i, spare, temperature, luck)
    if kind < ORDERS:
        return _other_order(data, state, rng, chain, i)
    if kind < ORDERS + (LOOSE_UNEVEN if data.uneven else LOOSE):
        return _loose(data, state, rng, chain, i, hard_weight)
    if kind < SWAPS:
        j = below(rng, data.length.shape[0])
        if state.slot[i] == state.slot[j]:
            return 0
        length = _pair(data, state, rng, chain, i, state.slot[j], j, state.slot[i], spare, temperature, luck)
        if length == 0 and data.using[i] > data.using[j]:
            return displace(data, state, chain, i, state.slot[j], state.room[j], spare, temperature, luck)
        return length
    k = state.slot[i]
    for _ in range(START_DRAWS):
        k = some_start(data, rng, i)
        change = times_change(data, state, i, k)
        if k != state.slot[i] and not refused(change, most_saved(data, state, i) + spare, temperature, luck):
            break
    return 0 if k == state.slot[i] else _shift(data, state, rng, chain, i, k, spare, temperature, luck, keen)


@inner
def _crowded(data: AnnealingInstance, state: AnnealingState, i: int) -> bool:
    """Is session i not alone in its room?"""
    k = state.slot[i]
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[state.room[i], a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            if state.taken[atom, t] > 1:
                return True
    return False


@called
def _next_broken(data: AnnealingInstance, state: AnnealingState, i: int) -> int:
    """The first session from i on that breaks a rule with another or is not alone in its room; i if none does."""
    n = data.length.shape[0]
    for _ in range(n):
        if bound(data, state, i, state.slot[i], state.room[i]) > 0 or _crowded(data, state, i):
            break
        i = i + 1 if i + 1 < n else 0
    return i


@compiled
def anneal(
    data: AnnealingInstance,
    state: AnnealingState,
    chain: SessionChain,
    hard: int,
    soft: int,
    best_slot: Ints,
    best_room: Ints,
    best: int,
    rng: Seeds,
    steps: int,
    hot: float,
    cold: float,
    hard_weight: float,
) -> AnnealingOutcome:
    """`steps` proposals from a state that breaks `hard` rules and costs `soft`, cooling from `hot` to `cold`.

    `best` is the cost of what is in `best_slot`, `best_room`, or -1; they are overwritten by any better right state.
    """
    n = state.slot.shape[0]
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    temperature = hot
    for _ in range(steps):
        temperature *= cooling
        i = below(rng, n)
        kind, luck = fraction(rng), fraction(rng)
        keen = data.uneven and hard > 0 and fraction(rng) < FOCUSED
        if keen:
            i = _next_broken(data, state, i)
        if kind < BLOCKS:
            k = some_start(data, rng, i)
            span = data.using[i]
            if abs(k - state.slot[i]) < span:
                continue
            length = collect(data, state, chain, state.slot[i], k, span)
            if length == 0:
                continue
            more_hard, change = exchange(data, state, rng, chain, length)
        else:
            length = _draw(data, state, rng, chain, i, kind, hard * hard_weight, temperature, luck, hard_weight, keen)
            if length == 0:
                continue
            if length < 0:
                length = -length
                more_hard, change = resettle(data, state, rng, chain, length)
            else:
                h0, s0 = take_out(data, state, chain, length)
                h1, s1 = put_in(data, state, chain, length)
                more_hard, change = h1 - h0, s1 - s0 + wishes_change(data, state, chain, length)
        worse = change + hard_weight * more_hard
        if worse > 0 and luck >= np.exp(-worse / temperature):
            undo(data, state, chain, length)
            continue
        settle(data, state, chain, length)
        hard += more_hard
        soft += change
        if hard == 0 and (best < 0 or soft < best):
            best = soft
            for index in range(n):
                best_slot[index] = state.slot[index]
                best_room[index] = state.room[index]
    return AnnealingOutcome(hard, soft, best)
