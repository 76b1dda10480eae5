from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from journal.actors import SYSTEM
from registration.domain.signups.demand import demand_for, weight_of
from registration.domain.signups.signing_up import leave
from registration.models import Interest, Registration
from schedule.models import Session
from schedule.ports.demand import Demand, demand_of
from schedule.solver.problem import Attendee
from tests.factories import make_conference, make_registration, make_session
from tests.fixtures.conferences import Small


def wish(registration: Registration, *sessions: Session) -> None:
    Interest.objects.bulk_create(
        Interest(registration=registration, session=session, rank=rank)
        for rank, session in enumerate(sessions, start=1)
    )


@pytest.mark.parametrize(("rank", "weight"), [(1, 5), (2, 4), (4, 2), (5, 1), (6, 1), (40, 1)])
def test_the_dearest_wish_weighs_most(rank: int, weight: int) -> None:
    assert weight_of(rank) == weight


def test_wishes_come_with_the_heaviest_first(small: Small) -> None:
    (alice,) = small.people(1)
    wish(alice, small.noon, small.morning, small.parallel)
    codes = [one.code for one in (small.noon, small.morning, small.parallel)]
    assert demand_for(small.conference).attendees == (Attendee(tuple(zip(codes, (5, 4, 3), strict=True))),)


def test_a_place_outweighs_every_wish(small: Small) -> None:
    alice, bob, charlie = small.people(3)
    for person in (alice, bob, charlie):
        wish(person, small.noon, small.morning)
    confirmed, _, waiting = (small.sign_up(person, "morning") for person in (alice, bob, charlie))
    assert (confirmed.state, waiting.state) == ("confirmed", "waiting")
    noon, morning = small.noon.code, small.morning.code
    held, wanted = Attendee(((morning, 8), (noon, 5))), Attendee(((noon, 5), (morning, 4)))
    assert demand_for(small.conference).attendees == (held, held, wanted)


def test_an_offered_place_is_held_and_one_given_back_is_not(small: Small) -> None:
    (alice,) = small.people(1)
    noon, morning = small.sign_up(alice, "noon"), small.sign_up(alice, "morning")
    small.publish(morning="14:00", noon="14:30")
    morning.refresh_from_db()
    assert morning.state == "offered"
    codes = sorted([small.morning.code, small.noon.code])
    assert demand_for(small.conference).attendees == (Attendee(tuple((code, 8) for code in codes)),)
    leave(noon, actor=SYSTEM)
    leave(morning, actor=SYSTEM)
    assert demand_for(small.conference).attendees == ()


def test_taken_places_are_counted_by_session(small: Small) -> None:
    for person in small.people(3):
        small.sign_up(person, "morning")
    assert demand_for(small.conference).taken == {
        small.morning.code: 2,
        small.parallel.code: 0,
        small.noon.code: 0,
    }


@pytest.mark.parametrize("state", ["draft", "submitted", "under-review", "waitlisted", "declined", "cancelled"])
def test_who_does_not_take_part_has_no_say(small: Small, state: str) -> None:
    wish(make_registration(small.conference, state=state), small.morning)
    guest = make_registration(small.conference, state=Registration.State.CHECKED_IN)
    wish(guest, small.noon)
    assert demand_for(small.conference).attendees == (Attendee(((small.noon.code, 5),)),)


def test_another_conference_is_left_out(small: Small) -> None:
    (alice,) = small.people(1)
    wish(alice, small.morning)
    small.sign_up(alice, "noon")
    assert demand_for(make_conference()) == Demand()


def test_the_programme_asks_through_its_setting(small: Small, settings: Settings) -> None:
    (alice,) = small.people(1)
    wish(alice, small.morning)
    assert demand_of(small.conference) == demand_for(small.conference)
    settings.SCHEDULE_DEMAND = f"{__name__}.nobody_wants"
    assert demand_of(small.conference) == Demand(taken={"none": 0})


def nobody_wants(_conference: object) -> Demand:
    return Demand(taken={"none": 0})


@pytest.mark.parametrize("people", [1, 3])
def test_the_demand_costs_one_query(
    small: Small, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    extra = make_session(small.conference)
    for person in small.people(people):
        wish(person, small.morning, extra)
        small.sign_up(person, "noon")
    with django_assert_num_queries(1):
        assert len(demand_for(small.conference).attendees) == people
