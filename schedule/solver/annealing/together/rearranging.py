"""Stretches of time put in their best order: all of them at once, by an assignment.

Sessions that belong together often come together at a wrong time: together they cost nothing there, but a few of them
may not be at that time and so cost something elsewhere. Where three or more such groups would have to go round in a
circle, no exchange of two ever costs less. So now and then the timetable is cut wherever no session runs across, and
which group goes to which stretch is an assignment: a group costs there what those of its sessions that may not be there
cost elsewhere. It is solved exactly (by OR-tools' cost scaling push-relabel, after Goldberg and Kennedy 1995), and what
comes of it is weighed like any other move. A programme of equal slots is cut at every slot, one with lunch at lunch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import linear_sum_assignment

from ..chains import SessionChain, settle, undo
from ..draws import Seeds, fraction
from ..state import AnnealingInstance, AnnealingState
from .blocks import exchange

Ints = NDArray[np.int64]

FEWEST = 3
"""With two stretches there is nothing that an exchange of two would not find."""

UNFIT = 1 << 30
"""What it costs that a group goes to a shorter stretch."""


def cuts(data: AnnealingInstance, state: AnnealingState, possible: NDArray[np.bool_]) -> Ints:
    """Where the time can be cut, ascending: where a session begins or ends, or a day does, and none runs across."""
    begins, ends = state.slot, state.slot + data.length
    places = max(possible.shape[1], int(ends.max())) + 2
    crossed = np.zeros(places, np.int64)
    np.add.at(crossed, begins + 1, 1)
    np.add.at(crossed, ends, -1)
    open_ = np.zeros(places, np.bool_)
    open_[: possible.shape[1]] = possible.any(axis=0)
    edge = np.zeros(places, np.bool_)
    edge[begins] = edge[ends] = True
    edge[1:] |= open_[1:] & ~open_[:-1]
    return np.flatnonzero(edge & (np.cumsum(crossed) == 0))


def rearrangement(data: AnnealingInstance, state: AnnealingState, possible: NDArray[np.bool_]) -> Ints:
    """The slot to which each session should go; its own where nothing is to be gained. `possible` is [n, K]."""
    n, slots = possible.shape
    sessions = np.arange(n)
    at = cuts(data, state, possible)
    stretches = len(at) - 1
    if stretches < FEWEST:
        return state.slot
    cost = np.where(possible.any(axis=0), state.wished[:slots].T + data.slot_cost, UNFIT)
    within = np.searchsorted(at, np.arange(slots), side="right") - 1
    # A session belongs where it would cost least if it might be anywhere, in doubt where it is.
    liked = np.asarray(cost.argmin(axis=1))
    liked = np.where(cost[sessions, state.slot] <= cost[sessions, liked], state.slot, liked)
    group = np.clip(within[liked], 0, stretches - 1)
    offset = liked - at[group]
    regret = np.where(possible, cost, UNFIT).min(axis=1) - cost[sessions, liked]
    regret = np.maximum(1, regret)
    room_for = np.diff(at)
    needs = np.zeros(stretches, np.int64)
    np.maximum.at(needs, group, offset + data.length)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    for there in range(stretches):
        target = at[there] + offset
        may = (target < slots) & possible[sessions, np.minimum(target, slots - 1)]
        price = np.bincount(group, weights=np.where(may, 0, regret), minlength=stretches).astype(np.int64)
        # In doubt a group stays.
        price = 2 * price + (np.arange(stretches) != there) + np.where(needs > room_for[there], UNFIT, 0)
        solver.add_arcs_with_cost(np.arange(stretches), np.full(stretches, there), price)
    if solver.solve() != solver.OPTIMAL:
        return state.slot
    goes = np.array([solver.right_mate(one) for one in range(stretches)])
    target = at[goes[group]] + offset
    may = (target < slots) & possible[sessions, np.minimum(target, slots - 1)]
    moved = goes[group] != np.arange(stretches)[group]
    return np.where(may & moved, target, state.slot)


def rearrange(  # noqa: PLR0917  # as the compiled moves take them
    data: AnnealingInstance,
    state: AnnealingState,
    chain: SessionChain,
    rng: Seeds,
    possible: NDArray[np.bool_],
    temperature: float,
    hard_weight: float,
) -> tuple[int, int]:
    """Do it if that is accepted at this temperature; change of broken rules and of cost, both 0 if it is not."""
    target = rearrangement(data, state, possible)
    movers = np.flatnonzero(target != state.slot)
    if not len(movers):
        return 0, 0
    length = len(movers)
    chain.who[:length] = movers
    chain.old_slot[:length], chain.old_room[:length] = state.slot[movers], state.room[movers]
    chain.slot[:length], chain.room[:length] = target[movers], state.room[movers]
    hard, soft = exchange(data, state, rng, chain, length)
    worse = soft + hard_weight * hard
    if worse > 0 and fraction(rng) >= np.exp(-worse / temperature):
        undo(data, state, chain, length)
        return 0, 0
    settle(data, state, chain, length)
    return hard, soft
