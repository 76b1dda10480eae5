"""Rows of several tables, read with one statement, are what they are when read one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from journal.models import Entry
from schedule.domain.whole_tables import rows_of
from schedule.models import Day, Preference, Room, Session, WholeArchive
from tests.factories import at, both, make_conference, make_room, make_session, make_theme

pytestmark = pytest.mark.django_db


def values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_of_several_tables_come_with_one_query(django_assert_num_queries: Any) -> None:
    conference = make_conference(days=2)
    hall = make_room(conference, name=both('Hall “\\"”\n홀'), features=["stage", "ü"])
    for number in range(3):
        session = make_session(conference, code=f"S{number}", theme=make_theme(conference), fixed_room=hall)
        start = at(conference, "09:00") + timedelta(microseconds=number)
        Session.objects.filter(pk=session.pk).update(not_before=start, required_features=["stage"])
    Preference.objects.create(session=session, room=hall)
    make_session(make_conference(), code="FOREIGN")
    asked: list[QuerySet[Any]] = [
        Session.objects.filter(conference=conference).order_by("-pk"),
        Room.objects.filter(conference=conference),
        Day.objects.filter(conference=conference).order_by("date"),
        Preference.objects.filter(session__conference=conference, room__name__isnull=False),
        Session.objects.filter(code="100%s"),
        Session.objects.filter(conference=conference).order_by("pk")[:1],
        Entry.objects.filter(conference_id=conference.pk).order_by("pk"),
    ]
    with django_assert_num_queries(1):
        found = rows_of(*asked)
    assert [len(rows) for rows in found][:6] == [3, 1, 2, 1, 0, 1]
    assert [[values(row) for row in rows] for rows in found] == [[values(row) for row in one] for one in asked]
    assert not any(row._state.adding for rows in found for row in rows)
    with django_assert_num_queries(0):
        assert found[0][0].not_before.utcoffset() == timedelta(0)


def test_a_table_that_json_does_not_keep_is_refused() -> None:
    with pytest.raises(TypeError, match="is not what JSON makes of it"):
        rows_of(WholeArchive.objects.all())
