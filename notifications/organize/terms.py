"""What the scheduler's terms are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

_NAMES = {
    "wish_clashes": gettext_lazy("Wishes that overlap"),
    "unseated": gettext_lazy("People without a seat"),
    "empty_seats": gettext_lazy("Empty seats"),
    "off_half_hour": gettext_lazy("Sessions off the half hour"),
    "moved_times": gettext_lazy("Sessions at another time than before"),
    "moved_rooms": gettext_lazy("Sessions in another room than before"),
}


def term_name(code: str) -> str:
    """The term in the language of the page; its code where it has no name yet."""
    return str(_NAMES.get(code, code))
