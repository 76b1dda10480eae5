"""Migrations say what the models say, and every one of ours can be taken back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from tests.fixtures.databases import kept
from tests.schema.catalogue import schema

OURS = ("notifications", "registration", "schedule", "journal", "accounts")
SCRATCH = "scratch"


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_import_no_models() -> None:
    """They would break with the next move of a model, and see its columns of today instead of theirs."""
    files = [path for app in OURS for path in Path(apps.get_app_config(app).path, "migrations").glob("0*.py")]
    assert len(files) >= len(OURS)
    imported = {
        name
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names_imported(node)
    }
    assert {"django.db.migrations", "journal.sql_files"} <= imported
    assert [name for name in imported if name.startswith(OURS) and "models" in name.split(".")] == []


def names_imported(node: ast.AST) -> list[str]:
    """In full: "from a import b" is a.b."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_there_is_one_last_migration_in_each_app(db: None) -> None:
    graph = MigrationExecutor(connection).loader.graph
    assert {app: len(graph.leaf_nodes(app)) for app in OURS} == dict.fromkeys(OURS, 1)


@pytest.fixture
def scratch(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A migrated database of its own beside the tests', under an alias."""
    with django_db_blocker.unblock():
        settings = connection.settings_dict
        name = f"{settings['NAME']}_{SCRATCH}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept() or "template1"}"')
        connections.databases[SCRATCH] = {**settings, "NAME": name}
        try:
            migrate(SCRATCH)  # nothing is left to do where there was a migrated one to copy
            yield SCRATCH
        finally:
            connections[SCRATCH].close()
            del connections[SCRATCH], connections.databases[SCRATCH]
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')
            connection.close()


def migrate(alias: str) -> None:
    call_command("migrate", database=alias, verbosity=0)


@pytest.mark.slow
def test_every_migration_can_be_taken_back_and_made_again(scratch: str) -> None:
    """Down one step after another to nothing at all, and up again: each step's way back is walked once."""
    there = schema(scratch)
    tables = {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()}
    assert tables <= {str(row[0]) for row in there["columns"]}
    assert {str(row[0]) for row in there["triggers"]} & tables
    # As `migrate <app> zero` does for each of them, in one plan: the state of all models is worked out once.
    MigrationExecutor(connections[scratch]).migrate([(app, None) for app in OURS])
    gone = schema(scratch)
    assert [row for row in gone["columns"] if str(row[0]).startswith(tuple(f"{app}_" for app in OURS))] == []
    assert (gone["triggers"], gone["functions"]) == ([], [])
    migrate(scratch)
    assert schema(scratch) == there
