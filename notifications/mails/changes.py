"""What differs between a place as it was and as it is, and what a mail says where only a name has changed."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from django.utils.translation import gettext as _

from notifications.mails.calendar_place import CalendarPlace
from notifications.wordings.texts import text_in


def changes(old: CalendarPlace, new: CalendarPlace, language: str) -> AbstractSet[str]:
    """What has changed for a reader of `language`, which may be more than the entry that caused the message knew.

    Of "time", "room" (another one), "room_name" (the same one), "venue", "title" and "online".
    """
    room = "room" if new.room_id != old.room_id else "room_name"
    pairs = {
        "time": ((new.start, new.end), (old.start, old.end)),
        room: ((new.room_id, text_in(new.room, language)), (old.room_id, text_in(old.room, language))),
        "venue": (text_in(new.venue, language), text_in(old.venue, language)),
        "title": (text_in(new.title, language), text_in(old.title, language)),
        "online": (new.online_mark, old.online_mark),
    }
    return {name for name, (is_now, was) in pairs.items() if is_now != was}


def renamings(old: CalendarPlace, new: CalendarPlace, language: str) -> list[str]:
    """Sentences in the active language about names that changed in the reader's `language`: the room's, the venue's.

    Another room is no renaming: mails name it with the one before.
    """
    said = []
    room, before = text_in(new.room, language), text_in(old.room, language)
    if new.room_id == old.room_id and room != before:
        said.append(_("Room renamed: %(before)s → %(after)s") % {"before": before, "after": room})
    venue, before = text_in(new.venue, language), text_in(old.venue, language)
    if venue != before:
        said.append(_venue(before, venue))
    return said


def _venue(before: str, after: str) -> str:
    if not before:
        return _("Venue: %(after)s") % {"after": after}
    if not after:
        return _("The venue is not fixed any more (before: %(before)s)") % {"before": before}
    return _("Venue changed: %(before)s → %(after)s") % {"before": before, "after": after}
