"""Who may import whom (the contracts stand in pyproject.toml): the house's order, and rooms without Django."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
CONTRACTS = (
    "Apps import one way", "The solver knows no Django", "Calendar files know no Django",
    "The verifier knows only the problem",
)  # fmt: skip


def lint(folder: Path) -> tuple[int, str]:
    """The status and the words of import-linter for a folder that has our packages and our pyproject.toml."""
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def outcomes(words: str) -> list[str]:
    """The contracts' names, each with KEPT or BROKEN; in brackets behind it may stand how many imports are excepted."""
    lines = [line.partition(" (")[0] for line in words.splitlines()]
    return [line for line in lines if line.endswith((" KEPT", " BROKEN"))]


def test_every_contract_is_kept() -> None:
    status, words = lint(BASE)
    assert outcomes(words) == [f"{name} KEPT" for name in CONTRACTS]
    assert status == 0


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("schedule/x.py", "import registration", "Apps import one way"),
        ("journal/x.py", "import accounts", "Apps import one way"),
        ("registration/x.py", "import notifications.models", "Apps import one way"),
        ("schedule/solver/x.py", "import django", "The solver knows no Django"),
        ("notifications/calendars/x.py", "import django", "Calendar files know no Django"),
        ("schedule/solver/verify.py", "import schedule.solver.search", "The verifier knows only the problem"),
        ("schedule/solver/problem.py", "import schedule.solver.search", "The verifier knows only the problem"),
    ],
)
def test_a_broken_contract_is_noticed(tmp_path: Path, module: str, line: str, broken: str) -> None:
    """The same check on packages that hold nothing but the forbidden import."""
    (tmp_path / "pyproject.toml").write_bytes((BASE / "pyproject.toml").read_bytes())
    for package in (
        "accounts",
        "journal",
        "schedule",
        "schedule/solver",
        "schedule/models",
        "registration",
        "notifications",
        "notifications/calendars",
        "notifications/models",
        "config",
        "schedule/solver/search",
    ):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "schedule/solver/problem.py").touch()
    (tmp_path / "schedule/solver/verify.py").write_text("import schedule.solver.problem\n")
    (tmp_path / module).write_text(f"{line}\n")
    status, words = lint(tmp_path)
    assert [text for text in outcomes(words) if text.endswith(" BROKEN")] == [f"{broken} BROKEN"]
    assert status == 1
