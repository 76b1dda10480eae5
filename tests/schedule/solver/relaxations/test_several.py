"""Where no single change gives a timetable, a few together do, and each of them is needed."""

from __future__ import annotations

from dataclasses import replace

from schedule.solver.budget import Deadline
from schedule.solver.explain.feasibility import Asker
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Interval, Problem, Rules, Session
from schedule.solver.relaxations.changes import with_room
from schedule.solver.relaxations.outcome import Remedy
from schedule.solver.relaxations.relax import relax
from schedule.solver.relaxations.several import Settled, needed
from schedule.solver.relaxations.task import Task
from schedule.solver.relaxations.trying import candidates
from schedule.solver.verify import violations
from tests.schedule.solver.brute import problem_of
from tests.schedule.solver.speaking import english

NINE, TEN, NOON = 9 * 60, 10 * 60, 12 * 60


def ceremonies(*, closed: bool = True) -> Problem:
    """Tea and Cake are to be in Room A from 9 and from 10, where Room A is closed until noon; Talk may be anywhere."""
    problem = problem_of(
        (
            Session("X", "Tea", 60, fixed_room="A", fixed_start=NINE),
            Session("Y", "Cake", 60, fixed_room="A", fixed_start=TEN),
            Session("Z", "Talk", 60),
        )
    )
    return with_room(problem, "A", closed=(Interval(NINE, NOON),)) if closed else problem


def said(problem: Problem, one: Remedy) -> list[str]:
    return [english(problem, change.message) for change in (one, *one.also)]


def test_each_fight_wants_a_change() -> None:
    problem = ceremonies()
    found = relax(problem, seconds=20, given=[("room_closed", "A")])
    assert found.feasible is False
    assert [(one.asks.name, said(problem, one)) for one in found.remedies] == [
        ("DECISION", ["Let “Cake” be in another room.", "Let “Tea” be in another room."]),
        ("SESSION", ["Leave out “Cake”.", "Leave out “Tea”."]),
    ]
    assert [violations(one.also[-1].problem, one.timetable) for one in found.remedies] == [[], []]


def test_where_a_single_change_suffices_no_several_are_asked_for() -> None:
    """The same hall may open again where nobody says that it cannot."""
    found = relax(ceremonies(), seconds=20)
    assert ("room_closed", "A", "0") in [one.subject for one in found.remedies]
    assert [one.also for one in found.remedies] == [()] * len(found.remedies)


def test_what_a_later_change_has_made_needless_is_left_out() -> None:
    """Two hours and two hours fit into a room in no morning: one goes elsewhere, or the room opens an hour longer."""
    problem = problem_of(
        (Session("P", "Panel", 120, fixed_room="B"), Session("Q", "Quiz", 120, fixed_room="B")),
        rules=Rules(slot_minutes=30),
    )
    task = Task(problem, Deadline(20), 1, Subjects(problem), SeatDemand(problem), on_tried=None)
    why = explain(problem, seconds=10)

    def change(task: Task, *subject: str) -> Settled:
        found = {one.subject: one for one in candidates(task, why)}
        return Settled(why, found[subject], 0)

    elsewhere = change(task, "fixed_room", "P")
    freed = elsewhere.step.problem
    longer = change(replace(task, problem=freed, subjects=Subjects(freed)), "hours", "0", "end")
    asker = Asker(task.deadline)
    (_, timetable) = asker.find_soon(longer.step.problem)
    assert timetable is not None
    left, shown = needed(task, asker, [elsewhere, longer], timetable)
    assert [one.relaxation.subject for one in left] == [("hours", "0", "end")]
    assert violations(left[-1].step.problem, shown) == []
