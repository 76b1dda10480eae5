"""How fast calendar files and calendar mails are made: `python -m bench.calendars`.

One process, one core. `run()` returns the figures for a common runner; a budget is a floor for rates and a ceiling
for times and sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TypedDict

from notifications.calendars.entries import CalendarEntry, CalendarInfo
from notifications.calendars.events import REMEMBERED_EVENTS
from notifications.calendars.files import MAX_FEED_BYTES, etag, feed, invite
from notifications.calendars.mail_parts import with_calendar
from notifications.calendars.zones import vtimezone
from notifications.inbound.replies.parsing import MAX_BYTES, MAX_LINES, replies_in

ROUNDS = 3
MAILS = 500


class Figure(TypedDict):
    """One measured figure with its budget."""

    name: str
    value: float
    unit: str
    budget: float | None


class Kept(dict[str, bytes]):
    """Written events in memory: what keeping them elsewhere takes is measured in bench/feeds.py."""

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return those that are there."""
        return {key: self[key] for key in keys if key in self}

    def set_many(self, events: Mapping[str, bytes]) -> None:
        """Keep them."""
        self.update(events)


INFO = CalendarInfo(
    name="인권도시포럼",
    timezone="Asia/Seoul",
    color="teal",
    refresh_minutes=60,
    source_url="https://forum.example.org/schedule.ics",
    language="ko",
    prodid="-//Plenary//Calendar//EN",
)


def entries(number: int) -> list[CalendarEntry]:
    """Return sessions with Korean titles and a paragraph of description."""
    start = datetime(2017, 9, 14, 0, 0, tzinfo=UTC)
    return [
        CalendarEntry(
            uid=f"session-{index}@forum.example.org",
            sequence=index % 4,
            status="CANCELLED" if index % 50 == 0 else "CONFIRMED",
            start=start + timedelta(minutes=15 * index),
            end=start + timedelta(minutes=15 * index + 90),
            timezone="Asia/Seoul",
            summary=f"세션 {index}: 인권도시와 시민의 참여, 그리고 존엄",
            description="도시는 모두의 것입니다. Cities belong to everybody; dignity is not for sale.\n" * 3,
            location="김대중컨벤션센터, 209호",
            url=f"https://forum.example.org/sessions/{index}/",
            categories=("주제회의",),
            changed_at=start - timedelta(days=30),
            created_at=start - timedelta(days=60),
            language="ko",
        )
        for index in range(number)
    ]


def best(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of some rounds."""
    seconds = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        seconds.append(perf_counter() - begun)
    return min(seconds)


def written_anew(listed: list[CalendarEntry], kept: Kept | None = None) -> None:
    """A feed of entries of which this process remembers none."""
    REMEMBERED_EVENTS.clear()
    feed(listed, INFO, kept)


def mail_part(entry: CalendarEntry) -> bytes:
    """Return one person's invite."""
    return invite(
        entry,
        method="REQUEST",
        organizer_name="인권도시포럼",
        organizer_address="calendar@forum.example.org",
        attendee_name="김 철수",
        attendee_address="kim@example.org",
        info=INFO,
    )


def mail(entry: CalendarEntry) -> bytes:
    """Return one whole mail as bytes, invite included."""
    text = "안녕하세요. 신청하신 세션이 확정되었습니다.\n" * 12
    message = with_calendar(text, f"<p>{text}</p>\n" * 2, mail_part(entry), "REQUEST", "session.ics")
    message["From"] = "Forum <calendar@forum.example.org>"
    message["To"] = "김 철수 <kim@example.org>"
    message["Subject"] = f"확정: {entry.summary}"
    message["Message-ID"] = f"<{entry.uid}>"
    return message.as_bytes()


def slow_replies() -> list[bytes]:
    """Return replies as large as they are read, each made to take long in another place."""
    fillings = ('ATTENDEE;A="";', "ATTENDEE;A=b,;", "ATTENDEE;A=,", "ATTENDEE;\\", "ATTENDEE\t;", "UID:\\n", "X\r\n ")
    head = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
    many = "\r\n".join(f"BEGIN:X{number}\r\nEND:X{number}" for number in range(MAX_LINES // 2 - 10))
    lines = [filling + filling[-3:] * (MAX_BYTES // 3) for filling in fillings]
    return [(head + line).encode()[:MAX_BYTES] for line in (*lines, many)]


def run() -> list[Figure]:
    """Measure everything; about three seconds."""
    thousand, confirmed = entries(1000), [replace(entry, status="CONFIRMED") for entry in entries(MAILS)]
    kept = Kept()
    whole = feed(thousand, INFO, kept)  # the time zone is made once in a process's life and has a figure of its own
    invites = best(lambda: [mail_part(entry) for entry in confirmed])
    mails = best(lambda: [mail(entry) for entry in confirmed])
    slowest = max(best(partial(replies_in, reply)) for reply in slow_replies())
    return [
        {"name": "invites written", "value": MAILS / invites, "unit": "/s", "budget": 1000},
        {"name": "mails composed with an invite", "value": MAILS / mails, "unit": "/s", "budget": 400},
        {
            "name": "feed of 1,000 entries, nothing kept",
            "value": 1000 * best(lambda: written_anew(thousand)),
            "unit": "ms",
            "budget": 400,
        },
        {
            "name": "feed of 1,000 entries, all kept",
            "value": 1000 * best(lambda: written_anew(thousand, kept)),
            "unit": "ms",
            "budget": 50,
        },
        {
            "name": "feed of 400 entries, nothing kept",
            "value": 1000 * best(lambda: written_anew(thousand[:400])),
            "unit": "ms",
            "budget": 200,
        },
        {
            "name": "personal feed of 12 entries",
            "value": 1000 * best(lambda: written_anew(thousand[:12])),
            "unit": "ms",
            "budget": 20,
        },
        {
            "name": "entity tag of 1,000 entries",
            "value": 1000 * best(lambda: etag(whole.body)),
            "unit": "ms",
            "budget": 5,
        },
        {"name": "size of 1,000 entries", "value": whole.size / 1000, "unit": "kB", "budget": MAX_FEED_BYTES / 1000},
        {
            "name": "time zone with switches, first time",
            "value": 1000 * best(lambda: vtimezone.__wrapped__("Europe/Berlin", 2017, 2017)),
            "unit": "ms",
            "budget": 50,
        },
        {"name": "reply made to be slow, the slowest", "value": 1000 * slowest, "unit": "ms", "budget": 500},
    ]


if __name__ == "__main__":
    for figure in run():
        budget = "" if figure["budget"] is None else f"{figure['budget']:>10,.0f}"
        print(f"{figure['name']:<42}{figure['value']:>10,.1f} {figure['unit']:<4}{budget}")
