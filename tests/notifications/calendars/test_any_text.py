"""Whatever people type, a file keeps its lines."""

from __future__ import annotations

from typing import Any

import icalendar
import vobject
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendars.entries import CalendarError
from notifications.calendars.files import feed
from tests.notifications.calendars.factories import ENTRY, INFO, make_entry, make_info, make_invite, unfolded

PIECES = st.sampled_from(
    [
        "\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\x00", "\t", " ", ":", ";", ",", "\\", "\\n",
        "BEGIN:VEVENT", "END:VEVENT", "end:vcalendar", "ATTENDEE:mailto:eve@example.org", "X-EVIL:1", "METHOD:PUBLISH",
        '"', "^", "=", "http://", "@", "가", "👩‍👩‍👧", "\ud800", "\ufeff",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join)


def names(body: bytes) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in unfolded(body)]


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_any_text_leaves_an_invite_its_lines(
    summary: str, description: str, place: str, kind: str, person: str
) -> None:
    # An ending that is not white space: an empty text would leave out its line.
    entry = make_entry(
        summary=f"{summary}.", description=f"{description}.", location=f"{place}.", categories=(f"{kind}.",)
    )
    body = make_invite(entry, attendee_name=person, organizer_name=person)
    assert names(body) == names(make_invite())
    (event,) = vobject.readOne(body.decode()).vevent_list
    (other,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert event.summary.value == str(other["SUMMARY"])
    assert event.description.value == str(other["DESCRIPTION"])


@given(TEXT)
def test_any_calendar_name_leaves_a_feed_its_lines(name: str) -> None:
    assert names(feed([ENTRY], make_info(name=name)).body) == names(feed([ENTRY], INFO).body)


@given(st.sampled_from(["uid", "url", "conference_url", "timezone"]), TEXT)
def test_any_identifier_or_address_is_refused_or_leaves_a_feed_its_lines(field: str, text: str) -> None:
    prefix = "https://example.org/" if field.endswith("url") else ""
    changes: dict[str, Any] = {"conference_url": "https://example.org/x", field: prefix + text}
    made = feed([make_entry(**changes)], INFO)
    if made.skipped:
        assert made.skipped[0][1].startswith(f"{field}: ")
        assert names(made.body) == names(feed([], INFO).body)
    else:
        plain = make_entry(conference_url="https://example.org/x")
        assert names(made.body) == names(feed([plain], INFO).body)


@given(TEXT)
def test_any_address_is_refused_or_leaves_an_invite_its_lines(text: str) -> None:
    try:
        body = make_invite(attendee_address=f"{text}@example.org")
    except CalendarError as error:
        refused = str(error)
    else:
        refused = ""
        assert names(body) == names(make_invite())
    assert refused.partition(":")[0] in ("", "attendee_address")
