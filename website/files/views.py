"""Public files of the newest release. The calendar file belongs to the notifications app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from schedule.domain.access import public_conference
from schedule.domain.published.programme import published
from schedule.domain.timetables.kept import Kept, unchanged_since
from schedule.domain.timetables.revision import revision_of
from schedule.exchange.files.formats import EVERY, FILES, FORMATS, AskedFile, ExportFormat
from schedule.exchange.files.making import KEEP_SECONDS, MANY, digest_of, have_made, kept_as
from schedule.models import Conference, Release
from website.files.last_made import LastMade
from website.representations import mark_packed, not_modified, packed, quoted, takes_gzip

# Half of the threads: however many ask for files at once, pages are answered beside them.
LAST_MADE = LastMade(places=max(1, settings.WEB_THREADS // 2))

# When a reader of a file that is being made asks again, in seconds.
ASK_AGAIN = 5
TEXT = "text/plain; charset=utf-8"


@require_safe
def export(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """The newest release as json, xml, xlsx, pdf or txt, in the language of `?lang=`, else the one the browser prefers.

    404 when the conference is not public, nothing is released, or it has no such language or, of what takes a `?day=`,
    no such day. Two statements when the reader has the file already, ten when it has to be made.
    """
    return _file(request, slug, extension, FORMATS)


@require_safe
def more_files(request: HttpRequest, slug: str, file: str) -> HttpResponse:
    """Books, the timetable to print, and the copy of the pages: as `export`. Books take `?lang=all` as well.

    What takes long of a large programme is made by a worker; meanwhile 503 is answered, with when to ask again. Where
    no worker can be woken each process makes one such file at a time, and who asks for another is answered the same; so
    is who asks for a file that is no text while half of the threads make or await others.
    """
    return _file(request, slug, file, FILES)


def _file(request: HttpRequest, slug: str, name: str, formats: Mapping[str, ExportFormat]) -> HttpResponse:
    conference = public_conference(slug)
    revision = revision_of(conference)
    if revision.release_id is None:
        raise Http404
    chosen = formats[name]
    language = _language(request, conference, takes_every=chosen.takes_every)
    asked = AskedFile(name, language, _day(request, conference) if chosen.takes_day else None)
    response = HttpResponse(content_type=chosen.content_type)
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Language"] = ", ".join(conference.languages) if language == EVERY else language
    if "lang" not in request.GET:
        patch_vary_headers(response, ["Accept-Language"])
    is_packed = chosen.is_text and takes_gzip(request)
    if chosen.is_text:
        mark_packed(response, is_packed=is_packed)
    tag = digest_of(conference, revision, asked, is_packed=is_packed)
    kept, key = Kept(), kept_as(conference, tag)
    of_file = f"file:{conference.pk}:{language}:{name}:{asked.day or ''}"
    since = unchanged_since(kept, of_file, revision.of_programme)
    if early := not_modified(request, response, quoted(tag), since):
        return early
    release = Release.objects.annotate(sessions=Count("placements")).get(pk=revision.release_id)

    def make() -> bytes:
        content = asked.write(published(conference, release))
        return packed(content) if is_packed else content

    def still() -> bool:
        return revision_of(conference).of_programme == revision.of_programme

    content = kept.get(key, bytes)
    if content is None:
        is_large = chosen.is_slow and release.sessions >= MANY
        if is_large and not kept.is_away and have_made(conference, asked, tag):
            return _being_made()
        # Whatever was committed meanwhile may be half in it: such a file is sent, but nobody may take it for the other.
        made = (
            LAST_MADE.get(tag, make, still=still)
            if chosen.is_text
            else LAST_MADE.get_in_turn(tag, make, still=still, is_large=is_large)
        )
        if made is None:
            return _being_made()
        content, is_certain = made
        if is_certain:
            kept.put({key: content}, KEEP_SECONDS)
        else:
            del response["ETag"], response["Last-Modified"]
    response.content = content
    ending = f".{name}" if name in FORMATS else f"-{name}"
    parts = [conference.slug, str(release.number), language, *([asked.day.isoformat()] if asked.day else [])]
    filename = f"{'-'.join(parts)}{ending}"
    response["Content-Disposition"] = content_disposition_header(chosen.is_attachment, filename) or "attachment"
    return response


def _being_made() -> HttpResponse:
    """Programs and browsers ask again by themselves (RFC 9110 10.2.3)."""
    text = gettext("The file is being made. Ask again in a few seconds; a browser does so by itself.")
    response = HttpResponse(f"{text}\n", status=503, content_type=TEXT)
    response["Retry-After"] = response["Refresh"] = str(ASK_AGAIN)
    response["Cache-Control"] = "no-store"
    return response


def _day(request: HttpRequest, conference: Conference) -> date | None:
    """The day of the conference that is asked for, if one is: how many files there are is bounded."""
    wanted = request.GET.get("day")
    if wanted is None:
        return None
    for day in conference.dates:
        if day.isoformat() == wanted:
            return day
    raise Http404


def _language(request: HttpRequest, conference: Conference, *, takes_every: bool) -> str:
    """One of the conference's languages, or `EVERY` where there is such a file.

    Neither cookie nor session is asked, so that shared caches serve everybody.
    """
    if "lang" in request.GET:
        wanted = request.GET["lang"]
        if wanted not in conference.languages and not (takes_every and wanted == EVERY):
            raise Http404
        return wanted
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        for language in conference.languages:
            if wanted.partition("-")[0] == language.lower().partition("-")[0]:
                return language
    return conference.languages[0]
