"""What the joint model finds, and a schedule that does so: rooms and cells for what it leaves open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from schedule.solver.benchmarks.tracks.arrays import Contents
from schedule.solver.benchmarks.tracks.instance import TracksInstance


@dataclass(frozen=True, slots=True)
class JointPlan:
    """What the tracks do in a solution of the model."""

    sessions: list[int]  # of every submission
    rooms: dict[tuple[int, int], list[tuple[int, ...]]]  # (track, session) -> which rooms would do, for every cell
    fillings: dict[tuple[int, int], list[dict[int, int]]]  # (track, session) -> slots -> submissions, for every cell


def contents_of(instance: TracksInstance, plan: JointPlan) -> Contents:
    """Cells with what the plan puts into them; a track stays in the rooms that it had before, where they are free."""
    free = [set(range(len(instance.rooms))) for _ in instance.sessions]
    waiting: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for i, submission in enumerate(instance.submissions):
        waiting[submission.track, plan.sessions[i], submission.slots].append(i)
    before: dict[int, set[int]] = defaultdict(set)
    ever: set[int] = set()
    found: Contents = {}
    for s in range(len(instance.sessions)):
        here = [track for track, session in plan.rooms if session == s]
        # Who has rooms already chooses first, lest others take them away.
        for track in sorted(here, key=lambda track: (not before[track], track)):
            for rooms, filling in zip(plan.rooms[track, s], plan.fillings[track, s], strict=True):
                inside = [
                    waiting[track, s, size].pop()
                    for size, amount in filling.items()
                    for _ in range(min(amount, len(waiting[track, s, size])))
                ]
                possible = free[s].intersection(rooms)
                room = min(possible & before[track] or possible - ever or possible)
                free[s].remove(room)
                before[track].add(room)
                ever.add(room)
                if inside:
                    found[s * len(instance.rooms) + room] = inside
    return found
