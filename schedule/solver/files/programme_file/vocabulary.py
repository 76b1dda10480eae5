"""The words that a programme file may use, where they are fixed."""

from __future__ import annotations

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

# A weekday in a file is there for people to read; these are the ways to write it.
WEEKDAYS = (
    ("Monday", "월요일"),
    ("Tuesday", "화요일"),
    ("Wednesday", "수요일"),
    ("Thursday", "목요일"),
    ("Friday", "금요일"),
    ("Saturday", "토요일"),
    ("Sunday", "일요일"),
)
