"""The page of one session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registration.domain.registrations.access import current_participant
from registration.domain.signups.queries import has_place
from schedule.domain.access import conference_for
from schedule.domain.programme.closing_times import registration_times
from schedule.domain.timetables.revision import revision_of
from website.cached_pages import answer, begun_minute
from website.pages import page
from website.sessions.page import around, session_context


@require_safe
def session(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A session that is or was published; drafts answer 404.

    Whoever has a place in one by invitation sees all of it, on a page that is kept for nobody else.
    """
    conference = conference_for(request, slug)
    now = begun_minute()
    revision = revision_of(conference)

    def is_insider(session_id: int) -> bool:
        return has_place(current_participant(request), session_id)

    context = session_context(conference, code, release_id=revision.release_id, now=now, is_insider=is_insider)

    def write() -> HttpResponse:
        ways = around(conference, context["session"], release_id=revision.release_id)
        times = registration_times(conference, now=now)
        shown = {"section": "programme", "registration": times, **context, **ways}
        return page(request, "website/sessions/session.html", shown, conference=conference)

    return answer(request, conference, revision, write, now=now)
