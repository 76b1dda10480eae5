"""Keep A, wait for B: what becomes of it when the turn comes, in either order, in chains and in rounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import (
    choose_exchange,
    expire_offers,
    leave,
    leave_all,
    sign_up,
    swap,
    take_offer,
)
from registration.models import Exchange, Registration, Seats, SignUp
from schedule.domain.programme import sessions as editing
from schedule.domain.programme.rooms import resize_room
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import states

pytestmark = pytest.mark.django_db
ASK, SWAP = Exchange.ASK, Exchange.SWAP


class Parallel:
    """Sessions A, B, C... at the same time, with so many places each, and one at another time."""

    def __init__(self, *places: int, offer_hours: int = 5) -> None:
        self.conference = make_conference(offer_hours=offer_hours)
        self.sessions = [make_session(self.conference) for _ in places]
        self.later = make_session(self.conference)
        rooms = [make_room(self.conference, capacity=number) for number in (*places, 50)]
        start, later = at(self.conference, "10:00"), at(self.conference, "15:00")
        self.placed = [
            (session, room, later if session == self.later else start)
            for session, room in zip([*self.sessions, self.later], rooms, strict=True)
        ]
        publish(self.conference, self.placed)

    def person(self) -> Registration:
        return make_registration(self.conference)

    def filled(self, which: int) -> list[SignUp]:
        """Strangers take every place that is left."""
        free = Seats.objects.get(session=self.sessions[which]).free
        return [self.sign_up(self.person(), which) for _ in range(free)]

    def sign_up(self, person: Registration, which: int, exchange: Exchange = ASK) -> SignUp:
        return sign_up(person, self.sessions[which], exchange=exchange, actor=SYSTEM)

    def holding(self, which: int, *, waits: int, exchange: Exchange) -> tuple[SignUp, SignUp]:
        """Somebody with a place in one, waiting for the other."""
        person = self.person()
        return self.sign_up(person, which), self.sign_up(person, waits, exchange)


def told(since: int = 0) -> list[tuple[str, int | None, str]]:
    rows = Entry.objects.filter(verb__startswith="signup.", pk__gt=since).order_by("pk")
    return [(one.verb, one.subject_id, one.data.get("by", one.data.get("reason", ""))) for one in rows]


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("exchange", [ASK, SWAP])
def test_whoever_has_a_place_may_wait_for_another_at_that_time(exchange: Exchange) -> None:
    stage = Parallel(3, 1)
    stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=exchange)
    assert (states(held, waiting), waiting.exchange) == (["confirmed", "waiting"], exchange)


@pytest.mark.parametrize("first", ["place", "wait"])
@pytest.mark.parametrize(("exchange", "ends"), [(SWAP, ["left", "confirmed"]), (ASK, ["confirmed", "offered"])])
def test_one_rule_in_either_order(first: str, exchange: Exchange, ends: list[str]) -> None:
    stage = Parallel(3, 1)
    (blocker,) = stage.filled(1)
    person = stage.person()
    if first == "place":
        held = stage.sign_up(person, 0)
        waiting = stage.sign_up(person, 1, exchange)
    else:
        waiting = stage.sign_up(person, 1, exchange)
        held = stage.sign_up(person, 0)
    assert states(held, waiting) == ["confirmed", "waiting"]
    behind = stage.sign_up(stage.person(), 1)
    leave(blocker, actor=SYSTEM)
    assert states(held, waiting, behind) == [*ends, "waiting"]


def test_a_swap_tells_what_was_left_and_what_was_got() -> None:
    stage = Parallel(3, 1)
    (blocker,) = stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=SWAP)
    since = last_entry()
    leave(blocker, actor=SYSTEM)
    assert told(since) == [
        ("signup.left", blocker.pk, "self"),
        ("signup.left", held.pk, "exchange"),
        ("signup.confirmed", waiting.pk, "exchange"),
    ]


def test_an_offer_has_a_deadline_and_taking_it_swaps_and_gives_on() -> None:
    stage = Parallel(1, 1)
    (blocker,) = stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=ASK)
    behind_held = stage.sign_up(stage.person(), 0)
    now = timezone.now()
    leave(blocker, actor=SYSTEM, now=now)
    waiting.refresh_from_db()
    assert waiting.offered_until == now + timedelta(hours=5)
    assert states(held, behind_held) == ["confirmed", "waiting"]
    take_offer(waiting, actor=SYSTEM)
    assert states(held, waiting, behind_held) == ["left", "confirmed", "confirmed"]


@pytest.mark.parametrize("how", ["refused", "expired"])
def test_an_offer_that_is_not_taken_goes_on_and_the_other_place_stays(how: str) -> None:
    stage = Parallel(3, 1)
    (blocker,) = stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=ASK)
    behind = stage.sign_up(stage.person(), 1)
    leave(blocker, actor=SYSTEM)
    if how == "refused":
        leave(waiting, actor=SYSTEM)
    else:
        assert expire_offers(now=timezone.now() + timedelta(hours=6)) == 1
    assert states(held, waiting, behind) == ["confirmed", "left", "confirmed"]


def test_what_a_swap_frees_goes_on_through_a_chain() -> None:
    stage = Parallel(1, 1, 1, 1)
    (blocker,) = stage.filled(3)
    chain = [stage.holding(which, waits=which + 1, exchange=SWAP) for which in (2, 1, 0)]
    last = stage.sign_up(stage.person(), 0)
    leave(blocker, actor=SYSTEM)
    assert [states(*pair) for pair in chain] == [["left", "confirmed"]] * 3
    assert states(last) == ["confirmed"]
    assert [row.free for row in Seats.objects.exclude(session=stage.later).order_by("pk")] == [0, 0, 0, 0]


@pytest.mark.parametrize("places", [(1, 1), (1, 3), (1, 1, 1), (2, 1, 3), (1, 2, 1, 2, 1)])
@pytest.mark.parametrize("last", ["wait", "choice", "turn"])
def test_a_round_of_people_is_exchanged_whatever_the_sizes(places: tuple[int, ...], last: str) -> None:
    """What closes the round is a wait, a choice, or that the turn of the last comes in the session they are to give."""
    stage = Parallel(*places)
    *others, closing = people = [stage.person() for _ in places]
    held = [stage.sign_up(person, which) for which, person in enumerate(others)]
    if last != "turn":
        held.append(stage.sign_up(closing, len(others)))
    fillers = [one for which in range(len(places)) for one in stage.filled(which)]
    if last == "turn":
        held.append(stage.sign_up(closing, len(others)))
    waits = [
        stage.sign_up(person, (which + 1) % len(places), ASK if last == "choice" and person is closing else SWAP)
        for which, person in enumerate(people)
    ]
    if last != "wait":
        assert set(states(*waits)) == {"waiting"}
    if last == "choice":
        choose_exchange(waits[-1], SWAP, actor=SYSTEM)
    if last == "turn":
        leave(fillers.pop(), actor=SYSTEM)
    assert (states(*waits), states(*held)) == (["confirmed"] * len(places), ["left"] * len(places))
    assert set(states(*fillers)) <= {"confirmed"}


def test_a_round_takes_nothing_from_who_stands_before_and_holds_nothing() -> None:
    stage = Parallel(1, 1)
    one = stage.sign_up(stage.person(), 0)
    other = stage.sign_up(stage.person(), 1)
    before = stage.sign_up(stage.person(), 0)
    wants_other = stage.sign_up(one.registration, 1, SWAP)
    wants_one = stage.sign_up(other.registration, 0, SWAP)
    assert states(wants_other, wants_one, before) == ["confirmed", "confirmed", "waiting"]
    leave(wants_one, actor=SYSTEM)
    assert states(before) == ["confirmed"]


def test_of_two_who_could_exchange_the_first_in_line_does() -> None:
    stage = Parallel(2, 1)
    holder = stage.sign_up(stage.person(), 1)
    people = [stage.person() for _ in range(2)]
    places = [stage.sign_up(person, 0) for person in people]
    waits = [stage.sign_up(person, 1, SWAP) for person in people]
    stage.sign_up(holder.registration, 0, SWAP)
    assert states(*places, *waits) == ["left", "confirmed", "confirmed", "waiting"]


def test_who_wants_to_be_asked_is_in_no_round() -> None:
    stage = Parallel(1, 1)
    held = [stage.sign_up(stage.person(), which) for which in (0, 1)]
    waiting = [stage.sign_up(held[0].registration, 1, SWAP), stage.sign_up(held[1].registration, 0, ASK)]
    assert states(*held, *waiting) == ["confirmed", "confirmed", "waiting", "waiting"]


def test_everything_in_the_way_of_a_long_session_is_given_up_and_goes_on() -> None:
    conference = make_conference()
    short = [make_session(conference) for _ in range(2)]
    long = make_session(conference, duration_minutes=180)
    rooms = [make_room(conference, capacity=1) for _ in range(3)]
    clocks = [at(conference, clock) for clock in ("10:00", "11:00", "10:00")]
    publish(conference, list(zip([*short, long], rooms, clocks, strict=True)))
    alice, bob, charlie = (make_registration(conference) for _ in range(3))
    blocker = sign_up(bob, long, actor=SYSTEM)
    held = [sign_up(alice, one, actor=SYSTEM) for one in short]
    behind = [sign_up(charlie, one, actor=SYSTEM) for one in short]
    waiting = sign_up(alice, long, exchange=SWAP, actor=SYSTEM)
    leave(blocker, actor=SYSTEM)
    assert states(waiting, *held, *behind) == ["confirmed", "left", "left", "confirmed", "confirmed"]


def test_after_a_swap_other_waits_at_that_time_ask() -> None:
    """What was agreed to be given up is gone; what they have now, nobody agreed to give up."""
    stage = Parallel(3, 1, 1)
    blockers = [*stage.filled(1), *stage.filled(2)]
    person = stage.person()
    stage.sign_up(person, 0)
    waits = [stage.sign_up(person, which, SWAP) for which in (1, 2)]
    leave(blockers[0], actor=SYSTEM)
    assert states(*waits) == ["confirmed", "waiting"]
    waits[1].refresh_from_db()
    assert waits[1].exchange == ASK
    leave(blockers[1], actor=SYSTEM)
    assert states(*waits) == ["confirmed", "offered"]


def test_a_free_place_is_taken_for_another_at_once_or_refused() -> None:
    stage = Parallel(3, 3)
    person = stage.person()
    held = stage.sign_up(person, 0)
    with pytest.raises(SignUpRefused) as refused:
        stage.sign_up(person, 1)
    assert (refused.value.code, refused.value.clash) == ("clash", held)
    taken = stage.sign_up(person, 1, SWAP)
    assert states(held, taken) == ["left", "confirmed"]


def test_wishes_pass_over_what_clashes_with_a_dearer_one() -> None:
    stage = Parallel(3, 1)
    stage.filled(1)
    person = stage.person()
    stage.sign_up(person, 0)
    with pytest.raises(SignUpRefused):
        sign_up(person, stage.sessions[1], exchange=None, actor=SYSTEM)
    assert not SignUp.objects.filter(registration=person, session=stage.sessions[1]).exists()


def test_a_choice_is_journalled_once_and_only_while_waiting() -> None:
    stage = Parallel(3, 1)
    stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=ASK)
    since = last_entry()
    for _ in range(2):
        choose_exchange(waiting, SWAP, actor=SYSTEM)
    assert told(since) == [("signup.exchange_chosen", waiting.pk, "")]
    with pytest.raises(SignUpRefused) as refused:
        choose_exchange(held, SWAP, actor=SYSTEM)
    assert refused.value.code == "gone"


@pytest.mark.parametrize("how", ["registration", "cap", "move", "cancel", "rule"])
def test_every_path_that_frees_a_place_or_the_time_moves_swaps_on(how: str) -> None:
    stage = Parallel(1, 1)
    (blocker,) = stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=SWAP)
    behind = stage.sign_up(stage.person(), 0)
    ends = ["left", "confirmed", "confirmed"]
    if how == "registration":
        leave_all(blocker.registration, actor=SYSTEM)
    elif how == "cap":
        resize_room(stage.placed[1][1], capacity=2, actor=SYSTEM)
    elif how == "move":
        room = make_room(stage.conference, capacity=2)
        publish(stage.conference, [stage.placed[0], (stage.sessions[1], room, stage.placed[1][2])])
    elif how == "cancel":
        editing.cancel_session(stage.sessions[0], actor=SYSTEM)
        ends = ["left", "waiting", "left"]
    else:
        stage.conference.overlap_rule = "warn"
        stage.conference.save(update_fields=["overlap_rule"])
        publish(stage.conference, stage.placed)
        leave(blocker, actor=SYSTEM)
        ends = ["confirmed", "confirmed", "waiting"]
    assert states(held, waiting, behind) == ends


def test_by_hand_into_an_offer_or_out_of_it() -> None:
    stage = Parallel(3, 1)
    (blocker,) = stage.filled(1)
    held, waiting = stage.holding(0, waits=1, exchange=ASK)
    leave(blocker, actor=SYSTEM)
    got = swap(held, stage.sessions[1], actor=SYSTEM)
    assert (got.pk, states(held, waiting)) == (waiting.pk, ["left", "confirmed"])
