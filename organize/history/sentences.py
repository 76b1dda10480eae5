"""Journal entries in words, for the team. Participants are not named: the journal does not name them either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from journal.models import Entry
from schedule.models import Conference, Draft, Room, Session

SENTENCES = {
    "conference.imported": gettext_lazy("Programme imported"),
    "conference.edited": gettext_lazy("Conference edited"),
    "conference.venue_changed": gettext_lazy("Venue changed"),
    "conference.approval_changed": gettext_lazy("Changed whether organizers decide about each registration"),
    "programme.edited": gettext_lazy("Programme data edited"),
    "draft.created": gettext_lazy("Draft “%(draft)s” made"),
    "draft.placed": gettext_lazy("“%(session)s” placed in draft “%(draft)s”"),
    "draft.unplaced": gettext_lazy("“%(session)s” taken out of draft “%(draft)s”"),
    "search.weighed": gettext_lazy("Changed what counts when a timetable is searched for"),
    "search.asked": gettext_lazy("Search for a timetable asked for"),
    "search.stopped": gettext_lazy("Search for a timetable stopped"),
    "search.ended": gettext_lazy("Search for a timetable ended"),
    "release.published": gettext_lazy("Release %(number)s published"),
    "session.renamed": gettext_lazy("“%(session)s” has a new title"),
    "session.cancelled": gettext_lazy("“%(session)s” cancelled"),
    "session.online_changed": gettext_lazy("“%(session)s”: address to join online changed"),
    "session.reinstated": gettext_lazy("“%(session)s” takes place again"),
    "session.cap_changed": gettext_lazy("Places of “%(session)s” changed"),
    "session.seats_held": gettext_lazy("Seats held back in “%(session)s”"),
    "session.edited": gettext_lazy("“%(session)s” edited"),
    "room.renamed": gettext_lazy("%(room)s has a new name"),
    "room.resized": gettext_lazy("Seats of %(room)s changed"),
    "room.closed": gettext_lazy("%(room)s closed for a time"),
    "registration.confirmed": gettext_lazy("Registration confirmed"),
    "registration.answered": gettext_lazy("Registration filled in"),
    "registration.cancelled": gettext_lazy("Registration cancelled"),
    "registration.invites_changed": gettext_lazy("Calendar invitations by mail turned on or off"),
    "interests.changed": gettext_lazy("Wishes changed"),
    "link.requested": gettext_lazy("Sign-in link asked for"),
    "signup.confirmed": gettext_lazy("Place in “%(session)s” confirmed"),
    "signup.waiting": gettext_lazy("Waiting for “%(session)s”"),
    "signup.offered": gettext_lazy("Place in “%(session)s” offered"),
    "signup.expired": gettext_lazy("Offered place in “%(session)s” expired"),
    "signup.left": gettext_lazy("Place in “%(session)s” given back"),
    "signup.displaced": gettext_lazy("Place in “%(session)s” lost, waiting again"),
    "signup.changed": gettext_lazy("Calendar entry for “%(session)s” changed"),
    "signup.declined": gettext_lazy("A calendar declined “%(session)s”; its owner is asked"),
    "registration.mails_changed": gettext_lazy("Choice of mails changed"),
    "registration.received": gettext_lazy("Registration handed in"),
    "registration.approved": gettext_lazy("Registration accepted"),
    "registration.declined": gettext_lazy("Registration declined"),
    "registration.waitlisted": gettext_lazy("Registration put on the waiting list"),
    "role.invited": gettext_lazy("Invited to take part in “%(session)s”"),
    "role.accepted": gettext_lazy("Invitation to take part in “%(session)s” accepted"),
    "role.declined": gettext_lazy("Invitation to take part in “%(session)s” declined"),
    "host.accepted": gettext_lazy("Invitation to host “%(session)s” accepted"),
    "host.declined": gettext_lazy("Invitation to host “%(session)s” declined"),
    "host.invited": gettext_lazy("Invited to host “%(session)s”"),
    "registration.announcements_changed": gettext_lazy("Announcements by mail turned on or off"),
    "webhook.created": gettext_lazy("Webhook made"),
    "webhook.changed": gettext_lazy("Webhook changed"),
    "webhook.paused": gettext_lazy("Webhook paused"),
    "webhook.resumed": gettext_lazy("Webhook resumed"),
    "webhook.disabled": gettext_lazy("Webhook switched off because it kept failing"),
    "webhook.secret_rotated": gettext_lazy("Webhook got a new secret"),
    "webhook.tested": gettext_lazy("Test event sent to a webhook"),
    "webhook.replayed": gettext_lazy("Webhook deliveries sent again"),
    "webhook.deleted": gettext_lazy("Webhook deleted"),
    "message.retried": gettext_lazy("Message sent again"),
    "message.bounced": gettext_lazy("Message came back"),
    "message.withheld": gettext_lazy("Message withheld"),
    "message.released": gettext_lazy("Withheld message released"),
    "announcement.created": gettext_lazy("Announcement written"),
    "announcement.edited": gettext_lazy("Announcement changed"),
    "announcement.discarded": gettext_lazy("Announcement thrown away"),
    "announcement.tested": gettext_lazy("Announcement mailed to oneself"),
    "announcement.scheduled": gettext_lazy("Announcement scheduled"),
    "announcement.unscheduled": gettext_lazy("Announcement taken off the schedule"),
    "announcement.started": gettext_lazy("Announcement begun"),
    "announcement.stopped": gettext_lazy("Announcement stopped"),
    "announcement.sent": gettext_lazy("Announcement sent"),
    "template.changed": gettext_lazy("Wording of a mail changed"),
    "template.reset": gettext_lazy("Wording of a mail reset"),
    "feed.created": gettext_lazy("Personal calendar made"),
    "feed.changed": gettext_lazy("Personal calendar set up anew"),
    "feed.revoked": gettext_lazy("Personal calendar withdrawn"),
    "member.digest_changed": gettext_lazy("Daily mail to an organizer turned on or off"),
    "export.made": gettext_lazy("Names of “%(session)s” exported"),
}


@dataclass(frozen=True)
class Told:
    """One entry as a page shows it."""

    at: datetime
    actor: str
    sentence: str
    verb: str


def in_words(conference: Conference, entries: Sequence[Entry]) -> list[Told]:
    """Entries with the names of what they speak of; at most four queries, whatever their number."""
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for kind, key in _mentions(entry):
            keys[kind].add(key)
    names: dict[tuple[str, int], str] = {}
    if keys["session"]:
        _add(
            names,
            "session",
            Session.objects.filter(conference=conference, pk__in=keys["session"]).values_list("pk", "title"),
        )
    if keys["room"]:
        _add(names, "room", Room.objects.filter(conference=conference, pk__in=keys["room"]).values_list("pk", "name"))
    if keys["draft"]:
        _add(
            names, "draft", Draft.objects.filter(conference=conference, pk__in=keys["draft"]).values_list("pk", "name")
        )
    if keys["organizer"]:
        users = User.objects.filter(pk__in=keys["organizer"])
        names |= {("organizer", user.pk): str(user) for user in users}
    return [
        Told(conference.local(entry.at), _actor(entry, names), _sentence(entry, names), entry.verb) for entry in entries
    ]


def _add(names: dict[tuple[str, int], str], kind: str, rows: Iterable[tuple[int, object]]) -> None:
    names |= {(kind, key): str(name) for key, name in rows}


def _mentions(entry: Entry) -> Iterable[tuple[str, int]]:
    thing = entry.verb.partition(".")[0]
    if thing in ("session", "room", "draft") and entry.subject_id:
        yield thing, entry.subject_id
    elif thing == "export" and entry.subject_id:
        yield "session", entry.subject_id
    if isinstance(key := entry.data.get("session"), int):
        yield "session", key
    who, _, key_text = entry.actor.partition(":")
    if who == "organizer" and key_text.isdecimal():
        yield "organizer", int(key_text)


def _sentence(entry: Entry, names: dict[tuple[str, int], str]) -> str:
    sentence = SENTENCES.get(entry.verb)
    if sentence is None:
        return entry.verb
    words = {"number": entry.data.get("number", ""), "session": "?", "room": "?", "draft": "?"}
    words |= {kind: names[kind, key] for kind, key in _mentions(entry) if (kind, key) in names}
    return str(sentence) % words


def _actor(entry: Entry, names: dict[tuple[str, int], str]) -> str:
    who, _, key = entry.actor.partition(":")
    if who == "organizer":
        return (
            names.get(("organizer", int(key)), gettext("An organizer")) if key.isdecimal() else gettext("An organizer")
        )
    if who == "participant":
        return gettext("A participant")
    if who == "person":
        return gettext("A speaker or host")
    return gettext("Plenary itself")
