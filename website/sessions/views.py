"""The page of one session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from schedule.domain.access import conference_for
from schedule.domain.timetables.revision import revision_of
from website.cached_pages import answer, begun_minute
from website.pages import page
from website.sessions.page import session_context


@require_safe
def session(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A session that is or was published; drafts answer 404."""
    conference = conference_for(request, slug)
    now = begun_minute()
    revision = revision_of(conference)
    context = session_context(conference, code, release_id=revision.release_id, now=now)

    def write() -> HttpResponse:
        return page(
            request, "website/sessions/session.html", {"section": "programme", **context}, conference=conference
        )

    return answer(request, conference, revision, write, now=now)
