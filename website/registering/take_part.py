"""Taking part, and saying what came of it; shared by registering and by one's own pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.domain import conference_line
from registration.domain.registrations.registering import RegistrationClosed, take_part
from registration.models import Registration


def come_in(request: HttpRequest, registration: Registration) -> None:
    """Have somebody who is signed in take part, and tell them whether they do now, or what happens next."""
    try:
        taken = take_part(registration, actor=registration.actor, now=timezone.now())
    except RegistrationClosed as refusal:
        messages.error(request, str(refusal.message))
        return
    say_what_became(request, taken)


def say_what_became(request: HttpRequest, registration: Registration) -> None:
    """Tell somebody who has just asked to take part what came of it."""
    if registration.is_active:
        messages.success(request, _("You are registered."))
    elif (number := conference_line.position(registration)) is not None:
        text = _(
            "The conference is full. You are number %(number)d in line; when a place comes free for you, you are "
            "registered and we write to you."
        )
        messages.warning(request, text % {"number": number})
    elif registration.state in Registration.UNCONFIRMED:
        messages.error(request, _("The conference is full and registration is over. Your answers are kept."))
    else:
        messages.success(request, _("Your registration is handed in. The organizers decide and write to you."))
