"""What organizers call the kinds of messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KIND_NAMES = {
    "announcement": gettext_lazy("Announcement"),
    "confirm_address": gettext_lazy("Confirm your address"),
    "sign_in": gettext_lazy("Sign-in link"),
    "registration_confirmed": gettext_lazy("Registered"),
    "registration_cancelled": gettext_lazy("Registration cancelled"),
    "place_confirmed": gettext_lazy("Place confirmed"),
    "place_waiting": gettext_lazy("On the waiting list"),
    "place_offered": gettext_lazy("Place offered"),
    "offer_expired": gettext_lazy("Offer expired"),
    "place_left": gettext_lazy("Place given back"),
    "session_cancelled": gettext_lazy("Session cancelled"),
    "place_lost": gettext_lazy("Place lost"),
    "place_changed": gettext_lazy("Place changed"),
    "decline_asked": gettext_lazy("Asked after a calendar declined"),
}


def kind_name(kind: str) -> str:
    return str(KIND_NAMES.get(kind, kind))
