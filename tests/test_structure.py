"""The shape of the house: small files, small folders, a name for each thing, and rooms without Django."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
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
    "values",
    "website",
)
LONGEST = 400
MOST_FILES = 12
# Two files for each kind of mail, found by the kind.
MANY_BY_NATURE = {"templates/mail"}
# Django looks for these names.
DJANGOS = {"Command", "Meta"}
# One thing in two forms: the row, and the value of the solver's problem. No file has both under one name.
IN_TWO_FORMS = {"Body", "Person", "Placement", "Room", "Session"}


def modules() -> list[Path]:
    found = [path for room in ROOMS for path in (BASE / room).rglob("*.py")]
    return [path for path in found if not path.name.startswith("0001_")]


def test_no_file_has_grown_past_what_one_can_hold_in_mind() -> None:
    lengths = {str(path.relative_to(BASE)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_folder_is_a_corridor() -> None:
    """Python files but `__init__.py`, templates, style sheets and scripts, at one level of a folder."""
    found: Counter[str] = Counter()
    for room in [*ROOMS, "templates", "static"]:
        for path in (BASE / room).rglob("*"):
            is_ours = path.suffix in {".py", ".html", ".txt", ".css", ".js"} and path.name != "__init__.py"
            if is_ours and not {"migrations", "vendor", "__pycache__"} & set(path.parts):
                found[str(path.parent.relative_to(BASE))] += 1
    assert len(found) > 60
    assert {folder for folder, count in found.items() if count > MOST_FILES} == MANY_BY_NATURE


def test_files_that_the_recipes_name_are_there() -> None:
    text = (BASE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z0-9_]+/)+[a-z0-9_]*(?:\.[a-z]+)?)`", text))
    assert len(named) > 50
    assert {name for name in named if not (BASE / name).exists()} == set()


def test_what_the_recipes_say_of_a_file_is_in_it() -> None:
    """A table named in capitals is in a file, or a folder, of its row."""
    text = (BASE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = 0
    for row in re.findall(r"^\| `.*", text, re.MULTILINE):
        paths = [BASE / name for name in re.findall(r"`((?:[a-z0-9_]+/)+[a-z0-9_]*(?:\.[a-z]+)?)`", row)]
        files = [file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])]
        held = "".join(file.read_text(encoding="utf-8") for file in files)
        tables = set(re.findall(r"`(_?[A-Z][A-Z_]+)`", row))
        assert {table for table in tables if not re.search(rf"\b{table}\b", held)} == set(), row
        named += len(tables)
    assert named > 25


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        if path.relative_to(BASE).parts[0] == "bench":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in DJANGOS:
                found[node.name].append(str(path.relative_to(BASE)))
    assert len(found) > 400
    double = {name: files for name, files in found.items() if len(files) > 1}
    assert double.keys() == IN_TWO_FORMS
    assert {file for files in double.values() for file in files if "/models/" not in file} == {
        "schedule/solver/problem.py"
    }


@pytest.mark.parametrize("package", ["schedule.solver.__main__", "notifications.calendars.files"])
def test_the_rooms_without_django_are_used_without_it(package: str) -> None:
    """import-linter reads imports; this one runs them, with Django made impossible to import."""
    code = f"import sys; sys.modules['django'] = None; import {package}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert package in done.stdout.split()


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def test_nothing_mails_but_delivery() -> None:
    """A page that spoke to a mail server would wait for it; whoever wants to tell somebody something records a fact."""
    mailing = {
        str(path.relative_to(BASE))
        for path in modules()
        if path.relative_to(BASE).parts[0] not in ("bench", "tools")
        and any(name == "smtplib" or name.startswith("django.core.mail") for name in imports_of(path))
    }
    # The second greets the local inbox to see whether it is there.
    assert mailing == {"notifications/delivery/smtp/carrier.py", "ops/parts.py"}
