"""docs/operations.md says what the code does: every setting is in its table, every command exists."""

from __future__ import annotations

import ast
import re

from ops.embedded import BASE_DIR
from ops.parts import WORKERS

TEXT = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """The names that the code asks the environment for, through ops.env or directly."""
    names: set[str] = {"PLENARY_STATE"}  # read by ops.embedded, before there is a Django to complain with
    for path in [file for room in ("config", "ops") for file in (BASE_DIR / room).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) == "env"
                and isinstance(node.args[0], ast.Constant)
            ):
                names.add(str(node.args[0].value))
    return names


def test_the_table_has_exactly_the_settings_there_are() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE)
    assert sorted(table) == sorted(settings_read())


def test_the_processes_are_those_that_are_served() -> None:
    found = re.findall(r"worker --name \w+ --queues ([\w,]+)(?: --processes (\d+))?`", TEXT)
    assert {(queues, int(processes or 1)) for queues, processes in found} == set(WORKERS.values())


def test_every_file_that_is_linked_exists() -> None:
    for document in [*(BASE_DIR / "docs").glob("*.md"), *(BASE_DIR / "docs" / "howto").glob("*.md")]:
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
        assert [link for link in links if not (document.parent / link).exists()] == []
