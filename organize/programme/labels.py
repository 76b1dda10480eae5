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
    "track_rooms": gettext_lazy("Rooms of a theme beyond the first"),
    "person_gaps": gettext_lazy("Idle minutes of people"),
    "day_imbalance": gettext_lazy("Sessions beyond a day’s share"),
    "moved_times": gettext_lazy("Sessions at another time than before"),
    "moved_rooms": gettext_lazy("Sessions in another room than before"),
}

# What one unit of each is, for those who decide how much it counts.
_UNITS = {
    "wish_clashes": gettext_lazy("For each attendee and two wished sessions at once: the weight of the lesser wish."),
    "unseated": gettext_lazy("For each attendee who wishes a session beyond the seats of its room."),
    "empty_seats": gettext_lazy("For each seat beyond what is expected or wished."),
    "off_half_hour": gettext_lazy("For each session that does not start on the hour or half hour."),
    "off_core_hours": gettext_lazy("For each session partly outside the core hours of its day."),
    "off_preferred_times": gettext_lazy("For each session outside all times it prefers."),
    "off_preferred_rooms": gettext_lazy("For each session outside all rooms it prefers."),
    "track_rooms": gettext_lazy("For each room beyond the first that the sessions of a theme use on a day."),
    "person_gaps": gettext_lazy("For each minute a person waits between their sessions of a day."),
    "day_imbalance": gettext_lazy("For each session beyond what a day would have if all were equally full."),
    "moved_times": gettext_lazy("For each session at another time than in the draft the search starts from."),
    "moved_rooms": gettext_lazy("For each session in another room than in the draft the search starts from."),
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


def unit_of(code: str) -> str:
    """What one unit of a term is, in the language of the page."""
    return str(_UNITS[code])


def asks_name(code: str) -> str:
    """What a change asks for, in the language of the page."""
    return str(_ASKS[code])
