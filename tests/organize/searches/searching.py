"""Searches at every stage, for the tests of the pages about them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.searches import searches as runs
from schedule.models import SolverRun
from tests.organize.conftest import Desk


def running(desk: Desk) -> SolverRun:
    asked = runs.ask(desk.conference, seconds=30, seed=1, base=None, actor=SYSTEM)
    run = runs.begin(asked.pk, now=timezone.now())
    assert run is not None
    run.curve, run.objective, run.terms = [[0.2, 900, None], [1.5, 400, None]], 400, {"unseated": 4}
    runs.beat(run, now=timezone.now())
    return run


NOTHING: dict[str, Any] = {
    "base_terms": {},
    "attendance": {},
    "causes": [],
    "answers": [],
    "exhausted": False,
    "remedies": [],
    "moves": [],
    "minimal": False,
}


TOO_SMALL = {
    "rule": "room_too_small",
    "messages": [{"code": "cause.seats", "values": {"session": {"sessions": ["TALK"]}, "seats": 500}}],
}
"""“Talk” needs 500 seats."""


def remedy(**figures: Any) -> dict[str, Any]:
    unknown = {"gain": None, "proved": False, "effect": None}
    return {"asks": "room", "message": {"code": "relax.room", "values": {}}, "also": [], **unknown, **figures}


def finished(desk: Desk, **changes: Any) -> SolverRun:
    found = NOTHING | {
        "feasible": True,
        "objective": 400,
        "bound": 300,
        "terms": {"unseated": 40},
        "seconds": 2,
        "base_terms": {"unseated": 77},
        "timetable": [["TALK", 600, 660, "HALL"]],
    }
    return runs.finish(running(desk), found | changes, now=timezone.now())


def impossible(**changes: Any) -> dict[str, Any]:
    found = {"feasible": False, "seconds": 1, "objective": None, "bound": None}
    return NOTHING | found | {"terms": {}, "timetable": []} | changes
