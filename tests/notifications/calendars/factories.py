"""Boring entries and calendars to vary in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from notifications.calendars.entries import CalendarEntry, CalendarInfo, Method
from notifications.calendars.files import invite

ENTRY = CalendarEntry(
    uid="reg7-session12@forum.example.org",
    sequence=0,
    status="CONFIRMED",
    start=datetime(2017, 9, 14, 1, 0, tzinfo=UTC),
    end=datetime(2017, 9, 14, 2, 30, tzinfo=UTC),
    timezone="Asia/Seoul",
    summary="Cities and dignity",
    description="Bring your badge.",
    location="Room 209",
    url="https://forum.example.org/sessions/12/",
    categories=("Thematic session",),
    changed_at=datetime(2017, 8, 1, 12, 0, tzinfo=UTC),
    created_at=datetime(2017, 7, 1, 12, 0, tzinfo=UTC),
    language="en",
)
INFO = CalendarInfo(
    name="Human rights cities",
    timezone="Asia/Seoul",
    color=None,
    refresh_minutes=60,
    source_url=None,
    language="en",
    prodid="-//Plenary//Calendar//EN",
)


def make_entry(**changes: Any) -> CalendarEntry:
    return replace(ENTRY, **changes)


def make_info(**changes: Any) -> CalendarInfo:
    return replace(INFO, **changes)


def make_invite(entry: CalendarEntry = ENTRY, method: Method = "REQUEST", **changes: Any) -> bytes:
    people = {
        "organizer_name": "Forum",
        "organizer_address": "calendar@forum.example.org",
        "attendee_name": "Alice",
        "attendee_address": "alice@example.org",
    }
    return invite(entry, method=method, info=INFO, **(people | changes))


def unfolded(body: bytes) -> list[str]:
    """Return the content lines of a file, by the letter of RFC 5545 3.1 and independent of the code under test."""
    assert body.endswith(b"\r\n")
    return body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def values(body: bytes, name: str) -> list[str]:
    """Return the raw values of every content line with this name, in order."""
    return [line.partition(":")[2] for line in unfolded(body) if line.partition(":")[0].partition(";")[0] == name]
