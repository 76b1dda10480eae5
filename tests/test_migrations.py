"""Migrations say what the models say, and every one of ours can be taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

OURS = ("notifications", "registration", "schedule", "journal", "accounts")
SCRATCH = "scratch"

# Everything that a migration can make, as comparable rows. btree_gist's own functions are its extension's.
SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
        FROM information_schema.columns WHERE table_schema = 'public'
        AND table_name NOT IN (SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid AND deptype = 'e')
    """,
    "constraints": """
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid, true), contype::text
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ', '') FROM pg_indexes WHERE schemaname = 'public'
    """,
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """,
}


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_there_is_one_last_migration_in_each_app(db: None) -> None:
    graph = MigrationExecutor(connection).loader.graph
    assert {app: len(graph.leaf_nodes(app)) for app in OURS} == dict.fromkeys(OURS, 1)


@pytest.fixture
def scratch(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """An empty database of its own beside the tests', under an alias."""
    with django_db_blocker.unblock():
        settings = connection.settings_dict
        name = f"{settings['NAME']}_{SCRATCH}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
        connections.databases[SCRATCH] = {**settings, "NAME": name}
        try:
            yield SCRATCH
        finally:
            connections[SCRATCH].close()
            del connections[SCRATCH], connections.databases[SCRATCH]
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')
            connection.close()


def schema(alias: str) -> dict[str, list[tuple[object, ...]]]:
    """What the database is made of; names that Django makes up are left out."""
    found = {}
    with connections[alias].cursor() as cursor:
        for kind, query in SCHEMA.items():
            cursor.execute(query)
            found[kind] = sorted(cursor.fetchall(), key=repr)
    return found


def migrate(alias: str, *target: str) -> None:
    call_command("migrate", *target, database=alias, verbosity=0)


@pytest.mark.slow
def test_every_migration_can_be_taken_back_and_made_again(scratch: str) -> None:
    """Down one step after another to nothing at all, and up again: each step's way back is walked once."""
    migrate(scratch)
    there = schema(scratch)
    tables = {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()}
    assert tables <= {str(row[0]) for row in there["columns"]}
    assert {str(row[0]) for row in there["triggers"]} & tables
    for app in OURS:
        migrate(scratch, app, "zero")
    gone = schema(scratch)
    assert [row for row in gone["columns"] if str(row[0]).startswith(tuple(f"{app}_" for app in OURS))] == []
    assert (gone["triggers"], gone["functions"]) == ([], [])
    migrate(scratch)
    assert schema(scratch) == there
