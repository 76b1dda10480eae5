from __future__ import annotations

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, SignUp
from schedule.models import Conference
from tests.factories import at, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from tests.responses import Response

SIGNUPS = "/api/v1/conferences/forum/signups/"


def post(client: Client, **body: object) -> Response:
    return client.post(SIGNUPS, body, content_type="application/json")


def test_signing_up_reading_and_leaving(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    made = post(client, session="A")
    signup = SignUp.objects.get()
    expected: dict[str, object] = {
        "uid": str(signup.uid),
        "session": "A",
        "title": {"en": "Session A", "ko": "Session A (한국어)"},
        "state": "confirmed",
        "position": None,
        "waiting": None,
        "willing": None,
        "exchange": "ask",
        "gives_up": [],
        "offered_until": None,
        "start": "2037-06-01T10:00:00+09:00",
        "end": "2037-06-01T11:00:00+09:00",
        "room": "big",
    }
    assert (made.status_code, made.json()) == (201, expected)
    again = post(client, session="A")
    assert (again.status_code, again.json()) == (200, expected)
    assert client.get(SIGNUPS).json() == {"count": 1, "next": None, "previous": None, "results": [expected]}
    one = f"{SIGNUPS}{signup.uid}/"
    assert client.get(one).json() == expected
    left = client.delete(one)
    assert (left.status_code, left.content) == (204, b"")
    assert client.get(SIGNUPS).json()["results"] == []
    assert client.delete(one).status_code == 404


def test_a_full_session_gives_a_place_in_line(agenda: Agenda, alice: Registration, bob: Registration) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    made = post(signed_in(alice.participant), session="B")
    assert (made.status_code, made.json()["state"], made.json()["position"]) == (201, "waiting", 1)


def test_waiting_beside_a_place_says_how_it_stands_and_what_would_be_given_up(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    bobs = sign_up(bob, agenda.b, actor=SYSTEM)
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    made = post(client, session="B", exchange="swap")
    stands = {name: made.json()[name] for name in ("state", "position", "waiting", "willing", "exchange", "gives_up")}
    assert (made.status_code, stands) == (
        201,
        {"state": "waiting", "position": 1, "waiting": 1, "willing": 0, "exchange": "swap", "gives_up": ["A"]},
    )
    one = f"{SIGNUPS}{made.json()['uid']}/"
    asks = client.patch(one, {"exchange": "ask"}, content_type="application/json")
    assert (asks.status_code, asks.json()["exchange"]) == (200, "ask")
    assert client.patch(one, {"exchange": "never"}, content_type="application/json").status_code == 400
    client.patch(one, {"exchange": "swap"}, content_type="application/json")
    leave(bobs, actor=SYSTEM)
    assert {row["session"]: row["state"] for row in client.get(SIGNUPS).json()["results"]} == {"B": "confirmed"}
    assert client.patch(one, {"exchange": "ask"}, content_type="application/json").status_code == 409


def test_a_place_that_is_offered_is_taken_and_what_it_gives_up_goes_on(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    bobs = sign_up(bob, agenda.b, actor=SYSTEM)
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    one = f"{SIGNUPS}{post(client, session='B').json()['uid']}/"
    confirmed = {"state": "confirmed"}
    early = client.patch(one, confirmed, content_type="application/json")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "not-offered")
    leave(bobs, actor=SYSTEM)
    assert (client.get(one).json()["state"], client.get(one).json()["gives_up"]) == ("offered", ["A"])
    assert signed_in(bob.participant).patch(one, confirmed, content_type="application/json").status_code == 404
    for wrong in ({}, {"state": "left"}, confirmed | {"exchange": "swap"}):
        assert client.patch(one, wrong, content_type="application/json").status_code == 400
    taken = client.patch(one, confirmed, content_type="application/json")
    assert (taken.status_code, taken.json()["state"], taken.json()["offered_until"]) == (200, "confirmed", None)
    assert {row["session"]: row["state"] for row in client.get(SIGNUPS).json()["results"]} == {"B": "confirmed"}
    assert client.patch(one, confirmed, content_type="application/json").status_code == 409


def test_a_clash_is_409_in_the_one_shape_of_errors(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    refused = post(signed_in(alice.participant), session="B")
    assert refused.status_code == 409
    assert refused.json() == {
        "type": "client_error",
        "errors": [
            {
                "code": "clash",
                "detail": "This overlaps “Session A”, where you have a place. Leave that session to take this one.",
                "attr": None,
            }
        ],
    }
    assert SignUp.objects.count() == 1


def test_a_session_by_invitation_is_409(agenda: Agenda, alice: Registration) -> None:
    agenda.by_invitation(agenda.a)
    refused = post(signed_in(alice.participant), session="A")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "by-invitation")


def test_a_registration_that_is_not_active_is_409(alice: Registration) -> None:
    Registration.objects.update(state="cancelled")
    refused = post(signed_in(alice.participant), session="A")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not-registered")


@pytest.mark.parametrize(
    "body", [{}, {"session": ""}, {"session": 5.5}, {"session": ["A"]}, {"session": "a b"}, {"session": None}]
)
def test_a_body_that_names_no_session_is_400(alice: Registration, body: dict[str, object]) -> None:
    refused = post(signed_in(alice.participant), **body)
    assert refused.status_code == 400
    assert (refused.json()["type"], refused.json()["errors"][0]["attr"]) == ("validation_error", "session")


def test_strangers_are_asked_to_sign_in(agenda: Agenda, alice: Registration, client: Client) -> None:
    held = sign_up(alice, agenda.a, actor=SYSTEM)
    for response in (client.get(SIGNUPS), post(client, session="C"), client.delete(f"{SIGNUPS}{held.uid}/")):
        assert response.status_code == 401
        assert response.json()["errors"] == [
            {"code": "not_authenticated", "detail": "Authentication credentials were not provided.", "attr": None}
        ]
    held.refresh_from_db()
    assert held.state == "confirmed"


def test_what_belongs_to_others_is_not_found(
    agenda: Agenda, alice: Registration, bob: Registration, charlie: Registration
) -> None:
    held = sign_up(alice, agenda.a, actor=SYSTEM)
    for other in (bob, charlie):
        client = signed_in(other.participant)
        for response in (client.get(f"{SIGNUPS}{held.uid}/"), client.delete(f"{SIGNUPS}{held.uid}/")):
            assert response.status_code == 404
    missing = signed_in(bob.participant).get(f"{SIGNUPS}{uuid.uuid4()}/")
    foreign = signed_in(bob.participant).get(f"{SIGNUPS}{held.uid}/")
    assert (missing.status_code, missing.json()) == (foreign.status_code, foreign.json())
    assert signed_in(charlie.participant).get(SIGNUPS).status_code == 404
    held.refresh_from_db()
    assert held.state == "confirmed"


def test_a_session_of_another_conference_is_not_found(
    agenda: Agenda, alice: Registration, elsewhere: Conference
) -> None:
    other = make_session(elsewhere, code="X")
    publish(elsewhere, [(other, make_room(elsewhere), at(elsewhere, "10:00"))])
    make_registration(elsewhere, participant=alice.participant)
    assert post(signed_in(alice.participant), session="X").status_code == 404
    assert SignUp.objects.count() == 0


def test_a_change_wants_the_csrf_token(agenda: Agenda, alice: Registration) -> None:
    held = sign_up(alice, agenda.a, actor=SYSTEM)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(alice.participant).cookies
    assert client.delete(f"{SIGNUPS}{held.uid}/").status_code == 403
    assert client.get(SIGNUPS).status_code == 200
    client.get("/my/forum/")
    token = {"x-csrftoken": client.cookies["csrftoken"].value}
    assert client.delete(f"{SIGNUPS}{held.uid}/", headers=token).status_code == 204


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same(
    agenda: Agenda, alice: Registration, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for session in (agenda.a, agenda.c, agenda.b)[:number]:
        SignUp.objects.create(registration=alice, session=session, state="left")
    SignUp.objects.filter(session__in=[agenda.a, agenda.c]).update(state="confirmed")
    client = signed_in(alice.participant)
    with django_assert_num_queries(5):  # browser session, participant, registration, count, sign-ups
        client.get(SIGNUPS)
