"""What a mail says where a place is where it was, under another name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from notifications.mails.calendar_place import Place
from notifications.wordings.texts import text_in


def renamings(old: Place, new: Place, language: str) -> list[str]:
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
