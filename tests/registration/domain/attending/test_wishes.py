from __future__ import annotations

from journal.actors import SYSTEM
from registration.domain.attending.wishes import sign_up_wishes
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.factories import at, make_session
from tests.fixtures.conferences import Agenda


def test_wishes_become_places_dearest_first(agenda: Agenda, alice: Registration, bob: Registration) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    unplaced = make_session(agenda.conference, code="D")
    set_interests(alice, [agenda.a, agenda.b, unplaced, agenda.c], actor=SYSTEM)
    outcomes = sign_up_wishes(alice, actor=SYSTEM)
    found = [
        (one.session.code, one.signup.state if one.signup else None, one.refusal.code if one.refusal else None)
        for one in outcomes
    ]
    assert found == [
        ("A", "confirmed", None),
        ("B", None, "clash"),
        ("D", None, "not-on-offer"),
        ("C", "confirmed", None),
    ]


def test_a_full_wish_waits_and_asking_again_changes_nothing(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    set_interests(alice, [agenda.b], actor=SYSTEM)
    first = [one.signup for one in sign_up_wishes(alice, actor=SYSTEM)]
    again = [one.signup for one in sign_up_wishes(alice, actor=SYSTEM)]
    assert [one.state for one in first if one] == ["waiting"]
    assert first == again


def test_wishes_whose_sign_up_has_closed_are_left_out(agenda: Agenda, alice: Registration) -> None:
    set_interests(alice, [agenda.c, agenda.a], actor=SYSTEM)
    outcomes = sign_up_wishes(alice, actor=SYSTEM, now=at(agenda.conference, "11:00"))
    assert [(one.session.code, one.signup.state if one.signup else None) for one in outcomes] == [("C", "confirmed")]
