"""Calendars over HTTP. Who asks is known from the address alone: no cookie is read and no session is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from notifications import addresses
from notifications.calendars.events import Keep
from notifications.feeds.feed_cache import written_feed
from notifications.feeds.limits import WINDOW_SECONDS, may_fetch
from notifications.feeds.personal_feeds import FoundFeed, find_feed, is_revoked, known_tag, note_reading, personal_feed
from notifications.feeds.public_feeds import FeedPart, Wish, conference_feed, public_feed
from notifications.feeds.public_parts import file_name, part_name
from notifications.mails.calendar_entries import Subscribed, Tag
from schedule.domain.access import public_conference
from schedule.models import Conference
from website.calendars.forms import AlarmForm
from website.representations import mark_packed, not_modified, packed, tag_of_packed, takes_gzip

NOT_MODIFIED = 304
# Of a person; all other codes are shorter.
LONGEST_CODE = 60
TEXT = "text/plain; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
PERSONAL_CACHE = "private, max-age=300"
PUBLIC_CACHE = "public, max-age=300"


def _answer(request: HttpRequest, body: bytes, tag: Tag, *, name: str, cache: str, language: str) -> HttpResponse:
    """The body as the reader takes it: packed already where it takes gzip."""
    is_packed = takes_gzip(request)
    response = HttpResponse(body, content_type=CALENDAR)
    mark_packed(response, is_packed=is_packed)
    response["Cache-Control"] = cache
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response["Content-Language"] = language
    etag = tag_of_packed(tag.etag) if is_packed else tag.etag
    return not_modified(request, response, etag, tag.modified) or response


@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own calendar. Of a revoked address programs learn that it is gone for good: they ask no more."""
    found = find_feed(token)
    if found is None:
        was = is_revoked(token)
        # Programs act on the status; whoever opens the address themselves reads where to go on.
        text = (
            _("This calendar has been withdrawn. A new address can be made here: %(address)s")
            if was
            else _("There is no such calendar. Its whole address can be copied here: %(address)s")
        )
        text %= {"address": addresses.absolute(reverse("website:my"))}
        response = HttpResponse(f"{text}\n", status=410 if was else 404, content_type=TEXT)
        response["Cache-Control"] = "private, no-store"
    elif not may_fetch(str(found.token_id)):
        text = ngettext(
            "This calendar was asked for too often. It is there again in a minute.",
            "This calendar was asked for too often. It is there again in %(count)s minutes.",
            WINDOW_SECONDS // 60,
        )
        text %= {"count": WINDOW_SECONDS // 60}
        response = HttpResponse(f"{text}\n", status=429, content_type=TEXT)
        response["Retry-After"] = str(WINDOW_SECONDS)
    else:
        note_reading(found, timezone.now())
        response = _personal(request, found)
    # The address is the key: it must not travel on to whatever a calendar entry links to.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _personal(request: HttpRequest, found: FoundFeed) -> HttpResponse:
    """Nothing is written for a reader who has the calendar already."""
    answer = partial(_answer, request, name="calendar", cache=PERSONAL_CACHE, language=found.language)
    known = known_tag(found)
    if known is not None and (unwritten := answer(b"", known)).status_code == NOT_MODIFIED:
        return unwritten
    body, tag = personal_feed(found)
    return answer(packed(body) if takes_gzip(request) else body, tag)


@require_safe
def programme(
    request: HttpRequest,
    slug: str,
    *,
    day: str = "",
    room: str = "",
    kind: str = "",
    theme: str = "",
    speaker: UUID | None = None,
    session: str = "",
) -> HttpResponse:
    """The published programme or one part of it.

    `?lang=` chooses among the conference's languages, `?alarm=` among the reminders, `?once=1` asks for a file.
    """
    codes = room, kind, theme, session
    # No code has such a character or is as long, and no database looks for one.
    if max(map(len, codes)) > LONGEST_CODE or not "".join(codes).isprintable():
        raise Http404
    conference = public_conference(slug)
    asked = _asked(request, conference)
    part = FeedPart(day=_day(conference, day), room=room, kind=kind, theme=theme, speaker=speaker, session=session)
    wish = Wish(part, asked.alarm, asked.once)

    def write(keep: Keep) -> Subscribed:
        name = part_name(conference, part, asked.language)
        return public_feed(conference, asked.language, wish, source=asked.source, name=name, keep=keep)

    key = f"{asked.key}:{day}:{room}:{kind}:{theme}:{speaker or ''}:{session}"
    return _public(request, conference, asked, key, write, name=file_name(conference, part))


@require_safe
def conference_days(request: HttpRequest, slug: str) -> HttpResponse:
    """The conference as one entry over all its days. `?lang=` and `?once=1` as for the programme."""
    conference = public_conference(slug)
    asked = _asked(request, conference)

    def write(_: Keep) -> Subscribed:
        return conference_feed(conference, asked.language, once=asked.once, source=asked.source)

    return _public(request, conference, asked, f"{asked.key}:conference", write, name=f"{slug}-conference")


@dataclass(frozen=True)
class _Asked:
    """What a reader asks for besides the part. `source` is where the same is fetched again."""

    language: str
    alarm: int | None
    once: bool
    source: str

    @property
    def key(self) -> str:
        return f"{self.language}:{self.alarm}:{self.once}"


def _asked(request: HttpRequest, conference: Conference) -> _Asked:
    """Raises Http404 for a language or a reminder there is not: the number of different answers is bounded."""
    language = request.GET.get("lang", conference.languages[0])
    chosen = AlarmForm({"alarm": request.GET.get("alarm", "")})
    if language not in conference.languages or not chosen.is_valid():
        raise Http404
    alarm: int | None = chosen.cleaned_data["alarm"]
    query = {"lang": language} | ({"alarm": alarm} if alarm is not None else {})
    source = f"{addresses.absolute(request.path)}?{urlencode(query)}"
    return _Asked(language, alarm, request.GET.get("once") == "1", source)


def _public(  # who asks for what, where it is kept, how it is written, and what its file is called
    request: HttpRequest,
    conference: Conference,
    asked: _Asked,
    key: str,
    write: Callable[[Keep], Subscribed],
    *,
    name: str,
) -> HttpResponse:
    """`name` is what the file is called, without its ending."""
    written = written_feed(conference, key, write)
    answer = partial(_answer, request, name=name, cache=PUBLIC_CACHE, language=asked.language)
    response = answer(b"", written.tag)
    if response.status_code != NOT_MODIFIED:
        response = answer(*(written.packed(packed) if takes_gzip(request) else written.body()))
    if asked.once:
        response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _day(conference: Conference, text: str) -> date | None:
    """A day of the conference; anything else is a page that does not exist."""
    if not text:
        return None
    for known in conference.dates:
        if known.isoformat() == text:
            return known
    raise Http404
