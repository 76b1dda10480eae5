"""What the state of something is called, and the icon and colour that say so too: one table for each kind of thing.

{% load badges %}
{% with badge=state|state_badge %}{% include "components/session/badge.html" with tone=badge.tone ... %}{% endwith %}
"""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


class Badge(NamedTuple):
    """`tone` is a colour of session/badge.html (empty: none), `icon` a name in page/icons.html, both in components/."""

    tone: str
    icon: str
    text: str | Promise = ""


# fmt: off
STATES = {
    "confirmed":  Badge("success", "check", _("Confirmed")),
    "waiting":    Badge("warning", "clock", _("Waiting")),
    "offered":    Badge("info", "offer", _("Place offered")),
    "full":       Badge("warning", "full", _("Full")),
    "cancelled":  Badge("danger", "cancelled", _("Cancelled")),
    "invitation": Badge("", "lock", _("By invitation")),
    "left":       Badge("", "back", _("Left")),
    "now":        Badge("accent", "clock", _("Now")),
    # messages, and deliveries of webhooks
    "queued":     Badge("", "clock", _("Not sent yet")),
    "claimed":    Badge("info", "mail", _("Being sent")),
    "sending":    Badge("info", "mail", _("Being sent")),
    "unknown":    Badge("warning", "mail", _("May have arrived")),
    "withheld":   Badge("warning", "lock", _("Withheld")),
    "superseded": Badge("", "next", _("Replaced by a newer one")),
    "sent":       Badge("success", "mail", _("Sent")),
    "failed":     Badge("danger", "error", _("Failed")),
    "delivered":  Badge("success", "check", _("Delivered")),
}
ANNOUNCEMENTS = {
    "draft":     Badge("", "copy", _("Draft")),
    "scheduled": Badge("info", "clock", _("Scheduled")),
    "sending":   Badge("info", "mail", _("Being sent")),
    "sent":      Badge("success", "check", _("Sent")),
    "stopped":   Badge("warning", "lock", _("Stopped")),
}
INVITATIONS = {
    "yes":   Badge("success", "check", _("Accepted")),
    "no":    Badge("danger", "cancelled", _("Declined")),
    "asked": Badge("info", "mail", _("Invited, no answer yet")),
}
# fmt: on
NOT_INVITED = {
    "not-asked": _("Not invited yet"),
    "unreachable": _("No e-mail address yet"),
    "unnamed": _("Nobody to write to yet"),
}
_DECIDED, _OPEN, _OVER = Badge("success", "check"), Badge("info", "info"), Badge("danger", "cancelled")
REGISTRATIONS = {
    "accepted": _DECIDED,
    "checked-in": _DECIDED,
    "submitted": _OPEN,
    "under-review": _OPEN,
    "waitlisted": Badge("warning", "clock"),
    "declined": _OVER,
    "cancelled": _OVER,
}
NOTICE_ICONS = {"success": "check", "warning": "warning", "danger": "error"}


@register.filter
def state_badge(state: str) -> Badge | None:
    """Of a place, a session, a message or a delivery; None for a state that has no badge."""
    return STATES.get(state)


@register.filter
def announcement_badge(state: str) -> Badge:
    return ANNOUNCEMENTS[state]


@register.filter
def invitation_badge(state: str) -> Badge | None:
    """None where nobody was invited; `not_invited` says why."""
    return INVITATIONS.get(state)


@register.filter
def not_invited(state: str) -> str | Promise:
    return NOT_INVITED[state]


@register.filter
def registration_badge(state: str) -> Badge:
    """Without a text: the state has a name of its own. A draft is the beginning of a registration."""
    return REGISTRATIONS.get(state, Badge("", "next"))


@register.filter
def notice_icon(tone: str) -> str:
    return NOTICE_ICONS.get(tone, "info")
