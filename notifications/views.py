"""Calendars over HTTP. Who asks is known from the address alone: no cookie is read and no session is touched."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from notifications import addresses
from notifications.calendar_entries import Subscribed
from notifications.calendars.files import etag
from notifications.feed_cache import written_feed
from notifications.feeds import find_feed, note_reading, personal_feed
from notifications.limits import WINDOW_SECONDS, may_fetch
from notifications.public_feeds import Part, public_feed
from notifications.wording import day as day_label
from notifications.wording import text_in
from registration.tokens import hash_of
from schedule.models import Conference

CALENDAR = "text/calendar; charset=utf-8"
PERSONAL_CACHE = "private, max-age=300"
PUBLIC_CACHE = "public, max-age=300"


def _answer(
    request: HttpRequest, body: bytes, tag: str, modified: datetime | None, *, name: str, cache: str, language: str
) -> HttpResponse:
    response = HttpResponse(body, content_type=CALENDAR)
    response["Cache-Control"] = cache
    response["ETag"] = tag
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response["Content-Language"] = language
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())
    # By the tag alone: a second is too coarse a clock, and a conference's name changes no entry's time.
    return get_conditional_response(request, etag=tag, response=response) or response


@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own calendar. An unknown and a revoked address answer alike."""
    key = hash_of(token)
    if not may_fetch(key):
        response = HttpResponse("Too many requests.\n", status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(WINDOW_SECONDS)
    elif (found := find_feed(token)) is None:
        response = HttpResponseNotFound("There is no such calendar.\n", content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "private, no-store"
    else:
        calendar = personal_feed(found)
        note_reading(found, timezone.now())
        response = _answer(
            request, calendar.feed.body, etag(calendar.feed.body), calendar.modified, name="calendar",
            cache=PERSONAL_CACHE, language=found.registration.language,
        )  # fmt: skip
    # The address is the key: it must not travel on to whatever a calendar entry links to.
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def programme(
    request: HttpRequest, slug: str, *, day: str = "", room: str = "", kind: str = "", session: str = ""
) -> HttpResponse:
    """The published programme or one part of it. `?lang=` chooses among the conference's languages."""
    conference = get_object_or_404(Conference.objects.public(), slug=slug)
    language = request.GET.get("lang", conference.languages[0])
    if language not in conference.languages:
        raise Http404
    part = Part(day=_day(conference, day), room=room, kind=kind, session=session)

    def write() -> Subscribed:
        source = f"{addresses.absolute(request.path)}?lang={language}"
        return public_feed(conference, language, part, source=source, name=_name(conference, part, language))

    written = written_feed(conference, f"{language}:{day}:{room}:{kind}:{session}", write)
    return _answer(
        request, written.body, written.etag, written.modified, name=slug, cache=PUBLIC_CACHE, language=language
    )


def _day(conference: Conference, text: str) -> date | None:
    """A day of the conference; anything else is a page that does not exist."""
    if not text:
        return None
    for known in conference.dates:
        if known.isoformat() == text:
            return known
    raise Http404


def _name(conference: Conference, part: Part, language: str) -> str:
    """What narrows the feed, in words. Raises Http404 for a room, kind or session that has never been public."""
    if part.day:
        return day_label(part.day, language)
    if part.room:
        return text_in(get_object_or_404(conference.rooms, code=part.room).name, language)
    if part.kind:
        return text_in(get_object_or_404(conference.kinds, code=part.kind).name, language)
    if part.session:
        released = conference.sessions.filter(released_placements__isnull=False).distinct()
        return text_in(get_object_or_404(released, code=part.session).title, language)
    return ""
