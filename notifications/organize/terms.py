"""What the scheduler's terms are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

_NAMES = {
    "wish_clashes": gettext_lazy("Wishes that overlap"),
    "unseated": gettext_lazy("People without a seat"),
    "empty_seats": gettext_lazy("Empty seats"),
    "off_half_hour": gettext_lazy("Sessions off the half hour"),
    "off_core_hours": gettext_lazy("Sessions outside the core hours"),
    "off_preferred_times": gettext_lazy("Sessions outside the times they prefer"),
    "off_preferred_rooms": gettext_lazy("Sessions outside the rooms they prefer"),
    "track_rooms": gettext_lazy("Changes of room within a track"),
    "person_gaps": gettext_lazy("Idle minutes of people"),
    "day_imbalance": gettext_lazy("Sessions beyond a day’s share"),
    "moved_times": gettext_lazy("Sessions at another time than before"),
    "moved_rooms": gettext_lazy("Sessions in another room than before"),
}

# What a change asks for, as the solver names it.
_ASKS = {
    "decision": gettext_lazy("A decision of yours"),
    "hour": gettext_lazy("A longer day"),
    "people": gettext_lazy("People’s or a house’s time"),
    "equipment": gettext_lazy("Equipment or seats"),
    "room": gettext_lazy("A room"),
    "session": gettext_lazy("A session left out"),
}


def in_order(terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Terms as they are read here, those without a name last: what is kept in the database has no order."""
    known = list(_NAMES)
    return sorted(terms.items(), key=lambda term: known.index(term[0]) if term[0] in known else len(known))


def term_name(code: str) -> str:
    """The term in the language of the page; its code where an old search has one that is counted no more."""
    return str(_NAMES.get(code, code))


def asks_name(code: str) -> str:
    """What a change asks for, in the language of the page."""
    return str(_ASKS[code])
