"""What a search in a process of its own is asked for. Loads no solver: whoever asks need not hold one."""

from __future__ import annotations

from dataclasses import dataclass

from schedule.solver.problem import Problem, Timetable


@dataclass(frozen=True)
class Job:
    """What to search for, how long and from where. `memory` is in bytes, and counts what the process has mapped.

    `answers` timetables that differ clearly are looked for; if `helping`, none, but what would help to a better one;
    if `repairing`, the nearest to `start` that keeps every rule; with `goals`, one for each goal, whose moves are
    counted from what is `published`. Where there is none, `explain_seconds` go to why, and `help_seconds` to what would
    help; of the rules that are `given`, with whom they are about, nothing gives way. What `is_urgent` leaves the
    processor to nobody, and takes the first repair where to prove that fewer changes do not do could take long.
    """

    problem: Problem
    seconds: float
    seed: int
    memory: int
    start: Timetable | None = None
    answers: int = 1
    helping: bool = False
    repairing: bool = False
    explain_seconds: float = 30.0
    help_seconds: float = 60.0
    is_urgent: bool = False
    goals: bool = False
    published: Timetable | None = None
    given: tuple[tuple[str, ...], ...] = ()
