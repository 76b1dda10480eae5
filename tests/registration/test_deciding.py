from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from journal.models import Entry
from registration import deciding
from registration.models import Registration, SignUp
from registration.signing_up import sign_up
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

pytestmark = pytest.mark.django_db
State = Registration.State
DECISIONS: dict[str, Callable[[Registration], Registration]] = {
    "receive": lambda one: deciding.receive(one, actor="organizer:1"),
    "approve": lambda one: deciding.approve(one, actor="organizer:1", now=timezone.now()),
    "decline": lambda one: deciding.decline(one, actor="organizer:1"),
    "waitlist": lambda one: deciding.waitlist(one, actor="organizer:1"),
}
AFTER = {"receive": "submitted", "approve": "accepted", "decline": "declined", "waitlist": "waitlisted"}
VERBS = {"receive": "received", "approve": "approved", "decline": "declined", "waitlist": "waitlisted"}
# From which states each can be decided; "same" stays as it is and writes nothing.
ALLOWED = {
    "receive": {"draft", "cancelled"},
    "approve": {"submitted", "under-review", "waitlisted", "declined"},
    "decline": {"submitted", "under-review", "waitlisted", "accepted", "checked-in"},
    "waitlist": {"submitted", "under-review"},
}
SAME = {"receive": set(), "approve": {"accepted", "checked-in"}, "decline": {"declined"}, "waitlist": {"waitlisted"}}


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


def test_nothing_is_received_without_consent() -> None:
    registration = make_registration(make_conference(), state="draft", consented_at=None)
    with pytest.raises(deciding.DecisionRefused) as refused:
        deciding.receive(registration, actor="organizer:1")
    assert (refused.value.code, written()) == ("no-consent", [])


def test_last_place_is_given_once() -> None:
    conference = make_conference(capacity=1)
    first, second = (make_registration(conference, state="submitted") for _ in range(2))
    deciding.approve(first, actor="organizer:1", now=timezone.now())
    with pytest.raises(deciding.DecisionRefused) as refused:
        deciding.approve(second, actor="organizer:1", now=timezone.now())
    second.refresh_from_db()
    assert (refused.value.code, second.state, len(written())) == ("full", "submitted", 1)


def test_places_of_a_declined_registration_go_to_whoever_waits() -> None:
    conference = make_conference()
    room, session = make_room(conference, capacity=1), make_session(conference)
    publish(conference, [(session, room, at(conference, "10:00"))])
    alice, bob = make_registration(conference), make_registration(conference)
    held, waiting = (sign_up(one, session, actor="test") for one in (alice, bob))
    deciding.decline(alice, actor="organizer:1")
    states = dict(SignUp.objects.values_list("pk", "state"))
    assert states == {held.pk: "left", waiting.pk: "confirmed"}
