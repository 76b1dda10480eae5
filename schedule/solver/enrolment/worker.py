"""One search of its own: tabu search until all is placed, then annealing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ..budget import Deadline
from .anneal import anneal
from .arrays import data_of, load, solution_of, state_of
from .instance import Instance, Solution
from .pace import ENTRIES_PER_SECOND, PROPOSALS_PER_SECOND, Pace
from .place import place
from .state import FREE, total_cost

PLACING_SHARE = 0.7
"""Of the time at most, so that an incomplete timetable is improved as well."""

HOT, COLD = 15.0, 0.5
SWAPS = 0.3
STEPS = 20_000
"""Proposals between two looks at the clock: about 10 ms."""

TABU_STEPS = 50

TELL_SECONDS = 0.5
"""Between two timetables shown to the board, which checks them outside the compiled code."""


class Board(Protocol):
    """What a worker tells and asks."""

    best: Solution
    bound: int

    @property
    def done(self) -> bool: ...

    @property
    def offer(self) -> Callable[[Solution, str], None]: ...


class Worker:
    """A search with a seed of its own that writes on a common board."""

    def __init__(
        self, instance: Instance, board: Board, deadline: Deadline, *, seed: int, number: int, workers: int
    ) -> None:
        self.board = board
        self.deadline = deadline
        self.alone = workers == 1
        self.instance = instance
        self.data = data_of(instance)
        self.state = state_of(instance, self.data, seed * 1000 + number)
        self.iterations = 0
        load(self.data, self.state, board.best.slot, board.best.room)

    def run(self) -> None:
        """Place, then anneal, until the deadline or until the board is done."""
        self.place()
        if not self.board.done and self.deadline.left > 0:
            self.anneal()

    def place(self) -> None:
        """Tabu search until everything that can be placed is, or its share of the time is over."""
        state = self.state
        outside = np.zeros(self.instance.events, np.int64)
        waiting = np.flatnonzero((state.slot == FREE) & (self.data.slot_count > 0) & (self.data.room_count > 0))
        left = len(waiting)
        outside[:left] = waiting
        tabu = np.zeros(state.clash.shape, np.int64)
        best_slot, best_room, best, clock = state.slot.copy(), state.room.copy(), left, 0
        until = self.deadline.seconds * PLACING_SHARE
        entries = until * ENTRIES_PER_SECOND if self.alone else math.inf
        owed = 4 * left  # moves made even if compiling took all the time
        while left and not self.board.done and (clock < owed or (self.deadline.elapsed < until and entries > 0)):
            before = best
            left, best, clock, tried = place(
                self.data, state, outside, left, tabu, clock, TABU_STEPS, best_slot, best_room, best
            )
            entries -= tried
            if best < before and best:
                self.board.offer(solution_of(best_slot, best_room), "place")
        self.iterations += clock
        load(self.data, state, best_slot, best_room)
        self.board.offer(solution_of(best_slot, best_room), "place")

    def anneal(self) -> None:
        """Cool from HOT to COLD over the rest of the time."""
        state = self.state
        best_slot, best_room = state.slot.copy(), state.room.copy()
        cost = best = total_cost(self.data, state)
        # Compiles where this machine never has, so that this does not count as slowness.
        anneal(self.data, state, best_slot, best_room, cost, best, 0, HOT, SWAPS)
        planned = PROPOSALS_PER_SECOND * self.deadline.seconds if self.alone else None
        pace = Pace(self.deadline, planned=planned)
        told, told_at = best, self.deadline.elapsed
        while not pace.over and not self.board.done:
            temperature = HOT * (COLD / HOT) ** pace.fraction
            cost, best, _accepted = anneal(
                self.data, state, best_slot, best_room, cost, best, STEPS, temperature, SWAPS
            )
            self.iterations += STEPS
            pace.advance(STEPS)
            if best < told and self.deadline.elapsed > told_at + TELL_SECONDS:
                told, told_at = best, self.deadline.elapsed
                self.board.offer(solution_of(best_slot, best_room), "anneal")
            if best <= self.board.bound:
                break
        if best < told:
            self.board.offer(solution_of(best_slot, best_room), "anneal")
