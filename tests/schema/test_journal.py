"""What was written to the journal stays (invariant 5), in every column the table has."""

from __future__ import annotations

import pytest
from django.db import connection

from journal.actors import SYSTEM
from journal.models import Entry
from tests.sql import refused, run

# Another value of each type of column.
OTHER = {
    "bigint": "{0} + 1",
    "boolean": "NOT {0}",
    "character varying": "{0} || 'x'",
    "jsonb": "{0} || '{{\"other\": 1}}'",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
}


COLUMNS = [field.column for field in Entry._meta.concrete_fields if field.name != "handled_at"]


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_entry_is_changed(db: None, column: str) -> None:
    listed = {field.name: field.choices[0][0] for field in Entry._meta.concrete_fields if field.choices}
    Entry.objects.create(
        conference_id=1, verb="room.resized", actor=str(SYSTEM), subject_id=2, data={"capacity": 80}, **listed
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = 'journal_entry' AND column_name = %s",
            [column],
        )
        (kind,) = cursor.fetchone()
    change = f"UPDATE journal_entry SET handled_at = now(), {column} = {OTHER[kind].format(column)}"
    assert refused(change) == "journal_is_append_only"
    run("UPDATE journal_entry SET handled_at = now()")
