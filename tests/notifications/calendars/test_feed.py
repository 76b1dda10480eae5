from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from notifications.calendars import events
from notifications.calendars.entries import CalendarEntry, CalendarError, CalendarInfo
from notifications.calendars.events import REMEMBERED_EVENTS, Memory, key_of
from notifications.calendars.files import MAX_FEED_BYTES, Feed, download, etag, feed
from tests.notifications.calendars.factories import ENTRY, INFO, make_entry, make_info, unfolded, values


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    REMEMBERED_EVENTS.clear()


class Kept(dict[str, bytes]):
    """Where events are kept; counts what was asked for and what was there."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.found = 0

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        found = {key: self[key] for key in keys if key in self}
        self.asked, self.found = self.asked + len(keys), self.found + len(found)
        return found

    def set_many(self, events: Mapping[str, bytes]) -> None:
        assert not self.keys() & events.keys()
        self.update(events)


class Lost(Kept):
    """One that forgets everything at once."""

    def set_many(self, events: Mapping[str, bytes]) -> None:
        pass


def several(number: int) -> list[CalendarEntry]:
    return [
        make_entry(
            uid=f"{index}@example.org", start=ENTRY.start + timedelta(hours=index), end=ENTRY.end + timedelta(days=9)
        )
        for index in range(number)
    ]


def test_a_feed_says_what_it_is_by_the_letter() -> None:
    info = make_info(
        name="인권, 도시", color="#1a2b3c", refresh_minutes=90, source_url="https://forum.example.org/a.ics"
    )
    lines = unfolded(feed([ENTRY], info).body)
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Plenary//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "NAME:인권\\, 도시",
        "X-WR-CALNAME:인권\\, 도시",
        "X-WR-TIMEZONE:Asia/Seoul",
        "COLOR:darkslategray",
        "X-APPLE-CALENDAR-COLOR:#1A2B3C",
        "LAST-MODIFIED:20170801T120000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H30M",
        "X-PUBLISHED-TTL:PT1H30M",
        "SOURCE;VALUE=URI:https://forum.example.org/a.ics",
    ]


def test_a_download_does_not_ask_to_be_fetched_again() -> None:
    info = make_info(source_url="https://forum.example.org/a.ics")
    fed, downloaded = unfolded(feed([ENTRY], info).body), unfolded(download([ENTRY], info).body)
    assert [line for line in fed if line not in downloaded] == [
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "SOURCE;VALUE=URI:https://forum.example.org/a.ics",
    ]


@pytest.mark.parametrize("make", [feed, download])
def test_a_feed_has_no_method_organizer_or_attendee(make: Callable[[list[CalendarEntry], CalendarInfo], Feed]) -> None:
    body = make([ENTRY, make_entry(uid="b@example.org", status="CANCELLED")], INFO).body
    assert [values(body, name) for name in ("METHOD", "ORGANIZER", "ATTENDEE")] == [[], [], []]


def test_cancelled_entries_stay_and_have_no_alarm() -> None:
    body = feed([make_entry(status="CANCELLED", alarm_minutes=10)], INFO).body
    assert values(body, "STATUS") == ["CANCELLED"]
    assert "BEGIN:VALARM" not in unfolded(body)


def test_entries_are_sorted_by_start_and_uid_whatever_their_order() -> None:
    entries = [
        make_entry(uid="b@x"),
        make_entry(uid="a@x"),
        make_entry(uid="c@x", start=ENTRY.start - timedelta(hours=1)),
    ]
    bodies = {feed(order, INFO).body for order in itertools.permutations(entries)}
    assert len(bodies) == 1
    assert values(bodies.pop(), "UID") == ["c@x", "a@x", "b@x"]


def test_the_same_rows_give_the_same_bytes_and_tag() -> None:
    kept = Kept()
    first = feed(several(20), make_info())
    for keep in (None, kept, kept):
        REMEMBERED_EVENTS.clear()
        again = feed(several(20), make_info(), keep)
        assert again == first
        assert etag(again.body) == etag(first.body)


def test_a_tag_is_strong_quoted_and_follows_the_body() -> None:
    assert etag(b"") == '"e3b0c44298fc1c149afbf4c8996fb924"'
    moved = [replace(ENTRY, sequence=1)]
    assert etag(feed([ENTRY], INFO).body) != etag(feed(moved, INFO).body)


def test_bytes_are_crlf_folded_utf8_without_mark() -> None:
    entry = make_entry(summary="제7회 세계인권도시포럼 👩‍👩‍👧‍👦 " * 20, description="가나다 라마바\n" * 80)
    body = feed([entry], make_info(name="인권" * 60)).body
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")
    assert max(map(len, body.split(b"\r\n"))) == 75
    for line in body.split(b"\r\n"):
        line.decode()


def test_one_bad_row_is_skipped_and_reported_and_breaks_nothing() -> None:
    good = several(2)
    bad = make_entry(uid="bad@example.org", url="https://example.org/\r\nX-EVIL:1")
    naive = make_entry(uid="naive@example.org", start=datetime(2017, 9, 14))
    made = feed([good[0], bad, naive, good[1]], INFO)
    assert made.body == feed(good, INFO).body
    assert made.skipped == (
        ("bad@example.org", "url: line breaks, blanks, control characters or component names in an address"),
        ("naive@example.org", "start: a time without a zone"),
    )


def test_of_two_entries_with_one_uid_the_newer_is_kept_and_the_other_reported() -> None:
    newer = replace(ENTRY, sequence=3, location="Room 210")
    for order in ([ENTRY, newer], [newer, ENTRY]):
        made = feed(order, INFO)
        assert made.body == feed([newer], INFO).body
        assert made.skipped == ((ENTRY.uid, "uid: used twice, the entry with the higher sequence is kept"),)


def test_a_category_has_no_comma() -> None:
    body = feed([make_entry(categories=("Peace, bread,, land", "A;B", " ", ",", "x\r\ny"))], INFO).body
    assert values(body, "CATEGORIES") == ["Peace · bread · land,A\\;B,x y"]


def test_an_entry_without_extras_has_no_empty_lines() -> None:
    entry = make_entry(description="", location=" \n", url="", categories=())
    body = feed([entry], INFO).body
    assert [values(body, name) for name in ("DESCRIPTION", "LOCATION", "URL", "CATEGORIES")] == [[], [], [], []]


def test_the_time_zones_cover_every_event_once() -> None:
    entries = [
        make_entry(uid="1@x", timezone="Europe/Berlin"),
        make_entry(uid="2@x", timezone="Asia/Seoul"),
        make_entry(uid="3@x", timezone="Europe/Berlin", end=datetime(2019, 1, 1, tzinfo=UTC)),
        make_entry(uid="4@x", timezone="UTC"),
    ]
    body = feed(entries, INFO).body
    assert values(body, "TZID") == ["Asia/Seoul", "Europe/Berlin"]
    assert [line for line in unfolded(body) if line.startswith("DTSTART") and "2017" in line] == [
        "DTSTART;TZID=Europe/Berlin:20170914T030000",
        "DTSTART;TZID=Asia/Seoul:20170914T100000",
        "DTSTART;TZID=Europe/Berlin:20170914T030000",
        "DTSTART:20170914T010000Z",
    ]


def test_a_time_zone_without_rules_is_told_for_the_years_of_the_first_event_and_of_the_last() -> None:
    """Morocco moves its clocks by the moon: each switch is named, and only those of these years."""
    entries = [
        make_entry(uid=f"{year}@x", timezone="Africa/Casablanca", start=start, end=start + timedelta(hours=1))
        for year in (2014, 2017)
        for start in [datetime(year, 9, 14, 1, tzinfo=UTC)]
    ]
    [zone] = feed(entries, INFO).body.split(b"END:VTIMEZONE")[:-1]
    named = {line[-15:-11] for line in zone.decode().split("\r\n") if line.startswith("DTSTART")}
    assert named == {"2013", "2014", "2015", "2016", "2017", "2018"}


def test_a_time_that_happens_twice_is_written_in_utc() -> None:
    start = datetime(2017, 10, 29, 0, 30, tzinfo=UTC)
    body = feed([make_entry(timezone="Europe/Berlin", start=start, end=start + timedelta(hours=3))], INFO).body
    assert values(body, "TZID") == []
    assert values(body, "DTSTART") == ["20171029T003000Z"]
    assert values(body, "DTEND") == ["20171029T033000Z"]


def test_size_is_counted_and_a_feed_over_the_limit_is_whole_and_flagged() -> None:
    made = feed([make_entry(uid=f"{index}@x", description="x" * 3000) for index in range(300)], INFO)
    assert made.size == len(made.body) > MAX_FEED_BYTES
    assert made.oversize
    assert unfolded(made.body).count("BEGIN:VEVENT") == 300
    assert Feed(b"x" * MAX_FEED_BYTES, ()).oversize is False
    assert Feed(b"x" * (MAX_FEED_BYTES + 1), ()).oversize is True


def test_written_events_are_kept_by_what_they_say() -> None:
    """And found by another process, which remembers none."""
    kept = Kept()
    first = feed([make_entry()], INFO, kept)
    REMEMBERED_EVENTS.clear()
    again = feed([make_entry()], make_info(name="Other"), kept)
    assert (kept.asked, kept.found, len(kept)) == (2, 1, 1)
    assert first.body.split(b"BEGIN:VEVENT")[1] == again.body.split(b"BEGIN:VEVENT")[1]
    REMEMBERED_EVENTS.clear()
    feed([make_entry(), make_entry(sequence=1)], INFO, kept)
    download([make_entry(language="ko")], INFO, kept)
    assert (kept.asked, kept.found, len(kept)) == (5, 2, 3)


def test_what_a_process_remembers_is_neither_looked_for_nor_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = feed(several(3), INFO)
    kept = Kept()
    assert feed(several(3), INFO, kept) == first
    assert (kept.asked, len(kept)) == (0, 0)
    assert feed([*several(3), ENTRY], INFO, kept) == feed([ENTRY, *several(3)], INFO)
    assert (kept.asked, kept.found, len(kept)) == (1, 0, 1)
    monkeypatch.setattr(events, "written_event", None)
    assert feed(several(3), INFO) == first


def test_an_hour_that_the_clocks_show_twice_is_remembered_twice() -> None:
    early = datetime(2037, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    end = datetime(2037, 10, 25, 5, tzinfo=UTC)
    both = [make_entry(start=early.replace(fold=fold), end=end, timezone="Europe/Berlin") for fold in (0, 1)]
    assert both[0] == both[1]
    written = [feed([one], INFO).body for one in both]
    REMEMBERED_EVENTS.clear()
    assert written == [*reversed([feed([one], INFO).body for one in reversed(both)])]
    assert written[0] != written[1]


def test_a_long_event_is_not_remembered() -> None:
    memory, entry = Memory(), several(1)[0]
    memory.put(entry, b"x" * 4001)
    assert memory.get(entry) is None
    memory.put(entry, b"x" * 4000)
    assert memory.get(entry) == b"x" * 4000


def test_a_process_remembers_so_many_events_and_no_more() -> None:
    memory, (one, two, three) = Memory(2), several(3)
    for entry in (one, two, one, three):
        memory.put(entry, entry.uid.encode())
    assert [memory.get(entry) for entry in (one, two, three)] == [None, b"1@example.org", b"2@example.org"]
    memory.clear()
    assert memory.get(three) is None


OTHER: dict[str, object] = {
    "uid": "other@example.org",
    "sequence": 1,
    "status": "CANCELLED",
    "start": ENTRY.start - timedelta(seconds=1),
    "end": ENTRY.end + timedelta(seconds=1),
    "timezone": "Europe/Berlin",
    "summary": "Other",
    "description": "Other",
    "location": "Other",
    "url": "https://other.example/",
    "categories": ("Other",),
    "changed_at": ENTRY.changed_at + timedelta(seconds=1),
    "created_at": None,
    "language": "ko",
    "conference_url": "https://meet.example.org/",
    "alarm_minutes": 10,
    "transparent": True,
    "all_day": True,
}


def test_whatever_an_entry_says_is_in_the_key_its_event_is_kept_under() -> None:
    assert OTHER.keys() == {field.name for field in fields(CalendarEntry)}
    keys = {key_of(make_entry(**{name: value})) for name, value in OTHER.items()}
    assert len(keys | {key_of(ENTRY)}) == len(OTHER) + 1
    assert key_of(make_entry()) == key_of(ENTRY)


def test_what_cannot_be_written_is_not_kept_and_what_is_lost_is_written_anew() -> None:
    entries = [ENTRY, make_entry(uid="bad@example.org", url="nowhere")]
    kept = Kept()
    made = []
    for _ in range(2):
        REMEMBERED_EVENTS.clear()
        made.append(feed(entries, INFO, kept))
    assert (len(kept), {each.skipped for each in made}) == (
        1,
        {(("bad@example.org", "url: not an http or https address"),)},
    )
    REMEMBERED_EVENTS.clear()
    assert feed(entries, INFO, Lost()) == feed(entries, INFO) == made[0] == made[1]


def test_a_row_that_only_the_library_refuses_breaks_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(events, "vInt", refuse)
    entry = make_entry(uid="odd@example.org")  # nobody else's: what was written once is remembered
    made = feed([entry], INFO)
    assert made.skipped == ((entry.uid, "icalendar: no such thing"),)
    assert unfolded(made.body)[-1] == "END:VCALENDAR"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prodid": ""}, "prodid"),
        ({"prodid": "x\nMETHOD:PUBLISH"}, "prodid"),
        ({"timezone": "Asia/Seoul\r\nX:1"}, "timezone"),
        ({"refresh_minutes": 0}, "refresh_minutes"),
        ({"source_url": "https://x.example\r\nX:1"}, "source_url"),
        ({"color": "red\r\nX:1"}, "color"),
        ({"color": "#12345"}, "color"),
        ({"color": "blackish"}, "color"),
    ],
)
def test_a_bad_calendar_is_refused_by_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(CalendarError, match=f"^{field}:"):
        feed([ENTRY], make_info(**changes))


@pytest.mark.parametrize(
    ("color", "lines"),
    [
        (None, []),
        ("", []),
        ("teal", ["COLOR:teal", "X-APPLE-CALENDAR-COLOR:#008080"]),
        ("#0080FF", ["COLOR:dodgerblue", "X-APPLE-CALENDAR-COLOR:#0080FF"]),
    ],
)
def test_a_color_is_given_as_name_and_number(color: str | None, lines: list[str]) -> None:
    assert [line for line in unfolded(feed([], make_info(color=color)).body) if "COLOR" in line] == lines


def test_icalendar_writes_a_feed_back_line_by_line() -> None:
    entries = [make_entry(summary="도시, 존엄; \\n " * 9, conference_url="https://meet.example.org/a", alarm_minutes=5)]
    body = feed([*entries, *several(3)], make_info(color="teal")).body
    calendar = icalendar.Calendar.from_ical(body)
    assert sorted(unfolded(calendar.to_ical(sorted=False))) == sorted(unfolded(body))


def test_whole_days_are_dates_with_the_day_after_as_their_end() -> None:
    """Whatever the zone, also where a day begins without its midnight."""
    for zone, start, end in (
        ("Asia/Seoul", datetime(2017, 9, 13, 15, tzinfo=UTC), datetime(2017, 9, 17, 15, tzinfo=UTC)),
        ("America/New_York", datetime(2017, 9, 14, 4, tzinfo=UTC), datetime(2017, 9, 18, 4, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2017, 3, 25, 22, tzinfo=UTC), datetime(2017, 3, 29, 21, tzinfo=UTC)),
    ):
        made = feed([make_entry(timezone=zone, start=start, end=end, all_day=True, created_at=None)], INFO)
        days = [line for line in unfolded(made.body) if line.startswith(("DTSTART", "DTEND", "TZID", "CREATED"))]
        first = start.astimezone(ZoneInfo(zone))
        assert days == [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{first + timedelta(days=4):%Y%m%d}"]
    moment = make_entry(start=ENTRY.start, end=ENTRY.end, all_day=True)
    assert feed([moment], INFO).skipped == ((ENTRY.uid, "end: not a day after the start"),)
