"""Who may import whom (the contracts stand in pyproject.toml): the house's order, and rooms without Django."""

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


def rooms() -> list[str]:
    """Every room that a contract names, as a path of packages."""
    named = {"schedule/solver/search", "schedule/solver", "notifications/calendars"}
    for contract in CONTRACTS:
        for layer in contract.get("layers", []):
            for room in re.split(r"\s*[|:]\s*", layer):
                named |= {"/".join([*container.split("."), room]) for container in contract.get("containers", [""])}
    return sorted(room.strip("/") for room in named)


def lint(folder: Path) -> tuple[int, str]:
    """The status and the words of import-linter for a folder that has our packages and our pyproject.toml."""
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def lint_with(folder: Path, module: str, line: str) -> tuple[int, str]:
    """What is said of packages that hold every room and nothing but one module with one line."""
    (folder / "pyproject.toml").write_bytes((BASE / "pyproject.toml").read_bytes())
    for room in rooms():
        (folder / room).mkdir(parents=True, exist_ok=True)
    for package in [path for path in folder.rglob("*") if path.is_dir()]:
        (package / "__init__.py").touch()
    (folder / "schedule/solver/problem.py").touch()
    (folder / "schedule/solver/verify.py").write_text("import schedule.solver.problem\n")
    (folder / module).write_text(f"{line}\n")
    return lint(folder)


def outcomes(words: str) -> list[str]:
    """The contracts' names, each with KEPT or BROKEN; in brackets behind it may stand how many imports are excepted."""
    lines = [line.partition(" (")[0] for line in words.splitlines()]
    return [line for line in lines if line.endswith((" KEPT", " BROKEN"))]


def test_every_contract_is_kept() -> None:
    status, words = lint(BASE)
    assert outcomes(words) == [f"{contract['name']} KEPT" for contract in CONTRACTS]
    assert len(CONTRACTS) >= 11
    assert status == 0


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("schedule/models/x.py", "import registration", "Apps import one way"),
        ("journal/x.py", "import accounts", "Apps import one way"),
        ("registration/models/x.py", "import notifications.models", "Apps import one way"),
        ("notifications/models/x.py", "import website", "Apps import one way"),
        ("website/my/x.py", "import organize", "Apps import one way"),
        ("api/x.py", "import website", "Apps import one way"),
        ("organize/mail/x.py", "import ops", "Apps import one way"),
        ("schedule/solver/x.py", "import django", "The solver knows no Django"),
        ("notifications/calendars/x.py", "import django", "Calendar files know no Django"),
        ("schedule/solver/verify.py", "import schedule.solver.search", "The verifier knows only the problem"),
        ("schedule/solver/problem.py", "import schedule.solver.search", "The verifier knows only the problem"),
    ],
)
def test_a_broken_contract_is_noticed(tmp_path: Path, module: str, line: str, broken: str) -> None:
    """The same check on packages that hold nothing but the forbidden import."""
    status, words = lint_with(tmp_path, module, line)
    assert [text for text in outcomes(words) if text.endswith(" BROKEN")] == [f"{broken} BROKEN"]
    assert status == 1


@pytest.mark.parametrize("contract", LAYERED, ids=[contract["containers"][0] for contract in LAYERED])
def test_a_lower_room_that_imports_a_higher_one_is_noticed(tmp_path: Path, contract: dict[str, Any]) -> None:
    """The lowest room imports the highest: each contract about rooms hears of it, and no other."""
    (container,) = contract["containers"]
    highest, lowest = (re.split(r"\s*[|:]\s*", contract["layers"][end])[0] for end in (0, -1))
    module = f"{container.replace('.', '/')}/{lowest}/x.py"
    status, words = lint_with(tmp_path, module, f"import {container}.{highest}")
    assert [text for text in outcomes(words) if text.endswith(" BROKEN")] == [f"{contract['name']} BROKEN"]
    assert status == 1


@pytest.mark.parametrize("contract", LAYERED, ids=[contract["containers"][0] for contract in LAYERED])
def test_a_new_room_without_a_place_is_noticed(tmp_path: Path, contract: dict[str, Any]) -> None:
    (container,) = contract["containers"]
    status, words = lint_with(tmp_path, f"{container.replace('.', '/')}/attic.py", "")
    assert "attic" in words
    assert status == 1
