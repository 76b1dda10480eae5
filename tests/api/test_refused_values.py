"""Everything the API can be sent, with what the database would refuse: 4xx in words, and nothing written.

Made from the committed schema and from the address configuration: an operation that is in neither row below, a field
without a value that is right, or a method that the schema does not know, fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

import pytest
from django.db import DataError, IntegrityError
from django.test import Client

from api.v1.urls import urlpatterns
from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups import signing_up
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from tests.api.test_schema import committed
from tests.factories import make_conference, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from tests.responses import Response

SCHEMA = committed()
WRITING = ("post", "put", "patch", "delete")
# By operation: a body that is right.
RIGHT: Mapping[str, Mapping[str, Any]] = {
    "signups_create": {"session": "A", "exchange": "ask"},
    "signups_partial_update": {"exchange": "swap", "state": "confirmed"},
    "signups_destroy": {},
}
DEEP: Any = "x"
for _ in range(200):
    DEEP = [DEEP]
# Nothing, other kinds of values, too long, out of any range, what cannot be kept, and what belongs to somebody else.
WRONG = [
    None, "", 0, -1, 2**63, 1e300, True, [], {}, ["A"], {"code": "A"}, DEEP,
    "x" * 5000, "a\x00b", "\ud800", "\u202e", "\u200b", "ELSEWHERE", "' OR 1=1 --",
]  # fmt: skip


def operations() -> list[tuple[str, str, str]]:
    """Operation, method and path of all that writes."""
    return [
        (said["operationId"], method, path)
        for path, methods in SCHEMA["paths"].items()
        for method, said in methods.items()
        if method in WRITING
    ]


def fields(operation: str) -> list[str]:
    """What may be sent to it."""
    [said] = [
        one for methods in SCHEMA["paths"].values() for one in methods.values() if one["operationId"] == operation
    ]
    if "requestBody" not in said:
        return []
    name = said["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    return sorted(SCHEMA["components"]["schemas"][name]["properties"])


def test_every_operation_that_writes_has_a_row() -> None:
    assert {name for name, _, _ in operations()} == set(RIGHT)
    assert {name: fields(name) for name in RIGHT} == {name: sorted(body) for name, body in RIGHT.items()}


def test_every_route_writes_only_as_the_schema_says(agenda: Agenda, alice: Registration) -> None:
    """The schema leaves nothing out: what it does not name is refused as a method."""
    client = signed_in(alice.participant)
    place = sign_up(alice, agenda.a, actor=SYSTEM)
    known = {(method, path) for _, method, path in operations()}
    for one in urlpatterns:
        path = f"/api/v1/{one.pattern}".replace("<slug:slug>", "{slug}").replace("<uuid:uid>", "{uid}")
        for method in set(WRITING) - {method for method, said in known if said == path}:
            answer = client.generic(method.upper(), path.format(slug="forum", uid=place.uid), "{}", "application/json")
            assert answer.status_code == 405, (method, path)


@pytest.fixture
def elsewhere(db: None) -> None:
    other = make_conference(slug="other", is_public=True)
    session = make_session(other, code="ELSEWHERE")
    publish(other, [(session, make_room(other), other.origin)])


def ask(client: Client, operation: str, place: SignUp, body: object) -> Response:
    [(method, path)] = [(method, path) for name, method, path in operations() if name == operation]
    # What cannot be encoded is sent as JSON escapes it.
    return client.generic(
        method.upper(), path.format(slug="forum", uid=place.uid), json.dumps(body), "application/json"
    )


def stands() -> tuple[int, list[Any]]:
    return Entry.objects.count(), list(SignUp.objects.order_by("pk").values())


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("operation", sorted(set(RIGHT) - {"signups_destroy"}))
def test_what_is_wrong_is_refused_in_words(
    operation: str, language: str, agenda: Agenda, alice: Registration, bob: Registration, elsewhere: None
) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    place = sign_up(alice, agenda.b, actor=SYSTEM)
    client = signed_in(alice.participant)
    client.raise_request_exception = False
    before = stands()
    sent: list[Any] = [["A"], DEEP]
    sent += [{**RIGHT[operation], name: value} for name in RIGHT[operation] for value in WRONG]
    for body in sent:
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        answer = ask(client, operation, place, body)
        said = answer.json()
        assert answer.status_code in (400, 404, 409, 422), (body, answer.status_code)
        assert [bool(one["code"] and one["detail"]) for one in said["errors"]] == [True] * len(said["errors"])
        assert stands() == before


@pytest.mark.parametrize(
    ("error", "status"), [(IntegrityError("Key (email)=(dana@example.org)"), 409), (DataError("dana@example.org"), 422)]
)
@pytest.mark.parametrize("operation", sorted(RIGHT))
def test_what_only_the_database_refuses_is_refused_in_words(
    operation: str, error: Exception, status: int, agenda: Agenda, alice: Registration
) -> None:
    """Whatever slips through every check before it, at each operation."""
    place = sign_up(alice, agenda.a, actor=SYSTEM)
    body = {"signups_partial_update": {"exchange": "swap"}}.get(operation, RIGHT[operation])
    client = signed_in(alice.participant)
    before = stands()
    with mock.patch.multiple(
        signing_up,
        **{name: mock.Mock(side_effect=error) for name in ("sign_up", "leave", "choose_exchange", "take_offer")},
    ):
        answer = ask(client, operation, place, body)
    assert (answer.status_code, stands()) == (status, before)
    [said] = answer.json()["errors"]
    assert said["detail"].endswith("Nothing was changed.")
    assert "dana" not in answer.content.decode()
