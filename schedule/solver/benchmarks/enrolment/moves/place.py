"""The compiled search for a complete timetable: a tabu search over partial ones.

PARTIALCOL (Bloechliger and Zufferey 2008) carried over to slots and rooms: the state is always valid, some events are
outside. A move brings one in and throws out what conflicts with it; the events thrown out may not come back to that
slot for a while.
"""

from __future__ import annotations

from schedule.solver.annealing.compiling import compiled
from schedule.solver.annealing.draws import below

from .eject import admit, clear, evictions, remove
from .state import EnrolmentData, EnrolmentState, Ints, Scratch, copy

# ruff: noqa: PLR0917  # compiled functions take positional arguments only


@compiled
def place(  # noqa: PLR0912, PLR0915  # one compiled loop, as in `anneal`
    data: EnrolmentData,
    state: EnrolmentState,
    scratch: Scratch,
    outside: Ints,
    left: int,
    tabu: Ints,
    clock: int,
    steps: int,
    best_slot: Ints,
    best_room: Ints,
    best: int,
) -> tuple[int, int, int, int]:
    """`steps` moves, or until all are placed; returns how many are outside now and at best, the clock, and how
    many entries were tried.

    `outside[:left]` are the unplaced events; `tabu[slot, event]` is when the event may enter the slot again.
    """
    rng = state.rng
    rooms = state.at.shape[1]
    out, chosen_out = scratch.chain, scratch.kept
    rows, chosen_row = scratch.rows, scratch.rows[3]
    tried = 0
    for _ in range(steps):
        if left == 0:
            break
        clock += 1
        chosen = -1
        chosen_slot = -1
        fewest = 1 << 30
        ties = 0
        for u in range(left):
            event = outside[u]
            for i in range(data.slot_count[event]):
                slot = data.slots[event, i]
                tried += 1
                if state.clash[slot, event] > fewest:
                    continue
                number = evictions(data, state, event, slot, out, min(fewest, rooms))
                if number < 0:
                    continue
                if tabu[slot, event] > clock and left - 1 + number >= best:
                    continue
                number = clear(data, state, event, slot, out, number, rows)
                if number > fewest or (tabu[slot, event] > clock and left - 1 + number >= best):
                    continue
                if number < fewest:
                    fewest, ties = number, 0
                ties += 1
                if below(rng, ties) == 0:
                    chosen, chosen_slot = u, slot
                    copy(chosen_out, out)
                    copy(chosen_row, rows[0])
        if chosen < 0:
            # Everything is tabu: let time pass with a random entry allowed again.
            u = below(rng, left)
            event = outside[u]
            tabu[data.slots[event, below(rng, data.slot_count[event])], event] = 0
            continue
        event = outside[chosen]
        left -= 1
        outside[chosen] = outside[left]
        for j in range(fewest):
            other = chosen_out[j]
            from_slot = state.slot[other]
            remove(data, state, other)
            outside[left] = other
            left += 1
            tabu[from_slot, other] = clock + 1 + below(rng, 10) + (6 * left) // 10
        admit(data, state, event, chosen_slot, chosen_row)
        if left < best:
            best = left
            copy(best_slot, state.slot)
            copy(best_room, state.room)
    return left, best, clock, tried
