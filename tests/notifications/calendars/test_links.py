from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from notifications.calendars.entries import CalendarError
from notifications.calendars.links import (
    MAX_LINK,
    google_link,
    google_subscribe_link,
    outlook_link,
    outlook_subscribe_link,
    webcal,
)
from tests.notifications.calendars.factories import ENTRY, make_entry

KOREAN = make_entry(summary="인권 & 도시", description="첫째\r\n둘째", location="Room 2+3")


def fields(link: str) -> dict[str, str]:
    return {name: "".join(value) for name, value in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def test_google_is_given_the_entry() -> None:
    link = google_link(KOREAN)
    assert link.startswith("https://calendar.google.com/calendar/render?")
    assert fields(link) == {
        "action": "TEMPLATE",
        "text": "인권 & 도시",
        "dates": "20170914T010000Z/20170914T023000Z",
        "ctz": "Asia/Seoul",
        "location": "Room 2+3",
        "details": "https://forum.example.org/sessions/12/\n\n첫째\n둘째",
    }


@pytest.mark.parametrize(("work", "host"), [(False, "outlook.live.com"), (True, "outlook.office.com")])
def test_outlook_is_given_the_entry(work: bool, host: str) -> None:
    link = outlook_link(KOREAN, work=work)
    assert link.startswith(f"https://{host}/calendar/0/deeplink/compose?")
    assert "+" not in link  # Outlook shows a plus sign as it is
    assert fields(link) == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "인권 & 도시",
        "startdt": "2017-09-14T01:00:00Z",
        "enddt": "2017-09-14T02:30:00Z",
        "location": "Room 2+3",
        "body": "https://forum.example.org/sessions/12/\n\n첫째\n둘째",
    }


def test_the_online_link_comes_first_and_an_empty_description_leaves_no_field() -> None:
    entry = replace(ENTRY, description="", conference_url="https://meet.example.org/a")
    assert fields(google_link(entry))["details"] == "https://meet.example.org/a\nhttps://forum.example.org/sessions/12/"
    assert "details" not in fields(google_link(replace(ENTRY, description="", url="")))


@pytest.mark.parametrize(("make", "field"), [(google_link, "details"), (outlook_link, "body")])
def test_a_long_description_is_shortened_until_the_link_fits(make, field: str) -> None:  # type: ignore[no-untyped-def]  # two signatures
    text = "인권도시 " * 500
    link = make(replace(ENTRY, description=text, url=""))
    shown = fields(link)[field]
    assert MAX_LINK - 30 < len(link) <= MAX_LINK
    assert shown.endswith("…")
    assert text.startswith(shown[:-1])


def test_feeds_can_be_subscribed() -> None:
    url = "https://forum.example.org/calendar/abc.ics"
    assert webcal(url) == "webcals://forum.example.org/calendar/abc.ics"
    assert webcal(url.replace("https", "http")) == "webcal://forum.example.org/calendar/abc.ics"
    assert fields(google_subscribe_link(url)) == {"cid": "webcal://forum.example.org/calendar/abc.ics"}
    assert google_subscribe_link(url).startswith("https://calendar.google.com/calendar/r?")
    assert fields(outlook_subscribe_link(url, "인권 & 도시")) == {"url": url, "name": "인권 & 도시"}
    assert outlook_subscribe_link(url, "x").startswith("https://outlook.live.com/calendar/0/addfromweb?")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "webcal://x.example/", "/calendar/a.ics", "https://x\r\ny/", ""]
)
def test_only_web_addresses_can_be_subscribed(url: str) -> None:
    for make in (webcal, google_subscribe_link, lambda address: outlook_subscribe_link(address, "x")):
        with pytest.raises(CalendarError, match="url"):
            make(url)


def test_a_bad_entry_gets_no_link() -> None:
    bad = make_entry(url="javascript:alert(1)")
    for make in (google_link, outlook_link):
        with pytest.raises(CalendarError, match="url"):
            make(bad)


def test_whole_days_have_no_clock_and_end_with_the_day_after() -> None:
    entry = make_entry(
        start=datetime(2017, 9, 13, 15, tzinfo=UTC), end=datetime(2017, 9, 17, 15, tzinfo=UTC), all_day=True
    )
    assert fields(google_link(entry))["dates"] == "20170914/20170918"
    outlook = fields(outlook_link(entry))
    assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == ("2017-09-14", "2017-09-18", "true")
    assert "allday" not in fields(outlook_link(make_entry()))
