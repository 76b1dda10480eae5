"""What the database refuses, in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg import errors
from rest_framework.request import Request
from rest_framework.views import APIView

from api.refusals import RefusalHandler
from ops.backends import refusals
from ops.backends.refusals import CookiesWithoutControlCharacters, Refusals
from registration.models import Participant, Registration
from schedule.models import Conference, Room
from tests.factories import make_conference, make_registration, make_room
from values.database import refusal_in

SECRET = "dana@example.org"


def twice(conference: Conference) -> None:
    Participant.objects.create(email=SECRET)
    Participant.objects.create(email=SECRET)


def registered_twice(conference: Conference) -> None:
    person = make_registration(conference)
    Registration.objects.create(conference=conference, participant=person.participant)


def too_long(conference: Conference) -> None:
    Room.objects.create(conference=conference, code="x" * 300, name="Hall", capacity=1)


def with_nul(conference: Conference) -> None:
    Room.objects.filter(code="a\x00b").exists()


def too_large(conference: Conference) -> None:
    Room.objects.filter(pk=make_room(conference).pk).update(capacity=2**40)


def moved_elsewhere(conference: Conference) -> None:
    Room.objects.filter(pk=make_room(conference).pk).update(conference=make_conference())


def below_zero(conference: Conference) -> None:
    Room.objects.filter(pk=make_room(conference).pk).update(position=F("position") - 10_000)


@pytest.mark.parametrize(
    ("change", "status", "sentence", "cause"),
    [
        (twice, 409, "There is such an entry already. Nothing was changed.", "one_participant_per_email"),
        (
            registered_twice,
            409,
            "This person is registered already.",
            "one_registration_per_conference_and_participant",
        ),
        (too_long, 422, "A value is too long, too large", "StringDataRightTruncation"),
        (with_nul, 422, "A value is too long, too large", "DataError"),
        (too_large, 422, "A value is too long, too large", "NumericValueOutOfRange"),
        (moved_elsewhere, 409, "This stays in its conference. Nothing was changed.", "rows_keep_their_conference"),
        (below_zero, 409, "A number must not be below 0. Nothing was changed.", "schedule_room_position_check"),
    ],
)
def test_each_refusal_has_a_sentence(
    db: None, change: Callable[[Conference], None], status: int, sentence: str, cause: str
) -> None:
    conference = make_conference()
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        change(conference)
    found = refusal_in(caught.value)
    assert found is not None
    assert (found.status, str(found.sentence)[: len(sentence)], found.cause) == (status, sentence, cause)
    assert SECRET not in f"{found.sentence} {found.cause}"


def met() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = errors.DeadlockDetected("deadlock detected")
    return error


def test_two_at_once_are_told_to_try_again() -> None:
    found = refusal_in(met())
    assert found is not None
    assert (found.status, str(found.sentence)) == (
        409,
        "Somebody else changed the same at this moment, so nothing was changed. Please try again.",
    )


@pytest.mark.parametrize("error", [ProgrammingError("no such column"), OperationalError("the server has gone")])
def test_our_own_faults_are_none_of_these(error: DatabaseError) -> None:
    assert refusal_in(error) is None


def refusing(request: HttpRequest) -> HttpResponse:
    raise IntegrityError(f"Key (email)=({SECRET}) already exists")


def test_a_page_says_it_and_the_log_names_nobody(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    request = client.get("/").wsgi_request
    lines: list[str] = []
    monkeypatch.setattr(refusals.logger, "warning", lambda line, *values: lines.append(line % values))
    answer = Refusals(refusing).process_exception(request, IntegrityError(f"({SECRET}) already exists"))
    assert answer is not None
    html = answer.content.decode()
    assert (answer.status_code, "This does not agree with what is there already." in html) == (409, True)
    assert SECRET not in html
    assert lines == ["the database refused GET : IntegrityError"]
    assert Refusals(refusing).process_exception(request, ValueError("ours")) is None


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (IntegrityError("no"), 409, "conflict"),
        (DataError("no"), 422, "unprocessable"),
        (met(), 409, "conflict"),
        (ProgrammingError("ours"), 500, "error"),
    ],
)
def test_the_api_says_it_in_its_one_shape(error: Exception, status: int, code: str, db: None) -> None:
    request = Request(RequestFactory().get("/"))
    answer = RefusalHandler(error, {"view": APIView(), "args": (), "kwargs": {}, "request": request}).run()
    assert answer is not None
    assert (answer.status_code, [one["code"] for one in answer.data["errors"]]) == (status, [code])


def test_cookies_with_control_characters_are_left_out() -> None:
    request = RequestFactory().get("/", headers={"cookie": r'sessionid="abcdefgh\000"; kept=1; two="a\012b"'})
    assert set(request.COOKIES) == {"sessionid", "kept", "two"}
    CookiesWithoutControlCharacters(lambda _: HttpResponse())(request)
    assert request.COOKIES == {"kept": "1"}


def test_the_connection_is_whole_afterwards(db: None) -> None:
    """The control: each refusal above left its transaction, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
