"""The schema is true: committed, valid, and kept by what the API answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from registration.access import SESSION_KEY
from tests.registration.conftest import Agenda, signed_in

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.yaml"


def test_the_committed_schema_is_up_to_date_and_valid(tmp_path: Path) -> None:
    """Written by `manage.py spectacular --file docs/reference/openapi.yaml`."""
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert yaml.safe_load(COMMITTED.read_text(encoding="utf-8")) == yaml.safe_load(made.read_text(encoding="utf-8"))


def test_the_schema_is_served(client: Client) -> None:
    served = client.get("/api/v1/schema/?format=json").json()
    assert served["paths"] == yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))["paths"]


def test_the_reference_names_every_operation_without_a_script(client: Client) -> None:
    page = client.get("/api/v1/").content.decode()
    paths = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))["paths"]
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert [name for name in names if f'<h2 id="{name}">' not in page] == []
    assert "<script>" not in page
    assert "//" not in page.split("</head>")[1].replace("http://www.w3.org", "")
