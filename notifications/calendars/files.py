"""Calendar files: the invite that is mailed, and the feed or download that is fetched (RFC 5545, 5546, 6047, 7986).

The two shapes are never mixed. An invite has a METHOD, one event, an organizer and one attendee; a feed or download
has none of these, may have many events, and keeps the cancelled ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC

import icalendar
from icalendar import vDatetime, vDuration, vUri

from .checks import check_info, checked, clock_of, identifier, mail_address, one_line, web_address
from .colors import color_names
from .entries import CalendarEntry, CalendarError, CalendarInfo, Method
from .events import Keep, events, written_event
from .values import TextValue, mailbox, span, word, written
from .zones import vtimezones

MAX_FEED_BYTES = 900_000
"""A larger feed is refused by Google, whose limit is about 1 MB."""

_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar and what could not be put into it.

    `skipped` holds (uid, reason) for every entry that was left out, for the organizer to see. Nothing else is ever
    left out: a feed over the limit is complete and says so in `oversize`; the caller decides what to narrow.
    """

    body: bytes
    skipped: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.body)

    @property
    def oversize(self) -> bool:
        """Whether some clients will refuse this feed because of its size."""
        return self.size > MAX_FEED_BYTES


def invite(
    entry: CalendarEntry,
    *,
    method: Method,
    organizer_name: str,
    organizer_address: str,
    attendee_name: str,
    attendee_address: str,
    info: CalendarInfo,
) -> bytes:
    """Return the calendar part of one mail to one person.

    `organizer_address` is the robot mailbox that absorbs replies, aligned with From. The attendee has accepted
    already and is not asked to answer. CANCEL writes STATUS:CANCELLED and no alarm; its `entry` carries the raised
    sequence. Raises CalendarError for a bad entry or address, and for a REQUEST of a cancelled entry.
    """
    if method == "CANCEL":
        entry = replace(entry, status="CANCELLED")
    elif method != "REQUEST":
        raise CalendarError(f"method: {method!r} is not mailed")
    elif entry.status == "CANCELLED":
        raise CalendarError("method: a cancelled entry is not requested")
    identifier("prodid", info.prodid)
    organizer_address = mail_address("organizer_address", organizer_address)
    attendee_address = mail_address("attendee_address", attendee_address)
    plain = checked(entry)
    calendar = _opened(info)
    calendar["METHOD"] = word(method)
    people = {
        "ORGANIZER": mailbox(organizer_address, organizer_name),
        "ATTENDEE": mailbox(
            attendee_address,
            attendee_name,
            CUTYPE="INDIVIDUAL",
            ROLE="REQ-PARTICIPANT",
            PARTSTAT="ACCEPTED",
            RSVP="FALSE",
        ),
    }
    return _joined(calendar, [*vtimezones([(entry, plain.clock)]), written_event(plain, people)])


def feed(entries: Iterable[CalendarEntry], info: CalendarInfo, keep: Keep | None = None) -> Feed:
    """Return a calendar to subscribe to.

    Entries come in the order of their start and UID; cancelled ones stay, as STATUS:CANCELLED. An entry that must
    not be written, and all but the newest of those that share a UID, are skipped and reported. Events that `keep` has
    are not written again. Raises CalendarError if `info` itself is bad.
    """
    check_info(info)
    asks: dict[str, vDuration | vUri] = {
        "REFRESH-INTERVAL": span(info.refresh_minutes, named=True),
        "X-PUBLISHED-TTL": span(info.refresh_minutes),
    }
    if info.source_url:
        asks["SOURCE"] = vUri(web_address("source_url", info.source_url), params={"VALUE": "URI"})
    return _calendar(entries, info, keep, asks)


def download(entries: Iterable[CalendarEntry], info: CalendarInfo, keep: Keep | None = None) -> Feed:
    """Return a calendar to import once: a feed without the lines that ask for it to be fetched again."""
    check_info(info)
    return _calendar(entries, info, keep, {})


def etag(body: bytes) -> str:
    """Return the strong, quoted entity tag of a body (RFC 9110 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _opened(info: CalendarInfo) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar["VERSION"] = word("2.0")
    calendar["PRODID"] = TextValue(info.prodid)
    calendar["CALSCALE"] = word("GREGORIAN")
    return calendar


def _calendar(
    entries: Iterable[CalendarEntry], info: CalendarInfo, keep: Keep | None, asks: Mapping[str, vDuration | vUri]
) -> Feed:
    kept, skipped = _newest(events(entries, keep))
    calendar = _opened(info)
    calendar["NAME"] = calendar["X-WR-CALNAME"] = TextValue(one_line(info.name))
    calendar["X-WR-TIMEZONE"] = TextValue(info.timezone)
    for name, value in color_names(info.color).items():
        calendar[name] = TextValue(value)
    if kept:
        calendar["LAST-MODIFIED"] = vDatetime(max(entry.changed_at for entry, _ in kept).astimezone(UTC))
    calendar.update(asks)
    inside = [*vtimezones((entry, clock_of(entry)) for entry, _ in kept), *(event for _, event in kept)]
    return Feed(_joined(calendar, inside), skipped)


def _newest(
    tried: Iterable[tuple[CalendarEntry, bytes | CalendarError]],
) -> tuple[list[tuple[CalendarEntry, bytes]], tuple[tuple[str, str], ...]]:
    """Split entries into those that can be written, with their bytes, in order, and those that cannot."""
    newest: dict[str, tuple[CalendarEntry, bytes]] = {}
    skipped = []
    for entry, event in tried:
        if isinstance(event, CalendarError):
            skipped.append((entry.uid, str(event)))
            continue
        other = newest.get(entry.uid)
        if other is not None:
            skipped.append((entry.uid, "uid: used twice, the entry with the higher sequence is kept"))
        if other is None or (entry.sequence, event) > (other[0].sequence, other[1]):
            newest[entry.uid] = entry, event
    return sorted(newest.values(), key=lambda pair: (pair[0].start, pair[0].uid)), tuple(sorted(skipped))


def _joined(calendar: icalendar.Calendar, inside: Iterable[bytes]) -> bytes:
    """Write a calendar without components, and put those that are written already before its end."""
    return b"".join((written(calendar).removesuffix(_END), *inside, _END))
