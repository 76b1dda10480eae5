"""Why somebody gets a mail, said at the foot of each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

_ENTERED = gettext_lazy("You receive this mail because this address was entered on our pages.")
_REGISTERED = gettext_lazy("You receive this mail because you registered for this conference.")
_SIGNED_UP = gettext_lazy("You receive this mail because you signed up for this session.")
_APPEARS = gettext_lazy(
    "You receive this mail because you appear in the programme of this conference or answer for one of its hosts."
)

REASONS = {
    "password_reset": gettext_lazy("You receive this mail because this address has an organizer's account."),
    "account_notice": gettext_lazy("You receive this mail because this address has, or had, an organizer's account."),
    "address_proof": _ENTERED,
    "team_invitation": gettext_lazy("You receive this mail because a team of organizers invited this address."),
    "confirm_address": _ENTERED,
    "sign_in": _ENTERED,
    "already_registered": _ENTERED,
    "new_address": _ENTERED,
    "address_changed": gettext_lazy("You receive this mail because you were registered with this address until now."),
    "registration_received": _REGISTERED,
    "registration_approved": _REGISTERED,
    "registration_declined": _REGISTERED,
    "registration_waitlisted": _REGISTERED,
    "registration_confirmed": _REGISTERED,
    "registration_from_line": _REGISTERED,
    "registration_in_line": _REGISTERED,
    "registration_line_ended": _REGISTERED,
    "registration_cancelled": _REGISTERED,
    "place_confirmed": _SIGNED_UP,
    "place_back": _SIGNED_UP,
    "place_waiting": _SIGNED_UP,
    "place_offered": _SIGNED_UP,
    "offer_expired": _SIGNED_UP,
    "line_closed": _SIGNED_UP,
    "place_left": _SIGNED_UP,
    "place_lost": _SIGNED_UP,
    "place_changed": gettext_lazy("You receive this mail because you have a place in this session."),
    "session_cancelled": gettext_lazy(
        "You receive this mail because you had a place in this session or waited for one."
    ),
    "decline_asked": gettext_lazy("You receive this mail because a calendar of yours declined this session."),
    "speaking_invitation": gettext_lazy(
        "You receive this mail because the organizers ask you to take part in this session."
    ),
    "hosting_invitation": gettext_lazy(
        "You receive this mail because the organizers ask your organisation to host this session."
    ),
    "appearance_placed": _APPEARS,
    "appearance_changed": _APPEARS,
    "appearance_cancelled": _APPEARS,
    "appearance_ended": gettext_lazy("You receive this mail because you appeared in the programme of this conference."),
    "agenda_reminder": gettext_lazy(
        "You receive this mail because you have places in sessions on this day and have this reminder turned on."
    ),
    "session_reminder": gettext_lazy(
        "You receive this mail because you have a place in this session and reminders turned on."
    ),
    "digest": gettext_lazy("You receive this mail because you asked for one mail a day about your sessions."),
    "thanks": gettext_lazy("You receive this mail because you took part in this conference."),
    "organizer_digest": gettext_lazy(
        "You receive this mail because you organize this conference. You can turn it off in your team."
    ),
    "announcement": gettext_lazy("You receive this mail because you are registered for this conference."),
}
