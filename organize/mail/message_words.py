"""What organizers call the kinds of messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

KIND_NAMES = {
    "announcement": gettext_lazy("Announcement"),
    "confirm_address": gettext_lazy("Confirm your address"),
    "sign_in": gettext_lazy("Sign-in link"),
    "already_registered": gettext_lazy("Registered already"),
    "new_address": gettext_lazy("Confirm a new address"),
    "address_changed": gettext_lazy("Address changed"),
    "registration_received": gettext_lazy("Registration received"),
    "registration_approved": gettext_lazy("Registration accepted"),
    "registration_declined": gettext_lazy("Registration declined"),
    "registration_waitlisted": gettext_lazy("Registration on the waiting list"),
    "registration_confirmed": gettext_lazy("Registered"),
    "registration_from_line": gettext_lazy("Registered: a place came free"),
    "registration_in_line": gettext_lazy("In line for a registration"),
    "registration_line_ended": gettext_lazy("Line for a registration ended"),
    "registration_cancelled": gettext_lazy("Registration cancelled"),
    "place_confirmed": gettext_lazy("Place confirmed"),
    "place_back": gettext_lazy("Place there again"),
    "place_waiting": gettext_lazy("On the waiting list"),
    "place_offered": gettext_lazy("Place offered"),
    "offer_expired": gettext_lazy("Offer expired"),
    "line_closed": gettext_lazy("Waiting list closed"),
    "place_left": gettext_lazy("Place given back"),
    "session_cancelled": gettext_lazy("Session cancelled"),
    "place_lost": gettext_lazy("Place lost"),
    "place_changed": gettext_lazy("Place changed"),
    "decline_asked": gettext_lazy("Asked after a calendar declined"),
    "speaking_invitation": gettext_lazy("Invitation to speak"),
    "hosting_invitation": gettext_lazy("Invitation to host"),
    "appearance_placed": gettext_lazy("Speaker's session placed"),
    "appearance_changed": gettext_lazy("Speaker's session changed"),
    "appearance_cancelled": gettext_lazy("Speaker's session cancelled"),
    "appearance_ended": gettext_lazy("Speaker's appearance ended"),
    "agenda_reminder": gettext_lazy("Tomorrow's sessions"),
    "session_reminder": gettext_lazy("Session begins soon"),
    "digest": gettext_lazy("Daily news"),
    "thanks": gettext_lazy("Thanks and survey"),
    "organizer_digest": gettext_lazy("Organizers' daily mail"),
}


def kind_name(kind: str) -> str:
    return str(KIND_NAMES.get(kind, kind))
