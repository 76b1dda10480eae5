"""Who may import whom (the contracts stand in pyproject.toml): the house's order, and rooms without Django."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
APPS = "Apps import one way"
NO_DJANGO = "The solver knows no Django"
CALENDARS = "Calendar files know no Django"
VERIFIER = "The verifier knows only the problem"
ROOMS = "The solver's rooms import one way"
FORMATS = "The public formats know nothing of each other"
CIRCLES = "No circles in the solver or the conflict engine"
CONTRACTS = (APPS, NO_DJANGO, CALENDARS, VERIFIER, ROOMS, FORMATS, CIRCLES)


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


PACKAGES = (
    "accounts",
    "journal",
    "schedule",
    "schedule/conflicts",
    "schedule/solver",
    *(
        f"schedule/solver/{room}"
        for room in (
            "cli", "benchmarks", "benchmarks/enrolment", "benchmarks/tracks", "jobs", "relaxations", "repair",
            "explain", "annealing", "exact", "files", "sentences",
        )
    ),
    "schedule/models",
    "registration",
    "notifications",
    "notifications/calendars",
    "notifications/models",
    "config",
)  # fmt: skip
MODULES = (
    *(
        f"schedule/solver/{module}.py"
        for module in (
            "__main__", "warm", "alternatives", "solve", "run", "verify", "objective", "results", "budget", "problem",
            "errors",
        )
    ),
    "schedule/conflicts/x.py",
    "schedule/solver/repair/x.py",
)  # fmt: skip
CONTENTS = {
    "schedule/solver/verify.py": "import schedule.solver.problem\n",
    "schedule/conflicts/y.py": "import schedule.conflicts.x\n",
    "schedule/solver/repair/y.py": "import schedule.solver.repair.x\n",
}


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("schedule/x.py", "import registration", [APPS]),
        ("journal/x.py", "import accounts", [APPS]),
        ("registration/x.py", "import notifications.models", [APPS]),
        ("schedule/solver/exact/x.py", "import django", [NO_DJANGO]),
        ("notifications/calendars/x.py", "import django", [CALENDARS]),
        ("schedule/solver/verify.py", "import schedule.solver.errors", [VERIFIER]),
        ("schedule/solver/verify.py", "import schedule.solver.solve", [VERIFIER, ROOMS]),
        ("schedule/solver/problem.py", "import schedule.solver.errors", [VERIFIER, ROOMS]),
        ("schedule/solver/jobs/x.py", "import schedule.solver.cli", [ROOMS]),
        ("schedule/solver/repair/x.py", "import schedule.solver.explain", [ROOMS]),
        ("schedule/solver/exact/x.py", "import schedule.solver.annealing", [ROOMS]),
        ("schedule/solver/files/x.py", "import schedule.solver.solve", [ROOMS]),
        ("schedule/solver/a_new_room.py", "", [ROOMS]),
        ("schedule/solver/benchmarks/enrolment/x.py", "import schedule.solver.benchmarks.tracks", [FORMATS]),
        ("schedule/conflicts/x.py", "import schedule.conflicts.y", [CIRCLES]),
        ("schedule/solver/repair/x.py", "import schedule.solver.repair.y", [CIRCLES]),
    ],
)
def test_a_broken_contract_is_noticed(tmp_path: Path, module: str, line: str, broken: list[str]) -> None:
    """The same check on packages that hold nothing but the forbidden import."""
    (tmp_path / "pyproject.toml").write_bytes((BASE / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for empty in MODULES:
        (tmp_path / empty).touch()
    for name, content in CONTENTS.items():
        (tmp_path / name).write_text(content)
    (tmp_path / module).write_text(f"{line}\n")
    status, words = lint(tmp_path)
    assert [text for text in outcomes(words) if text.endswith(" BROKEN")] == [f"{name} BROKEN" for name in broken]
    assert status == 1
