from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import expire_offers, leave, leave_all, sign_up, swap, take_offer
from registration.models import Registration, Seats, SignUp
from schedule.models import Conference, Session
from tests.factories import at, make_conference, make_registration, make_session
from tests.fixtures.conferences import Small, states


def verbs() -> list[tuple[str, int | None]]:
    rows = Entry.objects.filter(verb__startswith="signup.").order_by("pk")
    return list(rows.values_list("verb", "subject_id"))


def refusal(registration: Registration, session: Session) -> SignUpRefused:
    with pytest.raises(SignUpRefused) as caught:
        sign_up(registration, session, actor=SYSTEM)
    return caught.value


def test_first_come_get_the_places_and_the_rest_wait_in_line(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(4)]
    assert [one.state for one in signups] == ["confirmed", "confirmed", "waiting", "waiting"]
    lined = SignUp.objects.with_position().order_by("pk")
    assert list(lined.values_list("position", flat=True)) == [None, None, 1, 2]
    assert verbs() == [
        ("signup.confirmed", signups[0].pk),
        ("signup.confirmed", signups[1].pk),
        ("signup.waiting", signups[2].pk),
        ("signup.waiting", signups[3].pk),
    ]


def test_a_sign_up_carries_the_published_time_room_and_title(small: Small) -> None:
    (alice,) = small.people(1)
    signup = SignUp.objects.get(pk=small.sign_up(alice, "morning").pk)
    assert (signup.during.lower, signup.during.upper) == (at(small.conference, "09:00"), at(small.conference, "10:00"))
    assert signup.room == small.two
    assert signup.sequence == 0


def test_asking_twice_changes_nothing(small: Small) -> None:
    (alice,) = small.people(1)
    first = small.sign_up(alice, "morning")
    assert small.sign_up(alice, "morning").pk == first.pk
    assert verbs() == [("signup.confirmed", first.pk)]


def test_a_place_at_the_same_time_is_refused_with_the_session_in_the_way(small: Small) -> None:
    (alice,) = small.people(1)
    held = small.sign_up(alice, "morning")
    refused = refusal(alice, small.parallel)
    assert (refused.code, refused.clash) == ("clash", held)
    title = small.morning.title.localize("en")
    assert refused.message == f"This overlaps “{title}”, where you have a place. Leave that session to take this one."
    assert SignUp.objects.count() == 1


def test_sessions_that_touch_do_not_overlap(small: Small) -> None:
    (alice,) = small.people(1)
    small.publish(morning="09:00", noon="10:00")
    assert [small.sign_up(alice, name).state for name in ("morning", "noon")] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("rule", [Conference.Overlap.WARN, Conference.Overlap.OFF])
def test_a_second_place_at_the_same_time_is_given_where_the_rule_allows_it(small: Small, rule: str) -> None:
    small.conference.overlap_rule = rule
    small.conference.save()
    small.publish(morning="09:00", parallel="09:30", noon="12:00")
    (alice,) = small.people(1)
    assert [small.sign_up(alice, name).state for name in ("morning", "parallel")] == ["confirmed", "confirmed"]


def test_only_those_who_take_part_get_places(small: Small) -> None:
    draft = make_registration(small.conference, state=Registration.State.DRAFT)
    stranger = make_registration(make_conference())
    assert [refusal(one, small.morning).code for one in (draft, stranger)] == ["not-registered", "not-registered"]


def test_a_session_must_be_published_accepted_and_open(small: Small) -> None:
    (alice,) = small.people(1)
    unpublished = make_session(small.conference)
    Session.objects.filter(pk=small.noon.pk).update(signup="invitation")
    small.publish(morning="09:00", noon="12:00")
    small.noon.refresh_from_db()
    assert [refusal(alice, one).code for one in (unpublished, small.noon)] == ["not-on-offer", "by-invitation"]


def test_leaving_gives_the_place_to_the_first_in_line(small: Small) -> None:
    alice, bob, charlie, dora = (small.sign_up(person, "morning") for person in small.people(4))
    leave(alice, actor=SYSTEM)
    assert states(alice, bob, charlie, dora) == ["left", "confirmed", "confirmed", "waiting"]
    assert verbs()[-2:] == [("signup.left", alice.pk), ("signup.confirmed", charlie.pk)]
    leave(alice, actor=SYSTEM)
    assert verbs()[-2:] == [("signup.left", alice.pk), ("signup.confirmed", charlie.pk)]


def test_whose_turn_it_is_is_asked_when_they_have_another_place_then(small: Small) -> None:
    people = small.people(4)
    alice, bob, charlie, dora = (small.sign_up(person, "morning") for person in people)
    small.sign_up(people[2], "parallel")
    leave(alice, actor=SYSTEM)
    assert states(bob, charlie, dora) == ["confirmed", "offered", "waiting"]


def test_leaving_what_is_in_the_way_of_an_offer_takes_it(small: Small) -> None:
    people = small.people(3)
    alice, bob, charlie = (small.sign_up(person, "morning") for person in people)
    elsewhere = small.sign_up(people[2], "parallel")
    leave(alice, actor=SYSTEM)
    assert (states(charlie), Seats.objects.get(session=small.morning).free) == (["offered"], 0)
    leave(elsewhere, actor=SYSTEM)
    assert states(bob, charlie, elsewhere) == ["confirmed", "confirmed", "left"]
    assert verbs()[-2:] == [("signup.left", elsewhere.pk), ("signup.confirmed", charlie.pk)]


def test_signing_up_again_joins_the_end_of_the_line_and_keeps_the_calendar_identity(small: Small) -> None:
    people = small.people(3)
    alice, bob, charlie = (small.sign_up(person, "morning") for person in people)
    leave(alice, actor=SYSTEM)
    again = small.sign_up(people[0], "morning")
    assert (again.pk, again.uid, again.state) == (alice.pk, alice.uid, "waiting")
    leave(bob, actor=SYSTEM)
    again.refresh_from_db()
    assert (states(charlie, again), again.sequence) == (["confirmed", "confirmed"], 2)


def test_leave_all_gives_everything_on_and_nothing_back_to_the_one_who_leaves(small: Small) -> None:
    people = small.people(4)
    mine = [small.sign_up(people[0], "morning"), small.sign_up(people[0], "noon")]
    others = [small.sign_up(person, "morning") for person in people[1:]]
    leave_all(people[0], actor=SYSTEM)
    assert (states(*mine), states(*others)) == (["left", "left"], ["confirmed", "confirmed", "waiting"])


def test_swap_takes_the_new_place_and_gives_the_old_one_on(small: Small) -> None:
    people = small.people(3)
    alice, _bob, charlie = (small.sign_up(person, "morning") for person in people)
    taken = swap(alice, small.parallel, actor=SYSTEM)
    assert states(alice, taken, charlie) == ["left", "confirmed", "confirmed"]


def test_swap_keeps_the_old_place_when_the_new_session_is_full(small: Small) -> None:
    people = small.people(4)
    for person in people[1:]:
        small.sign_up(person, "parallel")
    alice = small.sign_up(people[0], "morning")
    with pytest.raises(SignUpRefused) as caught:
        swap(alice, small.parallel, actor=SYSTEM)
    assert (caught.value.code, states(alice)) == ("full", ["confirmed"])
    assert not SignUp.objects.filter(registration=people[0], session=small.parallel).exists()


@pytest.fixture
def offered(small: Small) -> tuple[Small, SignUp, SignUp, SignUp]:
    """Alice holds morning and noon; noon moves onto morning, so noon is offered to her. Bob waits for noon."""
    small.conference.offer_hours = 5
    small.conference.save()
    alice, *others = small.people(4)
    morning, noon = small.sign_up(alice, "morning"), small.sign_up(alice, "noon")
    waiting = [small.sign_up(person, "noon") for person in others][-1]
    small.publish(morning="09:00", noon="09:30")
    noon.refresh_from_db()
    return small, morning, noon, waiting


def test_a_move_onto_another_place_becomes_an_offer_that_holds_the_place(
    offered: tuple[Small, SignUp, SignUp, SignUp],
) -> None:
    small, morning, noon, waiting = offered
    assert states(morning, noon, waiting) == ["confirmed", "offered", "waiting"]
    assert noon.offered_until is not None
    assert timedelta(hours=4, minutes=59) < noon.offered_until - timezone.now() < timedelta(hours=5)
    assert Seats.objects.get(session=small.noon).free == 0


def test_taking_an_offer_leaves_what_overlaps(offered: tuple[Small, SignUp, SignUp, SignUp]) -> None:
    _small, morning, noon, waiting = offered
    take_offer(noon, actor=SYSTEM)
    assert states(morning, noon, waiting) == ["left", "confirmed", "waiting"]


def test_an_offer_runs_out_once_and_goes_to_the_next(offered: tuple[Small, SignUp, SignUp, SignUp]) -> None:
    _small, morning, noon, waiting = offered
    assert noon.offered_until is not None
    assert expire_offers(now=noon.offered_until - timedelta(seconds=1)) == 0
    assert expire_offers(now=noon.offered_until) == 1
    assert states(morning, noon, waiting) == ["confirmed", "left", "confirmed"]
    assert expire_offers(now=noon.offered_until) == 0
    with pytest.raises(SignUpRefused) as caught:
        take_offer(noon, actor=SYSTEM)
    assert caught.value.code == "not-offered"


def test_an_offer_cannot_be_taken_after_its_deadline_even_before_the_sweep(
    offered: tuple[Small, SignUp, SignUp, SignUp],
) -> None:
    _small, morning, noon, _waiting = offered
    with pytest.raises(SignUpRefused):
        take_offer(noon, actor=SYSTEM, now=noon.offered_until)
    assert states(morning, noon) == ["confirmed", "offered"]


def test_sign_up_costs_two_queries(small: Small, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice, bob = small.people(2)
    small.sign_up(bob, "morning")
    # Two more open and close the savepoint that stands for the transaction under test.
    with django_assert_num_queries(2 + 2):
        small.sign_up(alice, "morning")


def test_refusals_speak_korean(small: Small) -> None:
    (alice,) = small.people(1)
    small.sign_up(alice, "morning")
    refused = refusal(alice, small.parallel)
    with translation.override("ko"):
        assert small.morning.title.localize("ko") in refused.message
        assert "overlaps" not in refused.message
