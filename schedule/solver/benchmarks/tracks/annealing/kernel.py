"""What a change of the cells' contents costs; compiled by numba.

A state is a list of submissions for every cell, in the order of their slots; empty slots may stand before one.
Every state is acceptable: submissions are in one piece, cells hold one track and do not overflow. `shift` changes a
state and returns by how much its cost changes, without the order and the slot-level terms: these depend on positions
and are worked out by `position_cost` for the cells that a move touches. All costs are weighted and whole.

Compiling takes longer than many a search. So functions that only compiled code calls get no wrapper for Python, and
the larger ones are called in one place only, because each call is compiled anew where it is inlined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schedule.solver.annealing.compiling import inner

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

Ints = NDArray[np.int64]


class TracksData(NamedTuple):
    """An instance as arrays: n submissions, T tracks, S sessions, R rooms, C cells; cell c = session * R + room.

    Few wide arrays instead of many narrow ones: what it takes to compile a call grows with what is handed over.
    """

    head: Ints  # see HEAD
    subs: Ints  # [n, SUB_COSTS + S + R] see SUBS; then what a submission costs in a session, in a room
    tracks: Ints  # [T, TRACK_COSTS + C + T] see TRACKS; then what a cell costs, and two tracks in one session
    sessions: Ints  # [S] slots of a cell
    lists: Ints  # [2, m] submissions, and costs: what the entries of `subs` and `tracks` refer to


ROOMS, ROOM_CHANGE, PARALLEL, TORN, OUT_OF_TURN, POSITIONS = HEAD = range(6)
"""Number of rooms; cost of every further room of a track, every further room in one session, a track whose sessions
are not consecutive, a submission out of turn; whether any cost depends on the positions inside a cell."""

SLOTS, TRACK, ORDER, NEAR, NEAR_END, CLOSE, CLOSE_END = SUBS = range(7)
"""Slots, track and order; where its conflicts at session level and at slot level begin and end in the lists."""
SUB_COSTS = len(SUBS)

MEMBERS, MEMBERS_END = TRACKS = range(2)
"""Where the submissions of a track begin and end in the lists."""
TRACK_COSTS = len(TRACKS)


class TracksState(NamedTuple):
    """Who stands where."""

    subs: Ints  # [n, 3] see the columns below
    items: Ints  # [C, most slots] the submissions of a cell
    cells: Ints  # [C, 3] see the columns below
    uses: Ints  # [T, S + R] cells of a track in a session, in a room


CELL, SPACE, FIRST = range(3)
"""Of a submission: its cell or -1, the empty slots before it, its first slot."""
HOST, FILLED, USED = range(3)
"""Of a cell: its track or -1, how many submissions, how many slots (with empty ones before them)."""


@inner
def is_torn(data: TracksData, state: TracksState, t: int) -> bool:
    """Is there a hole between the sessions of track t?"""
    stretches = 0
    inside = False
    for s in range(data.sessions.shape[0]):
        now = state.uses[t, s] > 0
        if now and not inside:
            stretches += 1
        inside = now
    return stretches > 1


@inner
def cell_change(data: TracksData, state: TracksState, c: int, t: int, step: int) -> int:
    """Give the empty cell c to track t (step 1) or take the emptied one away (-1); the change of cost."""
    rooms, sessions = data.head[ROOMS], data.sessions.shape[0]
    s, r = c // rooms, c % rooms
    change = data.tracks[t, TRACK_COSTS + c]
    pairs = TRACK_COSTS + sessions * rooms
    for other in range(s * rooms, (s + 1) * rooms):
        if state.cells[other, HOST] >= 0 and other != c:
            change += data.tracks[t, pairs + state.cells[other, HOST]]
    old = state.uses[t, s]
    if max(old, old + step) > 1:
        change += data.head[PARALLEL]
    if max(state.uses[t, sessions + r], state.uses[t, sessions + r] + step) == 1:
        change += data.head[ROOM_CHANGE]
    change *= step
    first_or_last = max(old, old + step) == 1
    if first_or_last and data.head[TORN]:
        change -= data.head[TORN] * is_torn(data, state, t)
    state.uses[t, s] += step
    state.uses[t, sessions + r] += step
    if first_or_last and data.head[TORN]:
        change += data.head[TORN] * is_torn(data, state, t)
    state.cells[c, HOST] = t if step > 0 else -1
    return int(change)


@inner
def shift(data: TracksData, state: TracksState, i: int, c: int, k: int, step: int) -> int:
    """Put i as number k into cell c (step 1), or take it, which is number k there, away (-1); the change of cost."""
    rooms = data.head[ROOMS]
    s = c // rooms
    change = data.subs[i, SUB_COSTS + s] + data.subs[i, SUB_COSTS + data.sessions.shape[0] + c % rooms]
    for n in range(data.subs[i, NEAR], data.subs[i, NEAR_END]):
        other = state.subs[data.lists[0, n], CELL]
        if other >= 0 and other != c and other // rooms == s:
            change += data.lists[1, n]
    change *= step
    last = state.cells[c, FILLED]
    state.cells[c, FILLED] += step
    state.cells[c, USED] += step * (data.subs[i, SLOTS] + state.subs[i, SPACE])
    if step > 0:
        for m in range(last, k, -1):
            state.items[c, m] = state.items[c, m - 1]
        state.items[c, k] = i
        state.subs[i, CELL] = c
    else:
        for m in range(k, last - 1):
            state.items[c, m] = state.items[c, m + 1]
        state.subs[i, CELL] = -1
    if max(last, state.cells[c, FILLED]) == 1:
        change += cell_change(data, state, c, data.subs[i, TRACK], step)
    return int(change)


@inner
def place_in(state: TracksState, i: int) -> int:
    """Which number i has in its cell."""
    k = 0
    while state.items[state.subs[i, CELL], k] != i:
        k += 1
    return k


@inner
def order_cost(data: TracksData, state: TracksState, t: int) -> int:
    """Submissions of track t out of turn, and slots of ordered ones in parallel."""
    place = 0
    wrong = 0
    rooms = data.head[ROOMS]
    for s in range(data.sessions.shape[0]):
        if state.uses[t, s] == 0:
            continue
        for c in range(s * rooms, (s + 1) * rooms):
            if state.cells[c, HOST] != t:
                continue
            for k in range(state.cells[c, FILLED]):
                i = state.items[c, k]
                place += 1
                if data.subs[i, ORDER] == 0:
                    continue
                if data.subs[i, ORDER] != place:
                    wrong += 1
                if state.uses[t, s] == 1:
                    continue
                for d in range(c + 1, (s + 1) * rooms):
                    if state.cells[d, HOST] != t:
                        continue
                    for m in range(state.cells[d, FILLED]):
                        j = state.items[d, m]
                        if data.subs[j, ORDER] != 0:
                            wrong += overlap(data, state, i, j)
    return int(data.head[OUT_OF_TURN] * wrong)


@inner
def overlap(data: TracksData, state: TracksState, i: int, j: int) -> int:
    """Slots that two submissions of one session share."""
    start = max(state.subs[i, FIRST], state.subs[j, FIRST])
    end = min(state.subs[i, FIRST] + data.subs[i, SLOTS], state.subs[j, FIRST] + data.subs[j, SLOTS])
    return int(max(0, end - start))


@inner
def position_cost(data: TracksData, state: TracksState, cells: Ints, amount: int) -> int:
    """What depends on positions in these (distinct) cells and in the tracks that they host; sets `first` in them."""
    rooms = data.head[ROOMS]
    for a in range(amount):
        slot = 0
        for k in range(state.cells[cells[a], FILLED]):
            i = state.items[cells[a], k]
            slot += state.subs[i, SPACE]
            state.subs[i, FIRST] = slot
            slot += data.subs[i, SLOTS]
    cost = 0
    for a in range(amount):
        c = cells[a]
        for k in range(state.cells[c, FILLED]):
            i = state.items[c, k]
            for n in range(data.subs[i, CLOSE], data.subs[i, CLOSE_END]):
                j = data.lists[0, n]
                d = state.subs[j, CELL]
                if d < 0 or d == c or d // rooms != c // rooms:
                    continue
                # A pair of touched cells is met from both sides.
                if j < i and is_among(cells, amount, d):
                    continue
                cost += data.lists[1, n] * overlap(data, state, i, j)
        t = state.cells[c, HOST]
        fresh = t >= 0 and data.head[OUT_OF_TURN] > 0
        for b in range(a):
            fresh = fresh and state.cells[cells[b], HOST] != t
        if fresh:
            cost += order_cost(data, state, t)
    return cost


@inner
def is_among(cells: Ints, amount: int, c: int) -> bool:
    for a in range(amount):  # noqa: SIM110  # any() is compiled many times slower
        if cells[a] == c:
            return True
    return False
