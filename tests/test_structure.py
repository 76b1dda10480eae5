"""The shape of the house: small files, and rooms that need no Django to be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
ROOMS = (
    "accounts",
    "api",
    "bench",
    "config",
    "journal",
    "notifications",
    "ops",
    "organize",
    "registration",
    "schedule",
    "tools",
    "website",
)
LONGEST = 400


def modules() -> list[Path]:
    found = [path for room in ROOMS for path in (BASE / room).rglob("*.py")]
    return [path for path in found if not path.name.startswith("0001_")]


def test_no_file_has_grown_past_what_one_can_hold_in_mind() -> None:
    lengths = {str(path.relative_to(BASE)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("package", ["schedule.solver.__main__", "notifications.calendars.files"])
def test_the_rooms_without_django_are_used_without_it(package: str) -> None:
    """import-linter reads imports; this one runs them, with Django made impossible to import."""
    code = f"import sys; sys.modules['django'] = None; import {package}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert package in done.stdout.split()
