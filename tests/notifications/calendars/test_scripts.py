"""Names in the world's scripts come out of a calendar file as they went in."""

from __future__ import annotations

import icalendar
import pytest

from notifications.calendars.files import feed
from tests.notifications.calendars.factories import INFO, make_entry, make_invite
from tests.scripts import HOSTILE, NAMES


def test_every_script_is_read_back() -> None:
    entries = [make_entry(uid=f"{n}@example.org", summary=name, location=name) for n, name in enumerate(NAMES.values())]
    body = feed(entries, INFO).body
    events = icalendar.Calendar.from_ical(body).walk("VEVENT")
    read = {str(event["UID"]): (str(event["SUMMARY"]), str(event["LOCATION"])) for event in events}
    assert read == {f"{n}@example.org": (name, name) for n, name in enumerate(NAMES.values())}
    # Lines are folded between characters, never within one (RFC 5545, 3.1).
    assert [line.decode() for line in body.split(b"\r\n") if len(line) > 75] == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_stays_within_its_line(kind: str) -> None:
    [event] = icalendar.Calendar.from_ical(make_invite(make_entry(summary=f"{HOSTILE[kind]}."))).walk("VEVENT")
    assert str(event["SUMMARY"]).endswith(".")
    assert "\n" not in str(event["SUMMARY"])
    assert str(event["LOCATION"]) == "Room 209"
