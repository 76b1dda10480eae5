from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.seats_follow import follow
from registration.domain.signups.signing_up import take_offer
from registration.models import Seats, SignUp
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.models import Session
from tests.factories import at, make_conference, make_release, make_session
from tests.fixtures.conferences import Small, states


def told() -> list[tuple[str, int | None, dict[str, object]]]:
    rows = Entry.objects.filter(verb__startswith="signup.").order_by("pk")
    return [
        (
            one.verb,
            one.subject_id,
            {key: value for key, value in one.data.items() if key not in ("session", "registration")},
        )
        for one in rows
    ]


def forget() -> int:
    """The last entry so far; `told` is then compared from there."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_capacity_is_the_smaller_of_cap_and_seats_that_are_not_held(small: Small) -> None:
    editing.hold_seats(small.noon, seats=1, actor=SYSTEM)
    assert Seats.objects.get(session=small.noon).capacity == 2
    editing.change_cap(small.noon, places=1, actor=SYSTEM)
    assert Seats.objects.get(session=small.noon).capacity == 1
    editing.change_cap(small.noon, places=30, actor=SYSTEM)
    assert Seats.objects.get(session=small.noon).capacity == 2


@pytest.mark.parametrize("more", ["cap", "held", "room", "release"])
def test_more_places_go_to_those_in_line(small: Small, more: str) -> None:
    """Whatever makes the room: a raised cap, fewer held seats, a bigger room, a move to a bigger room."""
    if more == "cap":
        editing.change_cap(small.morning, places=1, actor=SYSTEM)
    if more == "held":
        editing.hold_seats(small.morning, seats=1, actor=SYSTEM)
    signups = [small.sign_up(person, "morning") for person in small.people(4)]
    before = states(*signups).count("confirmed")
    match more:
        case "cap":
            editing.change_cap(small.morning, places=2, actor=SYSTEM)
        case "held":
            editing.hold_seats(small.morning, seats=0, actor=SYSTEM)
        case "room":
            rooms.resize_room(small.two, capacity=3, actor=SYSTEM)
        case "release":
            small.publish(morning="15:00 three", parallel="09:30", noon="12:00")
    assert states(*signups) == ["confirmed"] * (before + 1) + ["waiting"] * (3 - before)


def test_fewer_places_put_the_last_who_came_back_at_the_head_of_the_line(small: Small) -> None:
    alice, bob, charlie = (small.sign_up(person, "morning") for person in small.people(3))
    editing.change_cap(small.morning, places=1, actor=SYSTEM)
    assert states(alice, bob, charlie) == ["confirmed", "waiting", "waiting"]
    assert told()[-1] == ("signup.displaced", bob.pk, {"was": "confirmed", "reason": "capacity"})
    editing.change_cap(small.morning, places=None, actor=SYSTEM)
    assert states(alice, bob, charlie) == ["confirmed", "confirmed", "waiting"]


def test_a_move_tells_those_who_hold_a_place_once_with_what_was(small: Small) -> None:
    alice, bob, _charlie = (small.sign_up(person, "morning") for person in small.people(3))
    (other,) = small.people(1)
    small.sign_up(other, "noon")
    last = forget()
    small.publish(morning="15:00", parallel="09:30", noon="12:00")
    found = Entry.objects.filter(pk__gt=last, verb__startswith="signup.").order_by("pk")
    assert [(one.verb, one.subject_id, one.data["changed"], one.data["old"]["room"]) for one in found] == [
        ("signup.changed", alice.pk, ["time"], small.two.pk),
        ("signup.changed", bob.pk, ["time"], small.two.pk),
    ]
    alice.refresh_from_db()
    assert (alice.during.lower, alice.sequence) == (at(small.conference, "15:00"), 1)


def test_a_new_room_raises_the_sequence_by_one_and_nothing_changed_raises_nothing(small: Small) -> None:
    (alice,) = small.people(1)
    signup = small.sign_up(alice, "morning")
    small.publish(morning="09:00 three", parallel="13:00", noon="12:00")
    signup.refresh_from_db()
    assert (signup.sequence, signup.room) == (1, small.three)
    last = forget()
    small.publish(morning="09:00 three", parallel="13:00", noon="12:00")
    signup.refresh_from_db()
    assert signup.sequence == 1
    assert not Entry.objects.filter(pk__gt=last, verb__startswith="signup.").exists()


def test_sessions_that_exchange_their_times_keep_everybody(small: Small) -> None:
    (alice,) = small.people(1)
    morning, noon = small.sign_up(alice, "morning"), small.sign_up(alice, "noon")
    small.publish(morning="12:00", noon="09:00")
    assert states(morning, noon) == ["confirmed", "confirmed"]


def test_a_move_frees_those_who_wait_elsewhere(small: Small) -> None:
    people = small.people(3)
    alice, bob, charlie = (small.sign_up(person, "morning") for person in people)
    blocker = small.sign_up(people[2], "parallel")
    SignUp.objects.filter(pk=alice.pk).update(state="left")
    assert states(charlie) == ["waiting"]
    small.publish(morning="09:00", parallel="15:00", noon="12:00")
    assert states(bob, charlie, blocker) == ["confirmed", "confirmed", "confirmed"]


def test_of_two_places_that_both_moved_the_one_taken_first_stays(small: Small) -> None:
    (alice,) = small.people(1)
    noon, morning = small.sign_up(alice, "noon"), small.sign_up(alice, "morning")
    small.publish(morning="14:00", noon="14:30")
    assert states(noon, morning) == ["confirmed", "offered"]


@pytest.mark.parametrize("how", ["cancelled", "unplaced"])
def test_a_session_that_is_off_ends_every_sign_up(small: Small, how: str) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(3)]
    last = forget()
    if how == "cancelled":
        editing.cancel_session(small.morning, actor=SYSTEM)
    else:
        small.publish(parallel="09:30", noon="12:00")
    assert states(*signups) == ["left", "left", "left"]
    found = Entry.objects.filter(pk__gt=last, verb="signup.left").order_by("pk")
    assert [(one.subject_id, one.data["was"], one.data["reason"]) for one in found] == [
        (signups[0].pk, "confirmed", "session"),
        (signups[1].pk, "confirmed", "session"),
        (signups[2].pk, "waiting", "session"),
    ]


def test_reinstated_smaller_than_before_those_who_came_first_have_their_places(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(3)]
    editing.cancel_session(small.morning, actor=SYSTEM)
    editing.change_cap(small.morning, places=1, actor=SYSTEM)
    editing.reinstate_session(small.morning, actor=SYSTEM)
    assert states(*signups) == ["confirmed", "waiting", "waiting"]
    # Who had a place stands before who waited already.
    editing.change_cap(small.morning, places=2, actor=SYSTEM)
    assert states(*signups) == ["confirmed", "confirmed", "waiting"]


def test_reinstated_who_took_something_else_meanwhile_is_asked_and_the_place_kept(small: Small) -> None:
    alice, bob, charlie = small.people(3)
    hers, his, waits = (small.sign_up(person, "morning") for person in (alice, bob, charlie))
    editing.cancel_session(small.morning, actor=SYSTEM)
    other = small.sign_up(alice, "parallel")
    mark = forget()
    editing.reinstate_session(small.morning, actor=SYSTEM)
    assert states(hers, his, waits, other) == ["offered", "confirmed", "waiting", "confirmed"]
    offers = Entry.objects.filter(pk__gt=mark, verb="signup.offered").values_list("subject_id", "data__reason")
    assert list(offers) == [(hers.pk, "back")]
    take_offer(hers, actor=SYSTEM)
    assert states(hers, his, waits, other) == ["confirmed", "confirmed", "waiting", "left"]


def test_a_new_title_reaches_those_who_hold_a_place(small: Small) -> None:
    alice, _bob, charlie = (small.sign_up(person, "morning") for person in small.people(3))
    editing.rename_session(small.morning, title={"en": "Renamed", "ko": "새 제목"}, actor=SYSTEM)
    alice.refresh_from_db()
    charlie.refresh_from_db()
    assert (alice.title, alice.sequence) == ('{"en": "Renamed", "ko": "새 제목"}', 1)
    assert told()[-1][:2] != ("signup.changed", charlie.pk)


def test_another_conference_is_not_touched(small: Small) -> None:
    other = make_conference()
    make_session(other)
    small.publish(morning="15:00")
    assert not Seats.objects.filter(conference=other).exists()


@pytest.mark.parametrize("people", [1, 3])
def test_following_costs_the_same_for_one_and_three_people(
    small: Small, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rooms.resize_room(small.three, capacity=5, actor=SYSTEM)
    for person in small.people(people):
        small.sign_up(person, "noon")
    with transaction.atomic():
        placements = small.placements(morning="09:00", parallel="09:30", noon="15:00")
        release = make_release(small.conference, placements)
        with django_assert_num_queries(13):
            follow(small.conference, actor=SYSTEM, now=timezone.now(), release=release)


def test_states_of_sessions_are_read_fresh(small: Small) -> None:
    with transaction.atomic():
        Session.objects.filter(pk=small.noon.pk).update(state="cancelled")
        follow(small.conference, actor=SYSTEM, now=timezone.now())
    seats = Seats.objects.get(session=small.noon)
    assert (seats.during, seats.capacity) == (None, 0)
