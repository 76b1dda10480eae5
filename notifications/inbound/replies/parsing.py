"""What a calendar program answered, read from the calendar part of its mail (RFC 5546 3.2.3). No Django.

Programs differ more than the standard lets them: Outlook.com names no ORGANIZER, Exchange writes MAILTO in capitals
and gives no SEQUENCE, Google adds parameters of its own, Evolution quotes names that hold a colon. Only what decides
is read: METHOD, UID, and each ATTENDEE with its PARTSTAT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_LINES = 3000
MAX_EVENTS = 10
_FOLD = re.compile(r"\r?\n[ \t]")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Reply:
    """The answer about one entry. `answers` holds the PARTSTAT of each attendee, by mail address in small letters."""

    uid: str
    answers: Mapping[str, str]


def replies_in(content: bytes, *, charset: str = "utf-8") -> list[Reply]:
    """The answers in one calendar part; none when it is no METHOD:REPLY, or not to be understood."""
    try:
        text = content.decode(charset, "replace")
    except LookupError:  # a charset nobody knows
        text = content.decode("utf-8", "replace")
    lines = _FOLD.sub("", text.removeprefix("\ufeff")).splitlines()
    if len(lines) > MAX_LINES:
        return []
    methods, replies = [], []
    inside: list[str] = []
    uid, answers = "", dict[str, str]()
    for name, parameters, value in map(_line, lines):
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] == "VEVENT":
                uid, answers = "", {}
        elif name == "END":
            if not inside or inside.pop() != value.strip().upper():
                return []
            if value.strip().upper() == "VEVENT" and uid and answers:
                replies.append(Reply(uid, answers))
        elif inside == ["VCALENDAR"] and name == "METHOD":
            methods.append(value.strip().upper())
        elif inside == ["VCALENDAR", "VEVENT"] and name == "UID":
            uid = value.strip()
        elif inside == ["VCALENDAR", "VEVENT"] and name == "ATTENDEE":
            answers[_address(value)] = dict(_parameters(parameters)).get("PARTSTAT", "NEEDS-ACTION").upper()
    return replies if methods == ["REPLY"] and len(replies) <= MAX_EVENTS else []


def _line(line: str) -> tuple[str, str, str]:
    """A content line as its name, parameters and value (RFC 5545 3.1)."""
    # A colon inside quotes is part of a parameter; covering the quotes keeps every position where it was.
    colon = _QUOTED.sub(lambda found: "_" * len(found[0]), line).find(":")
    if colon < 0:
        return "", "", ""
    name, _, parameters = line[:colon].partition(";")
    return name.strip().upper(), parameters, line[colon + 1 :]


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    covered = _QUOTED.sub(lambda found: "_" * len(found[0]), text)
    start = 0
    for part in covered.split(";"):
        name, _, value = text[start : start + len(part)].partition("=")
        yield name.strip().upper(), value.strip().strip('"')
        start += len(part) + 1


def _address(value: str) -> str:
    address = value.strip().lower()
    return address.removeprefix("mailto:").strip()
