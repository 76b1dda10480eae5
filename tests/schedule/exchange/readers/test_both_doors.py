"""A programme file gets one answer, whether it is imported or given to the command line of the scheduler."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from journal.actors import SYSTEM
from schedule.domain.problem import problem_for
from schedule.exchange.readers.importing import ImportRefused, import_programme, read_programme
from schedule.solver.cli.commands import main
from schedule.solver.files import problems
from schedule.solver.problem import Problem
from tests.schedule.exchange.readers.probes import BROKEN_BYTES, INPUTS, PROBES, SMALL, WISHES, Found, Probe

Answer = tuple[list[Found], list[Found]]


def at_the_import(content: bytes) -> Answer:
    """Problems and warnings; without problems the programme is imported as well."""
    try:
        programme = read_programme(content)
    except ImportRefused as refusal:
        return [(", ".join(filter(None, (p.record, p.field))), p.code) for p in refusal.problems], []
    return [], [(warning.place, warning.code) for warning in programme.warnings]


def at_the_command_line(path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    """What standard error says of the file; a file that is taken is checked against a timetable without sessions."""
    empty = path.with_name("empty.json")
    empty.write_text("[]", encoding="utf-8")
    status = main(["check", str(path), str(empty)])
    lines = capsys.readouterr().err.splitlines()
    found = [_found(line, path) for line in lines if line.endswith("]")]
    if status != 2:
        assert all(line.startswith("Worth a look: ") for line in lines)
        return [], found
    assert lines[0].startswith(f"{path}: ")
    return found, []


def _found(line: str, path: Path) -> Found:
    line = line.removeprefix(f"{path}: ").removeprefix("- ").removeprefix("Worth a look: ")
    code = re.search(r" \[(\w+)\]\Z", line)
    assert code is not None, line
    place, colon, _ = line.partition(": ")
    return (place if colon and not place[0].isupper() and place[0] != "“" else "", code[1])


def sorted_rows(problem: Problem) -> Problem:
    """Without the order of sessions, people and organisations, which rows do not keep."""
    return replace(
        problem,
        sessions=tuple(sorted(problem.sessions, key=lambda one: one.code)),
        people=tuple(sorted(problem.people, key=lambda one: one.code)),
        bodies=tuple(sorted(problem.bodies, key=lambda one: one.code)),
    )


def written(folder: Path, content: bytes) -> Path:
    path = folder / "programme.json"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_both_doors_say_the_same(probe: Probe, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.dumps(probe.file(), ensure_ascii=False).encode()
    expected = (list(probe.problems), list(probe.warnings))
    assert at_the_command_line(written(tmp_path, content), capsys) == expected
    imported = at_the_import(content)
    wishes = [] if expected[0] or not probe.file().get("interests") else list(WISHES)
    assert imported == (expected[0], expected[1] + wishes)


@pytest.mark.django_db
@pytest.mark.parametrize("probe", [one for one in PROBES if not one.problems], ids=lambda probe: probe.name)
def test_what_is_imported_is_the_problem_that_the_command_line_reads(probe: Probe) -> None:
    content = json.dumps(probe.file(), ensure_ascii=False)
    loaded = problem_for(import_programme(read_programme(content), actor=SYSTEM))
    read = replace(problems.read(content), attendees=())
    assert sorted_rows(loaded) == sorted_rows(read)


@pytest.mark.parametrize(("content", "code"), [one[1:] for one in BROKEN_BYTES], ids=[one[0] for one in BROKEN_BYTES])
def test_both_doors_refuse_what_holds_no_programme(
    content: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_the_import(content) == at_the_command_line(written(tmp_path, content), capsys) == ([("", code)], [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", SMALL)
def test_both_doors_say_the_same_of_small_programmes(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (INPUTS / f"{name}.json").read_bytes()
    expected = tuple(list(found) for found in SMALL[name])
    assert at_the_import(content) == at_the_command_line(written(tmp_path, content), capsys) == expected
    if not expected[0]:
        loaded = problem_for(import_programme(read_programme(content), actor=SYSTEM))
        assert sorted_rows(loaded) == sorted_rows(problems.read(content.decode()))


def test_both_doors_refuse_what_would_eat_the_machine(
    data: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = data["sessions"][2]
    data["sessions"] += [session | {"code": f"B{number}"} for number in range(2, 14_000)]
    content = json.dumps(data).encode()
    refused: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([("", "too_large_to_schedule")], [])
    assert at_the_import(content) == at_the_command_line(written(tmp_path, content), capsys) == refused


def test_every_small_programme_is_in_the_table() -> None:
    assert {path.stem for path in INPUTS.glob("*.json")} == SMALL.keys()


def test_line_ends_of_abstracts_are_one() -> None:
    programme = read_programme((INPUTS / "crlf-abstract.json").read_bytes())
    assert programme.sessions[0].abstract == {"en": "First line\nSecond line"}
