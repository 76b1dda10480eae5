from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.registrations import deciding
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

pytestmark = pytest.mark.django_db
State = Registration.State
DECISIONS: dict[str, Callable[[Registration], Registration]] = {
    "approve": lambda one: deciding.approve(one, actor=Actor.organizer(1), now=timezone.now()),
    "decline": lambda one: deciding.decline(one, actor=Actor.organizer(1)),
    "waitlist": lambda one: deciding.waitlist(one, actor=Actor.organizer(1)),
    "withdraw": lambda one: deciding.withdraw(one, actor=Actor.organizer(1)),
}
AFTER = {
    "approve": "accepted", "decline": "declined", "waitlist": "waitlisted",
    "withdraw": "cancelled",
}  # fmt: skip
VERBS = AFTER | {"approve": "approved"}
# From which states each can be decided; "same" stays as it is and writes nothing.
ALLOWED = {
    "approve": {"submitted", "under-review", "waitlisted", "declined"},
    "decline": {"submitted", "under-review", "waitlisted", "accepted", "checked-in"},
    "waitlist": {"submitted", "under-review"},
    "withdraw": {"submitted", "under-review", "waitlisted"},
}
SAME = {
    "approve": {"accepted", "checked-in"},
    "decline": {"declined"},
    "waitlist": {"waitlisted"},
    "withdraw": {"cancelled"},
}


def written() -> list[tuple[str, str, int | None]]:
    return list(Entry.objects.order_by("pk").values_list("verb", "actor", "subject_id"))


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("decision", DECISIONS)
def test_each_decision_from_each_state(decision: str, state: str) -> None:
    registration = make_registration(make_conference(), state=state)
    if state in ALLOWED[decision]:
        assert DECISIONS[decision](registration).state == AFTER[decision]
        expected, verbs = AFTER[decision], [(f"registration.{VERBS[decision]}", "organizer:1", registration.pk)]
    elif state in SAME[decision]:
        assert DECISIONS[decision](registration).state == state
        expected, verbs = state, []
    else:
        with pytest.raises(deciding.DecisionRefused):
            DECISIONS[decision](registration)
        expected, verbs = state, []
    registration.refresh_from_db()
    assert (registration.state, written()) == (expected, verbs)


def test_last_place_is_given_once() -> None:
    conference = make_conference(capacity=1)
    first, second = (make_registration(conference, state="submitted") for _ in range(2))
    deciding.approve(first, actor=Actor.organizer(1), now=timezone.now())
    with pytest.raises(deciding.DecisionRefused) as refused:
        deciding.approve(second, actor=Actor.organizer(1), now=timezone.now())
    second.refresh_from_db()
    assert (refused.value.code, second.state, len(written())) == ("full", "submitted", 1)


def test_places_of_a_declined_registration_go_to_whoever_waits() -> None:
    conference = make_conference()
    room, session = make_room(conference, capacity=1), make_session(conference)
    publish(conference, [(session, room, at(conference, "10:00"))])
    alice, bob = make_registration(conference), make_registration(conference)
    held, waiting = (sign_up(one, session, actor=SYSTEM) for one in (alice, bob))
    deciding.decline(alice, actor=Actor.organizer(1))
    states = dict(SignUp.objects.values_list("pk", "state"))
    assert states == {held.pk: "left", waiting.pk: "confirmed"}


def test_one_refusal_holds_up_none_of_the_others() -> None:
    conference = make_conference(capacity=1)
    first, cancelled, second = (
        make_registration(conference, state=state) for state in ("submitted", "cancelled", "submitted")
    )
    decided = deciding.decide(
        [first, cancelled, second], deciding.Decision.APPROVE, actor=Actor.organizer(1), now=timezone.now()
    )
    assert [one.pk for one in decided.done] == [first.pk]
    assert [(one.pk, refusal.code) for one, refusal in decided.refused] == [
        (cancelled.pk, "not-open"),
        (second.pk, "full"),
    ]
    assert written() == [("registration.approved", "organizer:1", first.pk)]


@pytest.mark.parametrize("decision", deciding.Decision)
def test_deciding_about_several_does_what_deciding_about_one_does(decision: deciding.Decision) -> None:
    registration = make_registration(make_conference(), state="submitted")
    deciding.decide([registration], decision, actor=Actor.organizer(1), now=timezone.now())
    registration.refresh_from_db()
    assert (registration.state, set(deciding.DECIDABLE[decision])) == (AFTER[decision], ALLOWED[decision])


def test_who_decides_is_written_when_it_changes() -> None:
    conference, other = make_conference(), make_conference()
    for wanted in (False, True, True, False):
        deciding.set_approval(conference, wanted=wanted, actor=Actor.organizer(1))
    conference.refresh_from_db()
    other.refresh_from_db()
    assert (conference.approves_registrations, other.approves_registrations) == (False, False)
    assert list(Entry.objects.order_by("pk").values_list("verb", "subject_id", "conference_id", "data")) == [
        ("conference.approval_changed", conference.pk, conference.pk, {"wanted": wanted}) for wanted in (True, False)
    ]
