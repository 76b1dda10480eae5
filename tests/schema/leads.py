"""Which columns lead to a conference, derived from the models; and which of them the database guards.

A way is written as the database's triggers take it (schedule/sql/rows_stay_within_one_conference.sql): "-" for a
column that is itself a conference's key, a table that has a conference_id, or "table.column > way from there".
Foreign keys only: the journal keeps plain numbers, since its entries outlive what they speak of.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from schedule.models import Conference

GUARDS = """
SELECT tgrelid::regclass::text, encode(tgargs, 'escape'),
       array(SELECT attname FROM pg_attribute WHERE attrelid = tgrelid AND attnum = ANY(tgattr))
FROM pg_trigger WHERE tgfoid = 'plenary_same_conference'::regproc
"""


def every_model() -> list[type[Model]]:
    """Those of all apps, with the tables between many and many."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def ways(model: type[Model]) -> frozenset[str]:
    """All ways from a row of this model to its conference; none where it belongs to none."""
    if model is Conference:
        return frozenset("-")
    table = model._meta.db_table
    found = set()
    for column, further in leading(model).items():
        assert ("-" in further) == (column == "conference_id"), f"{table}.{column} needs another word for its way"
        found |= {table} if column == "conference_id" else {f"{table}.{column} > {way}" for way in further}
    return frozenset(found)


def leading(model: type[Model]) -> dict[str, frozenset[str]]:
    """The columns of a table that point to a row which belongs to a conference, with the ways from there."""
    pointing = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    found = {field.column: ways(field.related_model) for field in pointing if field.related_model is not model}
    return {column: further for column, further in found.items() if further}


def joining() -> dict[str, type[Model]]:
    """The tables whose rows join at least two rows that each belong to a conference."""
    return {model._meta.db_table: model for model in every_model() if len(leading(model)) > 1}


def hops(way: str) -> list[tuple[str, str]]:
    """The (table, column) pairs that a way leads over: what must never change in a row that others point to."""
    if way == "-":
        return []
    pairs = [step.partition(".") for step in way.split(" > ")]
    return [(table, column or "conference_id") for table, _dot, column in pairs]


@dataclass(frozen=True)
class Guard:
    """One trigger: the columns it compares, each with its way, and the columns whose change wakes it."""

    ways: dict[str, str]
    woken_by: frozenset[str]


def guards() -> dict[str, Guard]:
    """The guards in the database, by table."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        rows = cursor.fetchall()
    found = {}
    for table, arguments, columns in rows:
        words = arguments.removesuffix("\\000").split("\\000")
        found[table] = Guard(dict(zip(words[::2], words[1::2], strict=True)), frozenset(columns))
    assert len(found) == len(rows), "a table has two guards"
    return found
