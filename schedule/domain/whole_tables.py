"""Rows of several tables, read with one statement: for what works on a programme as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Field, ForeignKey, Model, QuerySet
from i18nfield.fields import I18nFieldMixin
from i18nfield.strings import LazyI18nString

# What JSON writes as text, by the kind of field that holds it.
_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "UUIDField": UUID,
}
# What JSON writes so that other values come back.
_LOSSY = frozenset({"BinaryField", "DecimalField", "DurationField", "TimeField", "FloatField"})


def rows_of(*asked: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each of these, in its order. One query, whose answer is as long as all of them.

    What is asked for are whole rows of a table, without others joined to them. Raises TypeError for a table with fields
    that JSON does not keep as they are.
    """
    readers = [_readers(one.model) for one in asked]
    connection = connections[asked[0].db]
    parts: list[str] = []
    params: list[Any] = []
    for one in asked:
        sql, values = one.query.sql_with_params()
        # A subquery's order is that of the aggregate over it (PostgreSQL, "Aggregate Functions").
        parts.append(f"(SELECT json_agg(whole)::text FROM ({sql}) AS whole)")  # noqa: S608  # Django's own statement
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone() or ()
    return [
        [_row(one.model, one.db, read, line) for line in json.loads(text or "[]")]
        for one, read, text in zip(asked, readers, found, strict=True)
    ]


_Readers = list[tuple[str, str, Callable[[Any], Any] | None]]


def _readers(model: type[Model]) -> _Readers:
    """Of each column: what a row calls it, what the table calls it, and what makes its value of what JSON has."""
    return [(field.attname, str(field.column), _reader(field)) for field in model._meta.concrete_fields]


def _reader(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, I18nFieldMixin):
        return _texts
    kind = (field.target_field if isinstance(field, ForeignKey) else field).get_internal_type()
    if kind in _LOSSY:
        raise TypeError(f"{field} is not what JSON makes of it")
    read = _FROM_TEXT.get(kind)
    return None if read is None else lambda value: None if value is None else read(value)


def _texts(value: Any) -> LazyI18nString:
    return LazyI18nString(value)


def _row(model: type[Model], alias: str, readers: _Readers, line: Mapping[str, Any]) -> Model:
    values = [line[column] if read is None else read(line[column]) for _name, column, read in readers]
    return model.from_db(alias, [name for name, _column, _read in readers], values)
