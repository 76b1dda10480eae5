"""Rows of one conference never point into another (invariant 8). Which tables that concerns is asked of the models."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, models

from notifications.models import Message
from registration.models import MagicLink, SignUp
from tests.schema.conference_rows import Rows
from tests.schema.leads import every_model, guards, hops, joining, leading
from tests.sql import refused, run

pytestmark = pytest.mark.django_db

STAYS = "rows_stay_within_one_conference"
KEEPS = "rows_keep_their_conference"
# What refuses a change in a table before it is asked whether the conference is the same.
KEPT = {
    "schedule_session": "session_identity_never_changes",
    "schedule_release": "release_is_immutable",
    "schedule_releasedplacement": "release_is_immutable",
    "registration_signup": "calendar_uid_never_changes",
}
# Columns that lead to a conference and are not compared, with the reason; each is tried below.
NOT_COMPARED = {
    ("schedule_roomuse", "placement_id"): "derived from a released placement, which is compared, and from nothing else",
    ("schedule_roomuse", "release_id"): "as above",
    ("schedule_roomuse", "room_id"): "as above",
    ("registration_signup", "room_id"): "copied from the session's seats, whatever is given",
}
# Nothing of a sealed release is written again: tests/schedule/test_invariants.py tries one that is not sealed yet.
IMMUTABLE = {"schedule_release", "schedule_releasedplacement"}


def compared() -> list[str]:
    return sorted(set(joining()) - {table for table, _column in NOT_COMPARED if table == "schedule_roomuse"})


@pytest.fixture
def before() -> Rows:
    """Another conference with lower keys: some constraints look at their order."""
    return Rows()


@pytest.fixture
def mine(before: Rows) -> Rows:
    return Rows()


@pytest.fixture
def after(mine: Rows) -> Rows:
    return Rows()


def value(row: models.Model, column: str) -> Any:
    field = next(field for field in row._meta.concrete_fields if field.column == column)
    return getattr(row, field.attname)


def filled(rows: Rows, table: str, column: str) -> models.Model:
    """A row of the table in which the column points somewhere."""
    found = [row for row in rows.of[table] if value(row, column) is not None]
    assert found, f"no row of {table} fills {column}; make one in conference_rows.py"
    return found[0]


def keys(rows: Rows, table: str, column: str) -> set[int]:
    """What the column could point to in that conference."""
    pointing = next(field for field in joining_or_any(table)._meta.concrete_fields if field.column == column)
    return {row.pk for row in rows.of[pointing.related_model._meta.db_table]}  # type: ignore[union-attr]  # a foreign key


def joining_or_any(table: str) -> type[models.Model]:
    return next(model for model in every_model() if model._meta.db_table == table)


def update(row: models.Model, column: str, key: int) -> tuple[str, int, int]:
    meta = row._meta
    return f"UPDATE {meta.db_table} SET {column} = %s WHERE {meta.pk.column} = %s", key, row.pk


def insert(row: models.Model, column: str, key: int) -> tuple[str, int, int]:
    """Takes the row away and writes it again with another key in one column."""
    table, pk = row._meta.db_table, row._meta.pk.column
    statement = f"""
        WITH gone AS (DELETE FROM {table} WHERE {pk} = %s RETURNING *)
        INSERT INTO {table}
        SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(gone) || jsonb_build_object('{column}', %s))).* FROM gone
    """
    return statement, row.pk, key


def test_every_table_that_joins_rows_of_conferences_is_guarded_or_listed_with_the_reason() -> None:
    found = {(table, column) for table, guard in guards().items() for column in guard.ways}
    wanted = {(table, column) for table, model in joining().items() for column in leading(model)}
    assert len(wanted) > 50
    assert wanted - found == set(NOT_COMPARED)
    assert found - wanted == set()


def test_every_guard_goes_a_way_that_the_models_know() -> None:
    models_by_table = joining()
    for table, guard in guards().items():
        known = leading(models_by_table[table])
        assert {column: way for column, way in guard.ways.items() if way not in known[column]} == {}, table


def test_every_guard_wakes_when_one_of_its_columns_changes() -> None:
    assert {table: guard.woken_by ^ guard.ways.keys() for table, guard in guards().items()} == dict.fromkeys(
        guards(), frozenset()
    )


@pytest.mark.parametrize("table", compared())
def test_rows_of_one_conference_never_point_into_another(table: str, before: Rows, mine: Rows, after: Rows) -> None:
    for column in leading(joining()[table]):
        if (table, column) in NOT_COMPARED:
            continue
        row = filled(mine, table, column)
        expected = {STAYS, KEPT.get(table, KEEPS)}
        for statement in (update, insert):
            names = [
                refused(*statement(row, column, key))
                for rows in (before, after)
                for key in sorted(keys(rows, table, column))
            ]
            assert expected & set(names), (column, names)
            if table not in IMMUTABLE:
                run(*statement(row, column, value(row, column)))


@pytest.mark.parametrize(("table", "column"), NOT_COMPARED)
def test_what_is_not_compared_cannot_be_written(table: str, column: str, mine: Rows, after: Rows) -> None:
    row = filled(mine, table, column)
    was = value(row, column)
    for key in keys(after, table, column):
        for statement in (update, insert):
            # Refused, or written otherwise than it was given.
            with suppress(IntegrityError):
                run(*statement(row, column, key))
    row.refresh_from_db()
    assert value(row, column) == was


def test_what_others_point_to_never_moves_to_another_conference(mine: Rows, after: Rows) -> None:
    over = {hop for guard in guards().values() for way in guard.ways.values() for hop in hops(way)}
    assert len(over) > 12
    for table, column in sorted(over):
        row, foreign = filled(mine, table, column), filled(after, table, column)
        name = refused(*update(row, column, value(foreign, column)))
        assert (table, name) == (table, KEPT.get(table, KEEPS))
        if table not in IMMUTABLE:
            run(*update(row, column, value(row, column)))


def test_a_link_that_only_signs_in_never_becomes_one_for_a_registration(mine: Rows, after: Rows) -> None:
    """A message of one conference may point to it."""
    link = MagicLink.objects.create(
        participant=mine.registration.participant, token_hash="signs in", expires_at=mine.link.expires_at
    )
    assert refused(*update(link, "registration_id", after.registration.pk)) == KEEPS


def test_a_role_can_move_within_its_conference(mine: Rows) -> None:
    run(*update(mine.role, "session_id", mine.second.pk))


def test_messages_without_a_conference_are_about_one_conference_all_the_same(mine: Rows, after: Rows) -> None:
    message = Message.objects.create(
        participant=mine.registration.participant, registration=mine.registration, kind="test", dedup_key="test"
    )
    assert refused(*update(message, "session_id", after.session.pk)) == STAYS
    assert refused(*update(message, "conference_id", after.conference.pk)) == STAYS
    run(*update(message, "session_id", mine.session.pk))
    link = MagicLink.objects.create(
        participant=mine.registration.participant, token_hash="signs in", expires_at=mine.link.expires_at
    )
    run(*update(message, "magic_link_id", link.pk))
    alone = Message.objects.create(
        participant=mine.registration.participant, magic_link=link, kind="sign_in", dedup_key="sign in"
    )
    assert (alone.conference_id, alone.registration_id) == (None, None)


def test_a_row_that_is_not_there_yet_is_of_no_conference(mine: Rows) -> None:
    """Foreign keys are compared at COMMIT only: until then the row could be made in another conference."""
    signup = SignUp.objects.get(pk=mine.signup.pk)
    message = mine.of["notifications_message"][0]
    assert refused(*update(message, "signup_id", signup.pk + 1_000)) == STAYS


def test_a_refusal_says_which_column_is_wrong(mine: Rows, after: Rows) -> None:
    search = mine.of["schedule_solverrun"][0]
    statement, *values = update(search, "base_id", after.of["schedule_draft"][0].pk)
    with pytest.raises(IntegrityError, match=r"base_id of schedule_solverrun belongs to another conference"):
        run(statement, *values)
