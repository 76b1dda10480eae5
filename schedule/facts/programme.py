"""What changes a published programme, or how many places it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from journal.facts import Concern, Event, Fact, Names, Sentence, Words
from schedule.facts.things import CONFERENCE, RELEASE, ROOM, SESSION

PROGRAMME, PLACE, TIMETABLE = Concern.PROGRAMME, Concern.PLACE, Concern.TIMETABLE


@dataclass(frozen=True, kw_only=True)
class ConferenceImported(Fact, verb="conference.imported", subject=CONFERENCE, concerns=PROGRAMME):
    """A programme file became a conference. The figures count its rows."""

    sentence = _("Programme imported (sessions: %(sessions)s, rooms: %(rooms)s, people: %(people)s, hosts: %(bodies)s)")
    slug: str
    sessions: int
    rooms: int
    people: int
    bodies: int


@dataclass(frozen=True, kw_only=True)
class VenueChanged(
    Fact,
    verb="conference.venue_changed",
    subject=CONFERENCE,
    concerns=PROGRAMME,
    event=Event(_("The venue changes")),
):
    """Everybody's calendar entries say another venue."""

    sentence = _("Venue: %(old)s → %(new)s")
    old: Words
    new: Words


@dataclass(frozen=True, kw_only=True)
class ReleasePublished(
    Fact,
    verb="release.published",
    subject=RELEASE,
    concerns=PROGRAMME,
    event=Event(_("A release is published"), ("number", "previous", "moved", "affected")),
    causes_mail=True,
):
    """`moved` sessions are elsewhere or at another time than in release `previous`; `affected` people have a place.

    `at_once`: nobody is to wait for its mails until further changes have been gathered.
    """

    number: int
    previous: int | None
    moved: int
    affected: int
    at_once: bool = False

    def phrase(self) -> Sentence:
        if self.at_once:
            return _("Release %(number)s published, told at once (moved: %(moved)s, people concerned: %(affected)s)")
        return _("Release %(number)s published (sessions moved: %(moved)s, people concerned: %(affected)s)")


@dataclass(frozen=True, kw_only=True)
class SessionRenamed(
    Fact,
    verb="session.renamed",
    subject=SESSION,
    concerns=PROGRAMME,
    event=Event(_("A session has a new title")),
):
    """A session has another title, in the programme as it is published already."""

    sentence = _("Title of a session: “%(old)s” → “%(new)s”")
    old: Words
    new: Words


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(
    Fact,
    verb="session.cancelled",
    subject=SESSION,
    concerns=PROGRAMME,
    event=Event(_("A session is cancelled")),
    causes_mail=True,
):
    """A session does not take place."""

    sentence = _("“%(session)s” cancelled")


@dataclass(frozen=True, kw_only=True)
class SessionReinstated(
    Fact,
    verb="session.reinstated",
    subject=SESSION,
    concerns=PROGRAMME,
    event=Event(_("A session takes place again")),
    causes_mail=True,
):
    """A cancelled session takes place after all."""

    sentence = _("“%(session)s” takes place again")


@dataclass(frozen=True, kw_only=True)
class OnlineAddressChanged(Fact, verb="session.online_changed", subject=SESSION, concerns=PLACE):
    """Where those who have a place join online is another address, which nothing here says."""

    sentence = _("“%(session)s”: address to join online changed")


@dataclass(frozen=True, kw_only=True)
class CapChanged(
    Fact,
    verb="session.cap_changed",
    subject=SESSION,
    concerns=PLACE,
    event=Event(_("The places of a session change")),
):
    """A session has another number of places at most; None leaves it to its room."""

    sentence = _("Most places of “%(session)s”: %(old)s → %(new)s")
    old: int | None
    new: int | None


@dataclass(frozen=True, kw_only=True)
class SeatsHeld(
    Fact,
    verb="session.seats_held",
    subject=SESSION,
    concerns=PLACE,
    event=Event(_("Seats of a session are held back")),
):
    """Another number of a room's seats is kept for speakers, interpreters and companions."""

    sentence = _("Seats held back in “%(session)s”: %(old)s → %(new)s")
    old: int
    new: int


@dataclass(frozen=True, kw_only=True)
class RoomRenamed(Fact, verb="room.renamed", subject=ROOM, concerns=PROGRAMME, event=Event(_("A room has a new name"))):
    """`sessions` are the keys of those that public calendars show in this room: their entries change."""

    sentence = _("Name of a room: “%(old)s” → “%(new)s”")
    old: Words
    new: Words
    sessions: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RoomResized(
    Fact,
    verb="room.resized",
    subject=ROOM,
    concerns=PROGRAMME,
    event=Event(_("The seats of a room change"), ("capacity",)),
):
    """A room has another number of seats."""

    sentence = _("Seats of %(room)s: %(old)s → %(capacity)s")
    old: int
    capacity: int


@dataclass(frozen=True, kw_only=True)
class RoomClosed(
    Fact,
    verb="room.closed",
    subject=ROOM,
    concerns=TIMETABLE,
    event=Event(_("A room is closed for a time"), ("starts_at", "ends_at")),
):
    """A room cannot be used for a time. What is published stays until a release."""

    sentence = _("%(room)s closed from %(starts_at)s to %(ends_at)s")
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class RoomOpened(
    Fact,
    verb="room.opened",
    subject=ROOM,
    concerns=TIMETABLE,
    event=Event(_("A closed room is open again"), ("starts_at", "ends_at")),
):
    """A time for which a room was closed is taken back."""

    sentence = _("%(room)s open again, from %(starts_at)s to %(ends_at)s")
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class TextPublished(Fact, verb="conference.text_published", subject=CONFERENCE, concerns=PROGRAMME):
    """A version of a text of the conference is published: its privacy notice, say. What it says is not told."""

    sentence = _("%(what)s published, version %(version)s")
    kind: str
    version: int

    def words(self, names: Names) -> dict[str, str]:
        kinds = {
            "privacy": _("Privacy notice"),
            "conduct": _("Code of conduct"),
            "contact": _("Contact"),
            "imprint": _("Imprint"),
        }
        return super().words(names) | {"what": str(kinds.get(self.kind, self.kind))}
