"""What can happen to what is known of a person: agreements, their address, their browsers, their erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Names, Sentence
from registration.facts import MAGIC_LINK, PARTICIPANT, REGISTRATION

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


@dataclass(frozen=True, kw_only=True)
class RegistrationErased(
    Fact,
    verb="registration.erased",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("Somebody has all that is known of them erased")),
):
    """Somebody erased themselves: their places go on, and nothing names them any more. `was` is the state before."""

    sentence = _("Registration erased by its owner (it was: %(was)s)")
    was: str


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
