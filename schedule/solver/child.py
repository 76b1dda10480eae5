"""One search in a process of its own: `python -m schedule.solver.child`.

A pickled `Order` comes in on standard input; JSON lines go out on standard output: {"progress": ...} whenever
something better is found, and {"result": ...} or {"error": ...} as the last. SIGINT ends the search with the best so
far. The process has a limit of memory, leaves the processor to whatever else wants it, and ends with its parent.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import sys
from typing import Any

from .explain import explain
from .objective import measure
from .order import Order
from .parent import end_with_parent
from .problem import Problem, Timetable
from .relaxing.outcome import Help, effect
from .relaxing.relax import relax
from .results import Progress
from .several import Answer, solve_several

NICENESS = 10
EXPLAIN_SECONDS = 30.0
HELP_SECONDS = 60.0


class _Signals:
    """Whether to stop: asked to, or nobody is left to listen."""

    def __init__(self) -> None:
        self.stop = False
        signal.signal(signal.SIGINT, self._interrupted)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end_with_parent()

    def _interrupted(self, *_: object) -> None:
        self.stop = True


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    signals = _Signals()
    os.nice(NICENESS)
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
    resource.setrlimit(resource.RLIMIT_AS, (order.memory, order.memory))
    try:
        say(result=_help(order, signals) if order.helping else _search(order, signals))
    except MemoryError:
        say(error="memory")


def _search(order: Order, signals: _Signals) -> dict[str, Any]:
    problem, start = order.problem, order.start

    def report(progress: Progress) -> None:
        point = [round(progress.seconds, 2), progress.objective, progress.bound]
        say(progress={"point": point, "terms": progress.terms})

    several = solve_several(
        problem, answers=order.answers, seconds=order.seconds, seed=order.seed, start=start, on_progress=report,
        should_stop=lambda: signals.stop,
    )  # fmt: skip
    found = several.result
    best = several.answers[0] if several.answers else None
    result = _nothing() | {
        "feasible": found.feasible,
        "objective": best.objective if best else None,
        "bound": found.bound,
        "terms": best.terms if best else {},
        "seconds": round(found.seconds, 2),
        "timetable": _placements(best.timetable) if best else [],
        "base_terms": measure(problem, start) if start and _is_complete(problem, start) else {},
        "answers": [_answer(one) for one in several.answers[1:]],
        "exhausted": several.exhausted,
    }
    if found.feasible is False:
        why = explain(problem, seconds=EXPLAIN_SECONDS, should_stop=lambda: signals.stop)
        helped = relax(problem, seconds=HELP_SECONDS, seed=order.seed, why=why, should_stop=lambda: signals.stop)
        result |= {"causes": _causes(helped), "remedies": _remedies(helped)}
    return result


def _help(order: Order, signals: _Signals) -> dict[str, Any]:
    found = relax(
        order.problem, seconds=order.seconds, seed=order.seed, start=order.start, should_stop=lambda: signals.stop
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


def _nothing() -> dict[str, Any]:
    return {"timetable": [], "base_terms": {}, "answers": [], "exhausted": False, "causes": [], "remedies": []}


def _placements(timetable: Timetable) -> list[list[Any]]:
    return [[one.session, one.start, one.end, one.room] for one in timetable]


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "timetable": _placements(one.timetable), "objective": one.objective, "terms": one.terms,
        "en": one.text_en, "ko": one.text_ko,
    }  # fmt: skip


def _causes(found: Help) -> list[dict[str, str]]:
    return [{"en": cause.text_en, "ko": cause.text_ko} for cause in found.causes]


def _remedies(found: Help) -> list[dict[str, Any]]:
    remedies = []
    for one in found.remedies:
        effect_en, effect_ko = effect(found, one)
        remedies.append({
            "asks": one.asks.name.lower(), "en": one.text_en, "ko": one.text_ko, "gain": one.gain,
            "proved": one.proved, "effect_en": effect_en, "effect_ko": effect_ko,
        })  # fmt: skip
    return remedies


def _is_complete(problem: Problem, timetable: Timetable) -> bool:
    """Whether it can be measured: every session in a room that is known. Whatever else is wrong with it."""
    rooms = {room.code for room in problem.rooms}
    return {one.session for one in timetable if one.room in rooms} == {one.code for one in problem.sessions}


if __name__ == "__main__":
    main()
