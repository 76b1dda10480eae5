from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from notifications.calendars.entries import CalendarError
from notifications.calendars.files import feed, invite
from tests.notifications.calendars.factories import ENTRY, INFO, make_entry, make_info, make_invite, unfolded, values


def test_an_invite_by_the_letter() -> None:
    assert unfolded(make_invite(make_entry(alarm_minutes=15))) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Plenary//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Seoul",
        "BEGIN:STANDARD",
        "DTSTART:19890101T000000",
        "TZOFFSETFROM:+0900",
        "TZOFFSETTO:+0900",
        "TZNAME:KST",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "UID:reg7-session12@forum.example.org",
        "DTSTAMP:20170801T120000Z",
        "CREATED:20170701T120000Z",
        "LAST-MODIFIED:20170801T120000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "DTSTART;TZID=Asia/Seoul:20170914T100000",
        "DTEND;TZID=Asia/Seoul:20170914T113000",
        "SUMMARY:Cities and dignity",
        "DESCRIPTION:Bring your badge.",
        "LOCATION:Room 209",
        "URL:https://forum.example.org/sessions/12/",
        "CATEGORIES:Thematic session",
        "ORGANIZER;CN=Forum:mailto:calendar@forum.example.org",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=Alice:mailto:alice@example.org",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Cities and dignity",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_cancel_keeps_uid_organizer_and_attendee_and_drops_the_alarm() -> None:
    request, cancel = make_invite(make_entry(alarm_minutes=15)), make_invite(make_entry(sequence=1), "CANCEL")
    for name in ("UID", "ORGANIZER", "ATTENDEE"):
        assert values(cancel, name) == values(request, name)
    assert values(cancel, "METHOD") == ["CANCEL"]
    assert values(cancel, "STATUS") == ["CANCELLED"]
    assert values(cancel, "SEQUENCE") == ["1"]
    assert "BEGIN:VALARM" in unfolded(request)
    assert "BEGIN:VALARM" not in unfolded(make_invite(make_entry(alarm_minutes=15), "CANCEL"))


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invite_has_exactly_one_event_and_one_attendee(method: Any) -> None:
    body = make_invite(method=method)
    assert unfolded(body).count("BEGIN:VEVENT") == 1
    assert values(body, "ATTENDEE") == ["mailto:alice@example.org"]
    assert values(body, "ORGANIZER") == ["mailto:calendar@forum.example.org"]
    assert values(body, "X-WR-CALNAME") == []


@pytest.mark.parametrize("method", ["PUBLISH", "REPLY", "request", "", "REQUEST\r\nX:1"])
def test_other_methods_are_never_mailed(method: Any) -> None:
    with pytest.raises(CalendarError, match="method"):
        make_invite(method=method)


def test_a_cancelled_entry_is_not_requested() -> None:
    with pytest.raises(CalendarError, match="cancelled"):
        make_invite(make_entry(status="CANCELLED"))


@pytest.mark.parametrize("field", ["organizer_address", "attendee_address"])
@pytest.mark.parametrize(
    "address",
    [
        "alice@example.org\r\nATTENDEE:mailto:eve@example.org",
        "alice@example.org\n",
        "alice@example.org\x00",
        "alice@example.org,eve@example.org",
        "alice@example.org;X=1",
        "Alice <alice@example.org>",
        "alice",
        "a@b@c",
        "END:VEVENT@example.org",
        "",
    ],
)
def test_a_bad_address_is_refused_by_name(field: str, address: str) -> None:
    wrong: dict[str, Any] = {field: address}
    with pytest.raises(CalendarError, match=field):
        make_invite(**wrong)


def test_a_nameless_person_is_called_by_the_address() -> None:
    lines = unfolded(make_invite(attendee_name=" \x00 ", organizer_name=""))
    assert "ORGANIZER;CN=calendar@forum.example.org:mailto:calendar@forum.example.org" in lines
    assert lines[-3].endswith(";CN=alice@example.org:mailto:alice@example.org")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uid": ""}, "uid"),
        ({"uid": "a\r\nX-EVIL:1"}, "uid"),
        ({"uid": "END:VEVENT"}, "uid"),
        ({"sequence": -1}, "sequence"),
        ({"status": "NEEDS-ACTION"}, "status"),
        ({"start": datetime(2017, 9, 14, 10, 0)}, "start"),
        ({"end": datetime(2017, 9, 14, 10, 0)}, "end"),
        ({"changed_at": datetime(2017, 9, 14, 10, 0)}, "changed_at"),
        ({"created_at": datetime(2017, 9, 14, 10, 0)}, "created_at"),
        ({"end": ENTRY.start}, "end"),
        ({"end": ENTRY.start - timedelta(hours=1)}, "end"),
        ({"start": datetime(1970, 12, 31, tzinfo=UTC)}, "start"),
        ({"end": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "start"),
        ({"timezone": "Europe/Gwangju"}, "timezone"),
        ({"summary": " \r\n\x00"}, "summary"),
        ({"url": "https://example.org/\r\nX-EVIL:1"}, "url"),
        ({"url": "https://example.org/\n"}, "url"),
        ({"url": "https://example.org/a b"}, "url"),
        ({"url": "https://example.org/BEGIN:VEVENT"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": "//example.org/"}, "url"),
        ({"conference_url": "https://example.org/\rX-EVIL:1"}, "conference_url"),
        ({"conference_url": "file:///etc/passwd"}, "conference_url"),
        ({"alarm_minutes": -1}, "alarm_minutes"),
        ({"alarm_minutes": 40_321}, "alarm_minutes"),
    ],
)
def test_an_entry_that_cannot_be_written_truthfully_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(CalendarError, match=f"^{field}:"):
        make_invite(make_entry(**changes))


def test_a_bad_prodid_is_refused() -> None:
    with pytest.raises(CalendarError, match="prodid"):
        invite(
            ENTRY,
            method="REQUEST",
            organizer_name="Forum",
            organizer_address="calendar@forum.example.org",
            attendee_name="Alice",
            attendee_address="alice@example.org",
            info=make_info(prodid="x\r\nMETHOD:PUBLISH"),
        )


def test_the_same_row_gives_the_same_bytes() -> None:
    assert make_invite(make_entry()) == make_invite(make_entry())


def test_a_mailed_entry_has_the_uid_and_sequence_of_the_feed() -> None:
    entry = make_entry(sequence=41)
    mailed, fed = make_invite(entry), feed([entry], INFO).body
    for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "SUMMARY"):
        mailed_values = values(mailed, name)
        assert mailed_values[-1:] == values(fed, name)[-1:]
    assert values(mailed, "SEQUENCE") == ["41"]


def test_transparent_entries_do_not_make_busy() -> None:
    assert values(make_invite(make_entry(transparent=True)), "TRANSP") == ["TRANSPARENT"]


@pytest.mark.parametrize(
    ("language", "label"), [("ko", "온라인 참여"), ("ko-KR", "온라인 참여"), ("fr", "Join online")]
)
def test_the_online_link_is_labelled_in_the_readers_language(language: str, label: str) -> None:
    body = make_invite(make_entry(language=language, conference_url="https://meet.example.org/a"))
    assert values(body, "DESCRIPTION") == [f"Bring your badge.\\n\\n{label}: https://meet.example.org/a"]
    assert f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL={label}:https://meet.example.org/a" in unfolded(body)


def test_an_online_link_that_the_description_has_already_is_not_repeated() -> None:
    body = make_invite(
        make_entry(description="At https://meet.example.org/a", conference_url="https://meet.example.org/a")
    )
    assert values(body, "DESCRIPTION") == ["At https://meet.example.org/a"]


def test_addresses_are_percent_encoded() -> None:
    assert values(make_invite(make_entry(url="https://example.org/포럼?q=가#나")), "URL") == [
        "https://example.org/%ED%8F%AC%EB%9F%BC?q=%EA%B0%80#%EB%82%98"
    ]
    assert values(make_invite(make_entry(url="https://포럼.example/a%20b")), "URL") == [
        "https://xn--cm2bx42c.example/a%20b"
    ]


def test_icalendar_reads_an_invite_without_complaint() -> None:
    calendar = icalendar.Calendar.from_ical(make_invite(make_entry(summary="도시, 존엄; \\ " * 12, alarm_minutes=5)))
    (event,) = calendar.walk("VEVENT")
    assert calendar.errors == event.errors == []
    assert str(event["SUMMARY"]) == ("도시, 존엄; \\ " * 12).strip()
    assert event.decoded("DTSTART") == ENTRY.start
