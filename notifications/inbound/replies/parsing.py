"""What a calendar program answered, read from the calendar part of its mail (RFC 5546 3.2.3). No Django.

Programs differ more than the standard lets them: Outlook.com names no ORGANIZER, Exchange writes MAILTO in capitals
and gives no SEQUENCE, Google adds parameters of its own, Evolution quotes names that hold a colon. Only what decides
is read: METHOD, UID, and each ATTENDEE with its PARTSTAT.

Anybody can send such a part, so the icalendar library is given these lines and no others. It would remember each time
zone and count out its rules, read dates that nobody needs, and keep a class for every name of a component it has met;
LazyCalendar, unlike Calendar, forgets these names with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from icalendar import Component, LazyCalendar, vCalAddress
from icalendar.parser import Contentlines

MAX_BYTES = 200_000
MAX_LINES = 3000
MAX_EVENTS = 10
# What the library raises about what it cannot read: it says ValueError, and the others of a VALUE it does not expect.
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)
_DECISIVE = re.compile(r"\s*(BEGIN|END|METHOD|UID|ATTENDEE)\s*[;:]", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """The answer about one entry. `answers` holds the PARTSTAT of each attendee, by mail address in small letters."""

    uid: str
    answers: Mapping[str, str]


def replies_in(content: bytes, *, charset: str = "utf-8") -> list[Reply]:
    """The answers in one calendar part; none when it is no METHOD:REPLY, too big, or not to be understood."""
    if len(content) > MAX_BYTES:
        return []
    lines = Contentlines.from_ical(_text(content, charset))  # type: ignore[no-untyped-call]  # typed in part only
    if len(lines) > MAX_LINES:
        return []
    try:
        calendar = _calendar(line for line in lines if _DECISIVE.match(line))
        events = [part for part in calendar.subcomponents if part.name == "VEVENT"]
    except _UNREADABLE:
        return []
    if str(calendar.get("METHOD", "")).strip().upper() != "REPLY" or len(events) > MAX_EVENTS:
        return []
    return [reply for reply in map(_reply, events) if reply is not None]


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace").removeprefix("\ufeff")
    except LookupError:  # a charset nobody knows
        return content.decode("utf-8", "replace").removeprefix("\ufeff")


def _calendar(lines: Iterable[str]) -> LazyCalendar:
    # As bytes: a text without a line break would be taken for the name of a file and read from there.
    found = LazyCalendar.from_ical("\r\n".join(lines).encode())
    if not isinstance(found, LazyCalendar):
        raise ValueError("not a calendar")  # noqa: TRY004  # about the mail, not about a type of ours
    return found


def _reply(event: Component) -> Reply | None:
    uid, attendees = event.get("UID"), event.get("ATTENDEE", [])
    people = attendees if isinstance(attendees, list) else [attendees]
    answers = {_address(one): _partstat(one) for one in people if isinstance(one, vCalAddress)}
    return Reply(uid.strip(), answers) if isinstance(uid, str) and uid.strip() and answers else None


def _partstat(attendee: vCalAddress) -> str:
    said = attendee.params.get("PARTSTAT")
    return said.upper() if isinstance(said, str) else "NEEDS-ACTION"


def _address(value: vCalAddress) -> str:
    address = value.strip().lower().removeprefix("mailto:").strip()
    # As we write other letters than ASCII; what is ASCII already is written as it is, percent signs too.
    letters = unquote(address)
    return address if letters.isascii() else letters
