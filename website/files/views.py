"""Public files of the newest release. The calendar file belongs to the notifications app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from schedule.domain.access import public_conference
from schedule.domain.published.programme import PublishedProgramme, published
from schedule.domain.timetables.kept import Kept, digest, kept_name, unchanged_since
from schedule.domain.timetables.revision import revision_of
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.exchange.writers.pdf import schedule_pdf
from schedule.exchange.writers.workbook import schedule_xlsx
from schedule.models import Conference, Release
from website.files.last_made import LastMade
from website.representations import mark_packed, not_modified, packed, quoted, takes_gzip


@dataclass(frozen=True)
class ExportFormat:
    """How one kind of file is made and served."""

    write: Callable[[PublishedProgramme, str], bytes]
    content_type: str
    is_attachment: bool
    # Workbooks and PDFs are packed in themselves.
    is_text: bool = False


FORMATS = {
    "json": ExportFormat(schedule_json, "application/json", is_attachment=False, is_text=True),
    "xml": ExportFormat(schedule_xml, "application/xml; charset=utf-8", is_attachment=False, is_text=True),
    "xlsx": ExportFormat(
        schedule_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", is_attachment=True
    ),
    "pdf": ExportFormat(schedule_pdf, "application/pdf", is_attachment=False),
}
# Part of every ETag: raise it when a writer's output changes for an unchanged programme.
WRITERS_VERSION = 2
# How long a file is kept for those who ask for the same.
KEEP_SECONDS = 3600
LAST_MADE = LastMade()


@require_safe
def export(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """The newest release as json, xml, xlsx or pdf, in the language of `?lang=`, else the one the browser prefers.

    404 when the conference is not public, nothing is released, or it has no such language. Two statements when the
    reader has the file already, ten when it has to be made.
    """
    conference = public_conference(slug)
    revision = revision_of(conference)
    if revision.release_id is None:
        raise Http404
    chosen = FORMATS[extension]
    language = _language(request, conference)
    response = HttpResponse(content_type=chosen.content_type)
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Language"] = language
    if "lang" not in request.GET:
        patch_vary_headers(response, ["Accept-Language"])
    is_packed = chosen.is_text and takes_gzip(request)
    if chosen.is_text:
        mark_packed(response, is_packed=is_packed)
    written_with = (WRITERS_VERSION, settings.SITE_URL, *settings.PDF_FONTS)
    parts = [*written_with, conference.pk, revision.of_programme, language, extension]
    name = digest(*parts, "gzip" if is_packed else "")
    kept, key = Kept(), kept_name(conference.pk, "file", name)
    since = unchanged_since(kept, f"file:{conference.pk}:{language}:{extension}", revision.of_programme)
    if early := not_modified(request, response, quoted(name), since):
        return early
    release = Release.objects.get(pk=revision.release_id)

    def make() -> bytes:
        content = chosen.write(published(conference, release), language)
        return packed(content) if is_packed else content

    def still() -> bool:
        return revision_of(conference).of_programme == revision.of_programme

    content = kept.get(key, bytes)
    if content is None:
        # Whatever was committed meanwhile may be half in it: such a file is sent, but nobody may take it for the other.
        content, is_certain = LAST_MADE.get(name, make, still=still)
        if is_certain:
            kept.put({key: content}, KEEP_SECONDS)
        else:
            del response["ETag"], response["Last-Modified"]
    response.content = content
    filename = f"{conference.slug}-{release.number}-{language}.{extension}"
    response["Content-Disposition"] = content_disposition_header(chosen.is_attachment, filename) or "attachment"
    return response


def _language(request: HttpRequest, conference: Conference) -> str:
    """One of the conference's languages. Neither cookie nor session is asked, so that shared caches serve everybody."""
    if "lang" in request.GET:
        if request.GET["lang"] not in conference.languages:
            raise Http404
        return request.GET["lang"]
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        for language in conference.languages:
            if wanted.partition("-")[0] == language.lower().partition("-")[0]:
                return language
    return conference.languages[0]
