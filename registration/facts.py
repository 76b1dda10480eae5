"""What can happen to registrations and to places in sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Names, Sentence, Thing, Words, facts
from schedule.facts.edits import Edited
from schedule.facts.things import SESSION

PLACE, PERSON = Concern.PLACE, Concern.PERSON
REGISTRATION = Thing("registration", "registration.Registration")
SIGNUP = Thing("signup", "registration.SignUp")
MAGIC_LINK = Thing("magic_link", "registration.MagicLink")
PARTICIPANT = Thing("participant", "registration.Participant")


@dataclass(frozen=True, kw_only=True)
class LinkRequested(Fact, verb="link.requested", subject=MAGIC_LINK, concerns=PERSON, causes_mail=True):
    """A link is to be mailed that signs its owner in; `purpose` is "confirm" or "sign_in". The mail does not leave
    before `leaves_at`: many were asked for from the same network.
    """

    sentence = _("Sign-in link asked for")
    purpose: str
    participant: Annotated[int, PARTICIPANT]
    registration: Annotated[int | None, REGISTRATION]
    leaves_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Fact, verb="link.refused", concerns=PERSON):
    """A link was asked for and no mail is sent: nobody has the address, or one is on its way. Which is not kept."""

    sentence = _("Sign-in link asked for; no mail is sent")
    purpose: str

    @classmethod
    def wakes(cls) -> bool:
        """As the other does: whoever asks must not see from the time it takes whether somebody has the address."""
        return True


@dataclass(frozen=True, kw_only=True)
class RegistrationAnswered(Fact, verb="registration.answered", subject=REGISTRATION, concerns=PERSON):
    """The form was filled in; what with is not told."""

    sentence = _("Registration filled in")


@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(
    Fact,
    verb="registration.received",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("A registration is handed in for a decision")),
    causes_mail=True,
):
    """A registration awaits the organizers' decision."""

    sentence = _("Registration handed in")


@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed(
    Fact,
    verb="registration.confirmed",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("Somebody has registered")),
    causes_mail=True,
):
    """Somebody takes part, without anybody's decision: at once ("self"), or out of the line for a conference that was
    full ("line").
    """

    by: str = "self"

    def phrase(self) -> Sentence:
        return _("Registration confirmed: a place came free") if self.by == "line" else _("Registration confirmed")


@dataclass(frozen=True, kw_only=True)
class OfDecision(Fact):
    """A base: a registration is in another state, and was in this one before."""

    was: str

    def words(self, names: Names) -> dict[str, str]:
        states = dict(apps.get_model(REGISTRATION.model)._meta.get_field("state").flatchoices)
        return super().words(names) | {"was": str(states.get(self.was, self.was))}


@dataclass(frozen=True, kw_only=True)
class RegistrationApproved(
    OfDecision,
    verb="registration.approved",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("A registration is accepted")),
    causes_mail=True,
):
    """An organizer has accepted a registration."""

    sentence = _("Registration accepted (it was: %(was)s)")


@dataclass(frozen=True, kw_only=True)
class RegistrationWaitlisted(
    OfDecision,
    verb="registration.waitlisted",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("A registration is put on the waiting list")),
    causes_mail=True,
):
    """An organizer has put a registration on the conference's waiting list."""

    sentence = _("Registration put on the waiting list (it was: %(was)s)")


@dataclass(frozen=True, kw_only=True)
class RegistrationDeclined(
    OfDecision,
    verb="registration.declined",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("A registration is declined")),
    causes_mail=True,
):
    """An organizer has declined a registration."""

    sentence = _("Registration declined (it was: %(was)s)")


@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(
    OfDecision,
    verb="registration.cancelled",
    subject=REGISTRATION,
    concerns=PERSON,
    event=Event(_("A registration is cancelled")),
    causes_mail=True,
):
    """Somebody gave their registration back, before or after the decision; or it was one too many of a mailbox."""

    sentence = _("Registration cancelled (it was: %(was)s)")


@dataclass(frozen=True, kw_only=True)
class InterestsChanged(Fact, verb="interests.changed", subject=REGISTRATION, concerns=PERSON):
    """Somebody wishes for these sessions, by their keys, the dearest first."""

    sentence = _("Wishes changed")
    sessions: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class InvitesChanged(Fact, verb="registration.invites_changed", subject=REGISTRATION, concerns=PERSON):
    """Mails about places carry calendar invitations from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        return (
            _("Calendar invitations by mail turned on") if self.wanted else _("Calendar invitations by mail turned off")
        )


@dataclass(frozen=True, kw_only=True)
class AnnouncementsChanged(Fact, verb="registration.announcements_changed", subject=REGISTRATION, concerns=PERSON):
    """What organizers announce is mailed to somebody from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        return _("Announcements by mail turned on") if self.wanted else _("Announcements by mail turned off")


@dataclass(frozen=True, kw_only=True)
class MailsChanged(Edited, verb="registration.mails_changed", subject=REGISTRATION, concerns=PERSON):
    """Somebody is written to in another way; `changes` are by the columns of a registration."""

    def phrase(self) -> Sentence:
        return _("Choice of mails changed: %(fields)s")


@dataclass(frozen=True)
class Was:
    """What a calendar entry said before. `room` is a key; `online` only tells one address from another."""

    start: datetime
    end: datetime
    room: int | None
    room_name: Words
    venue: Words
    title: Words
    online: str


@dataclass(frozen=True, kw_only=True)
class OfPlace(Fact):
    """A base: what happened to somebody's place in a session."""

    session: Annotated[int, SESSION]
    registration: Annotated[int, REGISTRATION]


@dataclass(frozen=True, kw_only=True)
class PlaceConfirmed(
    OfPlace,
    verb="signup.confirmed",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("Somebody gets a place"), ("by",)),
    causes_mail=True,
):
    """A place is held: taken by oneself ("self"), out of the line ("promotion"), for another ("swap"), for another that
    was let go by itself when the turn came ("exchange"), an "offer" that was taken, one held before ("back"), or one
    entered by an organizer ("hand").
    """

    by: str

    def phrase(self) -> Sentence:
        if self.by == "hand":
            return _("Place in “%(session)s” entered by hand")
        return _("Place in “%(session)s” confirmed")


@dataclass(frozen=True, kw_only=True)
class PlaceAwaited(
    OfPlace,
    verb="signup.waiting",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("Somebody waits for a place")),
    causes_mail=True,
):
    """Somebody stands in line for a place; `exchange` "swap": what is in the way then is given up by itself, without
    asking. `back`: as before their session was taken off the programme.
    """

    sentence = _("Waiting for “%(session)s”")
    exchange: str = "ask"
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class ExchangeChosen(OfPlace, verb="signup.exchange_chosen", subject=SIGNUP, concerns=PLACE):
    """What happens when the turn of somebody who waits comes while they have a place at that time: "ask" or "swap"."""

    exchange: str

    def phrase(self) -> Sentence:
        if self.exchange == "swap":
            return _("Waiting for “%(session)s”: a place at the same time is given up by itself")
        return _("Waiting for “%(session)s”: asked before a place at the same time is given up")


@dataclass(frozen=True, kw_only=True)
class PlaceOffered(
    OfPlace,
    verb="signup.offered",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("A place is offered"), ("until", "reason")),
    causes_mail=True,
):
    """A place is kept until then for somebody who must decide, for they have another at that time. `reason`: it moved
    there, with what it was before in `old` ("clash"); two places at once are refused from now on ("rule"); their turn
    in the line has come ("turn"); the place they had in the session is there again ("back"); or what is offered already
    has another time ("moved"), with the one before in `old`.
    """

    sentence = _("Place in “%(session)s” offered until %(until)s")
    until: datetime
    reason: str
    old: Was | None = None


@dataclass(frozen=True, kw_only=True)
class OfferExpired(
    OfPlace,
    verb="signup.expired",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("An offered place has expired"), ("was", "reason")),
    causes_mail=True,
):
    """An offer was not taken in time."""

    sentence = _("Offered place in “%(session)s” expired")
    was: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlaceLeft(
    OfPlace,
    verb="signup.left",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("Somebody gives a place back"), ("was", "reason")),
    causes_mail=True,
):
    """A place in state `was` is given back: by its owner ("self"), for one they waited for ("exchange"), with the
    "registration", or with the "session", whose time and room it kept in `old`.

    "over": the session had been over already when it went; "closed": the waiting line closed.
    """

    was: str
    reason: str
    old: Was | None = None

    def phrase(self) -> Sentence:
        if self.reason == "closed":
            return _("Waiting for “%(session)s” ended: its waiting list closed")
        if self.reason in ("session", "over"):
            return _("Place in “%(session)s” ended with the session")
        if self.reason == "registration":
            return _("Place in “%(session)s” given back with the registration")
        if self.reason == "exchange":
            return _("Place in “%(session)s” given up for one that was waited for")
        return _("Place in “%(session)s” given back")


@dataclass(frozen=True, kw_only=True)
class PlaceLost(
    OfPlace,
    verb="signup.displaced",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("A place is lost because the session got smaller"), ("was", "reason")),
    causes_mail=True,
):
    """A session got smaller: who came last waits again, at the head of the line."""

    sentence = _("Place in “%(session)s” lost, waiting again")
    was: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(
    OfPlace,
    verb="signup.changed",
    subject=SIGNUP,
    concerns=PLACE,
    event=Event(_("Time, room or title of a place changes"), ("changed",)),
    causes_mail=True,
):
    """A place is elsewhere, at another time or under another name, since release `release` or an edit after it."""

    release: int | None
    changed: tuple[str, ...]
    old: Was

    def phrase(self) -> Sentence:
        return _("Calendar entry for “%(session)s” changed: %(what)s")

    def words(self, names: Names) -> dict[str, str]:
        kinds = {
            "time": _("time"),
            "room": _("room"),
            "room_name": _("name of the room"),
            "venue": _("venue"),
            "title": _("title"),
            "online": _("address to join online"),
        }
        return super().words(names) | {"what": ", ".join(str(kinds.get(one, one)) for one in self.changed)}


@dataclass(frozen=True, kw_only=True)
class PlaceDeclined(
    OfPlace,
    verb="signup.declined",
    subject=SIGNUP,
    concerns=PERSON,
    event=Event(_("A calendar declines an invitation")),
    causes_mail=True,
):
    """A calendar answered no. The place stays; its owner is asked whether they give it back."""

    sentence = _("A calendar declined “%(session)s”; its owner is asked")


def of_places() -> list[str]:
    """The verbs of everything that can happen to a place, in whichever module it is declared."""
    return [fact.verb for fact in facts() if issubclass(fact, OfPlace)]
