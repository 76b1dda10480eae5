"""Which mails may be told in one: those to one reader about several sessions that put no entry in a calendar.

Calendar programs act on one entry for each mail (ADR 5), so what does that stays a mail of its own.
"""

from __future__ import annotations

from datetime import timedelta

from notifications.rules.mail_rules import CALENDAR_OF, Calendar

# What the list says of a session, for each kind that may be told so; the names are those of `mail_lists.happened`.
# Nothing that its reader must answer, and nothing that is theirs for a time only.
JOINS = {
    "place_confirmed": "confirmed",
    "place_back": "back",
    "place_changed": "changed",
    "place_waiting": "waiting",
    "place_lost": "lost",
    "place_left": "left",
    "session_cancelled": "cancelled",
    "offer_expired": "expired",
    "line_closed": "closed",
    "appearance_placed": "placed",
    "appearance_changed": "changed",
    "appearance_cancelled": "removed",
    "appearance_ended": "ended",
}
# Whoever takes one place takes another in the next moment: their mail waits so long for it. It also takes along what
# would leave so soon after it.
WAIT = timedelta(minutes=1)


def joins(kind: str, *, entries: bool) -> bool:
    """Whether a message of this kind may be told with others. `entries`: its reader gets calendar entries by mail."""
    return kind in JOINS and not (entries and CALENDAR_OF[kind] is Calendar.REQUEST)
