"""The line for a conference that is full: who confirmed first comes in first, whatever frees the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from registration import tasks
from registration.domain import conference_line
from registration.domain.conference_line import position, settle_lines
from registration.domain.mailboxes import keep_one
from registration.domain.privacy.erasing import erase
from registration.domain.registrations import deciding, registering
from registration.models import Participant, Registration
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme.closing_times import change_times
from schedule.models import Conference
from tests.at_once import at_once
from tests.factories import make_conference, make_participant, make_registration
from tests.sql import refused

DRAFT: dict[str, Any] = {"state": "draft", "confirmed_at": None}


class Full:
    """A conference that takes one, taken by alice; bob and then charlie confirmed since."""

    def __init__(self) -> None:
        self.conference = make_conference(capacity=1)
        self.alice = self.registered("alice")
        self.bob, self.charlie = self.registered("bob"), self.registered("charlie")

    def registered(self, name: str) -> Registration:
        participant = make_participant(email=f"{name}@example.org")
        draft = make_registration(self.conference, participant=participant, **DRAFT)
        return registering.take_part(draft, actor=SYSTEM, now=timezone.now())

    @property
    def states(self) -> list[str]:
        return list(Registration.objects.order_by("participant__email").values_list("state", flat=True))

    @property
    def numbers(self) -> list[int | None]:
        return [position(one) for one in Registration.objects.order_by("participant__email")]

    def conference_says(self, **fields: object) -> None:
        stored = Conference.objects.get(pk=self.conference.pk)
        version = version_of(stored)
        for name, value in fields.items():
            setattr(stored, name, value)
        change_row(stored, version=version, actor=SYSTEM)

    def opening(self, **times: object) -> None:
        wanted = {"is_open": True, "opens_at": None, "closes_at": None, "signup_minutes": 0} | times
        change_times(self.conference, actor=SYSTEM, **wanted)  # type: ignore[arg-type]  # named by the tests


@pytest.fixture
def full(db: None) -> Full:
    return Full()


def newest(number: int) -> list[str]:
    return list(Entry.objects.order_by("-pk").values_list("verb", flat=True)[:number])[::-1]


def test_who_confirms_for_a_full_conference_is_in_line_in_the_order_of_confirming(full: Full) -> None:
    assert full.states == ["accepted", "waitlisted", "waitlisted"]
    assert full.numbers == [None, 1, 2]
    assert newest(3) == ["registration.confirmed", "registration.queued", "registration.queued"]
    again = registering.take_part(full.bob, actor=SYSTEM, now=timezone.now())
    assert (again.state, full.numbers, Entry.objects.count()) == ("waitlisted", [None, 1, 2], 3)


def cancels(full: Full) -> None:
    registering.cancel(full.alice, actor=SYSTEM)


def is_declined(full: Full) -> None:
    deciding.decline(full.alice, actor=SYSTEM)


def is_erased(full: Full) -> None:
    erase(full.alice.participant)


def more_are_taken(full: Full) -> None:
    full.conference_says(capacity=2)


@pytest.mark.parametrize("frees", [cancels, is_declined, is_erased, more_are_taken])
def test_a_place_that_comes_free_goes_to_the_first_in_line(full: Full, frees: Callable[[Full], None]) -> None:
    frees(full)
    full.bob.refresh_from_db()
    full.charlie.refresh_from_db()
    assert (full.bob.state, full.bob.queued_at, full.bob.confirmed_at is None) == ("accepted", None, False)
    assert (full.charlie.state, position(full.charlie)) == ("waitlisted", 1)
    told = Entry.objects.get(verb="registration.confirmed", subject_id=full.bob.pk)
    assert told.data == {"by": "line"}


def test_without_a_limit_everybody_in_line_comes_in(full: Full) -> None:
    full.conference_says(capacity=None)
    assert full.states == ["accepted"] * 3


def test_a_lower_number_sends_nobody_away_and_lets_nobody_in(full: Full) -> None:
    full.conference_says(capacity=2)
    full.conference_says(capacity=1)
    registering.cancel(full.alice, actor=SYSTEM)
    assert full.states == ["cancelled", "accepted", "waitlisted"]


def test_who_leaves_the_line_is_no_longer_in_it_and_last_when_they_come_back(full: Full) -> None:
    deciding.withdraw(full.bob, actor=SYSTEM)
    assert (full.states, full.numbers) == (["accepted", "cancelled", "waitlisted"], [None, None, 1])
    registering.take_part(full.bob, actor=SYSTEM, now=timezone.now())
    assert full.numbers == [None, 2, 1]


def test_of_one_mailbox_none_that_is_cancelled_comes_in(full: Full) -> None:
    extra = full.registered("alice+2")
    assert keep_one(extra, [full.alice], actor=SYSTEM)[0].state == "cancelled"
    assert Registration.objects.get(pk=full.bob.pk).state == "accepted"
    kept = Registration.objects.get(pk=extra.pk)
    keep_one(Registration.objects.get(pk=full.bob.pk), [kept], actor=SYSTEM)  # of another mailbox: nothing happens
    assert position(kept) == 2


def test_where_organizers_decide_they_decide_about_the_line_too(full: Full) -> None:
    deciding.set_approval(full.conference, wanted=True, actor=SYSTEM)
    registering.cancel(full.alice, actor=SYSTEM)
    assert (full.states, full.numbers) == (["cancelled", "waitlisted", "waitlisted"], [None, 1, 2])
    deciding.approve(full.charlie, actor=SYSTEM, now=timezone.now())
    assert full.states == ["cancelled", "waitlisted", "accepted"]
    full.conference_says(capacity=2)
    assert full.states == ["cancelled", "waitlisted", "accepted"]
    deciding.set_approval(full.conference, wanted=False, actor=SYSTEM)
    assert full.states == ["cancelled", "accepted", "accepted"]


def test_whom_organizers_put_on_their_waiting_list_is_not_in_this_line(full: Full) -> None:
    other = make_registration(full.conference, state="submitted", confirmed_at=None)
    deciding.waitlist(other, actor=SYSTEM)
    registering.cancel(full.alice, actor=SYSTEM)
    other.refresh_from_db()
    assert (other.state, position(other), full.numbers.count(1)) == ("waitlisted", None, 1)


def test_the_line_ends_with_registration_and_stands_as_it_stood_when_that_opens_again(full: Full) -> None:
    full.opening(is_open=False)
    assert (full.states, full.numbers) == (["accepted", "cancelled", "cancelled"], [None, None, None])
    assert newest(2) == ["registration.line_ended"] * 2
    registering.cancel(full.alice, actor=SYSTEM)
    assert full.states == ["cancelled"] * 3
    full.opening()
    assert full.states == ["cancelled", "accepted", "waitlisted"]


def test_the_line_ends_by_the_clock(full: Full) -> None:
    closes = timezone.now() + timedelta(hours=1)
    full.opening(closes_at=closes)
    count = Entry.objects.count()
    tasks.close_lines()
    assert (full.states, Entry.objects.count()) == (["accepted", "waitlisted", "waitlisted"], count)
    assert settle_lines(now=closes) == 1
    assert full.states == ["accepted", "cancelled", "cancelled"]
    assert settle_lines(now=closes) == 0


def test_a_place_that_comes_free_after_the_closing_goes_to_nobody(full: Full) -> None:
    closes = timezone.now() + timedelta(hours=1)
    full.opening(closes_at=closes)
    registering.cancel(full.alice, actor=SYSTEM, now=closes)
    assert full.states == ["cancelled"] * 3


def test_who_confirms_a_full_conference_after_the_closing_is_not_in_line(full: Full) -> None:
    dana = make_registration(full.conference, **DRAFT)
    full.opening(is_open=False)
    names, facts = registering._take_in(dana, Conference.objects.get(), now=timezone.now())
    assert (names, facts, dana.state) == ([], [], "draft")


def rush(in_line: int) -> list[str]:
    """Two of a conference that takes two give their places back at the same moment as two more confirm, while so many
    are in line. What becomes of all of them; those two last.
    """
    conference = make_conference(capacity=2)
    people = [make_registration(conference, **DRAFT) for _ in range(4 + in_line)]
    now = timezone.now()
    for one in people[:-2]:
        registering.take_part(one, actor=SYSTEM, now=now)

    def cancel(one: Registration) -> Callable[[], object]:
        return lambda: registering.cancel(one, actor=SYSTEM)

    def confirm(one: Registration) -> Callable[[], object]:
        return lambda: registering.take_part(one, actor=SYSTEM, now=now)

    try:
        at_once([*map(cancel, people[:2]), *map(confirm, people[-2:])])
        states = dict(Registration.objects.values_list("pk", "state"))
        return [states[one.pk] for one in people]
    finally:
        Participant.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("in_line", "last"), [(2, "waitlisted"), (0, "accepted")])
def test_in_a_rush_nobody_is_passed_over(in_line: int, last: str) -> None:
    for _round in range(3):
        assert rush(in_line) == ["cancelled"] * 2 + ["accepted"] * in_line + [last] * 2


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_somebody_is_passed_over_in_a_rush(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above can fail; where both commit one after the other, the database refuses."""
    monkeypatch.setattr(conference_line, "lock_limited", lambda *ids: list(Conference.objects.filter(pk__in=ids)))

    def goes_wrong() -> bool:
        try:
            return rush(0) != ["cancelled"] * 2 + ["accepted"] * 2
        except IntegrityError:
            return True

    assert any(goes_wrong() for _round in range(40))


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE registration_registration SET state = 'accepted', queued_at = NULL WHERE id = {bob}", "room"),
        ("UPDATE registration_registration SET state = 'cancelled' WHERE id = {alice}", "first"),
        ("UPDATE schedule_conference SET capacity = 2 WHERE id = {conference}", "first"),
        ("UPDATE schedule_conference SET capacity = NULL WHERE id = {conference}", "first"),
        ("UPDATE registration_registration SET state = 'submitted' WHERE id = {bob}", "waits"),
    ],
)
def test_the_database_keeps_room_and_line(full: Full, statement: str, rule: str) -> None:
    names = {
        "room": "conference_takes_no_more_than_it_has_room_for",
        "first": "free_registration_goes_to_the_first_in_line",
        "waits": "registration_in_line_waits_or_did",
    }
    keys = {"bob": full.bob.pk, "alice": full.alice.pk, "conference": full.conference.pk}
    assert refused(statement.format(**keys)) == names[rule]
