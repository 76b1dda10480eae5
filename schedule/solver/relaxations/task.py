"""What both ways of finding help share."""

from __future__ import annotations

from dataclasses import dataclass

from schedule.solver.budget import Deadline
from schedule.solver.exact.domains import RuleKey
from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Problem, Timetable
from schedule.solver.run import WrongTimetableError
from schedule.solver.sentences.message import CodedMessage
from schedule.solver.verify import violations

from .outcome import OnTried


@dataclass(frozen=True)
class Task:
    """One problem to find help for, and the limits of doing so.

    `given` are rules of which nothing gives way, with whom they are about: ("room_closed", its code).
    """

    problem: Problem
    deadline: Deadline
    seed: int
    subjects: Subjects
    demand: SeatDemand
    on_tried: OnTried | None
    given: frozenset[RuleKey] = frozenset()

    @property
    def over(self) -> bool:
        return self.deadline.left <= 0 or self.deadline.stopped

    def say(self, what: CodedMessage) -> None:
        if self.on_tried is not None:
            self.on_tried(what)


def checked(problem: Problem, timetable: Timetable) -> Timetable:
    """The timetable, if it is right. Raises WrongTimetableError: a defect of the solver, never of the problem."""
    wrong = violations(problem, timetable)
    if wrong:
        raise WrongTimetableError(f"relax: {wrong[0]}")
    return timetable
