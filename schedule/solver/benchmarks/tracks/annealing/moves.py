"""The moves of the annealing, and the loop that tries them; compiled by numba.

A move is a list of steps: submissions to take out, and where to put each of them afterwards. `carry_out` turns the
list into the one that undoes it, so a move that is not wanted is simply carried out once more.
"""

from __future__ import annotations

import math

from schedule.solver.annealing.compiling import compiled, inner

from .kernel import (
    CELL,
    FILLED,
    HOST,
    MEMBERS,
    MEMBERS_END,
    ORDER,
    POSITIONS,
    ROOMS,
    SLOTS,
    SPACE,
    TRACK,
    USED,
    Ints,
    TracksData,
    TracksState,
    is_among,
    place_in,
    position_cost,
    shift,
)

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

RELOCATE = 0
"""A submission goes to another cell that is empty or its track's (or to another place in its own)."""
SWAP = 1
"""Two submissions of a track in different cells change places."""
TAIL = 2
"""The last submissions of a cell, or all, go to another cell that is empty or of their track."""
CELLS = 3
"""Two cells exchange their contents."""
COLUMNS = 4
"""Two rooms do so in several consecutive sessions."""
ROWS = 5
"""Two sessions do so in several neighbouring rooms."""
GAP = 6
"""The empty slots before a submission change."""

SHARES = (350, 300, 120, 150, 60, 20, 0)
"""How often each kind is tried; GAP only where positions matter."""
GAP_SHARE = 30

ITEM, TO, PLACE, BEFORE, OLD = range(5)
"""Rows of a list of steps: a submission, its cell, its number there, the empty slots before it; then work space."""
ROWS_OF_STEPS = OLD + 3


@inner
def uniform(random: Ints) -> float:
    """A number from 0 to below 1: xorshift (Marsaglia, 2003), which is one step of `random` and quick to compile."""
    x = random[0]
    x ^= x << 13
    x ^= (x >> 7) & ((1 << 57) - 1)
    x ^= x << 17
    random[0] = x
    return float((x >> 11) & ((1 << 53) - 1)) * 2.0**-53


@inner
def below(random: Ints, limit: int) -> int:
    """A whole number from 0 to below `limit`."""
    return int(uniform(random) * limit)


@inner
def step(steps: Ints, amount: int, item: int, cell: int, place: int, space: int) -> int:
    """Add a step; how many there are."""
    steps[ITEM, amount] = item
    steps[TO, amount] = cell
    steps[PLACE, amount] = place
    steps[BEFORE, amount] = space
    return amount + 1


@inner
def carry_out(data: TracksData, state: TracksState, steps: Ints, amount: int) -> int:
    """Take the submissions out, from the last step to the first, and put them in, from the first to the last.

    Afterwards the steps are those that lead back. Returns the change of cost without positions.
    """
    change = 0
    for n in range(2 * amount):
        sign = -1 if n < amount else 1
        m = amount - 1 - n if n < amount else n - amount
        i = steps[ITEM, m]
        if n < amount:
            steps[OLD, m], steps[OLD + 1, m], steps[OLD + 2, m] = steps[TO, m], steps[PLACE, m], steps[BEFORE, m]
            c = state.subs[i, CELL]
            if c < 0:
                continue
            k = place_in(state, i)
            steps[TO, m], steps[PLACE, m], steps[BEFORE, m] = c, k, state.subs[i, SPACE]
        else:
            c, k, state.subs[i, SPACE] = steps[OLD, m], steps[OLD + 1, m], steps[OLD + 2, m]
        change += shift(data, state, i, c, k, sign)
    return change


@inner
def touched(state: TracksState, steps: Ints, amount: int, cells: Ints) -> int:
    """Fill `cells` with the distinct cells that the steps change; how many."""
    found = 0
    for m in range(2 * amount):
        c = state.subs[steps[ITEM, m], CELL] if m < amount else steps[TO, m - amount]
        if c >= 0 and not is_among(cells, found, c):
            cells[found] = c
            found += 1
    return found


@inner
def propose(data: TracksData, state: TracksState, random: Ints, kind: int, steps: Ints) -> int:  # noqa: PLR0911  # one per kind
    """The steps of a random move of this kind; 0 if the one drawn is impossible or does nothing."""
    i = below(random, data.subs.shape[0])
    c = state.subs[i, CELL]
    t = data.subs[i, TRACK]
    low, high = data.tracks[t, MEMBERS], data.tracks[t, MEMBERS_END]
    j = data.lists[0, low + below(random, high - low)]
    if kind == SWAP:
        return propose_swap(data, state, steps, i, j)
    if kind == GAP:
        spare = data.sessions[c // data.head[ROOMS]] - state.cells[c, USED] + state.subs[i, SPACE]
        space = below(random, spare + 1)
        return 0 if space == state.subs[i, SPACE] else step(steps, 0, i, c, place_in(state, i), space)
    if COLUMNS <= kind <= ROWS:
        return propose_lines(data, state, random, kind, steps)
    rooms = data.head[ROOMS]
    where = uniform(random)
    if kind != CELLS and where < 0.5:
        d = state.subs[j, CELL]
    elif where < 0.67:
        d = c // rooms * rooms + below(random, rooms)
    elif where < 0.83:
        d = below(random, data.sessions.shape[0]) * rooms + c % rooms
    else:
        d = below(random, state.cells.shape[0])
    if kind == CELLS:
        return exchange(data, state, steps, 0, c, d) if state.cells[c, HOST] != state.cells[d, HOST] else 0
    if (state.cells[d, HOST] >= 0 and state.cells[d, HOST] != t) or (c == d and kind == TAIL):
        return 0
    if kind == RELOCATE:
        return propose_relocation(data, state, random, steps, i, d)
    k = below(random, state.cells[c, FILLED])
    free = data.sessions[d // rooms] - state.cells[d, USED]
    amount = 0
    for m in range(k, state.cells[c, FILLED]):
        item = state.items[c, m]
        free -= data.subs[item, SLOTS] + state.subs[item, SPACE]
        amount = step(steps, amount, item, d, state.cells[d, FILLED] + amount, state.subs[item, SPACE])
    return amount if free >= 0 else 0


@inner
def propose_swap(data: TracksData, state: TracksState, steps: Ints, i: int, j: int) -> int:
    c, d = state.subs[i, CELL], state.subs[j, CELL]
    more = data.subs[j, SLOTS] + state.subs[j, SPACE] - data.subs[i, SLOTS] - state.subs[i, SPACE]
    if (
        c == d
        or state.cells[c, USED] + more > data.sessions[c // data.head[ROOMS]]
        or state.cells[d, USED] - more > data.sessions[d // data.head[ROOMS]]
    ):
        return 0
    amount = step(steps, 0, i, d, place_in(state, j), state.subs[i, SPACE])
    return step(steps, amount, j, c, place_in(state, i), state.subs[j, SPACE])


@inner
def propose_relocation(data: TracksData, state: TracksState, random: Ints, steps: Ints, i: int, d: int) -> int:
    if state.subs[i, CELL] == d:
        if not data.head[POSITIONS] or state.cells[d, FILLED] == 1:
            return 0
        return step(steps, 0, i, d, below(random, state.cells[d, FILLED]), state.subs[i, SPACE])
    if state.cells[d, USED] + data.subs[i, SLOTS] > data.sessions[d // data.head[ROOMS]]:
        return 0
    k = state.cells[d, FILLED]
    if data.head[POSITIONS] and k > 0:
        if data.subs[i, ORDER] != 0 and uniform(random) < 0.8:
            k = 0
            while k < state.cells[d, FILLED] and data.subs[state.items[d, k], ORDER] < data.subs[i, ORDER]:
                k += 1
        else:
            k = below(random, k + 1)
    return step(steps, 0, i, d, k, 0)


@inner
def exchange(data: TracksData, state: TracksState, steps: Ints, amount: int, c: int, d: int) -> int:
    """Add the steps that exchange two cells; 0 if they do not fit."""
    rooms = data.head[ROOMS]
    if state.cells[c, USED] > data.sessions[d // rooms] or state.cells[d, USED] > data.sessions[c // rooms]:
        return 0
    for _side in range(2):
        for k in range(state.cells[c, FILLED]):
            i = state.items[c, k]
            amount = step(steps, amount, i, d, k, state.subs[i, SPACE])
        c, d = d, c
    return amount


@inner
def propose_lines(data: TracksData, state: TracksState, random: Ints, kind: int, steps: Ints) -> int:
    rooms = data.head[ROOMS]
    sessions = data.sessions.shape[0]
    along, across = (sessions, rooms) if kind == COLUMNS else (rooms, sessions)
    a, b = below(random, across), below(random, across)
    low, high = 0, along
    if uniform(random) < 0.8:
        low = below(random, along)
        high = low + 1 + below(random, along - low)
    amount = 0
    if a == b:
        return 0
    for x in range(low, high):
        c = x * rooms + a if kind == COLUMNS else a * rooms + x
        d = x * rooms + b if kind == COLUMNS else b * rooms + x
        if state.cells[c, FILLED] + state.cells[d, FILLED] == 0:
            continue
        amount = exchange(data, state, steps, amount, c, d)
        if amount == 0:
            return 0
    return amount


@compiled
def anneal(
    data: TracksData,
    state: TracksState,
    best: TracksState,
    costs: Ints,
    random: Ints,
    tries: int,
    hot: float,
    cooling: float,
    shares: Ints,
    steps: Ints,
    cells: Ints,
) -> None:
    """Try `tries` moves from `state`, first at temperature `hot`, which is multiplied with `cooling` at each.

    `costs` are those of `state` and of `best`, which takes over `state` wherever that is better. `shares` are the
    cumulated shares of the kinds of moves, `random` is the state of the generator, `steps` ([ROWS_OF_STEPS, n]) and
    `cells` ([C]) are work space.
    """
    temperature = hot
    for _ in range(tries):
        temperature *= cooling
        drawn = below(random, shares[-1])
        kind = 0
        while shares[kind] <= drawn:
            kind += 1
        amount = propose(data, state, random, kind, steps)
        if amount == 0:
            continue
        near = touched(state, steps, amount, cells) if data.head[POSITIONS] else 0
        change = 0
        for phase in range(3):  # before, after and, if it is not wanted, undone
            if phase > 0:
                change += carry_out(data, state, steps, amount)
            if data.head[POSITIONS]:
                there = position_cost(data, state, cells, near)
                change += there if phase == 1 else -there
            if phase == 1 and (change <= 0 or uniform(random) < math.exp(-change / temperature)):
                costs[0] += change
                break
        if costs[0] < costs[1]:
            costs[1] = costs[0]
            copy(state, best)


@inner
def copy(state: TracksState, best: TracksState) -> None:
    """Make `best` equal to `state`; by loops, because copying whole arrays takes several times longer to compile."""
    for i in range(state.subs.shape[0]):
        for m in range(state.subs.shape[1]):
            best.subs[i, m] = state.subs[i, m]
    for c in range(state.cells.shape[0]):
        for m in range(state.cells.shape[1]):
            best.cells[c, m] = state.cells[c, m]
        for k in range(state.cells[c, FILLED]):
            best.items[c, k] = state.items[c, k]
    for t in range(state.uses.shape[0]):
        for m in range(state.uses.shape[1]):
            best.uses[t, m] = state.uses[t, m]
