"""What can happen to what is known of a person: agreements, their address, their browsers, their erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Names, Sentence
from registration.facts import MAGIC_LINK, PARTICIPANT, REGISTRATION
from registration.models import Registration

PERSON = Concern.PERSON
_PURPOSES = {
    "privacy": _("privacy notice"),
    "conduct": _("code of conduct"),
    "access": _("access needs"),
    "meals": _("meals"),
}


def agreements_in_words(versions: Mapping[str, int]) -> str:
    """What was agreed to, each with the version of the text that said it, in the active language."""
    return ", ".join(
        gettext("%(what)s (version %(version)s)") % {"what": _PURPOSES.get(purpose, purpose), "version": version}
        for purpose, version in versions.items()
    )


@dataclass(frozen=True, kw_only=True)
class ConsentsChanged(Fact, verb="registration.consents_changed", subject=REGISTRATION, concerns=PERSON):
    """Somebody agreed to these purposes, with the version of the text that says each, or no longer agrees to some."""

    given: Mapping[str, int] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()

    def phrase(self) -> Sentence:
        if not self.withdrawn:
            return _("Agreed to: %(agreed)s")
        if not self.given:
            return _("No longer agreed to: %(ended)s")
        return _("Agreed to: %(agreed)s; no longer: %(ended)s")

    def words(self, names: Names) -> dict[str, str]:
        ended = (str(_PURPOSES.get(one, one)) for one in self.withdrawn)
        return super().words(names) | {"agreed": agreements_in_words(self.given), "ended": ", ".join(ended)}


@dataclass(frozen=True, kw_only=True)
class ParticipantAddressChanged(
    Fact, verb="participant.address_changed", subject=MAGIC_LINK, concerns=PERSON, causes_mail=True
):
    """Somebody has another address, which they have proved; the one before is told. Every browser is signed out."""

    sentence = _("E-mail address changed")
    participant: Annotated[int, PARTICIPANT]
    registration: Annotated[int | None, REGISTRATION] = None


@dataclass(frozen=True, kw_only=True)
class BrowserSignedOut(Fact, verb="participant.browser_ended", subject=PARTICIPANT, concerns=PERSON):
    """Somebody signed this many browsers out from another one."""

    sentence = _("Signed out in other browsers (%(browsers)s)")
    browsers: int


class ErasedBy(StrEnum):
    """Why somebody was erased: at their own wish, or because the term was over (registration.domain.privacy)."""

    OWNER = "owner"
    TERM = "term"


@dataclass(frozen=True, kw_only=True)
class RegistrationErased(
    Fact,
    verb="registration.erased",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("Somebody has all that is known of them erased")),
):
    """Somebody is erased, by themselves or because the term is over: their places go on, and nothing names them any
    more. `was` is the state before.
    """

    was: str
    by: str = ErasedBy.OWNER

    def phrase(self) -> Sentence:
        if self.by == ErasedBy.TERM:
            return _("Registration erased because its time was over (it was: %(was)s)")
        return _("Registration erased by its owner (it was: %(was)s)")


@dataclass(frozen=True, kw_only=True)
class TermsCarriedOut(Fact, verb="retention.carried_out", concerns=PERSON):
    """So many rows of each kind were deleted or emptied because their term was over; by the codes of the table."""

    sentence = _("Deleted because its time was over: %(counts)s")
    counts: Mapping[str, int]

    def words(self, names: Names) -> dict[str, str]:
        return super().words(names) | {"counts": ", ".join(f"{code}: {count}" for code, count in self.counts.items())}


@dataclass(frozen=True, kw_only=True)
class AnswersForgotten(Fact, verb="answers.forgotten", concerns=PERSON):
    """The term of these answers is over: the columns were emptied in so many registrations."""

    sentence = _("Answers deleted whose time is over (registrations: %(registrations)s)")
    fields: tuple[str, ...]
    registrations: int


@dataclass(frozen=True, kw_only=True)
class PeopleForgotten(Fact, verb="people.forgotten", concerns=PERSON):
    """The term of people is over: so many registrations of this conference, by the state they were in, are erased with
    so many places that were confirmed.
    """

    sentence = _("People erased whose time is over (%(registrations)s; places they had: %(places)s)")
    was: Mapping[str, int]
    places: int = 0

    def words(self, names: Names) -> dict[str, str]:
        labels = dict(Registration.State.choices)
        counts = ", ".join(f"{labels.get(state, state)}: {count}" for state, count in self.was.items())
        return super().words(names) | {"registrations": counts}


@dataclass(frozen=True, kw_only=True)
class ContactsForgotten(Fact, verb="contacts.forgotten", concerns=PERSON):
    """The term of the addresses of who appears in the programme is over: so many people of it have none any more."""

    sentence = _("E-mail addresses of the programme deleted whose time is over (people: %(people)s)")
    people: int
