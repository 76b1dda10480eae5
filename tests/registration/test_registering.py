"""Registering in three steps, from the first page to one's own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from journal.models import Entry
from registration import tokens
from registration.models import MagicLink, Registration
from tests.registration.conftest import Agenda
from tests.registration.steps import AGREED, about

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.registration.urls")]


def fill_in(client: Client, *, needs: dict[str, object] | None = None, **fields: object) -> None:
    assert client.post("/forum/register/", about(**fields)).headers["Location"] == "/forum/register/needs/"
    sent = client.post("/forum/register/needs/", {"wishes": ["A", "C"], "wishes-rank-C": "1"} | (needs or {}))
    assert sent.headers["Location"] == "/forum/register/review/"


def newest_link() -> str:
    link = MagicLink.objects.latest("created_at")
    return f"/my/link/{tokens.token_for(tokens.Purpose.MAGIC_LINK, link.uid)}/"


def test_registering_from_first_page_to_own_page(agenda: Agenda, client: Client) -> None:
    assert client.get("/forum/register/").status_code == 200
    fill_in(client)
    page = client.get("/forum/register/review/").content.decode()
    assert "dana@example.org" in page
    assert client.post("/forum/register/review/", AGREED).headers["Location"] == "/forum/register/sent/"
    assert "dana@example.org" in client.get("/forum/register/sent/").content.decode()
    registration = Registration.objects.get()
    assert (registration.state, registration.display_name) == ("draft", "")

    assert "dana@example.org" in client.get(newest_link()).content.decode()
    registration.refresh_from_db()
    assert registration.state == "draft"  # a mail scanner that opens the link confirms nothing

    before = client.session.session_key
    assert client.post(newest_link()).headers["Location"] == "/my/forum/"
    assert client.session.session_key != before
    registration.refresh_from_db()
    assert (registration.state, registration.display_name, registration.country) == ("accepted", "Dana", "KR")
    wished = registration.interests.order_by("rank").values_list("session__code", flat=True)
    assert list(wished) == ["C", "A"]
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "link.requested", "registration.answered", "interests.changed", "registration.confirmed",
    ]  # fmt: skip
    page = client.get("/my/forum/").content.decode()
    assert "Dana, registered with dana@example.org" in page
