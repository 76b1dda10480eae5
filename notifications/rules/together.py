"""Which mails may be told in one: those to one reader about several sessions that put no entry in a calendar.

Calendar programs act on one entry for each mail (ADR 5), so what does that stays a mail of its own.
"""

from __future__ import annotations

from datetime import timedelta

from notifications.rules.mail_rules import CALENDAR_OF, Calendar

# Nothing that its reader must answer, and nothing that is theirs for a time only.
JOINS = frozenset(
    {
        "place_confirmed",
        "place_back",
        "place_waiting",
        "place_left",
        "place_lost",
        "place_changed",
        "session_cancelled",
        "offer_expired",
        "line_closed",
        "appearance_placed",
        "appearance_changed",
        "appearance_cancelled",
        "appearance_ended",
    }
)
# Whoever takes one place takes another in the next moment: their mail waits so long for it. It also takes along what
# would leave so soon after it.
WAIT = timedelta(minutes=1)


def joins(kind: str, *, entries: bool) -> bool:
    """Whether a message of this kind may be told with others. `entries`: its reader gets calendar entries by mail."""
    return kind in JOINS and not (entries and CALENDAR_OF[kind] is Calendar.REQUEST)
