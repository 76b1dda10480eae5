"""What happens to an entry over time reads the same everywhere: new, changed, cancelled, in mail and in the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifications.calendars.files import download, feed
from tests.contract.calendars.parsers import Parse, as_read_by
from tests.notifications.calendars.factories import make_entry, make_info, make_invite

NEW = make_entry(alarm_minutes=15)
MOVED = replace(NEW, sequence=1, start=NEW.start + timedelta(hours=3), end=NEW.end + timedelta(hours=3), location="210")
CANCELLED = replace(MOVED, sequence=2, status="CANCELLED", changed_at=datetime(2017, 9, 1, tzinfo=UTC))


def test_update_then_cancel_keep_the_uid_and_raise_the_sequence(parse: Parse) -> None:
    mails = [make_invite(NEW), make_invite(MOVED), make_invite(CANCELLED, "CANCEL")]
    seen = [parse(mail) for mail in mails]
    assert [calendar.method for calendar in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [event for calendar in seen for event in calendar.events]
    assert [(event.uid, event.sequence, event.status) for event in events] == [
        (NEW.uid, 0, "CONFIRMED"),
        (NEW.uid, 1, "CONFIRMED"),
        (NEW.uid, 2, "CANCELLED"),
    ]
    assert [(event.start, event.location) for event in events] == [
        (NEW.start, "Room 209"),
        (MOVED.start, "210"),
        (MOVED.start, "210"),
    ]


def test_a_mail_and_the_feed_show_one_entry_as_the_same(parse: Parse) -> None:
    (mailed,), (fed,) = parse(make_invite(MOVED)).events, parse(feed([MOVED], make_info()).body).events
    assert replace(mailed, names=frozenset()) == replace(fed, names=frozenset())


def test_a_feed_keeps_cancelled_entries_and_the_order_of_starts(parse: Parse) -> None:
    tentative = make_entry(uid="later@example.org", status="TENTATIVE", start=MOVED.start, end=MOVED.end)
    early = make_entry(uid="early@example.org", status="CANCELLED", sequence=4)
    seen = parse(feed([MOVED, tentative, early], make_info()).body)
    assert seen.method is None
    assert seen.components == 3
    assert [(event.uid, event.status, event.sequence) for event in seen.events] == [
        ("early@example.org", "CANCELLED", 4),
        ("later@example.org", "TENTATIVE", 0),
        (NEW.uid, "CONFIRMED", 1),
    ]


def test_a_download_reads_like_its_feed(parse: Parse) -> None:
    entries = [NEW, make_entry(uid="other@example.org", status="CANCELLED")]
    assert parse(download(entries, make_info()).body).events == parse(feed(entries, make_info()).body).events


def test_an_empty_feed_is_a_calendar(parse: Parse) -> None:
    seen = parse(feed([], make_info()).body)
    assert (seen.components, seen.events) == (0, ())


def test_addresses_and_categories_survive(parser: str, parse: Parse) -> None:
    entry = make_entry(
        url="https://forum.example.org/s/12/?a=1,2;b=3&c=%20#now",
        conference_url="https://meet.example.org/room?pwd=x,y;z",
        categories=("Peace, bread", "인권"),
    )
    (event,) = parse(make_invite(entry)).events
    assert event.url == entry.url
    assert event.description == as_read_by(parser, f"Bring your badge.\n\nJoin online: {entry.conference_url}")
    assert set(event.categories) == {"Peace · bread", "인권"}


def test_an_online_entry_without_a_page_has_its_link_as_url(parse: Parse) -> None:
    (event,) = parse(make_invite(make_entry(url="", conference_url="https://meet.example.org/room"))).events
    assert event.url == "https://meet.example.org/room"


def test_times_that_happen_twice_are_told_apart(parse: Parse) -> None:
    """02:30 in Berlin on the night clocks go back: the first and the second, an hour apart."""
    first = datetime(2017, 10, 29, 0, 30, tzinfo=UTC)
    for start in (first, first + timedelta(hours=1)):
        entry = make_entry(timezone="Europe/Berlin", start=start, end=start + timedelta(minutes=20))
        (event,) = parse(make_invite(entry)).events
        assert (event.start, event.end) == (entry.start, entry.end)
