"""The command line as others call it: a process, its exit status, JSON on standard output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schedule.solver.cli.plenary import PLENARY
from schedule.solver.files import problem_file
from schedule.solver.files.made import made
from schedule.solver.files.timetables import read_timetable, write_timetable
from schedule.solver.problem import Attendee, Session, Timetable, Weights
from tests.schedule.solver.benchmarks.enrolment.samples import wishes
from tests.schedule.solver.brute import problem_of
from tests.schedule.solver.variants import FORUM, forum

ROOT = Path(__file__).resolve().parents[4]
EXAMPLE = Path(__file__).parents[1] / "data" / "example_timetable.json"


def run(*arguments: str | int | Path) -> tuple[int, Any, str]:
    done = subprocess.run(
        [sys.executable, "-m", "schedule.solver", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def example() -> Timetable:
    return read_timetable(forum(), EXAMPLE)


def changed(tmp_path: Path, **sessions: dict[str, Any]) -> Path:
    file = json.loads(FORUM.read_text(encoding="utf-8"))
    for record in file["sessions"]:
        record.update(sessions.get(record["code"], {}))
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    return path


def test_cli_solve_then_check(tmp_path: Path) -> None:
    out = tmp_path / "timetable.json"
    status, report, progress = run(
        "solve", FORUM, "--format", "plenary", "--seconds", 5, "--seed", 1, "--workers", 1, "--out", out
    )
    assert status == 0
    assert set(report) == {
        "feasible",
        "status",
        "objective",
        "terms",
        "bound",
        "seconds",
        "seconds_to_first_feasible",
        "iterations",
        "made",
    }
    assert (report["feasible"], report["status"], report["bound"]) == (True, "OPTIMAL", report["objective"])
    assert "objective" in progress
    assert f"empty_seats {report['terms']['empty_seats']}" in progress.splitlines()[-1]
    checked = {"right": True, "objective": report["objective"], "terms": report["terms"], "violations": []}
    assert run("check", FORUM, out) == (0, checked, "")


def stable(tmp_path: Path) -> Path:
    """The forum, where every change of the timetable before costs much."""
    path = tmp_path / "stable.json"
    problem = replace(forum(), weights=replace(forum().weights, moved_times=1000, moved_rooms=1000))
    path.write_text(problem_file.write(problem), encoding="utf-8")
    return path


def test_cli_solve_by_work_says_what_people_get_and_finds_the_same_again(tmp_path: Path) -> None:
    path, out = tmp_path / "wished.json", tmp_path / "timetable.json"
    problem = problem_of(
        (Session("X", "X", 60), Session("Y", "Y", 60)), attendees=(Attendee((("X", 2), ("Y", 1))), Attendee(()))
    )
    path.write_text(problem_file.write(problem), encoding="utf-8")
    first, second = (run("solve", path, "--by-work", "--seconds", 1, "--seed", 3, "--out", out)[1] for _ in range(2))
    assert first["attendance"]["now"]["first_wishes"] == first["attendance"]["most_first_wishes"] == 1
    assert first["attendance"]["before"] is None
    assert first["made"] == made(problem, None, seconds=1.0, seed=3, workers=1, by_work=True)
    assert {**first, "seconds": 0, "seconds_to_first_feasible": 0} == {
        **second,
        "seconds": 0,
        "seconds_to_first_feasible": 0,
    }
    assert run("check", path, out)[1]["attendance"]["now"] == first["attendance"]["now"]
    assert run("solve", path, "--by-work", "--workers", 2)[0] == 2


@pytest.mark.parametrize("answers", [1, 2])
def test_cli_solve_begins_with_a_timetable(tmp_path: Path, answers: int) -> None:
    problem, out = stable(tmp_path), tmp_path / "timetable.json"
    status, report, progress = run(
        "solve", problem, "--start", EXAMPLE, "--seconds", 3, "--answers", answers, "--out", out
    )
    assert status == 0
    assert progress.splitlines()[0].split()[2:5] == ["start", "objective", "1292"]
    assert (report["terms"]["moved_times"], report["terms"]["moved_rooms"]) == (0, 0)
    assert report["objective"] == 1292
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(write_timetable(forum(), example()))


def test_cli_solve_begins_with_a_timetable_of_a_public_format(tmp_path: Path) -> None:
    problem, out = tmp_path / "wishes.json", tmp_path / "timetable.json"
    problem.write_text(json.dumps(wishes()), encoding="utf-8")
    common = ("solve", problem, "--format", "synthetic", "--seconds", 1)
    status, report, _ = run(*common, "--out", out)
    assert status == 0
    status, again, _ = run(*common, "--start", out)
    assert (status, again["objective"] <= report["objective"]) == (0, True)


def test_check_prices_with_the_weights_of_the_problem() -> None:
    weights = Weights(empty_seats=3, off_half_hour=0)
    found = PLENARY.check(replace(forum(), weights=weights), example())
    assert found.objective == weights.total(found.terms) != Weights().total(found.terms)


def test_cli_solve_gives_several_answers(tmp_path: Path) -> None:
    out = tmp_path / "timetable.json"
    status, report, _ = run("solve", FORUM, "--seconds", 12, "--seed", 1, "--answers", 2, "--out", out)
    assert (status, report["exhausted"]) == (0, False)
    assert [one["file"] for one in report["answers"]] == [str(out), str(tmp_path / "timetable.2.json")]
    assert (report["objective"], report["terms"]) == (report["answers"][0]["objective"], report["answers"][0]["terms"])
    for one in report["answers"]:
        checked = {"right": True, "objective": one["objective"], "terms": one["terms"], "violations": []}
        assert run("check", FORUM, one["file"]) == (0, checked, "")
    assert len(report["answers"][1]["elsewhere"]) >= 6


def test_cli_check_accepts_the_example_and_names_violations(tmp_path: Path) -> None:
    status, report, _ = run("check", FORUM, EXAMPLE)
    assert (status, report["right"], report["violations"]) == (0, True, [])
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    example["entries"][0]["room"] = "R305"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(example), encoding="utf-8")
    status, report, _ = run("check", FORUM, wrong)
    assert status == 1
    assert [(v["rule"], v["sessions"], v["room"]) for v in report["violations"]] == [
        ("room_double", ["E1", "S2"], "R305")
    ]


def test_cli_solve_infeasible_explains(tmp_path: Path) -> None:
    out = tmp_path / "timetable.json"
    status, report, _ = run("solve", changed(tmp_path, O2={"duration_minutes": 120}), "--seconds", 5, "--out", out)
    assert (status, report["feasible"], report["objective"]) == (1, False, None)
    assert any("15 minutes between two uses" in sentence for sentence in report["explanation"])
    assert not out.exists()


def test_cli_explain(tmp_path: Path) -> None:
    status, report, _ = run("explain", changed(tmp_path, T9={"expected_attendance": 9999}))
    assert (status, report["feasible"], report["proved"], report["minimal"]) == (1, False, True, True)
    assert [cause["rule"] for cause in report["causes"]] == ["room_too_small"]
    (cause,) = report["causes"]
    assert "“State Violence and Human Rights” needs 9999 seats" in cause["text"]
    assert [(one["code"], one["values"]["session"]) for one in cause["messages"]] == [
        ("cause.room_too_small", {"sessions": ["T9"]})
    ]


def test_cli_relax(tmp_path: Path) -> None:
    status, report, progress = run("relax", changed(tmp_path, T9={"expected_attendance": 9999}), "--seconds", 30)
    assert (status, report["feasible"], report["undecided"]) == (0, False, [])
    assert [cause["rule"] for cause in report["causes"]] == ["room_too_small"]
    assert [
        (one["asks"], one["rule"], one["subject"], one["objective"], one["gain"]) for one in report["remedies"]
    ] == [
        ("equipment", "room_too_small", ["T9"], None, None),
        ("room", "room", [], None, None),
        ("session", "session", ["T9"], None, None),
    ]
    assert report["remedies"][0]["text"] == "Expect 700 instead of 9999 people in “State Violence and Human Rights”."
    assert report["remedies"][0]["messages"] == [
        {"code": "relax.room_too_small", "values": {"most": 700, "seats": 9999, "session": {"sessions": ["T9"]}}}
    ]
    assert "trying: Leave out “State Violence and Human Rights”." in progress


def test_cli_relax_betters_a_timetable() -> None:
    status, report, _ = run("relax", FORUM, EXAMPLE, "--seconds", 20, "--seed", 1)
    assert (status, report["feasible"], report["objective"]) == (0, True, report["bound"])
    assert [one["gain"] for one in report["remedies"]] == sorted(
        (report["objective"] - one["objective"] for one in report["remedies"]), reverse=True
    )
    assert report["remedies"][0]["proved"] is True
    assert "empty seats" in report["remedies"][0]["effect_text"]


def test_cli_repair(tmp_path: Path) -> None:
    out = tmp_path / "timetable.json"
    problem = changed(tmp_path, E1={"duration_minutes": 150})
    status, report, _ = run("repair", problem, EXAMPLE, "--out", out)
    assert status == 0
    assert report["objective"] == Weights().total(report["terms"])
    assert (report["changes_by_kind"], report["proved_minimal"]) == ({"time": 1, "room": 0, "both": 0}, True)
    assert report["changes"] == [
        {
            "session": "E1",
            "kind": "time",
            "old": {"room": "R214", "start": "2017-09-14T09:00+09:00", "end": "2017-09-14T11:00+09:00"},
            "new": {"room": "R214", "start": "2017-09-14T09:00+09:00", "end": "2017-09-14T11:30+09:00"},
        }
    ]
    assert run("check", problem, out)[0] == 0


def test_cli_why() -> None:
    status, report, _ = run("why", FORUM, EXAMPLE, "T9", "2017-09-14T13:00", "R209210")
    assert (status, report["possible"]) == (1, False)
    assert {"not_before", "room_too_small", "not_parallel"} <= {wrong["rule"] for wrong in report["rules"]}
    assert report["place"] == {
        "room": "R209210",
        "start": "2017-09-14T13:00+09:00",
        "end": "2017-09-14T16:00+09:00",
    }
    assert report["seconds"] < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("why", FORUM, EXAMPLE, "T9", "noon", "CH2"), "arguments, TIME: “noon” is not a local date and time."),
        (("why", FORUM, EXAMPLE, "X9", "2017-09-14T13:00", "CH2"), "has no session or room 'X9'"),
        (("solve", "nothing.json"), "nothing.json: No such file or directory"),
        (("check", FORUM, "nothing.json"), "nothing.json: No such file or directory"),
        (("solve", EXAMPLE), f"{EXAMPLE}: format: This is not a programme file that Plenary knows."),
        (("check", FORUM, FORUM), f"{FORUM}: entries: This is missing."),
        (("relax", FORUM, "nothing.json"), "nothing.json: No such file or directory"),
        (("solve", FORUM, "--format", "other"), "argument --format: invalid choice: 'other'"),
        (("solve", FORUM, "--answers", "0"), "argument --answers: invalid choice: 0"),
        (("solve", FORUM, "--answers", "2", "--format", "itc2007"), "only solve, with one answer, and check serve"),
        (("solve", FORUM, "--seed", "-5"), "argument --seed: must be from 0 to 2147483647"),
        (("relax", FORUM, "--seed", "99999999999"), "argument --seed: must be from 0 to 2147483647"),
        (("repair", FORUM, EXAMPLE, "--seed", "x"), "argument --seed: is not a whole number: 'x'"),
        (("solve", FORUM, "--start", "nothing.json"), "nothing.json: No such file or directory"),
        (("solve", FORUM, "--seconds", "-1"), "argument --seconds: must be more than 0"),
        (("solve", FORUM, "--seconds", "soon"), "argument --seconds: is not a number: 'soon'"),
        (("solve", FORUM, "--out", "no/such/folder/x.json"), "no/such/folder/x.json: no such folder"),
        (("solve", FORUM, "--seconds", "9", "--out", "docs"), "docs: Is a directory"),
    ],
)
def test_cli_bad_input_is_told_without_a_traceback(arguments: tuple[str | Path, ...], message: str) -> None:
    status, report, errors = run(*arguments)
    assert (status, report) == (2, None)
    assert message in errors
    assert "Traceback" not in errors


def interrupted(*arguments: str | Path, at: str, path: Path | None = None) -> tuple[int, str, str]:
    """Run Python, interrupt it after its first line of errors, which holds `at`; status, output, later errors."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ if path is None else {**os.environ, "PYTHONPATH": str(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert at in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    return process.returncode, printed, errors


def test_cli_interrupt_keeps_the_best(tmp_path: Path) -> None:
    file = json.loads(FORUM.read_text(encoding="utf-8"))
    file["interests"] = [[["T1", 2], [code, 1]] for code in ("T2", "T3", "T4", "T5", "T6") for _ in range(9)]
    problem, out = tmp_path / "wished.json", tmp_path / "timetable.json"
    problem.write_text(json.dumps(file), encoding="utf-8")
    solver = ("-m", "schedule.solver", "solve", problem, "--seconds", "3000", "--out", out)
    status, printed, _ = interrupted(*solver, at="objective")
    assert status == 0
    assert json.loads(printed)["feasible"] is True
    assert run("check", problem, out)[0] == 0


PATIENT = """
import sys
from schedule.solver.cli import commands, reports
from schedule.solver.explain import infeasible_subset
from tests.schedule.solver import patience

def patiently(problem, *, seconds, should_stop=None):
    took = patience.work(should_stop or (lambda: False), began=lambda: print("explaining", file=sys.stderr, flush=True))
    assert took < patience.SOON
    return infeasible_subset.Explanation(None, proved=False, minimal=False, causes=(), seconds=took)

infeasible_subset.explain = reports.explain = patiently
sys.exit(commands.main())
"""


@pytest.mark.parametrize("command", [("explain",), ("solve", "--seconds", "5"), ("repair", EXAMPLE)])
def test_cli_interrupt_ends_an_explanation(tmp_path: Path, command: tuple[str | Path, ...]) -> None:
    problem = changed(tmp_path, T9={"expected_attendance": 9999})
    status, printed, errors = interrupted("-c", PATIENT, command[0], problem, *command[1:], at="explaining\n")
    assert (status, errors) == (1, "")
    report = json.loads(printed)
    assert (report["causes"] if command == ("explain",) else report["explanation"]) == []


def test_cli_explain_counts_what_is_too_much() -> None:
    status, report, _ = run("explain", EXAMPLE.parent / "too-many-talks-25-for-24-slots.json")
    assert status == 1
    assert (report["feasible"], report["proved"]) == (False, True)
    assert [cause["text"] for cause in report["causes"]] == [
        "A, B: one session at a time. 25 sessions need 12:30 hours together; there are 12:00 hours: "
        + ", ".join(f"“Talk {number}”" for number in range(6))
        + " and 19 more.",
        "Opening hours are Tue 1 Jun 09:00 to 12:00; Wed 2 Jun 09:00 to 12:00.",
    ]


def test_cli_interrupt_while_libraries_load_ends_quietly(tmp_path: Path) -> None:
    """As numpy does, this library makes an ImportError of an exception that comes while it loads.

    It works while it loads, as they do: one long wait could begin just after the signal and never see it.
    """
    (tmp_path / "ortools.py").write_text(
        "import sys, time\n"
        "print('loading', file=sys.stderr, flush=True)\n"
        "began = time.monotonic()\n"
        "try:\n    while time.monotonic() < began + 50:\n        time.sleep(0.01)\n"
        "except BaseException as error:\n    raise ImportError from error\n"
    )
    ended = interrupted("-m", "schedule.solver", "solve", FORUM, at="loading\n", path=tmp_path)
    assert ended == (130, "", "Interrupted.\n")


def test_solver_loads_no_django() -> None:
    code = (
        "import sys, schedule.solver.cli.commands, schedule.solver.annealing.annealer; "
        "sys.exit(any(name.split('.')[0] in {'django', 'rest_framework'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0
