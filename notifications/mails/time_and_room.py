"""When and where a session is, what was before, and what a mail says where only a name has changed."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from notifications.mails.calendar_place import CalendarPlace
from notifications.mails.render_input import RenderInput
from notifications.wordings.texts import span, text_in
from schedule.models import Conference


def time_and_room(to: RenderInput, conference: Conference) -> dict[str, Any]:
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
