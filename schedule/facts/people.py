"""Whether the public is told of somebody who appears, what they are mailed, and who is away when."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Sentence
from schedule.facts.things import BODY, PERSON


@dataclass(frozen=True, kw_only=True)
class PersonTakenDown(
    Fact,
    verb="person.taken_down",
    subject=PERSON,
    concerns=Concern.PROGRAMME,
    event=Event(_("A person is no longer named in public")),
):
    """No page, file, calendar, search or mail names this person any more. Webhooks are not told whom."""

    sentence = _("%(person)s is no longer named in public")


@dataclass(frozen=True, kw_only=True)
class PersonPutBack(
    Fact,
    verb="person.put_back",
    subject=PERSON,
    concerns=Concern.PROGRAMME,
    event=Event(_("A person is named in public again")),
):
    """A person who was taken down is named again, wherever the programme names people."""

    sentence = _("%(person)s is named in public again")


@dataclass(frozen=True, kw_only=True)
class PersonAway(Fact, verb="person.away", subject=PERSON, concerns=Concern.TIMETABLE):
    """Somebody cannot come for a time; when and why is their own business."""

    sentence = _("%(person)s: a time of absence was added")


@dataclass(frozen=True, kw_only=True)
class PersonBack(Fact, verb="person.back", subject=PERSON, concerns=Concern.TIMETABLE):
    """A time for which somebody could not come is taken back."""

    sentence = _("%(person)s: a time of absence was taken back")


@dataclass(frozen=True, kw_only=True)
class BodyAway(Fact, verb="body.away", subject=BODY, concerns=Concern.TIMETABLE):
    """An organisation has no time."""

    sentence = _("%(body)s: a time of absence was added")


@dataclass(frozen=True, kw_only=True)
class BodyBack(Fact, verb="body.back", subject=BODY, concerns=Concern.TIMETABLE):
    """A time for which an organisation had none is taken back."""

    sentence = _("%(body)s: a time of absence was taken back")


@dataclass(frozen=True, kw_only=True)
class EntriesChanged(Fact, verb="person.entries_changed", subject=PERSON, concerns=Concern.PERSON):
    """Mails to somebody about the sessions they appear in bring calendar entries from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        return (
            _("Calendar entries for %(person)s turned on")
            if self.wanted
            else _("Calendar entries for %(person)s turned off")
        )
