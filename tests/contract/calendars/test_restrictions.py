"""libical knows what a calendar may hold: it checks its tables of RFC 5546. (sabre/vobject 2.1 checks nothing.)"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from notifications.calendars.files import download, feed
from tests.contract.calendars.libical import complaints
from tests.contract.calendars.playing import SCENARIOS, play
from tests.contract.calendars.test_scenarios import sink
from tests.notifications.calendars.factories import make_entry, make_info, make_invite
from tests.smtp_sink import SmtpSink

__all__ = ["sink"]  # a fixture
FULL = make_entry(
    summary="제7회 세계인권도시포럼 🎉",
    alarm_minutes=15,
    conference_url="https://meet.example.org/room",
    categories=("Peace", "인권"),
)
DAYS = make_entry(uid="days@example.org", all_day=True, end=FULL.end.replace(day=18), transparent=True)
INFO = make_info(color="teal", source_url="https://forum.example.org/a.ics")
FILES: dict[str, Callable[[], bytes]] = {
    "request": lambda: make_invite(FULL),
    "request of a moved entry": lambda: make_invite(replace(FULL, sequence=3, timezone="Europe/Berlin")),
    "cancel": lambda: make_invite(replace(FULL, sequence=4), "CANCEL"),
    "feed": lambda: feed([FULL, replace(FULL, uid="off@example.org", status="CANCELLED"), DAYS], INFO).body,
    "download": lambda: download([FULL, DAYS], INFO).body,
    "empty feed": lambda: feed([], INFO).body,
}


@pytest.mark.parametrize("write", FILES.values(), ids=FILES.keys())
def test_libical_has_nothing_to_say_against_a_file(libical: None, write: Callable[[], bytes]) -> None:
    assert complaints(write()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", SCENARIOS)
def test_libical_has_nothing_to_say_against_what_happens_to_a_place(name: str, libical: None, sink: SmtpSink) -> None:
    files = [file for told in play(name, sink) for step in told for file in (step.mail, step.feed, step.public)]
    assert [complaints(file) for file in files] == [[]] * len(files)


def test_libical_does_say_what_is_wrong(libical: None) -> None:
    """Else its silence would mean nothing."""
    twice = make_invite(FULL).replace(b"STATUS:CONFIRMED\r\n", b"STATUS:CONFIRMED\r\nSTATUS:CONFIRMED\r\n")
    [said] = complaints(twice)
    assert said.startswith("Failed iTIP restrictions for STATUS property.")
