"""When two places rule each other out: the same as registration/sql/clash.sql, for rows that are read already."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BooleanField, Expression, F, Func, OuterRef, Value


class HasTime(Protocol):
    """Seats, or a sign-up, which has its times from them."""

    during: DateTimeTZRange | None
    exclusive: bool


def overlap(one: DateTimeTZRange | None, other: DateTimeTZRange | None) -> bool:
    """Whether two times have a moment in common; both reach up to their end without it, and have two ends."""
    if one is None or other is None or one.isempty or other.isempty:
        return False
    starts: datetime = max(one.lower, other.lower)
    return bool(starts < one.upper and starts < other.upper)


def clash(one: HasTime, other: HasTime) -> bool:
    """Whether somebody may not hold both."""
    return one.exclusive and other.exclusive and overlap(one.during, other.during)


def clashes_with_outer() -> Expression:
    """For a subquery of sign-ups: whether each clashes with the sign-up of the query around it."""
    outer = OuterRef("during"), OuterRef("exclusive")
    return Func(F("during"), F("exclusive"), *outer, function="registration_clash", output_field=BooleanField())


def clashes_with(place: HasTime) -> Expression:
    """For a query of sign-ups: whether each clashes with `place`."""
    during = Value(place.during, output_field=DateTimeRangeField())
    exclusive = Value(place.exclusive, output_field=BooleanField())
    return Func(
        F("during"), F("exclusive"), during, exclusive, function="registration_clash", output_field=BooleanField()
    )
