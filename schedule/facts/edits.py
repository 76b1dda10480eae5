"""Rows edited field by field, as the administration pages do it: which fields, what they said before and say now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField
from django.utils.translation import gettext_lazy as _

from journal.facts import Change, Concern, Event, Fact, Names, Sentence, Thing, name_in, shown
from schedule.facts import things

PROGRAMME, TIMETABLE = Concern.PROGRAMME, Concern.TIMETABLE
# Whom the rows name that were edited with another row, by what facts call their relation.
_NAMED_BY = {
    "part_links": things.ROOM,
    "host_links": things.BODY,
    "roles": things.PERSON,
    "order_before": things.SESSION,
    "not_parallel_first": things.SESSION,
    "sessions": things.SESSION,
}
_THINGS = {thing.model: thing for thing in vars(things).values() if isinstance(thing, Thing)}


class Done(StrEnum):
    """What was done to the row."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Edited(Fact):
    """A base. `changes` are by the name of the field, or of the relation whose rows were edited with it.

    Where the words may be somebody's own, or are nobody's business, there is the name of the field and no `Change`.
    """

    subject: ClassVar[Thing]
    done: Done = Done.CHANGED
    changes: Mapping[str, Change | None]

    @property
    def model(self) -> Any:
        """The class of the rows it is about."""
        return apps.get_model(self.subject.model)

    def mentions(self) -> Iterator[tuple[Thing, int]]:
        """The row, and those that its changed fields name."""
        yield from super().mentions()
        for name, change in self.changes.items():
            thing = self._thing(name)
            for said in (change.old, change.new) if change and thing else ():
                for key in said if isinstance(said, list) else [said]:
                    if isinstance(key, int) and thing is not None:
                        yield thing, key

    def phrase(self) -> Sentence:
        return {
            Done.ADDED: _("Added: %(what)s"),
            Done.CHANGED: _("Changed: %(what)s – %(fields)s"),
            Done.DELETED: _("Deleted: %(what)s"),
        }[self.done]

    def words(self, names: Names) -> dict[str, str]:
        name = names.get((self.subject.code, self.subject_id or 0)) or self._last_name()
        kind = str(self.model._meta.verbose_name)
        said = (self._said(field, change, names) for field, change in self.changes.items())
        return {"what": f"{kind} “{name}”" if name else kind, "fields": "; ".join(said)}

    def _last_name(self) -> str:
        """What a deleted row was called."""
        change = self.changes.get(self.subject.named_by) if self.done is Done.DELETED else None
        return shown(change.old) if change else ""

    def _field(self, name: str) -> Any:
        try:
            return self.model._meta.get_field(name)
        except FieldDoesNotExist:  # it has been dropped since
            return None

    def _thing(self, name: str) -> Thing | None:
        if name in _NAMED_BY:
            return _NAMED_BY[name]
        related = getattr(self._field(name), "related_model", None)
        return _THINGS.get(related._meta.label) if related else None

    def _said(self, name: str, change: Change | None, names: Names) -> str:
        field = self._field(name)
        if field is None:
            return name
        is_relation = not hasattr(field, "verbose_name")
        label = str(field.related_model._meta.verbose_name_plural if is_relation else field.verbose_name)
        if change is None:
            return label
        thing = self._thing(name)
        choices = dict(getattr(field, "flatchoices", ()))

        def word(value: Any) -> str:
            if thing is not None and isinstance(value, list):
                return shown([name_in(names, thing, key) for key in value])
            if thing is not None and value is not None:
                return name_in(names, thing, value)
            if isinstance(value, list):
                return shown([choices.get(one, one) for one in value])
            if isinstance(field, DateTimeField) and isinstance(value, str):
                return shown(datetime.fromisoformat(value))
            return shown(choices.get(value, value) if isinstance(value, str) else value)

        return f"{label}: {word(change.old)} → {word(change.new)}"


@dataclass(frozen=True, kw_only=True)
class ConferenceEdited(
    Edited,
    verb="conference.edited",
    subject=things.CONFERENCE,
    concerns=PROGRAMME,
    event=Event(_("The conference is edited")),
):
    """The conference itself, its days or its rules."""


@dataclass(frozen=True, kw_only=True)
class SessionEdited(
    Edited,
    verb="session.edited",
    subject=things.SESSION,
    concerns=PROGRAMME,
    event=Event(_("A session is edited")),
):
    """A session, who appears in it and who hosts it."""


@dataclass(frozen=True, kw_only=True)
class RoomEdited(
    Edited, verb="room.edited", subject=things.ROOM, concerns=PROGRAMME, event=Event(_("A room is edited"))
):
    """A room: what it has, what it is joined from, how it may be used."""


@dataclass(frozen=True, kw_only=True)
class KindEdited(
    Edited, verb="kind.edited", subject=things.KIND, concerns=PROGRAMME, event=Event(_("A kind of session is edited"))
):
    """A kind of session."""


@dataclass(frozen=True, kw_only=True)
class ThemeEdited(
    Edited, verb="theme.edited", subject=things.THEME, concerns=PROGRAMME, event=Event(_("A theme is edited"))
):
    """A theme."""


@dataclass(frozen=True, kw_only=True)
class BodyEdited(
    Edited, verb="body.edited", subject=things.BODY, concerns=PROGRAMME, event=Event(_("An organisation is edited"))
):
    """An organisation that hosts sessions."""


@dataclass(frozen=True, kw_only=True)
class PersonEdited(
    Edited,
    verb="person.edited",
    subject=things.PERSON,
    concerns=PROGRAMME,
    event=Event(_("A person of the programme is edited")),
):
    """Somebody who appears in the programme; never what any of their fields says."""


@dataclass(frozen=True, kw_only=True)
class GroupEdited(Edited, verb="group.edited", subject=things.GROUP, concerns=TIMETABLE):
    """Sessions that share a room or a time."""


@dataclass(frozen=True, kw_only=True)
class PairEdited(Edited, verb="pair.edited", subject=things.PAIR, concerns=TIMETABLE):
    """Two sessions that are kept apart."""


@dataclass(frozen=True, kw_only=True)
class UnavailabilityEdited(Edited, verb="unavailability.edited", subject=things.UNAVAILABILITY, concerns=TIMETABLE):
    """When a room, a person or an organisation cannot be used."""
