"""What the command line prints: results as plain JSON values, messages with their English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schedule.solver.alternatives import Alternatives
from schedule.solver.budget import ShouldStop
from schedule.solver.explain.causes import Cause
from schedule.solver.explain.infeasible_subset import Explanation, explain
from schedule.solver.explain.why_not import Against
from schedule.solver.files.reading.times import LocalClock
from schedule.solver.problem import Placement, Problem
from schedule.solver.relaxations.outcome import Help, Remedy, Tried, effect
from schedule.solver.repair.minimal_change import Repair
from schedule.solver.results import Check, Result
from schedule.solver.sentences.message import CodedMessage
from schedule.solver.sentences.words import SolverWords, names_of


def of_result(result: Result[Any]) -> dict[str, Any]:
    return {
        "feasible": result.feasible,
        "status": result.status,
        "objective": result.objective,
        "terms": result.terms,
        "bound": result.bound,
        "seconds": round(result.seconds, 3),
        "seconds_to_first_feasible": None if result.seconds_to_first is None else round(result.seconds_to_first, 3),
        "iterations": result.iterations,
    }


def of_answers(problem: Problem, found: Alternatives, files: Sequence[Path | None]) -> dict[str, Any]:
    """The answers with their files; the best may be better than what the first run found."""
    words = SolverWords(names_of(problem))
    best = {"objective": found.answers[0].objective, "terms": found.answers[0].terms} if found.answers else {}
    return {
        **best,
        "answers": [
            {
                "file": None if file is None else str(file),
                "objective": one.objective,
                "terms": one.terms,
                "elsewhere": list(one.elsewhere),
                **_said(words, *one.messages),
            }
            for one, file in zip(found.answers, files, strict=True)
        ],
        "exhausted": found.exhausted,
    }


def of_check(found: Check) -> dict[str, Any]:
    return {
        "right": not found.violations,
        "objective": found.objective,
        "terms": found.terms,
        "violations": list(found.violations),
    }


def of_repair(problem: Problem, result: Repair) -> dict[str, Any]:
    return {
        "feasible": result.feasible,
        "changes_by_kind": result.changes_by_kind,
        "proved_minimal": result.proved_minimal,
        "at_least": dict(zip(("times", "rooms"), result.at_least, strict=True)),
        "changes": [
            {"session": c.session, "kind": c.kind, "old": place(problem, c.old), "new": place(problem, c.new)}
            for c in result.changes
        ],
        "added": list(result.added),
        "removed": list(result.removed),
        "objective": result.objective,
        "terms": result.terms,
        "seconds": round(result.seconds, 3),
    }


def of_explanation(problem: Problem, found: Explanation) -> dict[str, Any]:
    return {
        "feasible": found.feasible,
        "proved": found.proved,
        "minimal": found.minimal,
        "causes": _causes(SolverWords(names_of(problem)), found.causes),
        "seconds": round(found.seconds, 3),
    }


def of_help(problem: Problem, found: Help) -> dict[str, Any]:
    words = SolverWords(names_of(problem))
    return {
        "feasible": found.feasible,
        "objective": found.objective,
        "terms": found.terms,
        "bound": found.bound,
        "causes": _causes(SolverWords(names_of(problem)), found.causes),
        "remedies": [of_remedy(words, found, one) for one in found.remedies],
        "in_vain": [_tried(words, one) for one in found.in_vain],
        "undecided": [_tried(words, one) for one in found.undecided],
        "seconds": round(found.seconds, 3),
    }


def of_remedy(words: SolverWords, found: Help, one: Remedy) -> dict[str, Any]:
    """A change that helps; `effect` is what it makes of the terms."""
    changed = effect(found, one)
    return {
        "asks": one.asks.name.lower(),
        "rule": one.subject[0],
        "subject": list(one.subject[1:]),
        **_said(words, one.message),
        "objective": one.objective,
        "gain": one.gain,
        "proved": one.proved,
        "terms": one.terms,
        "effect": changed,
        "effect_text": "" if changed is None else words.value(changed),
        "also": [_tried(words, other) for other in one.also],
    }


def _tried(words: SolverWords, one: Tried | Remedy) -> dict[str, Any]:
    return {"rule": one.subject[0], "subject": list(one.subject[1:]), **_said(words, one.message)}


def _causes(words: SolverWords, causes: Sequence[Cause]) -> list[dict[str, Any]]:
    return [
        {
            "rule": cause.rule,
            "sessions": list(cause.sessions),
            "rooms": list(cause.rooms),
            "people": list(cause.people),
            **_said(words, *cause.messages),
        }
        for cause in causes
    ]


def _said(words: SolverWords, *messages: CodedMessage) -> dict[str, Any]:
    """Messages as codes and values, and as English sentences."""
    return {"messages": [one.as_json() for one in messages], "text": words.say(*messages)}


def of_against(problem: Problem, found: Against, *, seconds: float) -> dict[str, Any]:
    return {
        "possible": not found.rules,
        "session": found.placement.session,
        "place": place(problem, found.placement),
        "rules": [
            {"rule": wrong.rule, "sessions": list(wrong.sessions), "room": wrong.room, "detail": wrong.detail}
            for wrong in found.rules
        ],
        "costs": found.costs,
        "cost": found.cost,
        "seconds": round(seconds, 4),
    }


def sentences(problem: Problem, *, seconds: float, should_stop: ShouldStop | None = None) -> list[str]:
    """Why there is no timetable, one English sentence per cause."""
    words = SolverWords(names_of(problem))
    found = explain(problem, seconds=seconds, should_stop=should_stop)
    return [words.say(*cause.messages) for cause in found.causes]


def place(problem: Problem, placement: Placement) -> dict[str, str]:
    """Room, start and end in local time."""
    clock = LocalClock(problem.origin)
    start, end = (clock.local(minute).isoformat(timespec="minutes") for minute in (placement.start, placement.end))
    return {"room": placement.room, "start": start, "end": end}
