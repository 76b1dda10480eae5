"""What rooms can have, by the codes that programmes use. One table: pages, sentences and readers of files ask it.

Without Django, as the conflict engine is; the words come from the catalogue that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol


class InContext(Protocol):
    """Where words come from: `django.utils.translation` or a gettext catalogue."""

    def pgettext(self, context: str, message: str) -> str: ...


# Functions rather than strings, so that each message stands as a literal in a call that makemessages can read.
FEATURES: Final[Mapping[str, Callable[[InContext], str]]] = MappingProxyType(
    {
        "captions-screen": lambda c: c.pgettext("room feature", "screen for captions"),
        "hearing-loop": lambda c: c.pgettext("room feature", "hearing loop"),
        "hybrid": lambda c: c.pgettext("room feature", "equipment for remote participation"),
        "interpretation-booth": lambda c: c.pgettext("room feature", "interpretation booth"),
        "projector": lambda c: c.pgettext("room feature", "projector"),
        "wheelchair": lambda c: c.pgettext("room feature", "wheelchair access"),
    }
)
# What everybody who plans to come is told of a room; the others are the organizers' matter.
ACCESS_FEATURES: Final = ("wheelchair", "hearing-loop")


def feature_in_words(code: str, catalogue: InContext) -> str:
    """A feature as a sentence says it; one that only this conference knows by its code."""
    return FEATURES[code](catalogue) if code in FEATURES else code
