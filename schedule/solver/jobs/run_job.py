"""What a worker does with its job: the search, what would help, or a repair; its result as JSON values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from schedule.solver.alternatives import Alternative, find_alternatives
from schedule.solver.attendance.comparison import compared
from schedule.solver.budget import ShouldStop
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.files.made import made
from schedule.solver.objective import measurable, measure
from schedule.solver.problem import Placement, Timetable
from schedule.solver.relaxations.outcome import Help, OnTried, Remedy, effect
from schedule.solver.relaxations.relax import relax
from schedule.solver.repair.minimal_change import Repair, repair
from schedule.solver.results import SearchProgress
from schedule.solver.tradeoffs.search import find_tradeoffs

from .change_asked import change_asked
from .job import Job

Say = Callable[..., None]


def run_job(job: Job, *, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    """The result; what is found on the way is said at once."""
    work = _help if job.helping else _repair if job.repairing else _goals if job.goals else _search
    result = work(job, say, should_stop)
    # Limited by the clock where sessions are many: the command line repeats it with `--by-work`.
    how = made(job.problem, job.start, seconds=job.seconds, seed=job.seed, workers=1, by_work=False)
    return result | {"made": how}


def _search(job: Job, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    problem, start = job.problem, job.start

    def report(progress: SearchProgress) -> None:
        point = [round(progress.seconds, 2), progress.objective, progress.bound]
        say(progress={"phase": progress.phase, "point": point, "terms": progress.terms})

    several = find_alternatives(
        problem,
        answers=job.answers,
        seconds=job.seconds,
        seed=job.seed,
        start=start,
        on_progress=report,
        should_stop=should_stop,
    )
    found = several.result
    best = several.answers[0] if several.answers else None
    result = _nothing() | {
        "feasible": found.feasible,
        "objective": best.objective if best else None,
        "bound": found.bound,
        "terms": best.terms if best else {},
        "seconds": round(found.seconds, 2),
        "timetable": _placements(best.timetable) if best else [],
        "base_terms": measure(problem, start) if start and measurable(problem, start) else {},
        "answers": [_answer(one) for one in several.answers[1:]],
        "exhausted": several.exhausted,
        "attendance": compared(
            problem,
            best.timetable if best else None,
            before=start,
            answers=[one.timetable for one in several.answers[1:]],
        ),
    }
    return result | (_why(job, say, should_stop) if found.feasible is False else {})


def _goals(job: Job, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    """A timetable for each goal. How good they are is said in figures that all have, not by one penalty."""
    say(progress={"phase": "goals"})
    several = find_tradeoffs(
        job.problem,
        seconds=job.seconds,
        seed=job.seed,
        start=job.start,
        published=job.published,
        should_stop=should_stop,
    )
    result = _nothing() | {
        "feasible": True if several.found else several.result.feasible,
        "objective": None,
        "bound": None,
        "terms": {},
        "seconds": round(several.result.seconds, 2),
        "offers": [
            {
                "goal": one.goal,
                "timetable": _placements(one.timetable),
                "objective": job.problem.weights.total(one.terms),
                "terms": one.terms,
                "attendance": one.attendance.as_json(),
            }
            for one in several.found
        ],
    }
    return result | (_why(job, say, should_stop) if several.result.feasible is False else {})


def _why(job: Job, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    """What fights where there is no timetable, and what would help."""
    say(progress={"phase": "explain"})
    why = explain(job.problem, seconds=job.explain_seconds, should_stop=should_stop)
    helped = relax(
        job.problem,
        seconds=job.help_seconds,
        seed=job.seed,
        why=why,
        given=job.given,
        on_tried=_tried(say),
        should_stop=should_stop,
    )
    return {"causes": _causes(helped), "remedies": _remedies(helped)}


def _help(job: Job, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    found = relax(
        job.problem,
        seconds=job.seconds,
        seed=job.seed,
        start=job.start,
        on_tried=_tried(say),
        should_stop=should_stop,
    )
    return _nothing() | {
        "feasible": found.feasible,
        "objective": found.objective,
        "bound": found.bound,
        "terms": found.terms,
        "seconds": round(found.seconds, 2),
        "causes": _causes(found),
        "remedies": _remedies(found),
    }


def _repair(job: Job, say: Say, should_stop: ShouldStop) -> dict[str, Any]:
    problem, start = job.problem, job.start or ()
    say(progress={"phase": "repair"})
    found = repair(problem, start, seconds=job.seconds, seed=job.seed, should_stop=should_stop, at_once=job.is_urgent)
    moves = _moves(found)
    result = _nothing() | {
        "feasible": found.feasible,
        "objective": found.objective,
        "bound": None,
        "terms": found.terms,
        "seconds": round(found.seconds, 2),
        # One that is right as it is needs no copy.
        "timetable": _placements(found.timetable or ()) if moves else [],
        "base_terms": measure(problem, start) if measurable(problem, start) else {},
        "attendance": compared(problem, found.timetable, before=start),
        "moves": moves,
        "minimal": found.proved_minimal,
    }
    return result | (_why(job, say, should_stop) if found.feasible is False else {})


def _moves(found: Repair) -> list[list[Any]]:
    """Session, then start, end and room before (None: it had none) and after."""
    at = {one.session: one for one in found.timetable or ()}
    moves: list[tuple[str, Placement | None, Placement]] = [(one.session, one.old, one.new) for one in found.changes]
    moves += [(code, None, at[code]) for code in found.added if code in at]
    return [[code, *(one and [one.start, one.end, one.room] for one in (old, new))] for code, old, new in moves]


def _tried(say: Say) -> OnTried:
    """Says how many changes were tried."""
    number = count(1)
    return lambda _said: say(progress={"phase": "help", "tried": next(number)})


def _nothing() -> dict[str, Any]:
    return {
        "timetable": [],
        "base_terms": {},
        "attendance": {},
        "answers": [],
        "exhausted": False,
        "causes": [],
        "remedies": [],
        "moves": [],
        "minimal": False,
        "offers": [],
    }


def _placements(timetable: Timetable) -> list[list[Any]]:
    return [[one.session, one.start, one.end, one.room] for one in timetable]


def _answer(one: Alternative) -> dict[str, Any]:
    return {
        "timetable": _placements(one.timetable),
        "objective": one.objective,
        "terms": one.terms,
        "messages": [said.as_json() for said in one.messages],
    }


def _causes(found: Help) -> list[dict[str, Any]]:
    return [{"rule": cause.rule, "messages": [said.as_json() for said in cause.messages]} for cause in found.causes]


def _remedies(found: Help) -> list[dict[str, Any]]:
    return [
        {
            "asks": one.asks.name.lower(),
            "gain": one.gain,
            "proved": one.proved,
            "effect": effect(found, one),
            **_change(one),
            "also": [_change(other) for other in one.also],
        }
        for one in found.remedies
    ]


def _change(one: Remedy) -> dict[str, Any]:
    return {"message": one.message.as_json(), "subject": list(one.subject), "change": change_asked(one)}
