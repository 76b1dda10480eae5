"""Foreign calendar parsers behind one shape. None of them is the icalendar library."""

from __future__ import annotations

import json
import re
import selectors
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ics
import vobject
from ical.calendar_stream import IcsCalendarStream

JAVASCRIPT = ("ical.js", "node-ical", "ts-ics")
PYTHON = ("ics", "vobject", "ical")
INSTALLED = ("libical", "sabre")
ANSWER_SECONDS = 30


@dataclass(frozen=True)
class SeenEvent:
    uid: str
    sequence: int
    status: str
    summary: str
    description: str
    location: str
    url: str
    categories: tuple[str, ...]
    start: datetime
    end: datetime
    names: frozenset[str]
    """The properties this parser knows of; comparable within one parser only."""


@dataclass(frozen=True)
class SeenCalendar:
    method: str | None
    names: frozenset[str]
    components: int
    """Components other than time zones."""
    events: tuple[SeenEvent, ...]


Parse = Callable[[bytes], SeenCalendar]


def seen_calendar(method: str | None, names: Any, components: int, events: list[SeenEvent]) -> SeenCalendar:
    return SeenCalendar(
        method, frozenset(names), components, tuple(sorted(events, key=lambda event: (event.start, event.uid)))
    )


def parse_ics(body: bytes) -> SeenCalendar:
    """Parse with ics.py, which knows SEQUENCE only as an extra line."""
    calendar = ics.Calendar(body.decode())
    events = []
    for event in calendar.events:
        extra = {line.name: line.value for line in event.extra}
        events.append(
            SeenEvent(
                uid=event.uid,
                sequence=int(extra["SEQUENCE"]),
                status=event.status,
                summary=event.name,
                description=event.description or "",
                location=event.location or "",
                url=event.url or "",
                categories=tuple(sorted(event.categories)),
                start=event.begin.datetime.astimezone(UTC),
                end=event.end.datetime.astimezone(UTC),
                names=frozenset(extra),
            )
        )
    others = len(calendar.todos) + sum(isinstance(line, ics.grammar.parse.Container) for line in calendar.extra)
    return seen_calendar(calendar.method, (line.name for line in calendar.extra), len(events) + others, events)


def parse_vobject(body: bytes) -> SeenCalendar:
    """Parse with vobject (Radicale's parser)."""
    # It keeps the first VTIMEZONE it saw under a name for the life of the process; here each file explains itself.
    known = vars(vobject.icalendar)["__tzidMap"]
    for name in set(known) - {"UTC"}:
        del known[name]
    calendar = vobject.readOne(body.decode())

    def value(component: Any, name: str, default: Any = "") -> Any:
        return getattr(component, name).value if name in component.contents else default

    events = [
        SeenEvent(
            uid=value(event, "uid"),
            sequence=int(value(event, "sequence")),
            status=value(event, "status"),
            summary=value(event, "summary"),
            description=value(event, "description"),
            location=value(event, "location"),
            url=value(event, "url"),
            categories=tuple(value(event, "categories", ())),
            start=value(event, "dtstart").astimezone(UTC),
            end=value(event, "dtend").astimezone(UTC),
            names=frozenset(event.contents),
        )
        for event in calendar.contents.get("vevent", [])
    ]
    components = sum(component.name != "VTIMEZONE" for component in calendar.components())
    return seen_calendar(value(calendar, "method", None), calendar.contents, components, events)


def parse_ical(body: bytes) -> SeenCalendar:
    """Parse with ical (Home Assistant's parser)."""
    calendar = IcsCalendarStream.calendar_from_ics(body.decode())

    def moment(value: date | None) -> datetime:
        assert isinstance(value, datetime), "a session has a time, not a day"
        return value.astimezone(UTC)

    events = [
        SeenEvent(
            uid=event.uid,
            sequence=event.sequence or 0,
            status=event.status.value if event.status else "",
            summary=event.summary or "",
            description=event.description or "",
            location=event.location or "",
            url=event.url or "",
            categories=tuple(event.categories),
            start=moment(event.dtstart),
            end=moment(event.dtend),
            names=frozenset(event.model_fields_set) | {extra.name for extra in event.extras},
        )
        for event in calendar.events
    ]
    components = len(calendar.events) + len(calendar.todos) + len(calendar.journal) + len(calendar.freebusy)
    names = set(calendar.model_fields_set) | {extra.name for extra in calendar.extras}
    return seen_calendar(calendar.method, names, components, events)


class Answering:
    """Parsers in another language: one process that answers line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, body: bytes, **question: str) -> dict[str, Any]:
        """What the process sees in a file; ValueError with its words when it reads none."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"text": body.decode(), **question}) + "\n")
        self._process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(ANSWER_SECONDS):
                raise TimeoutError("no answer")
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        seen: dict[str, Any] = answer["seen"]
        return seen

    def parse(self, body: bytes, **question: str) -> SeenCalendar:
        seen = self.ask(body, **question)
        events = []
        for event in seen["events"]:
            for field in ("start", "end"):
                event[field] = datetime.fromisoformat(event[field]).astimezone(UTC)
            event["categories"] = tuple(event["categories"])
            event["names"] = frozenset(event["names"])
            events.append(SeenEvent(**event))
        return seen_calendar(seen["method"], seen["names"], seen["components"], events)


def as_read_by(parser: str, text: str) -> str:
    """Return what a parser makes of a text.

    ics.py 0.7.3 and node-ical 0.26.1 unescape in several passes, so that an escaped backslash before an "n" gives a
    backslash and a line break. Version 2.1 of sabre/vobject leaves commas and semicolons escaped. All others follow
    RFC 5545 3.3.11.
    """
    if parser in ("ics", "node-ical"):
        return re.sub(r"\\[nN]", "\\\\\n", text)
    return re.sub("[,;]", r"\\\g<0>", text) if parser == "sabre" else text


PYTHON_PARSERS: dict[str, Parse] = {"ics": parse_ics, "vobject": parse_vobject, "ical": parse_ical}
