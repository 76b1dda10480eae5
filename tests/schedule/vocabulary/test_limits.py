"""What numbers may be, at most: said of every column that organizers fill in, and the same in programme files."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.validators import MaxValueValidator
from django.db.models import AutoField, Field, IntegerField, Model

from schedule.domain.editing.edits import EDITS
from schedule.models import Conference, Kind, Room, Session
from schedule.solver.files.programme_file.fields import (
    ConferenceFields,
    KindFields,
    RoomFields,
    RulesFields,
    SessionFields,
)
from schedule.solver.files.reading.values import Whole

# What PostgreSQL keeps in the smallest of its columns: a limit of the database, which nobody has thought of.
UNTHOUGHT_OF = 32_767
READ = {
    Conference: ConferenceFields.declared() | RulesFields.declared(),
    Kind: KindFields.declared(),
    Room: RoomFields.declared(),
    Session: SessionFields.declared(),
}


def most(field: Field[Any, Any]) -> int:
    limits: list[int] = [one.limit_value for one in field.validators if isinstance(one, MaxValueValidator)]
    return min(limits)


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model.__name__)
def test_every_number_has_a_limit_that_somebody_thought_of(model: type[Model]) -> None:
    numbers = [one for one in model._meta.concrete_fields if isinstance(one, IntegerField) and one.editable]
    numbers = [one for one in numbers if not isinstance(one, AutoField) and one.name != "position"]
    assert [one.name for one in numbers if most(one) in (UNTHOUGHT_OF, 2_147_483_647)] == []


def test_programme_files_have_the_same_limits() -> None:
    read = {
        (model.__name__, name): (field.value.most, most(model._meta.get_field(name)))  # type: ignore[arg-type]  # no relation
        for model, fields in READ.items()
        for name, field in fields.items()
        if isinstance(field.value, Whole)
    }
    assert len(read) == 12
    assert {name: both for name, both in read.items() if both[0] != both[1]} == {}
