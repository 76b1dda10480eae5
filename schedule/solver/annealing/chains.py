"""Sessions that move together: what their move costs, and rooms for them.

A chain is taken out of the state session by session and put in again at its new places; every session is priced among
those that are there at that moment, so all differences are exact. What its wishers pay comes last, from
`AnnealingState.wished` and the few pairs within the chain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiling import called, compiled, inner
from .draws import Seeds, below, fraction
from .state import (
    AFTER,
    APART,
    BEFORE,
    SAME_TIME,
    TOGETHER,
    AnnealingInstance,
    AnnealingState,
    Ints,
    bound,
    count,
    price,
    spread,
)

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

CHEAP = 0.97
"""Of the starts drawn, those among a session's cheapest: off the half hour or the hours liked there are several times
as many, and while it is hot they would cost next to nothing."""

FREE, MANY = -1, -2
"""Nobody is in the way; more than one session is."""


class SessionChain(NamedTuple):
    """Room for a chain of all sessions; nothing in it is kept from one proposal to the next."""

    who: Ints
    old_slot: Ints
    old_room: Ints
    slot: Ints  # where it goes
    room: Ints


def empty_chain(sessions: int) -> SessionChain:
    """In Python: what is compiled makes no arrays."""
    return SessionChain(*(np.zeros(sessions, np.int64) for _ in SessionChain._fields))


@inner
def some_start(data: AnnealingInstance, rng: Seeds, i: int) -> int:
    """A start drawn for session i, mostly one of its cheapest."""
    if data.cheap_count[i] < data.slot_count[i] and fraction(rng) < CHEAP:
        return data.slots[i, below(rng, data.cheap_count[i])]  # type: ignore[no-any-return]  # compiled code has no Any
    return data.slots[i, below(rng, data.slot_count[i])]  # type: ignore[no-any-return]  # compiled code has no Any


@inner
def join(state: AnnealingState, chain: SessionChain, length: int, i: int, k: int, r: int) -> int:
    """Add session i, which goes to slot k in room r, to a chain of `length`; returns its new length."""
    chain.who[length] = i
    chain.old_slot[length], chain.old_room[length] = state.slot[i], state.room[i]
    chain.slot[length], chain.room[length] = k, r
    return length + 1


@inner
def overlap(data: AnnealingInstance, i: int, ki: int, j: int, kj: int) -> int:
    """What it costs that session i starts at ki and j at kj."""
    return data.clash[i, j] if kj < ki + data.length[i] and ki < kj + data.length[j] else 0


@inner
def together(data: AnnealingInstance, i: int, old_i: int, new_i: int, j: int, old_j: int, new_j: int) -> int:
    """What the changes of two sessions, each counted as if the other stayed, leave out."""
    return (
        overlap(data, i, new_i, j, new_j)
        + overlap(data, i, old_i, j, old_j)
        - overlap(data, i, new_i, j, old_j)
        - overlap(data, i, old_i, j, new_j)
    )


@inner
def times_change(data: AnnealingInstance, state: AnnealingState, i: int, k: int) -> int:
    """Change of what session i costs by its start alone, if it goes to slot k and nobody else moves."""
    old = state.slot[i]
    return state.wished[k, i] + data.slot_cost[i, k] - state.wished[old, i] - data.slot_cost[i, old]  # type: ignore[no-any-return]  # compiled code has no Any


@inner
def most_saved(data: AnnealingInstance, state: AnnealingState, i: int) -> int:
    """The most that the rest of the cost can fall by moving session i."""
    return data.room_cost[i, state.room[i]] - data.room_least[i] + data.slack[i]  # type: ignore[no-any-return]  # compiled code has no Any


@called
def wishes_change(data: AnnealingInstance, state: AnnealingState, chain: SessionChain, length: int) -> int:
    """Change of what the wishers pay."""
    change = 0
    for a in range(length):
        i, old, new = chain.who[a], chain.old_slot[a], chain.slot[a]
        if old == new:
            continue
        change += state.wished[new, i] - state.wished[old, i]
        for b in range(a):
            j = chain.who[b]
            if data.clash[i, j] and chain.old_slot[b] != chain.slot[b]:
                change += together(data, i, old, new, j, chain.old_slot[b], chain.slot[b])
    return change


@called
def take_out(data: AnnealingInstance, state: AnnealingState, chain: SessionChain, length: int) -> tuple[int, int]:
    """Take the chain out of its old places; broken rules and cost (but for wishes) that go with it."""
    hard, soft = 0, 0
    for a in range(length):
        i, k, r = chain.who[a], chain.old_slot[a], chain.old_room[a]
        count(data, state, i, k, r, -1)
        h, s = price(data, state, i, k, r)
        hard += h
        soft += s
    return hard, soft


@called
def put_in(data: AnnealingInstance, state: AnnealingState, chain: SessionChain, length: int) -> tuple[int, int]:
    """Put the chain at its new places; broken rules and cost (but for wishes) that come with it."""
    hard, soft = 0, 0
    for a in range(length):
        i, k, r = chain.who[a], chain.slot[a], chain.room[a]
        h, s = price(data, state, i, k, r)
        count(data, state, i, k, r, 1)
        hard += h
        soft += s
    return hard, soft


@compiled
def undo(data: AnnealingInstance, state: AnnealingState, chain: SessionChain, length: int) -> None:
    """Put the chain, which is at its new places, back to the old ones."""
    for a in range(length):
        count(data, state, chain.who[a], chain.slot[a], chain.room[a], -1)
    for a in range(length):
        count(data, state, chain.who[a], chain.old_slot[a], chain.old_room[a], 1)


@compiled
def settle(data: AnnealingInstance, state: AnnealingState, chain: SessionChain, length: int) -> None:
    """Let all wishers know where the chain, which is at its new places, has gone."""
    for a in range(length):
        if chain.old_slot[a] != chain.slot[a]:
            spread(data, state, chain.who[a], chain.old_slot[a], -1)
            spread(data, state, chain.who[a], chain.slot[a], 1)


@inner
def blocker(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int) -> int:
    """The session that keeps session i from room r at slot k, FREE or MANY; i itself is never in its own way."""
    found = FREE
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            if state.taken[atom, t] == 0:
                continue
            j = state.holder[atom, t] - 1
            if j == i or j == found:  # noqa: PLR1714, SIM109  # compiled code compares faster than it looks up
                if state.taken[atom, t] == 1:
                    continue
            elif found == FREE and state.taken[atom, t] == 1:
                found = j
                continue
            return MANY
    return found


@called
def breaker(data: AnnealingInstance, state: AnnealingState, i: int, k: int) -> int:
    """The session whose start speaks against session i at slot k (in whatever room), FREE or MANY."""
    found = FREE
    start_i = k * data.slot_minutes
    end_i = start_i + data.minutes[i]
    for index in range(data.pair_end[i], data.pair_end[i + 1]):
        j = data.pair[index]
        if state.slot[j] < 0:
            continue
        bits = data.pair_bits[index]
        start_j = state.slot[j] * data.slot_minutes
        end_j = start_j + data.minutes[j]
        if (
            (bits & (APART | TOGETHER) and start_j < end_i and start_i < end_j)
            or (bits & BEFORE and start_j < end_i)
            or (bits & AFTER and start_i < end_j)
            or (bits & SAME_TIME and start_i != start_j)
        ):
            if found != FREE:
                return MANY
            found = j
    return found


@called
def free_room(data: AnnealingInstance, state: AnnealingState, rng: Seeds, i: int, k: int, gone: int, shun: int) -> int:
    """The cheapest room for session i at slot k that nobody but session `gone` is in, or FREE; never room `shun`.

    Of rooms that cost the same, a random one.
    """
    best, least = FREE, 0
    rooms = data.room_count[i]
    at = below(rng, rooms)
    day, track = data.day[k], data.track[i]
    alone = data.pair_end[i] == data.pair_end[i + 1]
    for _ in range(rooms):
        r = data.rooms[i, at]
        at = at + 1 if at + 1 < rooms else 0
        if r == shun or not data.allowed[i, r, k]:
            continue
        cost = data.room_cost[i, r]
        if best != FREE and cost >= least:
            continue
        j = blocker(data, state, i, k, r)
        if j != FREE and j != gone:  # noqa: PLR1714  # compiled code compares faster than it looks up
            continue
        if track >= 0 and state.track_rooms[track, day, r] == 0 and state.track_days[track, day] > 0:
            cost += data.track_weight
        if not alone:
            cost += (1 << 40) * bound(data, state, i, k, r)
        if best == FREE or cost < least:
            best, least = r, cost
            if cost == data.room_least[i]:
                break
    return best
