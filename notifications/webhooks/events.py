"""What can be subscribed to: journal verbs, in the words of the page where they are chosen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

Group = Mapping[str, object]

REGISTRATIONS: Group = {
    "registration.confirmed": gettext_lazy("Somebody has registered"),
    "registration.received": gettext_lazy("A registration is handed in for a decision"),
    "registration.approved": gettext_lazy("A registration is accepted"),
    "registration.waitlisted": gettext_lazy("A registration is put on the waiting list"),
    "registration.declined": gettext_lazy("A registration is declined"),
    "registration.cancelled": gettext_lazy("A registration is cancelled"),
}
PLACES: Group = {
    "signup.confirmed": gettext_lazy("Somebody gets a place"),
    "signup.waiting": gettext_lazy("Somebody waits for a place"),
    "signup.offered": gettext_lazy("A place is offered"),
    "signup.expired": gettext_lazy("An offered place has expired"),
    "signup.left": gettext_lazy("Somebody gives a place back"),
    "signup.displaced": gettext_lazy("A place is lost because the session got smaller"),
    "signup.changed": gettext_lazy("Time, room or title of a place changes"),
    "signup.declined": gettext_lazy("A calendar declines an invitation"),
}
PROGRAMME: Group = {
    "release.published": gettext_lazy("A release is published"),
    "session.renamed": gettext_lazy("A session has a new title"),
    "session.cancelled": gettext_lazy("A session is cancelled"),
    "session.reinstated": gettext_lazy("A session takes place again"),
    "session.edited": gettext_lazy("A session is edited"),
    "session.cap_changed": gettext_lazy("The places of a session change"),
    "session.seats_held": gettext_lazy("Seats of a session are held back"),
    "room.renamed": gettext_lazy("A room has a new name"),
    "room.resized": gettext_lazy("The seats of a room change"),
    "room.closed": gettext_lazy("A room is closed for a time"),
    "conference.venue_changed": gettext_lazy("The venue changes"),
    "conference.edited": gettext_lazy("The conference is edited"),
}
GROUPS: tuple[tuple[object, Group], ...] = (
    (gettext_lazy("Programme"), PROGRAMME),
    (gettext_lazy("Sign-ups"), PLACES),
    (gettext_lazy("Registrations"), REGISTRATIONS),
)
EVENTS: Group = PROGRAMME | PLACES | REGISTRATIONS  # type: ignore[operator]  # all three are dicts
# Sent on request only.
TEST = "webhook.test"


def event_name(verb: str) -> str:
    """An event in words; what is not on the list any more by its verb."""
    return str(gettext_lazy("Test event") if verb == TEST else EVENTS.get(verb, verb))
