from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.facts import Fact
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.waiting_list import BATCH, in_line, overlapping, settle
from registration.models import Registration, Seats, SignUp
from schedule.models import Session
from tests.facts import a_fact
from tests.fixtures.conferences import Small, states


def fill(*rows: Seats, now: datetime | None = None) -> list[Fact]:
    return settle({row.pk: row for row in rows}, now=now or timezone.now())


class Line:
    """People who signed up for the morning session, which has two places."""

    def __init__(self, small: Small, people: int) -> None:
        self.small = small
        self.signups = [small.sign_up(person, "morning") for person in small.people(people)]

    def seats(self) -> Seats:
        return lock_seats([self.small.morning.pk])[self.small.morning.pk]

    def give_back(self, *signups: SignUp) -> None:
        """Places are free and nobody has been called yet; the database checks that at the commit only."""
        for signup in signups:
            SignUp.objects.filter(pk=signup.pk).update(state="left")


def test_a_free_place_goes_to_the_first_in_line(small: Small) -> None:
    line = Line(small, 4)
    line.give_back(line.signups[0])
    seats = line.seats()
    assert (seats.free, [one.pk for one in in_line(seats)]) == (1, [line.signups[2].pk, line.signups[3].pk])
    facts = fill(seats)
    assert facts == [
        a_fact(
            "signup.confirmed",
            conference_id=small.conference.pk,
            subject_id=line.signups[2].pk,
            session=small.morning.pk,
            registration=line.signups[2].registration_id,
            by="promotion",
        ),
    ]
    assert states(*line.signups) == ["left", "confirmed", "confirmed", "waiting"]
    assert (seats.free, Seats.objects.get(pk=seats.pk).free) == (0, 0)


def test_nothing_free_calls_nobody(small: Small, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    line = Line(small, 4)
    seats = line.seats()
    with django_assert_num_queries(0):
        assert fill(seats, now=timezone.now()) == []
    assert states(*line.signups) == ["confirmed", "confirmed", "waiting", "waiting"]


def test_a_session_that_is_off_calls_nobody(small: Small) -> None:
    line = Line(small, 3)
    line.give_back(line.signups[0])
    seats = line.seats()
    seats.during = None
    assert (seats.free, fill(seats, now=timezone.now())) == (1, [])
    assert len(fill(line.seats(), now=timezone.now())) == 1


def test_the_line_is_by_time_and_then_by_key(small: Small) -> None:
    line = Line(small, 5)
    first, second, third = line.signups[2:]
    now = timezone.now()
    SignUp.objects.filter(pk__in=[first.pk, second.pk]).update(queued_at=now)
    SignUp.objects.filter(pk=third.pk).update(queued_at=now - timedelta(hours=1))
    found = dict(SignUp.objects.filter(session=small.morning).with_position().values_list("pk", "position"))
    held = {one.pk: None for one in line.signups[:2]}
    assert found == held | {third.pk: 1, first.pk: 2, second.pk: 3}
    line.give_back(*line.signups[:2])
    fill(line.seats(), now=timezone.now())
    assert states(first, second, third) == ["confirmed", "waiting", "confirmed"]


@pytest.mark.parametrize("state", ["cancelled", "declined"])
def test_who_does_not_take_part_any_more_is_passed_over(small: Small, state: str) -> None:
    line = Line(small, 4)
    Registration.objects.filter(pk=line.signups[2].registration_id).update(state=state)
    line.give_back(line.signups[0])
    fill(line.seats(), now=timezone.now())
    assert states(*line.signups) == ["left", "confirmed", "waiting", "confirmed"]


def test_who_has_a_place_at_that_time_is_asked(small: Small) -> None:
    line = Line(small, 4)
    elsewhere = small.sign_up(line.signups[2].registration, "parallel")
    seats = line.seats()
    assert [one.pk for one in overlapping(line.signups[2].registration, seats)] == [elsewhere.pk]
    assert not overlapping(line.signups[3].registration, seats).exists()
    line.give_back(line.signups[0])
    fill(line.seats())
    assert states(*line.signups, elsewhere) == ["left", "confirmed", "offered", "waiting", "confirmed"]


@pytest.mark.parametrize("change", [{"exclusive": False}, {"during": None}])
def test_where_times_may_overlap_nothing_is_in_the_way(small: Small, change: dict[str, object]) -> None:
    line = Line(small, 3)
    small.sign_up(line.signups[2].registration, "parallel")
    seats = line.seats()
    for name, value in change.items():
        setattr(seats, name, value)
    assert not overlapping(line.signups[2].registration, seats).exists()


def test_ones_own_place_in_the_same_session_is_not_in_the_way(small: Small) -> None:
    line = Line(small, 1)
    assert not overlapping(line.signups[0].registration, line.seats()).exists()


def test_a_long_line_is_called_in_batches(small: Small, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = BATCH + 4
    line = Line(small, people)
    Session.objects.filter(pk=small.morning.pk).update(capacity_cap=None)
    small.two.capacity = people
    with transaction.atomic():
        small.two.save(update_fields=["capacity"])
        Seats.objects.filter(session=small.morning).update(capacity=people)
        seats = line.seats()
        # Five for each of two batches; which of the lines there are, once more when all is done.
        with django_assert_num_queries(2 * 5 + 1):
            facts = fill(seats)
    assert [fact.subject_id for fact in facts] == [one.pk for one in line.signups[2:]]
    assert (seats.taken, set(states(*line.signups))) == (people, {"confirmed"})


def test_several_sessions_are_filled_in_order_of_their_key(small: Small) -> None:
    people = small.people(8)
    mornings = [small.sign_up(person, "morning") for person in people[:3]]
    noons = [small.sign_up(person, "noon") for person in people[3:7]]
    Line(small, 0).give_back(mornings[0], noons[0])
    rows = lock_seats([small.noon.pk, small.morning.pk])
    facts = fill(*reversed(rows.values()))
    assert [fact.subject_id for fact in facts] == [mornings[2].pk, noons[3].pk]
