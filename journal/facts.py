"""What can happen, as types: one frozen dataclass for each verb, declared by the app whose rows change.

    @dataclass(frozen=True, kw_only=True)
    class RoomResized(Fact, verb="room.resized", subject=ROOM, concerns=Concern.PROGRAMME):
        sentence = gettext_lazy("Seats of %(room)s: %(old)s → %(capacity)s")
        old: int
        capacity: int

Everything that must know a fact asks its class: what is written, which pages and files it changes, whether it wakes
anybody, what webhooks may say of it, and its sentence in the history. A field that holds a row's key says whose:
`session: Annotated[int, SESSION]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import datetime
from typing import Annotated, Any, ClassVar, Protocol, TypeAlias, get_args, get_origin

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from i18nfield.strings import LazyI18nString

from journal.encoding import decoded, encoded, hints_of

Sentence: TypeAlias = str | Promise
# A text of the programme (a title, the name of a room), in one or several languages; never a person's.
Words: TypeAlias = str | dict[str, str]
# The name of a row by the code of its thing and its key.
Names: TypeAlias = Mapping[tuple[str, int], str]


class Concern(models.TextChoices):
    """What a fact may change. Pages, files, caches, webhooks and history go by this, and by nothing else."""

    PROGRAMME = "programme", gettext_lazy("the published programme")
    TIMETABLE = "timetable", gettext_lazy("drafts, searches and rules")
    PLACE = "place", gettext_lazy("places")
    PERSON = "person", gettext_lazy("registrations and invitations")
    DELIVERY = "delivery", gettext_lazy("mails, calendars and webhooks")
    TEAM = "team", gettext_lazy("the team")


@dataclass(frozen=True)
class Thing:
    """A kind of row that facts are about: its code in data and webhooks, its model, and the field that names it."""

    code: str
    model: str
    named_by: str = ""


@dataclass(frozen=True)
class Event:
    """That webhooks may have a fact: how it is called where it is chosen, and which of its data they are told."""

    label: Sentence
    data: tuple[str, ...] = ()


class UnknownFact(LookupError):
    """No class has this verb, or it is not the class of the fact that is to be written."""


class Stored(Protocol):
    """A row of the journal, as far as a fact is read from it."""

    verb: str
    conference_id: int | None
    subject_id: int | None
    data: dict[str, Any]


_FACTS: dict[str, type[Fact]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What happened. `subject_id` is the key of a row of the class's `subject`; further fields are the entry's data.

    Data are keys, codes, numbers, times and the programme's own `Words`; nothing about a person but keys.
    `causes_mail` says that a table of `notifications` has a row for it.
    """

    conference_id: int | None
    subject_id: int | None = None

    verb: ClassVar[str] = ""
    subject: ClassVar[Thing | None] = None
    concerns: ClassVar[Concern]
    event: ClassVar[Event | None] = None
    causes_mail: ClassVar[bool] = False
    sentence: ClassVar[Sentence] = ""

    def __init_subclass__(
        cls,
        *,
        verb: str = "",
        subject: Thing | None = None,
        concerns: Concern | None = None,
        event: Event | None = None,
        causes_mail: bool = False,
    ) -> None:
        """Declare a verb. A class without one is a base of others, and no fact itself."""
        super().__init_subclass__()
        if not verb:
            return
        if verb in _FACTS:
            raise ValueError(f"{verb} is declared by {_FACTS[verb].__qualname__} already")
        if concerns is None:
            raise TypeError(f"{verb} does not say what it concerns")
        cls.verb, cls.subject, cls.concerns, cls.event, cls.causes_mail = verb, subject, concerns, event, causes_mail
        _FACTS[verb] = cls

    @classmethod
    def wakes(cls) -> bool:
        """Whether somebody has to be told, so that it is worth waking a worker for."""
        return cls.causes_mail or cls.event is not None

    @classmethod
    def data_fields(cls) -> list[Field[Any]]:
        """The fields that go into an entry's data, in the order of their declaration."""
        return [one for one in fields(cls) if one.name not in ("conference_id", "subject_id")]

    def data(self) -> dict[str, Any]:
        """The data of the entry as JSON. What has its default is left out, so that older rows read the same."""
        found = {}
        for one in self.data_fields():
            value = getattr(self, one.name)
            default = one.default if one.default_factory is MISSING else one.default_factory()
            if value != default:
                found[one.name] = encoded(value)
        return found

    def mentions(self) -> Iterator[tuple[Thing, int]]:
        """The rows it speaks of: its subject, and those its data hold the keys of."""
        if self.subject is not None and self.subject_id is not None:
            yield self.subject, self.subject_id
        hints = hints_of(type(self))
        for one in self.data_fields():
            thing, key = thing_of(hints[one.name]), getattr(self, one.name)
            if thing is not None and isinstance(key, int):
                yield thing, key

    def phrase(self) -> Sentence:
        """The sentence this very fact is told with, before anything is filled in."""
        return self.sentence

    def words(self, names: Names) -> dict[str, str]:
        """What fills the sentence: every field as it is shown, and its subject by the code of its thing."""
        hints, found = hints_of(type(self)), {}
        if self.subject is not None and self.subject_id is not None:
            found[self.subject.code] = name_in(names, self.subject, self.subject_id)
        for one in self.data_fields():
            thing, value = thing_of(hints[one.name]), getattr(self, one.name)
            if thing is None or value is None:
                found[one.name] = shown(value)
            else:
                found[one.name] = name_in(names, thing, value)
        return found

    def told(self, names: Names) -> str:
        """The fact as the history says it, in the active language and time zone."""
        return str(self.phrase()) % self.words(names)


@dataclass(frozen=True)
class Change:
    """What something was before, and what it is now."""

    old: Any = field(default=None)
    new: Any = field(default=None)

    def __str__(self) -> str:
        return f"{shown(self.old)} → {shown(self.new)}"


def name_in(names: Names, thing: Thing, key: int) -> str:
    """How a sentence calls a row; what has no name any more is gone."""
    return names.get((thing.code, key)) or gettext("(deleted)")


def thing_of(hint: Any) -> Thing | None:
    """The thing whose key a field of this type holds; also where the key may be missing."""
    if get_origin(hint) is Annotated:
        return next((one for one in get_args(hint)[1:] if isinstance(one, Thing)), None)
    return next((thing for one in get_args(hint) if (thing := thing_of(one))), None)


def shown(value: Any) -> str:
    """A value as the history shows it, in the active language and time zone."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), gettext("j F Y, H:i"))
    if isinstance(value, dict):
        return shown(LazyI18nString(value).localize(get_language() or "en"))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(shown, value)) or "–"
    return "–" if value is None or value == "" else str(value)


def facts(*concerns: Concern) -> list[type[Fact]]:
    """Every class of fact, or those that concern one of these, in the order of their declaration."""
    return [fact for fact in _FACTS.values() if not concerns or fact.concerns in concerns]


def class_of(verb: str) -> type[Fact]:
    """The class that has a verb. Raises `UnknownFact` when none has."""
    try:
        return _FACTS[verb]
    except KeyError as error:
        raise UnknownFact(f"no fact has the verb {verb!r}") from error


def fact_of(entry: Stored) -> Fact:
    """The fact that an entry was written from.

    Data that the class does not know are left out; those it has got since take their default. Raises `UnknownFact` for
    a verb that no class has (any more), and where data are missing that have no default.
    """
    kind = class_of(entry.verb)
    hints, data = hints_of(kind), {}
    for one in kind.data_fields():
        if one.name in entry.data:
            data[one.name] = decoded(hints[one.name], entry.data[one.name])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise UnknownFact(f"an entry of {entry.verb} lacks {one.name}")
    return kind(conference_id=entry.conference_id, subject_id=entry.subject_id, **data)


def known_fact(entry: Stored) -> Fact | None:
    """The fact of an entry; None for one that another version of Plenary wrote in a way that this one does not read."""
    try:
        return fact_of(entry)
    except UnknownFact:
        return None
