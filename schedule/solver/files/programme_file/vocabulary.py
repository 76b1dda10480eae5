"""The words that a programme file may use, where they are fixed."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

FORMAT = "whrcf-scheduler-input"
VERSION = 1

# Version 1 has no field for two things: the kind of this code holds breaks, and the room of this code takes breaks
# only, any number of them at once.
BREAK_KIND = "break"
LOBBY_ROOM = "LOBBY"

IN_PERSON = "in-person"
MODES = (IN_PERSON, "recorded", "remote")
INVITATION = "invitation"
SIGNUPS = ("open", "limited", INVITATION)
SUBJECTS = ("room", "person", "host")
FEATURES = frozenset(["captions-screen", "hearing-loop", "hybrid", "interpretation-booth", "projector", "wheelchair"])

# Slugs stand first in public addresses, so these words must stay free for pages of the whole site.
RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "admin",
        "api",
        "calendar",
        "healthz",
        "language",
        "my",
        "organize",
        "link",
        "readyz",
        "register",
        "robots",
        "sign-in",
        "sign-out",
        "sitemap",
        "static",
    ]
)

# The languages in which a weekday may be written, which is there for people to read.
_WEEKDAYS_IN = ("en", "ko")


def weekday_names(day: date) -> frozenset[str]:
    """How the weekday of a date may be written, long and short, in small letters."""
    return frozenset(format_date(day, form, locale).lower() for form in ("EEEE", "EEE") for locale in _WEEKDAYS_IN)
