"""Whoever lost what they had to a change of the programme has it again when that is undone (invariant 12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.registrations.registering import cancel, take_part
from registration.domain.signups.closing import close_lines
from registration.domain.signups.seats_follow import follow
from registration.domain.signups.signing_up import expire_offers, leave, sign_up
from registration.models import Exchange, SignUp
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.domain.programme.closing_times import change_session_closing
from schedule.models import Room, Session
from tests.factories import at, make_room, make_session, publish
from tests.fixtures.conferences import Small, states


def put(small: Small, **starts: datetime) -> None:
    """Release these sessions at these instants, each in a room of its own."""
    places = {"morning": small.two, "parallel": small.three, "noon": small.three}
    publish(small.conference, [(getattr(small, name), places[name], start) for name, start in starts.items()])


def beat() -> None:
    expire_offers(now=timezone.now())
    close_lines(now=timezone.now())


def told_last(number: int) -> list[tuple[str, str | None]]:
    """What the journal says last of places, the newest last: verb, and `by` or `reason`."""
    rows = Entry.objects.filter(verb__startswith="signup.").order_by("-pk")[:number]
    return [(one.verb, one.data.get("by") or one.data.get("reason")) for one in reversed(rows)]


def _smaller_room(small: Small, *, smaller: bool) -> None:
    rooms.resize_room(small.two, capacity=1 if smaller else 2, actor=SYSTEM)


def _lower_cap(small: Small, *, smaller: bool) -> None:
    editing.change_cap(small.morning, places=1 if smaller else None, actor=SYSTEM)


def _seats_held(small: Small, *, smaller: bool) -> None:
    editing.hold_seats(small.morning, seats=1 if smaller else 0, actor=SYSTEM)


def _other_room(small: Small, *, smaller: bool) -> None:
    tiny = Room.objects.filter(conference=small.conference, capacity=1).first() or make_room(
        small.conference, capacity=1
    )
    start = small.morning.seats.during.lower
    publish(small.conference, [(small.morning, tiny if smaller else small.two, start)])


@pytest.mark.parametrize("change", [_smaller_room, _lower_cap, _seats_held, _other_room])
def test_a_place_lost_after_sign_up_closed_is_there_again_with_the_room(
    small: Small, change: Callable[..., None]
) -> None:
    put(small, morning=timezone.now() + timedelta(hours=3))
    signups = [small.sign_up(person, "morning") for person in small.people(3)]
    change_session_closing(small.morning, minutes=600, actor=SYSTEM)
    small.morning.refresh_from_db()
    change(small, smaller=True)
    beat()
    assert states(*signups) == ["confirmed", "left", "left"]
    change(small, smaller=False)
    assert states(*signups) == ["confirmed", "confirmed", "left"]
    assert told_last(1) == [("signup.confirmed", "back")]


def test_a_place_lost_and_a_session_that_has_begun_is_lost(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(2)]
    put(small, morning=timezone.now() - timedelta(minutes=5))
    _smaller_room(small, smaller=True)
    beat()
    _smaller_room(small, smaller=False)
    assert states(*signups) == ["confirmed", "left"]
    put(small, morning=timezone.now() + timedelta(hours=5))
    assert states(*signups) == ["confirmed", "confirmed"]


def test_who_lost_a_place_stands_before_whom_an_exchange_had_passed(small: Small) -> None:
    """They had the place; that another waited longer gave that one no claim to it."""
    conference = small.conference
    one, other = (make_session(conference, capacity_cap=1) for _ in range(2))
    three = at(conference, "15:00")
    publish(conference, [(one, make_room(conference), three), (other, make_room(conference), three)])
    x, y, waits = small.people(3)
    sign_up(x, one, actor=SYSTEM)
    sign_up(y, other, actor=SYSTEM)
    passed = sign_up(waits, other, actor=SYSTEM)
    got = sign_up(x, other, actor=SYSTEM, exchange=Exchange.SWAP)
    sign_up(y, one, actor=SYSTEM, exchange=Exchange.SWAP)
    editing.hold_seats(other, seats=50, actor=SYSTEM)
    assert states(got, passed) == ["waiting", "waiting"]
    editing.hold_seats(other, seats=0, actor=SYSTEM)
    assert states(got, passed) == ["confirmed", "waiting"]


def test_reinstated_smaller_after_closing_the_rest_have_theirs_with_the_room(small: Small) -> None:
    put(small, morning=timezone.now() + timedelta(hours=3))
    signups = [small.sign_up(person, "morning") for person in small.people(2)]
    change_session_closing(small.morning, minutes=600, actor=SYSTEM)
    editing.cancel_session(small.morning, actor=SYSTEM)
    _smaller_room(small, smaller=True)
    editing.reinstate_session(small.morning, actor=SYSTEM)
    assert states(*signups) == ["confirmed", "left"]
    _smaller_room(small, smaller=False)
    assert states(*signups) == ["confirmed", "confirmed"]


def _cancelled(small: Small, starts: dict[str, datetime], *, off: bool) -> None:
    (editing.cancel_session if off else editing.reinstate_session)(small.morning, actor=SYSTEM)


def _dropped(small: Small, starts: dict[str, datetime], *, off: bool) -> None:
    put(small, **{name: start for name, start in starts.items() if name != "morning" or not off})


@pytest.mark.parametrize(("minutes", "after"), [(5, ["confirmed", "left", "left"]), (60, ["left", "left", "left"])])
@pytest.mark.parametrize("change", [_cancelled, _dropped])
def test_a_session_taken_off_while_it_runs_has_back_who_was_in_it(
    small: Small, change: Callable[..., None], minutes: int, after: list[str]
) -> None:
    stayed, went, waits = small.people(3)
    signups = [small.sign_up(person, "morning") for person in (stayed, went, waits)]
    soon = timezone.now() + timedelta(minutes=1)
    starts = {"morning": timezone.now() - timedelta(minutes=minutes), "noon": soon}
    put(small, **starts)
    beat()
    assert states(*signups) == ["confirmed", "confirmed", "left"]
    change(small, starts, off=True)
    # One of them goes to what begins next meanwhile.
    other = small.sign_up(went, "noon")
    mark = Entry.objects.latest("pk").pk
    change(small, starts, off=False)
    beat()
    assert states(*signups) == after
    assert states(other) == ["confirmed"]
    told = Entry.objects.filter(pk__gt=mark, verb__startswith="signup.")
    assert [(one.subject_id, one.data["by"]) for one in told] == [(signups[0].pk, "back")][: after.count("confirmed")]


def test_who_lost_a_place_before_a_session_began_is_not_in_it_when_it_is_reinstated(small: Small) -> None:
    people = small.people(2)
    stayed, displaced = (small.sign_up(person, "morning") for person in people)
    _lower_cap(small, smaller=True)
    put(small, morning=timezone.now() - timedelta(minutes=5))
    beat()
    editing.cancel_session(small.morning, actor=SYSTEM)
    cancel(people[0], actor=SYSTEM)
    editing.reinstate_session(small.morning, actor=SYSTEM)
    assert states(stayed, displaced) == ["left", "left"]


def test_an_offer_cut_short_by_a_wrong_start_comes_back(small: Small) -> None:
    """Both moved into the past, one onto the other; the beat ran; the release was corrected."""
    (one,) = small.people(1)
    morning, noon = small.sign_up(one, "morning"), small.sign_up(one, "noon")
    begun = timezone.now() - timedelta(minutes=30)
    put(small, morning=begun, noon=begun)
    beat()
    assert states(morning, noon) == ["confirmed", "left"]
    small.publish(morning="09:00", noon="12:00")
    assert states(morning, noon) == ["confirmed", "confirmed"]


def test_an_offer_moved_out_of_the_way_into_the_past_comes_back(small: Small) -> None:
    people = small.people(3)
    signups = [small.sign_up(person, "morning") for person in people]
    noon = small.sign_up(people[0], "noon")
    small.publish(morning="12:30", noon="12:00")
    assert states(*signups, noon) == ["offered", "confirmed", "waiting", "confirmed"]
    put(small, morning=timezone.now() - timedelta(minutes=90), noon=at(small.conference, "12:00"))
    beat()
    assert states(*signups, noon) == ["left", "confirmed", "left", "confirmed"]
    small.publish(morning="09:00", noon="12:00")
    assert states(*signups, noon) == ["confirmed", "confirmed", "waiting", "confirmed"]


def test_an_offer_in_turn_cut_short_by_a_wrong_start_is_made_again(small: Small) -> None:
    people = small.people(3)
    first, _second, third = (small.sign_up(person, "morning") for person in people)
    small.sign_up(people[2], "noon")
    small.publish(morning="12:00", noon="12:30")
    leave(first, actor=SYSTEM)
    assert states(third) == ["offered"]
    begun = timezone.now() - timedelta(minutes=30)
    put(small, morning=begun, noon=begun)
    beat()
    assert states(third) == ["left"]
    small.publish(morning="12:00", noon="12:30")
    assert states(third) == ["offered"]


def test_an_offer_that_ran_out_does_not_come_back(small: Small) -> None:
    (one,) = small.people(1)
    small.sign_up(one, "morning")
    noon = small.sign_up(one, "noon")
    small.publish(morning="09:00", noon="09:30")
    expire_offers(now=timezone.now() + timedelta(days=3))
    small.publish(morning="09:00", noon="12:00")
    assert states(noon) == ["left"]


def test_an_offer_has_its_hours_again_when_its_session_does_not_begin_earlier_after_all(small: Small) -> None:
    (one,) = small.people(1)
    small.sign_up(one, "morning")
    noon = small.sign_up(one, "noon")
    small.publish(morning="09:00", noon="09:30")
    first = SignUp.objects.values_list("offered_until", flat=True).get(pk=noon.pk)
    soon = timezone.now() + timedelta(hours=2)
    put(small, morning=soon, noon=soon)
    assert (first is not None, SignUp.objects.get(pk=noon.pk).offered_until) == (True, soon)
    small.publish(morning="09:00", noon="09:30")
    noon.refresh_from_db()
    assert noon.offered_until is not None
    assert first is not None
    assert timedelta() <= noon.offered_until - first < timedelta(minutes=5)
    offers = Entry.objects.filter(verb="signup.offered").order_by("pk")
    assert [one.data["reason"] for one in offers] == ["clash", "moved", "moved"]
    assert [one.data["until"] for one in offers[1:]] == [soon.isoformat(), noon.offered_until.isoformat()]


def test_who_gave_everything_back_has_nothing_of_it_again(small: Small) -> None:
    """Cancelled while the session was off, or after its line had closed, and registered anew."""
    people = small.people(4)
    held, _other, waited, waits = (small.sign_up(person, "morning") for person in people)
    put(small, morning=timezone.now() - timedelta(minutes=5), noon=at(small.conference, "12:00"))
    beat()
    cancel(people[2], actor=SYSTEM)
    take_part(people[2], actor=SYSTEM, now=timezone.now())
    small.publish(noon="12:00")
    cancel(people[0], actor=SYSTEM)
    take_part(people[0], actor=SYSTEM, now=timezone.now())
    small.publish(morning="09:00", noon="12:00")
    assert states(held, waited, waits) == ["left", "left", "confirmed"]


def _rule(small: Small, rule: str) -> None:
    small.conference.refresh_from_db()
    version = version_of(small.conference)
    small.conference.overlap_rule = rule
    change_row(small.conference, version=version, actor=SYSTEM)


def test_a_rule_that_refuses_two_places_at_once_asks_who_has_two(small: Small) -> None:
    _rule(small, "warn")
    (one,) = small.people(1)
    first, second = small.sign_up(one, "morning"), small.sign_up(one, "parallel")
    assert states(first, second) == ["confirmed", "confirmed"]
    _rule(small, "refuse")
    assert states(first, second) == ["confirmed", "offered"]
    assert told_last(1) == [("signup.offered", "rule")]
    _rule(small, "off")
    assert states(first, second) == ["confirmed", "confirmed"]
    assert told_last(1) == [("signup.confirmed", "back")]


def _invitation(small: Small, *, closed: bool) -> None:
    Session.objects.filter(pk=small.morning.pk).update(signup="invitation" if closed else "open")


def _break(small: Small, *, closed: bool) -> None:
    kind = small.morning.kind
    kind.is_break = closed
    kind.save()


@pytest.mark.parametrize("shut", [_invitation, _break])
def test_nobody_moves_up_where_people_do_not_sign_up_by_themselves(small: Small, shut: Callable[..., None]) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(4)]

    def change(*, closed: bool) -> None:
        with transaction.atomic():
            shut(small, closed=closed)
            follow(small.conference, actor=SYSTEM, now=timezone.now())

    change(closed=True)
    assert states(*signups) == ["confirmed", "confirmed", "left", "left"]
    assert told_last(2) == [("signup.left", "closed")] * 2
    leave(signups[0], actor=SYSTEM)
    _smaller_room(small, smaller=True)
    assert states(*signups) == ["left", "confirmed", "left", "left"]
    _smaller_room(small, smaller=False)
    change(closed=False)
    assert states(*signups) == ["left", "confirmed", "confirmed", "waiting"]


def test_who_loses_a_place_they_were_invited_to_waits_for_it(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(2)]
    with transaction.atomic():
        _invitation(small, closed=True)
        follow(small.conference, actor=SYSTEM, now=timezone.now())
    _smaller_room(small, smaller=True)
    assert states(*signups) == ["confirmed", "waiting"]
    leave(signups[0], actor=SYSTEM)
    assert states(*signups) == ["left", "confirmed"]
    assert told_last(1) == [("signup.confirmed", "back")]
