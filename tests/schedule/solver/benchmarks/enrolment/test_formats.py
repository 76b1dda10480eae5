"""The public formats from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schedule.solver.cli.commands import main
from tests.schedule.solver.benchmarks.enrolment.samples import example, example_2002, wishes


@pytest.mark.parametrize(
    ("form", "text", "terms"),
    [
        ("itc2007", example(), {"last_slot": 0, "more_than_two_in_a_row": 0, "single_event": 1}),
        ("itc2002", example_2002(), {"last_slot": 0, "more_than_two_in_a_row": 0, "single_event": 1}),
        ("synthetic", json.dumps(wishes(precedences=[])), {"pair_conflicts": 0, "lost_preferences": 0}),
    ],
)
def test_a_file_is_solved_and_the_timetable_checked(
    form: str, text: str, terms: dict[str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, timetable = tmp_path / "problem", tmp_path / "timetable"
    problem.write_text(text, encoding="ascii")
    arguments = ["solve", str(problem), "--format", form, "--seconds", "60", "--seed", "3", "--out", str(timetable)]
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["feasible"], report["status"], report["terms"]) == (True, "OPTIMAL", terms)
    assert report["objective"] == report["bound"] == sum(terms.values())
    assert main(["check", str(problem), str(timetable), "--format", form]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "right": True,
        "objective": report["objective"],
        "terms": terms,
        "violations": [],
    }


def test_a_wrong_timetable_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, timetable = tmp_path / "problem.tim", tmp_path / "wrong.sln"
    problem.write_text(example(), encoding="ascii")
    timetable.write_text("0 0\n1 0\n0 1\n", encoding="ascii")
    assert main(["check", str(problem), str(timetable), "--format", "itc2007"]) == 1
    assert json.loads(capsys.readouterr().out)["violations"] == [
        {"rule": "unsuitable_slot", "events": [2], "slot": 0},
        {"rule": "student_clash", "events": [0, 2], "slot": 0, "students": 1},
    ]


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("itc2007", "3 2 one 2\n", "file: line 1: 'one' is not a whole number"),
        ("synthetic", "{}", "format: This is missing. Add it. [missing]"),
    ],
)
def test_a_broken_file_is_told(
    form: str, text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = tmp_path / "problem"
    problem.write_text(text, encoding="ascii")
    assert main(["solve", str(problem), "--format", form]) == 2
    assert capsys.readouterr().err == f"{problem}: {message}\n"
