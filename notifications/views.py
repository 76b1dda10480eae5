"""Calendars over HTTP. Who asks is known from the address alone: no cookie is read and no session is touched."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from notifications import addresses
from notifications.calendar_entries import Subscribed, Tag
from notifications.feed_cache import written_feed
from notifications.feeds import Found, find_feed, known_tag, note_reading, personal_feed
from notifications.limits import WINDOW_SECONDS, may_fetch
from notifications.public_feeds import Part, public_feed
from notifications.wording import day as day_label
from notifications.wording import text_in
from schedule.models import Conference

NOT_MODIFIED = 304
TEXT = "text/plain; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
PERSONAL_CACHE = "private, max-age=300"
PUBLIC_CACHE = "public, max-age=300"


def _answer(request: HttpRequest, body: bytes, tag: Tag, *, name: str, cache: str, language: str) -> HttpResponse:
    response = HttpResponse(body, content_type=CALENDAR)
    response["Cache-Control"] = cache
    response["ETag"] = tag.etag
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response["Content-Language"] = language
    if tag.modified is not None:
        response["Last-Modified"] = http_date(tag.modified.timestamp())
    # By the tag alone: a second is too coarse a clock, and a conference's name changes no entry's time.
    return get_conditional_response(request, etag=tag.etag, response=response) or response


@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own calendar. An unknown and a revoked address answer alike."""
    found = find_feed(token)
    if found is None:
        response: HttpResponse = HttpResponseNotFound("There is no such calendar.\n", content_type=TEXT)
        response["Cache-Control"] = "private, no-store"
    elif not may_fetch(str(found.token_id)):
        response = HttpResponse("Too many requests.\n", status=429, content_type=TEXT)
        response["Retry-After"] = str(WINDOW_SECONDS)
    else:
        note_reading(found, timezone.now())
        response = _personal(request, found)
    # The address is the key: it must not travel on to whatever a calendar entry links to.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _personal(request: HttpRequest, found: Found) -> HttpResponse:
    """Nothing is written for a reader who has the calendar already."""
    known = known_tag(found)
    if known is not None:
        unwritten = _answer(request, b"", known, name="calendar", cache=PERSONAL_CACHE, language=found.language)
        if unwritten.status_code == NOT_MODIFIED:
            return unwritten
    body, tag = personal_feed(found)
    return _answer(request, body, tag, name="calendar", cache=PERSONAL_CACHE, language=found.language)


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
    return _answer(request, written.body, written.tag, name=slug, cache=PUBLIC_CACHE, language=language)


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
