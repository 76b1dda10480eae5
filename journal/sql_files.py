"""Triggers and functions that migrations load out of files: `<app>/sql/<rule>.sql`, one rule a file.

Each file says in its first comment which invariant of docs/architecture.md it keeps, and how. A migration names the
rules it loads, last among its operations and in the order in which they use each other's functions:

    *sql_files.load("schedule", "room_uses_follow_placements", "release_is_immutable"),

To change a rule, replace its file and add a migration that loads it: loading takes away the file's triggers, replaces
its functions and makes its triggers anew, so a database that had the old rule and a new one end up alike. Three things
to know, because an older migration that is run today loads the file as it is today:

* where the new text needs a column that a later migration adds, take the rule out of the older migration's list;
* what a rule no longer makes is dropped by an operation of the migration that loads the new text;
* the way back takes the rule away, it does not bring the old text again.

tests/test_schema.py compares the database that the migrations make with the files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import migrations

# What a statement's text has that is none of its own: comments, and the body of a function.
ASIDE = re.compile(r"\$\$.*?\$\$|--[^\n]*", re.DOTALL)
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (?P<name>\w+)\(")
TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+)\s.*?\sON (?P<table>\w+)\s", re.DOTALL)


class UnknownStatementError(ValueError):
    """A file makes something that its way back would not take away."""


@dataclass(frozen=True)
class SqlRule:
    """One file: its text, the names of its functions, and its triggers as (name, table)."""

    text: str
    functions: tuple[str, ...]
    triggers: tuple[tuple[str, str], ...]

    @property
    def forward(self) -> str:
        """Makes the rule, also where it or an older text of it is there already."""
        return "\n".join([*self._without_triggers(), self.text])

    @property
    def backward(self) -> str:
        """Takes away what the file makes."""
        return "\n".join([*self._without_triggers(), *(f"DROP FUNCTION {name};" for name in self.functions)])

    def _without_triggers(self) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {name} ON {table};" for name, table in self.triggers]


def paths(app: str) -> list[Path]:
    """All rules of the app with this label, by name."""
    return sorted(Path(apps.get_app_config(app).path, "sql").glob("*.sql"))


def read(path: Path) -> SqlRule:
    """The rule in a file. Refuses statements other than those that make functions and triggers."""
    text = path.read_text(encoding="utf-8")
    functions, triggers = [], []
    for statement in filter(None, map(str.strip, ASIDE.sub("", text).split(";"))):
        if made := FUNCTION.match(statement):
            functions.append(made["name"])
        elif made := TRIGGER.match(statement):
            triggers.append((made["name"], made["table"]))
        else:
            raise UnknownStatementError(f"{path.name} does what its way back would not undo: {statement}")
    return SqlRule(text, tuple(functions), tuple(triggers))


def load(app: str, *rules: str) -> list[migrations.RunSQL]:
    """The operations of a migration that load these rules of an app; the way back takes them away."""
    folder = Path(apps.get_app_config(app).path, "sql")
    found = [read(folder / f"{name}.sql") for name in rules]
    return [migrations.RunSQL(rule.forward, rule.backward) for rule in found]
