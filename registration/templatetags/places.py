"""What a page of the programme shows of places: seats left, and the viewer's own agenda.

    {% load places %}
    {% load_places conference %}            once per page, before the others: two or three queries for all sessions
    {% my_place session as my %}            a registration.queries.Place, or None where there is none on offer
    {% seats_left session as seats %}       capacity, taken, left, waiting; None where nobody signs up
    {% is_registered as registered %}       whether the viewer may sign up at all

`session` is anything with a `code`, or the code itself.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from registration.access import current_participant
from registration.queries import Place, Places, SeatsLeft, places_of, registration_for
from schedule.models import Conference

register = template.Library()
_KEY = "_plenary_places"


@register.simple_tag(takes_context=True)
def load_places(context: Context, conference: Conference) -> str:
    """Read the places of the conference, as the viewer sees them."""
    registration = registration_for(conference, current_participant(context["request"]))
    context["request"].__dict__[_KEY] = places_of(conference, registration)
    return ""


@register.simple_tag(takes_context=True)
def my_place(context: Context, session: Any) -> Place | None:
    """The session as the viewer sees it: state, position, seats and clash."""
    places: Places = context["request"].__dict__[_KEY]
    return places.by_code.get(getattr(session, "code", session))


@register.simple_tag(takes_context=True)
def seats_left(context: Context, session: Any) -> SeatsLeft | None:
    """Seats of the session; None where nobody signs up by themselves."""
    place = my_place(context, session)
    return place.seats if place else None


@register.simple_tag(takes_context=True)
def is_registered(context: Context) -> bool:
    """Whether the viewer has an active registration for the conference of `load_places`."""
    places: Places = context["request"].__dict__[_KEY]
    return places.registration is not None
