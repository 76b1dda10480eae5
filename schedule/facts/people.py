"""Whether the public is told of somebody who appears in the programme, and what they are mailed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Sentence
from schedule.facts.things import PERSON


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
class EntriesChanged(Fact, verb="person.entries_changed", subject=PERSON, concerns=Concern.PERSON):
    """Mails to somebody about the sessions they appear in bring calendar entries from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        return (
            _("Calendar entries for %(person)s turned on")
            if self.wanted
            else _("Calendar entries for %(person)s turned off")
        )
