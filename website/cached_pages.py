"""Answering for pages of the programme: from the reader's own copy, from the cache, or written anew.

Pages for visitors carry nothing secret (no token, no name), so they are compressed and kept for everybody. Pages for
somebody who is signed in are neither: compressing a secret beside text that a stranger can choose gives it away
(BREACH). A proxy in front should not compress them either.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from schedule.domain.timetables.kept import Kept, digest, kept_name
from schedule.domain.timetables.revision import Revision, revision_of
from schedule.models import Conference
from website.left_forms import LEFT
from website.representations import not_modified, packed, quoted, takes_gzip

# How long "now" may be late, and an edit that bypasses the journal unseen.
FRESH_SECONDS = 60
T = TypeVar("T")


def answer(
    request: HttpRequest,
    conference: Conference,
    revision: Revision,
    write: Callable[[], HttpResponse],
    *,
    now: datetime,
    query: str = "",
    keep: Callable[[], bool] = lambda: True,
) -> HttpResponse:
    """The page that `write` makes, or 304 where the reader has it already.

    `query` holds everything of the address that matters, in one spelling. `keep`, asked after it was written, says
    whether it is one of those that many ask for: readers can spell as many others as they like.
    `revision` was asked before `write` reads anything; where it is another one afterwards, nobody can say which state
    the page shows, so it is neither kept nor given a tag.
    """
    if _something_to_say(request):
        once = write()
        once["Cache-Control"] = "private, no-store"
        return once
    personal = _is_personal(request)
    is_packed = not personal and takes_gzip(request)
    parts = [conference.pk, _shown(revision, personal), minute_of(now), get_language(), request.path, query]
    tag = quoted(digest(*parts, *(_who(request) if personal else []), is_packed))
    response, is_certain = not_modified(request, HttpResponse(), tag), True
    if response is None:

        def still() -> bool:
            return _shown(revision_of(conference), personal) == _shown(revision, personal)

        name = kept_name(conference.pk, "page", digest(*parts))
        response, is_certain = (
            (write(), still()) if personal else _visitors(name, write, still, keep, is_packed=is_packed)
        )
    if is_certain:
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache" if personal else "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    return response


def begun_minute() -> datetime:
    """What pages take for now: the same for everybody who asks within a minute, so that all are shown the same."""
    return timezone.now().replace(second=0, microsecond=0)


def minute_of(now: datetime) -> int:
    """A number that changes as often as pages are written anew."""
    return int(now.timestamp()) // FRESH_SECONDS


def written_once(
    conference: Conference,
    write: Callable[[], T],
    *key: object,
    still: Callable[[], bool],
    keep: Callable[[T], bool],
) -> T:
    """What `write` makes, kept for a minute for everybody who asks with the same key and language.

    `still`, asked after it was written, says whether the key still names what it was written from; `keep`, whether it
    is worth keeping.
    """
    kept, name = Kept(), kept_name(conference.pk, "part", digest(*key, get_language()))
    found = kept.get_many([name]).get(name)
    if found is not None:
        return cast("T", found)
    written = write()
    if keep(written) and still():
        kept.put({name: written}, FRESH_SECONDS)
    return written


def _visitors(
    name: str,
    write: Callable[[], HttpResponse],
    still: Callable[[], bool],
    keep: Callable[[], bool],
    *,
    is_packed: bool,
) -> tuple[HttpResponse, bool]:
    """The page that is kept under `name`, or written and kept; and whether it shows the state that was asked for."""
    kept = Kept()
    page = kept.get(name, bytes)
    is_certain = True
    if page is None:
        page = packed(write().content)
        is_certain = still()
        if is_certain and keep():
            kept.put({name: page}, FRESH_SECONDS)
    if not is_packed:
        return HttpResponse(gzip.decompress(page)), is_certain
    response = HttpResponse(page)
    response["Content-Encoding"] = "gzip"
    return response, is_certain


def _shown(revision: Revision, personal: bool) -> str:  # private, and always named by its variable
    return revision.for_somebody if personal else revision.for_everybody


def _is_personal(request: HttpRequest) -> bool:
    """Whether somebody is signed in. A session cookie whose session is gone is a visitor's. One query with a cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.session.is_empty()


def _who(request: HttpRequest) -> list[str]:
    """Signing in and out changes the session's key; forms on the page hold a token that belongs to the CSRF cookie."""
    return [request.session.session_key or "", request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")]


def _something_to_say(request: HttpRequest) -> bool:
    """A message waits to be shown once, or what was typed in another language; such a page is nobody else's and not
    worth keeping.
    """
    return hasattr(request, LEFT) or "messages" in request.COOKIES or "_messages" in request.session
