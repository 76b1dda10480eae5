"""Trying to break an invariant in SQL, past all Python."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction


def run(statement: str, *values: Any) -> None:
    """One statement in a transaction of its own, with every deferred check made before it ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(statement: str, *values: Any) -> str:
    """The name of the constraint that refuses the statement; fails when the database lets it through."""
    with pytest.raises(IntegrityError) as caught:
        run(statement, *values)
    cause = caught.value.__cause__
    return str(cause.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error is the cause
