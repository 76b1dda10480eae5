"""What an address names and is not there is said, on every page that narrows a list."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import Actor
from notifications.webhooks.editing import subscribe
from tests.organize.conftest import Desk

NOT_THERE = "is not there, so it narrows nothing."


@pytest.fixture
def webhook(desk: Desk) -> str:
    found = subscribe(
        desk.conference,
        actor=Actor.organizer(desk.alice.pk),
        now=timezone.now(),
        name="Site",
        url="https://site.example/",
        verbs=["room.closed"],
    )
    return f"webhooks/{found.uid}/"


@pytest.mark.parametrize(
    ("page", "name", "known", "said"),
    [
        ("registrations/", "state", "accepted", "State: “nonsense”"),
        ("registrations/", "country", "", "Country: “nonsense”"),
        ("outbox/", "kind", "", "Kind: “nonsense”"),
        ("outbox/", "session", "TALK", "Session: “nonsense”"),
        ("journal/", "about", "draft", "About: “nonsense”"),
        ("conflicts/", "level", "warn", "Level: “nonsense”"),
        ("conflicts/", "kind", "unplaced", "Kind: “nonsense”"),
        ("webhook", "state", "queued", "State: “nonsense”"),
    ],
)
def test_a_filter_that_is_not_there_is_said(
    desk: Desk, alice: Client, webhook: str, page: str, name: str, known: str, said: str
) -> None:
    address = f"/organize/forum/{webhook if page == 'webhook' else page}"
    assert f"{said} {NOT_THERE}" in alice.get(address, {name: "nonsense"}).content.decode()
    assert NOT_THERE not in alice.get(address, {name: known}).content.decode()


def test_what_an_address_says_stays_text(desk: Desk, alice: Client) -> None:
    html = alice.get("/organize/forum/journal/", {"about": "<b>x</b>"}).content.decode()
    assert "“&lt;b&gt;x&lt;/b&gt;”" in html
    assert "<b>x</b>" not in html


def test_conflicts_of_a_timetable_that_is_gone_are_not_those_of_another(desk: Desk, alice: Client) -> None:
    html = alice.get("/organize/forum/conflicts/", {"of": "draft-0"}).content.decode()
    assert "There is no timetable “draft-0” (any more). Choose another." in html
    assert "No conflicts" not in html
    assert "checked at" not in html
    published = alice.get("/organize/forum/conflicts/", {"of": "published"}).content.decode()
    assert "Release 1" in published
    assert "(any more)" not in published


def test_drafts_and_releases_come_newest_first(desk: Desk, alice: Client) -> None:
    drafts = [desk.draft, *(desk.new_draft(name) for name in ("Second", "Third"))]
    desk.add_sessions(1)
    context: Any = alice.get("/organize/forum/programme/").context
    assert list(context["drafts"]) == drafts[::-1]
    assert [one["release"].number for one in context["releases"]] == [2, 1]
