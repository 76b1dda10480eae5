"""The pictures that links to a conference, its sessions and speakers are shown with, of what everybody may see."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from schedule.domain.access import public_conference
from schedule.domain.programme.ends import end_in_words
from schedule.domain.programme.texts import text_of
from schedule.domain.published.one_session import view_of_session
from schedule.domain.published.speakers_and_themes import sessions_of_speaker, speaker_of
from schedule.domain.timetables.kept import Kept, digest, kept_name
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.revision import Revision, revision_of
from schedule.exchange.writers.picture import PictureText, picture
from schedule.models import Conference
from website.files.last_made import LastMade
from website.representations import not_modified, quoted
from website.sharing import LANGUAGE, has_picture

# Part of every ETag: raise it when pictures of an unchanged programme look otherwise.
DRAWN_VERSION = 2
KEEP_SECONDS = 3600
# A speaker may be in many sessions; a picture has room for these.
MOST_TITLES = 2
LAST_MADE = LastMade()


@require_safe
def of_conference(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is called, its days and its venue."""
    conference = public_conference(slug)

    def text(language: str) -> PictureText:
        days = dict.fromkeys(date_format(one, gettext("j F Y")) for one in (conference.starts_on, conference.ends_on))
        below = (str(conference.theme), " – ".join(days), str(conference.venue))
        return PictureText("", str(conference.name), below, language)

    return _answer(request, conference, revision_of(conference), text)


@require_safe
def of_session(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Title, time and room; 404 once it was cancelled or taken out of the programme."""
    conference = public_conference(slug)
    revision = revision_of(conference)
    view = view_of_session(conference, code, release_id=revision.release_id, is_insider=lambda _session: False)
    if view is None or not has_picture(view.session, is_placed=view.is_placed):
        raise Http404
    session = view.session

    def text(language: str) -> PictureText:
        day = date_format(session.start, gettext("j F Y"))
        when = f"{day}, {session.start:%H:%M}–{end_in_words(session.start, session.end)}"
        below = (when, str(text_of(session.room.name.source)))
        return PictureText(str(conference.name), str(text_of(session.title.source)) or session.code, below, language)

    return _answer(request, conference, revision, text)


@require_safe
def of_speaker(request: HttpRequest, slug: str, speaker: UUID) -> HttpResponse:
    """The name of somebody whom the newest release names, with the titles of sessions."""
    conference = public_conference(slug)
    revision = revision_of(conference)
    found, release = speaker_of(conference, speaker), newest_release(conference)
    if found is None or not found.is_named or release is None:
        raise Http404

    def text(language: str) -> PictureText:
        titles = [str(text_of(one.title.source)) for one in sessions_of_speaker(conference, release, speaker)]
        return PictureText(str(conference.name), str(text_of(found.name.source)), tuple(titles[:MOST_TITLES]), language)

    return _answer(request, conference, revision, text)


def _answer(
    request: HttpRequest, conference: Conference, revision: Revision, text: Callable[[str], PictureText]
) -> HttpResponse:
    """The picture in the language of `?lang=`, else the conference's first; 304 where the reader has it. It is kept for
    an hour; nothing is drawn of what has no address, so there are as many as there are pages.
    """
    asked = request.GET.get(LANGUAGE, "")
    language = asked if asked in dict(settings.LANGUAGES) else conference.languages[0]
    drawn_with = ("picture", DRAWN_VERSION, *settings.PDF_FONTS)
    name = digest(*drawn_with, conference.pk, revision.of_programme, request.path, language)
    response = HttpResponse(content_type="image/png")
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Language"] = language
    if early := not_modified(request, response, quoted(name)):
        return early
    kept, key = Kept(), kept_name(conference.pk, "picture", name)

    def make() -> bytes:
        with translation.override(language):
            return picture(text(language))

    def still() -> bool:
        return revision_of(conference).of_programme == revision.of_programme

    content = kept.get(key, bytes)
    if content is None:
        content, is_certain = LAST_MADE.get(name, make, still=still)
        if is_certain:
            kept.put({key: content}, KEEP_SECONDS)
        else:
            del response["ETag"]
    response.content = content
    return response
