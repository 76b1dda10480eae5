"""The schema is true: committed, valid, and kept by what the API answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from api.schema import described
from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.fixtures.conferences import Agenda, signed_in

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.yaml"


@cache
def committed() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.load(COMMITTED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return schema


def test_the_committed_schema_is_up_to_date_and_valid(tmp_path: Path) -> None:
    """Written by `manage.py spectacular --file docs/reference/openapi.yaml`."""
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert committed() == yaml.safe_load(made.read_text(encoding="utf-8"))


def test_the_schema_is_served(client: Client) -> None:
    served = client.get("/api/v1/schema/?format=json").json()
    assert served["paths"] == committed()["paths"]


def test_the_schema_is_worked_out_once_for_each_language(client: Client) -> None:
    described.cache_clear()
    answers = [
        client.get(f"/api/v1/schema/?format=json{more}") for more in ("", "&lang=ko", "", "&lang=ko", "&lang=xx")
    ]
    assert [one.status_code for one in answers] == [200] * 5
    assert (answers[0].content, answers[1].content) == (answers[2].content, answers[3].content)
    assert described.cache_info().misses == len({"en", "ko", "xx"})


def test_the_reference_names_every_operation_without_a_script(client: Client) -> None:
    page = client.get("/api/v1/").content.decode()
    paths = committed()["paths"]
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert [name for name in names if f'<h2 id="{name}">' not in page] == []
    assert "confirmed | waiting | offered | left" in page
    assert "<script>" not in page
    assert "//" not in page.split("</head>")[1].replace("http://www.w3.org", "")


@pytest.fixture
def api(agenda: Agenda, alice: Registration, bob: Registration) -> Iterator[BaseSchema]:
    """The API as Alice calls it; she holds a place in A, and B is full."""
    sign_up(alice, agenda.a, actor=SYSTEM)
    sign_up(bob, agenda.b, actor=SYSTEM)
    session = signed_in(alice.participant).cookies["sessionid"].value
    token = "a" * 32
    # As Django's own test client does: a request must not close the connection the test's transaction is on.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    schema.config.headers = {
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-CSRFToken": token,
        "Host": "localhost",
    }
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [(path, method) for path, methods in committed()["paths"].items() for method in methods]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_as_described(api: BaseSchema, path: str, method: str) -> None:
    """Whatever is sent: a described status and body, never an error of the server."""

    @given(case=api[path][method].as_strategy())
    @settings(max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=[not_a_server_error, status_code_conformance, response_schema_conformance])

    ask()
