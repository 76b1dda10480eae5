"""Nothing is given, promised or promoted once its time is over (invariant 10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from registration import tasks
from registration.domain.signups.closing import close_lines, offer_until
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import expire_offers, leave, leave_all, sign_up, swap, take_offer
from registration.models import Registration, Seats, SignUp
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.domain.programme.closing_times import change_session_closing, change_times
from schedule.models import Conference, Session
from tests.factories import at, publish
from tests.fixtures.conferences import Small, states


def starts(small: Small) -> datetime:
    """When the morning session begins."""
    return at(small.conference, "09:00")


def closing(small: Small, minutes: int) -> None:
    """Sign-up closes so many minutes before each session."""
    change_times(small.conference, is_open=True, opens_at=None, closes_at=None, signup_minutes=minutes, actor=SYSTEM)


def move(small: Small, start: datetime) -> None:
    """Release the morning session at this instant, the others as they were."""
    conference = small.conference
    publish(
        conference,
        [
            (small.morning, small.two, start),
            (small.parallel, small.three, at(conference, "09:30")),
            (small.noon, small.three, at(conference, "12:00")),
        ],
    )


def begun(small: Small) -> None:
    """The morning session began a quarter of an hour ago."""
    move(small, timezone.now() - timedelta(minutes=15))


@pytest.mark.parametrize("session", [None, 90])
def test_sign_up_closes_by_the_choice_of_conference_or_session(small: Small, session: int | None) -> None:
    one, other = small.people(2)
    closing(small, 30)
    change_session_closing(small.morning, minutes=session, actor=SYSTEM)
    closes = starts(small) - timedelta(minutes=30 if session is None else session)
    assert Seats.objects.get(session=small.morning).closes_at == closes
    sign_up(one, small.morning, actor=SYSTEM, now=closes - timedelta(seconds=1))
    with pytest.raises(SignUpRefused) as refused:
        sign_up(other, small.morning, actor=SYSTEM, now=closes)
    assert (refused.value.code, refused.value.message) == ("closed", "Sign-up for this session is closed.")


def test_sign_up_closes_at_the_start_without_a_choice(small: Small) -> None:
    (one,) = small.people(1)
    held = small.sign_up(one, "noon")
    for now, words in [
        (starts(small), "This session has begun; sign-up is closed."),
        (starts(small) + timedelta(hours=1), "This session is over."),
    ]:
        with pytest.raises(SignUpRefused, match="closed") as refused:
            sign_up(one, small.morning, actor=SYSTEM, now=now)
        assert refused.value.message == words
        with pytest.raises(SignUpRefused, match="closed") as refused:
            swap(held, small.morning, actor=SYSTEM, now=now)
        assert refused.value.message == words
    assert states(held) == ["confirmed"]
    assert SignUp.objects.count() == 1


def _leave(small: Small, signups: list[SignUp], now: datetime) -> None:
    leave(signups[0], actor=SYSTEM, now=now)


def _leave_all(small: Small, signups: list[SignUp], now: datetime) -> None:
    leave_all(signups[0].registration, actor=SYSTEM, now=now)


def _swap(small: Small, signups: list[SignUp], now: datetime) -> None:
    swap(signups[0], small.noon, actor=SYSTEM, now=now)


FREEING = [_leave, _leave_all, _swap]


@pytest.mark.parametrize("free", FREEING)
@pytest.mark.parametrize("early", [True, False])
def test_a_place_that_comes_free_is_given_on_until_the_start_and_not_after(
    small: Small, free: Callable[[Small, list[SignUp], datetime], None], *, early: bool
) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(4)]
    free(small, signups, starts(small) - timedelta(seconds=1 if early else 0))
    if early:
        assert states(*signups) == ["left", "confirmed", "confirmed", "waiting"]
        return
    assert states(*signups) == ["left", "confirmed", "left", "left"]
    closed = SignUp.objects.filter(line_closed=True).values_list("pk", flat=True)
    assert set(closed) == {signups[2].pk, signups[3].pk}
    told = Entry.objects.filter(verb="signup.left", data__reason="closed").order_by("pk")
    assert [(one.subject_id, one.data["was"]) for one in told] == [(one.pk, "waiting") for one in signups[2:]]


@pytest.mark.parametrize("more", ["cap", "held", "room", "cancelled", "erased"])
def test_more_places_in_a_running_session_go_to_nobody(small: Small, more: str) -> None:
    people = small.people(3)
    match more:
        case "cap":
            editing.change_cap(small.morning, places=1, actor=SYSTEM)
        case "held":
            editing.hold_seats(small.morning, seats=1, actor=SYSTEM)
    signups = [small.sign_up(person, "morning") for person in people]
    before = states(*signups)
    begun(small)
    match more:
        case "cap":
            editing.change_cap(small.morning, places=2, actor=SYSTEM)
        case "held":
            editing.hold_seats(small.morning, seats=0, actor=SYSTEM)
        case "room":
            rooms.resize_room(small.two, capacity=9, actor=SYSTEM)
        case "cancelled":
            leave_all(people[0], actor=SYSTEM)
        case "erased":
            leave_all(people[0], actor=SYSTEM, reason="erased")
    held = before.count("confirmed") - (more in ("cancelled", "erased"))
    assert states(*signups).count("confirmed") == held
    assert states(signups[-1]) == ["left"]
    SignUp.objects.get(pk=signups[-1].pk, line_closed=True)


def test_the_beat_closes_lines_at_their_time_once(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(4)]
    late = [small.sign_up(person, "noon") for person in small.people(4)]
    assert close_lines(now=starts(small) - timedelta(seconds=1)) == 0
    assert [close_lines(now=starts(small)) for _ in range(2)] == [1, 0]
    assert states(*signups, *late) == ["confirmed"] * 2 + ["left"] * 2 + ["confirmed"] * 3 + ["waiting"]
    assert Entry.objects.filter(verb="signup.left").count() == 2


def test_the_beat_closes_lines_by_its_own_clock(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(3)]
    tasks.close_lines()
    assert states(*signups) == ["confirmed", "confirmed", "waiting"]
    begun(small)
    tasks.close_lines()
    assert states(*signups) == ["confirmed", "confirmed", "left"]


def test_a_session_moved_into_the_future_has_its_line_again(small: Small) -> None:
    """A state ends with its cause: who waited stands in line again, in the old order, and moves up."""
    people = small.people(5)
    signups = [small.sign_up(person, "morning") for person in people]
    leave(signups[4], actor=SYSTEM)
    begun(small)
    close_lines(now=timezone.now())
    leave(signups[0], actor=SYSTEM)
    assert states(*signups) == ["left", "confirmed", "left", "left", "left"]
    move(small, starts(small))
    assert states(*signups) == ["left", "confirmed", "confirmed", "waiting", "left"]
    assert not SignUp.objects.filter(line_closed=True).exists()
    assert small.sign_up(people[0], "morning").state == "waiting"


def test_somebody_who_cancelled_meanwhile_does_not_wait_again(small: Small) -> None:
    people = small.people(4)
    signups = [small.sign_up(person, "morning") for person in people]
    begun(small)
    close_lines(now=timezone.now())
    Registration.objects.filter(pk=people[2].pk).update(state="cancelled")
    move(small, starts(small))
    assert states(*signups) == ["confirmed", "confirmed", "left", "waiting"]


def test_who_loses_a_place_in_a_running_session_waits_for_none(small: Small) -> None:
    signups = [small.sign_up(person, "morning") for person in small.people(2)]
    begun(small)
    editing.change_cap(small.morning, places=1, actor=SYSTEM)
    close_lines(now=timezone.now())
    assert states(*signups) == ["confirmed", "left"]


def test_an_offer_stands_until_sign_up_closes_at_most(small: Small) -> None:
    seats = Seats.objects.get(session=small.morning)
    start = starts(small)
    assert offer_until(seats, hours=48, now=start - timedelta(days=9)) == start - timedelta(days=7)
    assert offer_until(seats, hours=48, now=start - timedelta(hours=3)) == start
    seats.closes_at = start - timedelta(hours=5)
    assert offer_until(seats, hours=48, now=start - timedelta(hours=9)) == start - timedelta(hours=5)
    # Somebody who held the place may decide until the start.
    assert offer_until(seats, hours=48, now=start - timedelta(hours=3)) == start


def test_a_place_that_became_an_offer_can_be_taken_until_the_start(small: Small) -> None:
    """The release moves a session of tonight into another: its offer does not outlive its start."""
    (one,) = small.people(1)
    soon = timezone.now() + timedelta(hours=2)
    morning, noon = small.sign_up(one, "morning"), small.sign_up(one, "noon")
    publish(small.conference, [(small.morning, small.two, soon), (small.noon, small.three, soon)])
    offered = SignUp.objects.get(pk=noon.pk)
    assert (states(morning, noon), offered.offered_until) == (["confirmed", "offered"], soon)
    assert Entry.objects.filter(verb="signup.offered").get().data["until"] == soon.isoformat()
    with pytest.raises(SignUpRefused, match="not-offered"):
        take_offer(offered, actor=SYSTEM, now=soon)
    assert expire_offers(now=soon) == 1


def test_an_offer_of_a_session_that_comes_earlier_ends_earlier(small: Small) -> None:
    (one,) = small.people(1)
    small.sign_up(one, "morning")
    noon = small.sign_up(one, "noon")
    small.publish(morning="09:00", noon="09:30")
    assert states(noon) == ["offered"]
    soon = timezone.now() + timedelta(hours=2)
    shortly_after = soon + timedelta(minutes=30)
    publish(small.conference, [(small.morning, small.two, shortly_after), (small.noon, small.three, soon)])
    assert SignUp.objects.get(pk=noon.pk).offered_until == soon


def test_a_choice_that_is_there_already_writes_nothing(small: Small) -> None:
    closing(small, 0)
    change_session_closing(small.morning, minutes=None, actor=SYSTEM)
    assert not Entry.objects.filter(verb__endswith=".edited").exists()
    closing(small, 10)
    change_session_closing(small.morning, minutes=0, actor=SYSTEM)
    assert Conference.objects.get(pk=small.conference.pk).signup_closes_minutes == 10
    assert Session.objects.get(pk=small.morning.pk).signup_closes_minutes == 0
    assert Entry.objects.filter(verb__endswith=".edited").count() == 2
