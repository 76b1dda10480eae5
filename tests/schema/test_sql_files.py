"""The triggers and functions of the database are those of the files in `<app>/sql/`, and of nothing else."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from journal import sql_files
from tests.schema.catalogue import schema

OURS = ("journal", "accounts", "schedule", "registration", "notifications")
FILES = [path for app in OURS for path in sql_files.paths(app)]
NAMES = [str(path.relative_to(settings.BASE_DIR)) for path in FILES]
RULES = [sql_files.read(path) for path in FILES]
INVARIANTS = range(1, 13)

A_FUNCTION = """
CREATE OR REPLACE FUNCTION scratch_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '-- no; never';
END $$;
"""
A_TRIGGER = """
CREATE CONSTRAINT TRIGGER never AFTER INSERT OR UPDATE OF name,
    id ON scratch
    FOR EACH ROW EXECUTE FUNCTION scratch_refuse('a ON b');
"""


def test_there_are_files() -> None:
    assert len(FILES) > 10
    assert {path.parent for path in Path(settings.BASE_DIR).glob("*/sql")} <= {
        Path(apps.get_app_config(app).path) for app in OURS
    }


def test_each_function_and_trigger_of_the_database_stems_from_exactly_one_file(db: None) -> None:
    there = schema()
    functions = Counter(name for rule in RULES for name in rule.functions)
    triggers = Counter((table, name) for rule in RULES for name, table in rule.triggers)
    assert functions == Counter(name for name, *_rest in there["functions"])
    assert triggers == Counter((table, name) for table, name, *_rest in there["triggers"])
    assert {*functions.values(), *triggers.values()} == {1}


def test_the_database_that_the_migrations_make_equals_the_files(db: None) -> None:
    made_by_migrations = schema()
    with transaction.atomic(), connection.cursor() as cursor:
        for rule in RULES:
            cursor.execute(rule.forward)
        assert schema() == made_by_migrations
        # And so it does where nothing was there before: no file leans on an older text of itself.
        for rule in reversed(RULES):
            cursor.execute(rule.backward)
        gone = schema()
        assert (gone["functions"], gone["triggers"]) == ([], [])
        for rule in RULES:
            cursor.execute(rule.forward)
        assert schema() == made_by_migrations


def invariants(name: str) -> list[int]:
    """The numbers that the first line of a file begins with."""
    first = Path(settings.BASE_DIR, name).read_text(encoding="utf-8").splitlines()[0]
    said = re.match(r"-- Invariants? ([0-9]+(?:, [0-9]+)*(?: and [0-9]+)?)[.:] ", first)
    assert said is not None, first
    return [int(number) for number in re.findall(r"[0-9]+", said[1])]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_begins_with_the_invariants_it_keeps(name: str) -> None:
    assert set(invariants(name)) <= set(INVARIANTS)


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_as_short_as_those_of_the_code(name: str) -> None:
    text = Path(settings.BASE_DIR, name).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if len(line) > 120 or line != line.rstrip()] == []


def test_the_image_holds_the_files() -> None:
    """.dockerignore leaves out everything and takes in folders; nothing after that leaves the files out again."""
    lines = Path(settings.BASE_DIR, ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    for name in NAMES:
        taken = False
        for pattern in patterns:
            bare = pattern.removeprefix("!").removeprefix("**/")
            if fnmatch(name, bare) or name.startswith(f"{bare}/"):
                taken = pattern.startswith("!")
        assert taken, name


def written(folder: Path, text: str) -> sql_files.SqlRule:
    path = folder / "rule.sql"
    path.write_text(text, encoding="utf-8")
    return sql_files.read(path)


def test_a_rule_knows_what_it_makes(tmp_path: Path) -> None:
    rule = written(tmp_path, f"-- Invariant 1; CREATE TABLE in a comment is none.\n{A_FUNCTION}{A_TRIGGER}")
    assert rule.functions == ("scratch_refuse",)
    assert rule.triggers == (("never", "scratch"),)


def test_a_rule_is_made_made_again_and_taken_away(db: None, tmp_path: Path) -> None:
    rule = written(tmp_path, A_FUNCTION + A_TRIGGER)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (id int, name text)")
        before = schema()
        cursor.execute(rule.forward)
        made = schema()
        assert made != before
        cursor.execute(rule.forward)
        assert schema() == made
        cursor.execute(rule.backward)
        assert schema() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE scratch (id int);",
        "ALTER TABLE scratch ADD COLUMN name text;",
        "CREATE FUNCTION scratch_refuse() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;",
        "INSERT INTO scratch VALUES (1)",
    ],
)
def test_what_cannot_be_taken_back_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(sql_files.UnknownStatementError, match=r"rule\.sql"):
        written(tmp_path, f"{A_FUNCTION}\n{statement}")


def test_the_reference_lists_each_file_with_its_invariants_and_a_test() -> None:
    text = Path(settings.BASE_DIR, "docs/reference/schema.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9, ]+) \| `([^`]+)` \|(?: `(\w+)`)? \| `([^`]+)` \|$", text, re.MULTILINE)
    assert {file: [int(number) for number in numbers.split(", ")] for numbers, file, *_rest in rows} == {
        name: invariants(name) for name in NAMES
    }
    constraints = {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}
    assert {named for *_others, named, _test in rows if named} <= constraints
    assert [test for *_others, test in rows if not Path(settings.BASE_DIR, test).is_file()] == []
