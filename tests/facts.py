"""Facts as tests need them: each field they do not name holds some value of its type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from journal.encoding import hints_of
from journal.facts import Change, Fact, class_of

WHEN = datetime(2037, 6, 1, 1, 30, tzinfo=UTC)


def a_fact(verb: str, *, conference_id: int | None = 1, subject_id: int | None = 1, **data: Any) -> Fact:
    """A fact with this verb; about row 1 of what it is about, unless it is about none."""
    kind = class_of(verb)
    hints = hints_of(kind)
    given = {one.name: data[one.name] if one.name in data else some(hints[one.name]) for one in kind.data_fields()}
    assert data.keys() <= given.keys(), f"{verb} has no {data.keys() - given.keys()}"
    return kind(conference_id=conference_id, subject_id=subject_id if kind.subject else None, **given)


def some(hint: Any) -> Any:  # a case for each kind of type
    """A value of a type that a fact's field may have."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return some(inside[0])
    if origin in (Union, types.UnionType):
        if dict[str, str] in inside:
            return {"en": "Hall", "ko": "홀"}
        return some(next(one for one in inside if one is not type(None)))
    if origin is tuple:
        return (some(inside[0]), some(inside[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"name": some(inside[1])}
    if hint is Change:
        return Change({"en": "Hall"}, {"en": "Aula"})
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**{one.name: some(hints_of(hint)[one.name]) for one in fields(hint)})
    if issubclass(hint, StrEnum):
        return list(hint)[1]
    return {int: 7, bool: True, str: "code", datetime: WHEN}[hint]
