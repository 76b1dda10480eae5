"""What the overview tells organizers to look at."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone, translation

from organize.overview.attention import pressing
from tests.factories import at, both, make_conference, make_room, make_session, publish

pytestmark = pytest.mark.django_db


def told(**texts: str) -> list[tuple[str, str, str]]:
    """Tone, title and text of what is said about printing a programme of two sessions."""
    conference = make_conference(slug="forum", name=both(texts["name"]))
    hall = make_room(conference)
    sessions = [make_session(conference, code=code, title=both(texts[code])) for code in ("A", "B")]
    publish(conference, [(sessions[0], hall, at(conference, "09:00")), (sessions[1], hall, at(conference, "10:00"))])
    items = pressing(conference, timezone.now())
    return [(item.tone, item.title, item.text) for item in items if item.url == "/forum/schedule.pdf"]


def test_characters_that_cannot_be_printed_are_told_with_their_place() -> None:
    with translation.override("en"):
        assert told(name="Forum", A="Lightning talks 🚀", B="བོད and 漢字") == [
            (
                "warning",
                "1 text has characters that the printed programme cannot show",
                "B: བོ (U+0F56 U+0F7C), ད (U+0F51)",
            )
        ]


def test_a_programme_that_can_be_printed_is_not_mentioned(client: Client) -> None:
    assert told(name="Forum 🎉", A="Lightning talks 🚀", B="ไทย, বাংলা, தமிழ்") == []
    made = client.get("/forum/schedule.pdf")
    assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
    assert made.content.startswith(b"%PDF-")
