"""What the database and Python say of the same places: whether they clash, hold a place, and stand where in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from journal.actors import SYSTEM
from registration.domain.signups.clash import clash, overlap
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import SignUp
from tests.factories import make_registration
from tests.fixtures.conferences import Small

pytestmark = pytest.mark.django_db
START = datetime(2037, 10, 24, 22, 0, tzinfo=UTC)


@dataclass
class At:
    during: DateTimeTZRange | None
    exclusive: bool


def lasting(begins: int, quarters: int, zone: str = "UTC") -> DateTimeTZRange:
    start = START + timedelta(minutes=15 * begins)
    end = start + timedelta(minutes=15 * quarters)
    return DateTimeTZRange(start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone)))


TIMES = st.one_of(
    st.none(),
    st.just(DateTimeTZRange(empty=True)),
    # The night in which clocks go back in Berlin; a length of nothing is empty to the database.
    st.builds(lasting, st.integers(0, 12), st.integers(0, 8), st.just("UTC")),
)
PLACES = st.builds(At, TIMES, st.booleans())


@given(pairs=st.lists(st.tuples(PLACES, PLACES), min_size=20, max_size=60))
@example(pairs=[(At(lasting(0, 4), True), At(lasting(4, 4), True)), (At(lasting(0, 5), True), At(lasting(4, 4), True))])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_clash_is_the_same_in_the_database_and_in_python(pairs: list[tuple[At, At]]) -> None:
    values = [value for one, other in pairs for value in (one.during, one.exclusive, other.during, other.exclusive)]
    calls = ["registration_clash(%s::tstzrange, %s, %s::tstzrange, %s)"] * len(pairs)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(calls)}", values)
        answers = list(cursor.fetchone())
    assert answers == [clash(one, other) for one, other in pairs]
    assert [clash(other, one) for one, other in pairs] == answers


def test_an_hour_that_comes_twice_overlaps_itself_only_once() -> None:
    """00:30 UTC and 01:30 UTC both read 02:30 in Berlin that night."""
    first, second = lasting(10, 4), lasting(14, 4)
    assert (
        first.lower.astimezone(ZoneInfo("Europe/Berlin")).time()
        == second.lower.astimezone(ZoneInfo("Europe/Berlin")).time()
    )
    assert not overlap(first, second)
    assert overlap(first, lasting(12, 4))


def test_same_states_hold_a_place_in_the_database_and_in_python() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM unnest(%s::text[]) AS state WHERE registration_holds(state) = 1", [SignUp.State.values]
        )
        holding = {state for (state,) in cursor.fetchall()}
    assert holding == set(SignUp.HOLDING)


def test_position_is_the_place_in_the_line_that_fills(small: Small) -> None:
    signups = [sign_up(make_registration(small.conference), small.morning, actor=SYSTEM) for _ in range(6)]
    leave(signups[3], actor=SYSTEM)
    # Two who came at the same moment: the earlier row is first, there and here.
    SignUp.objects.filter(pk__in=[signups[4].pk, signups[5].pk]).update(queued_at=START)
    line = list(SignUp.objects.waiting().filter(session=small.morning))
    positions = dict(SignUp.objects.filter(session=small.morning).with_position().values_list("pk", "position"))
    assert len(line) == 3
    assert {one.pk: positions[one.pk] for one in line} == {one.pk: number for number, one in enumerate(line, 1)}
    assert [positions[one.pk] for one in signups if one.pk not in {two.pk for two in line}] == [None] * 3
