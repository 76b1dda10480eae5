"""Who may import whom (the contracts stand in pyproject.toml): the house's order, one direction among the rooms of each
app, no circles, and rooms without Django.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

BASE = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERED = [contract for contract in CONTRACTS if "containers" in contract]
APPS = "Apps import one way"
CALENDARS = "Calendar files know no Django"
CIRCLES = "No circles anywhere"
FORMATS = "The public formats know nothing of each other"
NO_DJANGO = "The solver knows no Django"
SOLVER = "Rooms of schedule.solver import one way"
VERIFIER = "The verifier knows only the problem"
# What other modules hold while one line is tried.
CONTENTS = {
    "schedule/solver/verify.py": "import schedule.solver.problem\n",
    "schedule/conflicts/y.py": "import schedule.conflicts.x\n",
    "schedule/conflicts/x.py": "",
    "website/my/y.py": "import website.my.x\n",
    "website/my/x.py": "",
}


def names_in(layer: str) -> list[str]:
    return re.split(r"\s*[|:]\s*", layer)


def rooms() -> set[str]:
    """Every room that a contract names, as the path of a module."""
    named = {"/".join(name.split(".")) for contract in CONTRACTS for name in contract.get("ancestors", [])}
    for contract in CONTRACTS:
        named |= {module.replace(".", "/") for module in contract.get("modules", [])}
        for container in contract.get("containers", [""]):
            for layer in contract.get("layers", []):
                named |= {"/".join([*container.split("."), room]).strip("/") for room in names_in(layer)}
    return named


def lint(folder: Path) -> tuple[int, str]:
    """The status and the words of import-linter for a folder that has our packages and our pyproject.toml."""
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def lint_with(folder: Path, module: str, line: str) -> tuple[int, str]:
    """What is said of a house that holds every room and nothing in them but one line in one module."""
    (folder / "pyproject.toml").write_bytes((BASE / "pyproject.toml").read_bytes())
    files = {f"{room}.py": "" for room in rooms()} | CONTENTS | {module: f"{line}\n"}
    for name in files:
        for package in [*Path(name).parents[:-1], Path(Path(name).parts[0].removesuffix(".py"))]:
            (folder / package).mkdir(exist_ok=True, parents=True)
            (folder / package / "__init__.py").touch()
    for name, content in files.items():
        if not (folder / name).with_suffix("").is_dir():
            (folder / name).write_text(content)
    return lint(folder)


def outcomes(words: str) -> list[str]:
    """The contracts' names, each with KEPT or BROKEN; in brackets behind it may stand how many imports are excepted."""
    lines = [line.partition(" (")[0] for line in words.splitlines()]
    return [line for line in lines if line.endswith((" KEPT", " BROKEN"))]


def broken_in(words: str) -> list[str]:
    return [line.removesuffix(" BROKEN") for line in outcomes(words) if line.endswith(" BROKEN")]


def test_every_contract_is_kept() -> None:
    status, words = lint(BASE)
    assert outcomes(words) == [f"{contract['name']} KEPT" for contract in CONTRACTS]
    assert status == 0


def test_a_house_of_empty_rooms_keeps_every_contract(tmp_path: Path) -> None:
    """The control: what the other tests hear of comes from their one line."""
    status, words = lint_with(tmp_path, "schedule/solver/jobs/x.py", "")
    assert (status, broken_in(words)) == (0, [])


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("schedule/models/x.py", "import registration", [APPS]),
        ("journal/x.py", "import accounts", [APPS]),
        ("registration/models/x.py", "import notifications.models", [APPS]),
        ("notifications/models/x.py", "import website", [APPS]),
        ("website/my/x.py", "import organize", [APPS]),
        ("api/x.py", "import website", [APPS]),
        ("organize/mail/x.py", "import ops", [APPS]),
        ("ops/x.py", "import config.settings", [APPS]),
        ("schedule/solver/exact/x.py", "import django", [NO_DJANGO]),
        ("notifications/calendars/x.py", "import django", [CALENDARS]),
        ("schedule/solver/verify.py", "import schedule.solver.errors", [VERIFIER]),
        ("schedule/solver/verify.py", "import schedule.solver.solve", [SOLVER, VERIFIER]),
        ("schedule/solver/problem.py", "import schedule.solver.errors", [SOLVER, VERIFIER]),
        ("schedule/solver/jobs/x.py", "import schedule.solver.cli", [SOLVER]),
        ("schedule/solver/repair/x.py", "import schedule.solver.explain", [SOLVER]),
        ("schedule/solver/exact/x.py", "import schedule.solver.annealing", [SOLVER]),
        ("schedule/solver/files/x.py", "import schedule.solver.solve", [SOLVER]),
        ("schedule/solver/benchmarks/enrolment/x.py", "import schedule.solver.benchmarks.tracks", [FORMATS]),
        ("schedule/conflicts/x.py", "import schedule.conflicts.y", [CIRCLES]),
        ("website/my/x.py", "import website.my.y", [CIRCLES]),
    ],
)
def test_a_broken_contract_is_noticed(tmp_path: Path, module: str, line: str, broken: list[str]) -> None:
    """The same check on a house that holds nothing but the forbidden import."""
    status, words = lint_with(tmp_path, module, line)
    assert (status, sorted(broken_in(words))) == (1, sorted(broken))


@pytest.mark.parametrize("contract", LAYERED, ids=[contract["containers"][0] for contract in LAYERED])
def test_a_lower_room_that_imports_a_higher_one_is_noticed(tmp_path: Path, contract: dict[str, Any]) -> None:
    """The lowest room imports the highest: the contract about their app hears of it."""
    (container,) = contract["containers"]
    highest, lowest = names_in(contract["layers"][0])[0], names_in(contract["layers"][-1])[-1]
    inside = [names_in(one["layers"][1])[0] for one in LAYERED if one["containers"] == [f"{container}.{lowest}"]]
    module = "/".join([*container.split("."), lowest, *inside, "x.py"])
    status, words = lint_with(tmp_path, module, f"import {container}.{highest}")
    assert (status, broken_in(words)) == (1, [contract["name"]])


@pytest.mark.parametrize("contract", LAYERED, ids=[contract["containers"][0] for contract in LAYERED])
def test_a_new_room_without_a_place_is_noticed(tmp_path: Path, contract: dict[str, Any]) -> None:
    (container,) = contract["containers"]
    status, words = lint_with(tmp_path, f"{container.replace('.', '/')}/attic.py", "")
    assert (status, broken_in(words)) == (1, [contract["name"]])
    assert "attic" in words
