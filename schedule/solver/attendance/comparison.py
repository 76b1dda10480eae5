"""What people get from a timetable beside what they got before, from its alternatives, and what none can give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schedule.solver.objective import measurable
from schedule.solver.problem import Problem, Timetable

from .bound import most_first_wishes
from .experience import experience


def compared(
    problem: Problem,
    timetable: Timetable | None,
    *,
    before: Timetable | None = None,
    answers: Sequence[Timetable] = (),
) -> dict[str, Any]:
    """JSON values: `now`, `before` (null without one that is complete), `answers`, each as `Experience` has it, and
    `most_first_wishes`, the bound. Empty where there is no timetable or nobody wishes for anything."""
    if timetable is None or not any(attendee.wishes for attendee in problem.attendees):
        return {}
    return {
        "now": experience(problem, timetable).as_json(),
        "before": experience(problem, before).as_json() if before and measurable(problem, before) else None,
        "answers": [experience(problem, answer).as_json() for answer in answers],
        "most_first_wishes": most_first_wishes(problem),
    }
