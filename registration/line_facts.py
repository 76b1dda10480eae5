"""What can happen in the line for a conference that is full, and who decides about registrations."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Sentence
from registration.facts import REGISTRATION
from schedule.facts.things import CONFERENCE

PERSON = Concern.PERSON


@dataclass(frozen=True, kw_only=True)
class RegistrationQueued(
    Fact,
    verb="registration.queued",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("Somebody waits in line for a conference that is full")),
    causes_mail=True,
):
    """Somebody confirmed a registration for a conference that is full, and is in line. `back`: the line had closed with
    registration, which is open again.
    """

    sentence = _("In line for a registration: the conference is full")
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationLineEnded(
    Fact,
    verb="registration.line_ended",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("Registration closed before somebody's turn in line came")),
    causes_mail=True,
):
    """Registration has closed; somebody in line for it has not come in."""

    sentence = _("Waiting for a registration ended: registration has closed")


@dataclass(frozen=True, kw_only=True)
class ApprovalChanged(Fact, verb="conference.approval_changed", subject=CONFERENCE, concerns=PERSON):
    """Organizers decide about each registration from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        if self.wanted:
            return _("Organizers decide about each registration from now on")
        return _("Registrations are accepted without a decision from now on")
