from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from schedule.solver.files.made import VERSION, fingerprint, made
from schedule.solver.problem import Placement, Session
from tests.schedule.solver.brute import MORNING, problem_of

PROBLEM = problem_of((Session("X", "X", 60), Session("Y", "Y", 30)))
AT = (Placement("X", MORNING, MORNING + 60, "A"), Placement("Y", MORNING, MORNING + 30, "B"))


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[4] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_a_fingerprint_names_the_problem_and_where_the_search_begins() -> None:
    same = replace(PROBLEM)
    assert fingerprint(PROBLEM, AT) == fingerprint(same, AT[::-1])
    others = [
        fingerprint(PROBLEM, None),
        fingerprint(PROBLEM, AT),
        fingerprint(PROBLEM, (AT[0], replace(AT[1], room="C"))),
        fingerprint(replace(PROBLEM, timezone="UTC"), None),
        fingerprint(problem_of((Session("X", "X", 60), Session("Y", "Y", 60))), None),
    ]
    assert len(set(others)) == len(others)


def test_a_result_says_all_that_decides_it() -> None:
    said = made(PROBLEM, None, seconds=2.5, seed=7, workers=1, by_work=True)
    versions = said.pop("versions")
    assert said == {
        "problem": fingerprint(PROBLEM, None),
        "seed": 7,
        "seconds": 2.5,
        "workers": 1,
        "repeatable": True,
    }
    assert sorted(versions) == ["numba", "numpy", "ortools", "plenary"]
