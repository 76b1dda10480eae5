"""What the words of a mail about one session are filled with: when and where it is, what was before, what changed."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import addresses
from notifications.mails.calendar_place import CalendarPlace
from notifications.mails.render_input import RenderInput
from notifications.wordings.texts import moment, span, text_in
from registration.models import SignUp
from schedule.domain.programme.names import role_name
from schedule.models import Conference


def place_context(to: RenderInput, signup: SignUp, conference: Conference) -> dict[str, Any]:
    """For mails about somebody's place in a session."""
    language = to.language
    context = _time_and_room(to, conference)
    context |= {
        "session": text_in(signup.session.title, language),
        "page": addresses.session(conference.slug, signup.session.code),
        "position": to.position,
        "join": to.place.online if to.place and signup.state == SignUp.State.CONFIRMED else "",
        "join_changed": "online" in context["changed"],
        "exchange": signup.exchange,
        "back": bool(to.data.get("back")),
        # Whether nobody signs up or moves up any more when they read this, and whether they had a place.
        "closed": signup.session.seats.is_closed(timezone.now()),
        "lost": signup.stood_as == SignUp.State.CONFIRMED,
    }
    if signup.offered_until:
        context["until"] = moment(signup.offered_until, conference.zone, language)
    if to.clash:
        context["clash"] = text_in(to.clash.title, language)
        context["clash_when"] = span(to.clash.start, to.clash.end, conference.zone, language)
    return context


def appearance_context(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """For mails to speakers and hosts: the session, in what role, and whom they may ask."""
    context, session = _time_and_room(to, conference), to.message.session
    if session is not None:
        context |= {
            "session": text_in(session.title, to.language),
            "page": addresses.session(conference.slug, session.code),
            "role": role_name(to.data["role"]) if to.data.get("role") else "",
            "cancelled": session.state == session.State.CANCELLED,
        }
    return context


def _time_and_room(to: RenderInput, conference: Conference) -> dict[str, Any]:
    """When and where, what was before, and under "changed" the names of what differs."""
    place, old, language, zone = to.place, to.old, to.language, conference.zone
    changed, renamings = _compared(old, place, language) if old and place else (frozenset[str](), [])
    context: dict[str, Any] = {"changed": changed}
    if place:
        context["when"] = span(place.start, place.end, zone, language)
        context["room"], context["venue"] = text_in(place.room, language), text_in(place.venue, language)
        registration = to.message.registration
        # On the recipient's own clocks too, where they named a zone that differs then.
        if registration and registration.zone_name:
            theirs = ZoneInfo(registration.zone_name)
            if place.start.astimezone(theirs).utcoffset() != place.start.astimezone(zone).utcoffset():
                said = _("your time: %(when)s") % {"when": span(place.start, place.end, theirs, to.our_language)}
                context["when"] += f", {said}"
    if old:
        # Of a session that has no place any more, all is told that it had.
        told = changed if place else {"time", "room"}
        context["old_when"] = span(old.start, old.end, zone, language) if "time" in told else ""
        context["old_room"] = text_in(old.room, language) if "room" in told else ""
        context["old_title"] = text_in(old.title, language) if "title" in told else ""
        context["renamings"] = renamings
    return context


def _compared(old: CalendarPlace, new: CalendarPlace, language: str) -> tuple[AbstractSet[str], list[str]]:
    """What has changed for a reader of `language`, which may be more than the entry that caused the message knew.

    Names of "time", "room" (another one), "room_name" (the same one), "venue", "title" and "online"; and sentences in
    the active language about new names, the room's and the venue's. Another room is no renaming: mails name it with the
    one before.
    """
    room, old_room = text_in(new.room, language), text_in(old.room, language)
    venue, old_venue = text_in(new.venue, language), text_in(old.venue, language)
    pairs = {
        "time": ((new.start, new.end), (old.start, old.end)),
        "room": (new.room_id, old.room_id),
        "room_name": (room, old_room),
        "venue": (venue, old_venue),
        "title": (text_in(new.title, language), text_in(old.title, language)),
        "online": (new.online_mark, old.online_mark),
    }
    changed = {name for name, (is_now, was) in pairs.items() if is_now != was}
    if "room" in changed:
        changed.discard("room_name")
    renamings = []
    if "room_name" in changed:
        renamings.append(_("Room renamed: %(before)s → %(after)s") % {"before": old_room, "after": room})
    if "venue" in changed:
        renamings.append(_venue(old_venue, venue))
    return changed, renamings


def _venue(before: str, after: str) -> str:
    if not before:
        return _("Venue: %(after)s") % {"after": after}
    if not after:
        return _("The venue is not fixed any more (before: %(before)s)") % {"before": before}
    return _("Venue changed: %(before)s → %(after)s") % {"before": before, "after": after}
