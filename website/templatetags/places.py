"""What a page of the programme shows of places: seats left, and the viewer's own agenda.

    {% load places %}
    {% load_places conference %}            once per page, before the others: two or three queries for all sessions
    {% load_places conference code %}       the same for one session, and what the viewer has
    {% my_place session as my %}            a Place (registration.domain.signups.queries), or None: none is on offer
    {% is_registered as registered %}       whether the viewer may sign up at all
    {% seats_left place.seats %}            what is left of a session's places, in words and as a bar
    {% session_card card conference %}      a session in the timetable, with gaps for what `with_places` knows
    {% with_places html conference %}       a timetable with the viewer's places in its gaps; needs no load_places

`session` is anything with a `code`, or the code itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from registration.domain.registrations.access import current_participant
from registration.domain.signups.queries import (
    SeatsLeft,
    SessionPlace,
    SessionPlaces,
    places_of,
    registration_for,
    seats_shown,
    states_of,
)
from schedule.models import Conference
from website.cached_pages import begun_minute
from website.programme import marks
from website.programme.page import Card

register = template.Library()
_KEY = "_plenary_places"


@register.simple_tag(takes_context=True)
def load_places(context: Context, conference: Conference, code: str | None = None) -> str:
    """Read the places of the conference, or of one session, as the viewer sees them."""
    registration = registration_for(conference, current_participant(context["request"]))
    context["request"].__dict__[_KEY] = places_of(
        conference, registration, now=begun_minute(), only=None if code is None else [code]
    )
    return ""


@register.simple_tag(takes_context=True)
def my_place(context: Context, session: Any) -> SessionPlace | None:
    """The session as the viewer sees it: state, position, seats and clash."""
    places: SessionPlaces = context["request"].__dict__[_KEY]
    return places.by_code.get(getattr(session, "code", session))


@register.simple_tag(takes_context=True)
def is_registered(context: Context) -> bool:
    """Whether the viewer has an active registration for the conference of `load_places`."""
    places: SessionPlaces = context["request"].__dict__[_KEY]
    return places.registration is not None


@register.simple_tag
def seats_left(seats: SeatsLeft) -> SafeString:
    """Seats in words. Sessions with as many of them look alike."""
    return _seats(seats, get_language())


@register.simple_tag
def session_card(card: Card, conference: Conference) -> SafeString:
    """A session in the timetable, the same for everybody and from one minute to the next."""
    return _card(card, conference.slug, conference.timezone, get_language())


@register.simple_tag(takes_context=True)
def with_places(context: Context, html: str, conference: Conference) -> SafeString:
    """The timetable with seats and what the viewer holds in its gaps. One query, four for somebody signed in."""
    registration = registration_for(conference, current_participant(context["request"]))
    seats = seats_shown(conference, now=begun_minute())
    states = states_of(registration) if registration else {}

    def foot(code: str, is_now: bool, state: str) -> str:
        state, position = states.get(code, (state, None))
        return _foot(is_now, state, position, seats.get(code), get_language())

    return marks.filled(html, own=lambda code: " data-mine" if code in states else "", foot=foot)


@lru_cache(maxsize=1_000)
def _seats(seats: SeatsLeft, _language: str | None) -> SafeString:
    return render_to_string("components/session/seats_meter.html", {"seats": seats})


# The zone, because two times are equal that different clocks show.
@lru_cache(maxsize=4_000)
def _card(card: Card, slug: str, _zone: str, _language: str | None) -> SafeString:
    shown = {"card": card, "entry": card.entry, "conference": {"slug": slug}}
    return render_to_string("components/session/session_card.html", shown)


@lru_cache(maxsize=10_000)
def _foot(is_now: bool, state: str, position: int | None, seats: SeatsLeft | None, _language: str | None) -> str:
    """Sessions with as many seats look alike, and most look as they did a moment ago."""
    shown = {"is_now": is_now, "state": state, "position": position, "seats": seats}
    return render_to_string("components/session/entry_foot.html", shown)
