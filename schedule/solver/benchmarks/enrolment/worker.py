"""One search of its own: tabu search until all is placed, then annealing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from schedule.solver.annealing.cooling import Schedule, adapted, geometric
from schedule.solver.annealing.progress import Pace
from schedule.solver.benchmarks.enrolment.moves.anneal import anneal
from schedule.solver.benchmarks.enrolment.moves.place import place
from schedule.solver.benchmarks.enrolment.moves.state import FREE, total_cost
from schedule.solver.budget import Deadline

from .arrays import data_of, load, scratch_of, solution_of, state_of
from .instance import EnrolmentInstance, Solution

PROPOSALS_PER_SECOND = 2_500_000.0
"""Of an ordinary core, estimated low (docs/solver-public.md has the measured ones)."""

ENTRIES_PER_SECOND = 3_000_000.0
"""Entries that the tabu search tries in a second, likewise."""

PLACING_SHARE = 0.7
"""Of the time at most, so that an incomplete timetable is improved as well."""

TOP = 4.0
"""The first temperature of all, as a multiple of the cost per event: hot enough to forget the start."""

COLD = 0.15
"""The last one; the least change of cost is 1."""

FAST_SHARE = 0.08
"""Of the time for the fast cooling. It also gives those who stop early something good."""

MORE_COOLINGS = 2
"""How many more slow coolings each further worker makes of the same time: one that is long finds what short ones do
not, but where they end differs, and the best of several is sometimes better."""

NEAR = 0.5
"""What part of the fall of the cost's logarithm is near its height: the slow cooling starts below that."""

SWAPS = 0.3
"""Share of the single moves that exchange events even where there is room to move."""

EXCHANGES = 0.01
"""Share of the chains that are two whole slots: events that belong together may have come together in a wrong one."""

LONG = 0.05
"""Share of the chains that may have more than two events: hardly any is worth taking, and they take the most time."""

TRIES = 20
"""Events and slots drawn at most for one chain of one event or two."""

LOOSE = 0.25
"""Share of the proposals that may throw events out: ways between timetables that no other move connects."""

MOST_OUTSIDE = 4
"""Unplaced events at once while annealing: few enough that a way back is soon found."""

DEARER, CHEAPER = 1.1, 0.95
"""What becomes of the penalty for an unplaced event after STEPS proposals, too few of them complete or enough."""

COMPLETE = 0.3
"""Share of the proposals that should begin with all events placed."""

RARER, OFTENER = 0.8, 1.02
"""What becomes of the share of moves that leave events out, likewise; never more than LOOSE."""

STEPS = 20_000
"""Proposals at one temperature, and between two looks at the clock: about 10 ms."""

TABU_STEPS = 5
"""Moves between two looks at the clock: at first, with all events outside, each takes several ms."""

TELL_SECONDS = 0.5
"""Between two timetables shown to the board, which checks them outside the compiled code."""


class SearchBoard(Protocol):
    """What a worker tells and asks."""

    best: Solution
    bound: int

    @property
    def done(self) -> bool: ...

    @property
    def offer(self) -> Callable[[Solution, str], None]: ...


class EnrolmentWorker:
    """A search with a seed of its own that writes on a common board."""

    def __init__(
        self,
        instance: EnrolmentInstance,
        board: SearchBoard,
        deadline: Deadline,
        *,
        seed: int,
        number: int,
        workers: int,
    ) -> None:
        self.board = board
        self.deadline = deadline
        self.alone = workers == 1
        self.coolings = 1 + MORE_COOLINGS * number
        self.instance = instance
        self.data = data_of(instance)
        self.state = state_of(instance, self.data, (seed * 1000 + number) % 2**63)  # a negative seed is one, too
        self.scratch = scratch_of(instance)
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
        told, told_at = left, self.deadline.elapsed
        owed = 4 * left  # moves made even if compiling took all the time
        while left and not self.board.done and (clock < owed or (self.deadline.elapsed < until and entries > 0)):
            left, best, clock, tried = place(
                self.data, state, self.scratch, outside, left, tabu, clock, TABU_STEPS, best_slot, best_room, best
            )
            entries -= tried
            if best < told and self.deadline.elapsed > told_at + TELL_SECONDS:
                told, told_at = best, self.deadline.elapsed
                self.board.offer(solution_of(best_slot, best_room), "place")
        self.iterations += clock
        load(self.data, state, best_slot, best_room)
        self.board.offer(solution_of(best_slot, best_room), "place")

    def anneal(self) -> None:
        """Cool down fast, which shows at what temperature order begins; then slowly from there."""
        cost = total_cost(self.data, self.state)
        placeable = (self.data.slot_count > 0) & (self.data.room_count > 0)
        left = int(((self.state.slot == FREE) & placeable).sum())
        self.score = np.array([cost, left, cost, left], np.int64)
        self.told = (left, cost)
        self.best_slot, self.best_room = self.state.slot.copy(), self.state.room.copy()
        self.told_at = self.deadline.elapsed
        self.loose = LOOSE
        self.penalty = top = max(COLD, TOP * cost / self.instance.events)
        # Compiles where this machine never has, so that this does not count as slowness.
        self.propose(0, 1.0)
        trace = self.cool(geometric(top, COLD), work=FAST_SHARE, ahead=FAST_SHARE)
        slow = adapted(trace, COLD, near=NEAR)
        for waiting in range(self.coolings, 0, -1):
            self.cool(slow, work=1 - FAST_SHARE, ahead=1 / waiting)
        self.tell()

    def cool(self, schedule: Schedule, *, work: float, ahead: float) -> list[tuple[float, float]]:
        """Anneal along a schedule: alone for a share of the work, in any case for a part of the time that is left.

        Returns temperatures, and the logarithms of the costs at them: to halve a cost is as much at its foot as at its
        height, so where nearly nothing is left to pay the end takes as much time as the beginning.
        """
        planned = PROPOSALS_PER_SECOND * self.deadline.seconds * work if self.alone else None
        pace = Pace(self.deadline, until=self.deadline.elapsed + ahead * self.deadline.left, planned=planned)
        trace = []
        while not pace.over and not self.board.done and not self.perfect:
            temperature = schedule(pace.fraction)
            self.propose(STEPS, temperature)
            trace.append((temperature, math.log1p(self.score[0])))
            pace.advance(STEPS)
            if self.deadline.elapsed > self.told_at + TELL_SECONDS:
                self.tell()
        return trace

    @property
    def perfect(self) -> bool:
        """The best is complete and cannot be better."""
        return bool(self.score[3] == 0 and self.score[2] <= self.board.bound)

    def propose(self, steps: int, temperature: float) -> None:
        """`steps` proposals at one temperature.

        Afterwards leaving events out gets dearer and rarer if too few proposals began without any outside, else
        cheaper and more frequent.
        Where full slots make the way back long, such moves so all but cease.
        """
        complete = anneal(
            self.data,
            self.state,
            self.scratch,
            self.best_slot,
            self.best_room,
            self.score,
            steps,
            temperature,
            self.penalty,
            int(MOST_OUTSIDE),
            SWAPS,
            EXCHANGES,
            LONG,
            TRIES,
            self.loose,
        )
        if complete < COMPLETE * steps:
            self.penalty *= DEARER
            self.loose *= RARER
        else:
            self.penalty = max(temperature, self.penalty * CHEAPER)
            self.loose = min(LOOSE, self.loose * OFTENER)
        self.iterations += steps

    def tell(self) -> None:
        """Show the board the best if it has not seen it."""
        now = (int(self.score[3]), int(self.score[2]))
        if now < self.told:
            self.told, self.told_at = now, self.deadline.elapsed
            self.board.offer(solution_of(self.best_slot, self.best_room), "anneal")
