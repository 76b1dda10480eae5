"""What is said to somebody whose registration gives no places (yet). Filters of a registration, or of its state."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.conference_line import position
from registration.models import Registration
from schedule.domain.programme.closing_times import Phase, RegistrationTimes, registration_times
from schedule.models import Conference

register = template.Library()

_WITH_THE_ORGANIZERS = _(
    "It is with the organizers. They decide about it and write to you; until then you can change your wishes and "
    "details. You sign up for sessions once you are accepted."
)
WHY_NOT_ACTIVE = {
    "draft": _("Your registration is not confirmed yet, so we keep no places for you."),
    "submitted": _WITH_THE_ORGANIZERS,
    "under-review": _WITH_THE_ORGANIZERS,
    "waitlisted": _(
        "There is no room at the moment. If the organizers can accept you later, they write to you; you need do "
        "nothing."
    ),
    "declined": _("The organizers could not accept your registration. The public programme stays open to you."),
    "cancelled": _("You have cancelled. Your answers are kept, your places went to others."),
}
_IN_LINE = _(
    "The conference is full. When a place comes free for you, you are registered and we write to you; you need do "
    "nothing. The line ends when registration closes."
)
_LINE_ENDED = _("The conference was full, and registration closed before it was your turn. Your answers are kept.")


# Where it is followed by the moment, a label for it.
REGISTRATION = {
    Phase.CLOSED: _("Registration is closed."),
    Phase.SOON: _("Registration opens:"),
    Phase.OPEN: _("Registration closes:"),
    Phase.OVER: _("Registration closed:"),
}


@register.filter("registration_times")
def times_of(conference: Conference) -> RegistrationTimes:
    """When registration is open, for pages about one person, which are kept by nobody."""
    return registration_times(conference, now=timezone.now())


@register.filter
def registration_words(times: RegistrationTimes) -> str | Promise:
    return REGISTRATION[times.phase]


@register.filter
def registration_moment(times: RegistrationTimes) -> datetime | None:
    """The moment that matters now: when it opens, closes or closed; None where nobody has said."""
    return {Phase.CLOSED: None, Phase.SOON: times.opens_at}.get(times.phase, times.closes_at)


@register.filter
def why_not_active(registration: Registration) -> str | Promise:
    if registration.queued_at is None:
        return WHY_NOT_ACTIVE[registration.state]
    return _IN_LINE if _waits(registration) else _LINE_ENDED


@register.filter
def place_in_line(registration: Registration) -> int | None:
    """For a page about one person. One query for whoever is in line for the conference, otherwise none."""
    return position(registration) if _waits(registration) else None


def _waits(registration: Registration) -> bool:
    """Whether somebody in line may still come in: by the clock, and not only once the line has been closed."""
    return registration.state == Registration.State.WAITLISTED and times_of(registration.conference).is_open


@register.filter
def waiting_tone(state: str) -> str:
    """The colour, and the icon of the same name."""
    return "info" if state in ("submitted", "under-review") else "warning"


@register.filter
def may_be_handed_in(state: str) -> bool:
    """Whether the participant may ask to take part, for the first time or again."""
    return state in ("draft", "cancelled")
