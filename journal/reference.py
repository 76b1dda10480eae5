"""The page of the reference that lists every fact, made from their classes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

from django.utils import translation

from journal.encoding import hints_of
from journal.facts import Change, Concern, Fact, facts, thing_of

_SHOWN = {
    Concern.PROGRAMME: "pages of the programme, files (JSON, XML, XLSX, PDF), public calendars",
    Concern.TIMETABLE: "organizers' pages only",
    Concern.PLACE: "pages of the programme (seats left), personal calendars",
    Concern.PERSON: "pages of somebody who is signed in",
    Concern.DELIVERY: "nothing of the programme",
    Concern.TEAM: "nothing of the programme",
}


_WORDS = {str: "code", int: "number", bool: "yes or no", datetime: "time", Change: "old and new"}
_HEAD = """# Facts

Every change has one entry in the journal: the fact that its class declares. Made by `manage.py facts_reference`
from each app's modules of facts; do not edit.

An entry holds keys, codes, numbers, times and the programme's own words; of people it holds keys only. What has its
default is not written. Which fact makes which mail stands in [messages](messages.md). Workers are woken for facts that
make a mail or that webhooks may have; all others are marked as handled by the next sweep.

## What a fact can change

Pages, files and calendars have a tag that changes with the facts that concern what they show, and with no other.

| concerns | entries | changes what is shown by |
|---|---|---|"""


def as_markdown() -> str:
    """The page, in English whatever the active language."""
    with translation.override("en"):
        return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _HEAD.splitlines()
    for concern in Concern:
        yield f"| {concern.value} | {concern.label} | {_SHOWN[concern]} |"
    yield ""
    yield "An actor is stored as `organizer:KEY`, `participant:UID`, `person:KEY` or `system`."
    for concern in Concern:
        yield ""
        yield f"## {concern.value}"
        yield ""
        yield "| fact | about | data | webhooks are told | mail | meaning |"
        yield "|---|---|---|---|---|---|"
        # Which module was imported first differs from one process to another.
        for fact in sorted(facts(concern), key=lambda fact: fact.__module__):
            yield f"| {' | '.join(_cells(fact))} |"


def _cells(fact: type[Fact]) -> Iterator[str]:
    hints = hints_of(fact)
    yield f"`{fact.verb}`"
    yield fact.subject.code if fact.subject else ""
    yield ", ".join(f"{one.name}: {_type(hints[one.name])}" for one in fact.data_fields())
    yield "" if fact.event is None else ", ".join(("that it happened", *fact.event.data))
    yield "yes" if fact.causes_mail else ""
    yield " ".join((fact.__doc__ or "").split())


def _type(hint: Any) -> str:
    """A type in words. `hint` is one that a field of a fact may have (see journal.encoding)."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return f"key of {thing.code}" if (thing := thing_of(hint)) else _type(inside[0])
    if dict[str, str] in inside:
        return "text by language"
    if type(None) in inside:
        return f"{_type(inside[0])} or nothing"
    if origin is not None:
        return f"list of {_type(inside[0])}" if origin is tuple else f"{_type(inside[1])} by name"
    return " or ".join(hint) if issubclass(hint, StrEnum) else _words(hint)


def _words(hint: type) -> str:
    return _WORDS.get(hint) or "; ".join(f"{name} ({_type(kind)})" for name, kind in hints_of(hint).items())
