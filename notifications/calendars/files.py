"""Calendar files: the invite that is mailed, and the feed or download that is fetched (RFC 5545, 5546, 6047, 7986).

The two shapes are never mixed. An invite has a METHOD, one event, an organizer and one attendee; a feed or download
has none of these, may have many events, and keeps the cancelled ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .checks import check_info, identifier, mail_address, web_address, zone
from .colors import color_lines
from .entries import CalendarError, CalendarInfo, Entry, Method
from .events import event, event_for, needs_zone
from .lines import block, duration, escape, one_line, parameter, utc
from .zones import vtimezone

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
    entry: Entry,
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
    organizer = f"ORGANIZER;CN={parameter(organizer_name) or organizer_address}:mailto:{organizer_address}"
    attendee = (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;"
        f"CN={parameter(attendee_name) or attendee_address}:mailto:{attendee_address}"
    )
    body = event_for(entry, organizer=organizer, attendee=attendee)
    head = block([*_opening(info), f"METHOD:{method}"])
    return b"".join((head, *_timezones([entry]), body, _END))


def feed(entries: Iterable[Entry], info: CalendarInfo) -> Feed:
    """Return a calendar to subscribe to.

    Entries come in the order of their start and UID; cancelled ones stay, as STATUS:CANCELLED. An entry that must
    not be written, and all but the newest of those that share a UID, are skipped and reported. Raises CalendarError
    if `info` itself is bad.
    """
    refresh = duration(info.refresh_minutes)
    lines = [f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}", f"X-PUBLISHED-TTL:{refresh}"]
    if info.source_url:
        lines.append(f"SOURCE;VALUE=URI:{web_address('source_url', info.source_url)}")
    return _calendar(entries, info, lines)


def download(entries: Iterable[Entry], info: CalendarInfo) -> Feed:
    """Return a calendar to import once: a feed without the lines that ask for it to be fetched again."""
    return _calendar(entries, info, [])


def etag(body: bytes) -> str:
    """Return the strong, quoted entity tag of a body (RFC 9110 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _opening(info: CalendarInfo) -> list[str]:
    return ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escape(info.prodid)}", "CALSCALE:GREGORIAN"]


def _calendar(entries: Iterable[Entry], info: CalendarInfo, extra: list[str]) -> Feed:
    check_info(info)
    name = escape(one_line(info.name))
    kept, events, skipped = _written(entries)
    lines = [*_opening(info), f"NAME:{name}", f"X-WR-CALNAME:{name}", f"X-WR-TIMEZONE:{info.timezone}"]
    lines += color_lines(info.color)
    if kept:
        lines.append(f"LAST-MODIFIED:{utc(max(entry.changed_at for entry in kept))}")
    return Feed(b"".join((block([*lines, *extra]), *_timezones(kept), *events, _END)), skipped)


def _written(entries: Iterable[Entry]) -> tuple[list[Entry], list[bytes], tuple[tuple[str, str], ...]]:
    """Split entries into those that can be written, with their bytes, in order, and those that cannot."""
    newest: dict[str, tuple[Entry, bytes]] = {}
    skipped = []
    for entry in entries:
        try:
            written = event(entry)
        except CalendarError as error:
            skipped.append((entry.uid, str(error)))
            continue
        other = newest.get(entry.uid)
        if other is not None:
            skipped.append((entry.uid, "uid: used twice, the entry with the higher sequence is kept"))
        if other is None or (entry.sequence, written) > (other[0].sequence, other[1]):
            newest[entry.uid] = entry, written
    ordered = sorted(newest.values(), key=lambda pair: (pair[0].start, pair[0].uid))
    return [entry for entry, _ in ordered], [written for _, written in ordered], tuple(sorted(skipped))


def _timezones(entries: Iterable[Entry]) -> list[bytes]:
    """Return one VTIMEZONE for each zone whose wall clock the entries use, covering all their years."""
    years: dict[str, tuple[int, int]] = {}
    for entry in entries:
        if needs_zone(entry):
            where = zone(entry.timezone)
            first, last = entry.start.astimezone(where).year, entry.end.astimezone(where).year
            known = years.get(entry.timezone, (first, last))
            years[entry.timezone] = min(first, known[0]), max(last, known[1])
    return [vtimezone(name, *years[name]) for name in sorted(years)]
