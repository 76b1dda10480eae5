"""The programme by day, and what changed with the newest release."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from schedule.domain.access import conference_for
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.revision import revision_of
from schedule.models import Release
from website.cached_pages import answer, begun_minute, minute_of, written_once
from website.pages import page
from website.programme.filters import FILTERS
from website.programme.page import programme_context


class Timetable(NamedTuple):
    """One day of the programme with gaps for the reader's places (see website.programme.marks)."""

    day: date
    html: str


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """One day of the newest release. Before the first release a page says that it is coming, and nothing more."""
    conference = conference_for(request, slug)
    now = begun_minute()
    revision = revision_of(conference)

    query = repr([request.GET.get(name, "") for name in ("day", *FILTERS)])
    keep = not request.GET.get("q")

    def timetable() -> Timetable | None:
        release = _release(revision.release_id)
        if release is None:
            return None
        context = programme_context(conference, release, query=request.GET, now=now)
        # Of the request only the path is used, which is part of the key.
        context |= {"release": release, "conference": conference, "request": request}
        with timezone.override(conference.zone):
            return Timetable(context["day"], render_to_string("website/programme/timetable.html", context))

    def still() -> bool:
        return revision_of(conference).of_programme == revision.of_programme

    def write() -> HttpResponse:
        # Places change all the time, the rest seldom: it is written once for everybody, signed in or not.
        key = (revision.of_programme, minute_of(now), request.path, query)
        shown = written_once(conference, timetable, *key, still=still, keep=keep)
        context = {"timetable": shown, "registration_open": conference.registration_open}
        return page(
            request, "website/programme/programme.html", {"section": "programme", **context}, conference=conference
        )

    return answer(request, conference, revision, write, now=now, query=query, keep=keep)


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What the newest release changed against the one before it."""
    conference = conference_for(request, slug)
    now = begun_minute()
    revision = revision_of(conference)
    release = _release(revision.release_id)
    if release is None:
        raise Http404

    def write() -> HttpResponse:
        previous = Release.objects.filter(conference=conference, number__lt=release.number).first()
        found = changes_between(previous, release) if previous else []
        context = {"release": release, "previous": previous, "changes": found}
        return page(
            request, "website/programme/changes.html", {"section": "programme", **context}, conference=conference
        )

    return answer(request, conference, revision, write, now=now)


def _release(release_id: int | None) -> Release | None:
    return Release.objects.filter(pk=release_id).first() if release_id else None
