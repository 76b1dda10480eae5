"""The programme by day, and what changed with the newest release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from schedule.domain.access import conference_for
from schedule.domain.programme.closing_times import registration_times
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.revision import programme_state, revision_of
from schedule.models import Conference, Release
from website.cached_pages import answer, begun_minute, minute_of, written_once
from website.pages import page
from website.programme.filters import FILTERS, FilterForm
from website.programme.page import Entries, programme_context
from website.sharing import Share, share


class Timetable(NamedTuple):
    """A day of the programme, or all, with gaps for the reader's places (see website.programme.marks).

    `day` is None where all are shown; `asked` is how addresses name what is.

    `is_usual`: it was asked for as the page's own links and forms do, with one filter at most. Whatever else readers
    can spell shows the same days once more, or one of many combinations, and is not kept.
    """

    day: date | None
    asked: str
    html: str
    is_usual: bool


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """One day of the newest release. Before the first release a page says that it is coming, and nothing more."""
    conference = conference_for(request, slug)
    now = begun_minute()
    revision = revision_of(conference)

    asked = {name: request.GET.get(name, "") for name in ("day", "back", *FILTERS)}
    query = repr(list(asked.values()))
    shown: Timetable | None = None

    def sessions(read: Callable[[], Entries], searched: bool) -> Entries:
        # Readers can ask for more pages than are kept; all are made of the same sessions.
        key = ("sessions", searched, revision.of_programme, minute_of(now))
        return written_once(conference, read, *key, still=still, keep=lambda _read: True)

    def timetable() -> Timetable | None:
        release = _release(revision.release_id)
        if release is None:
            return None
        context = programme_context(conference, release, query=request.GET, now=now, once=sessions)
        # Of the request only the path is used, which is part of the key.
        context |= {"release": release, "conference": conference, "request": request}
        with timezone.override(conference.zone):
            html = render_to_string("website/programme/timetable.html", context)
        usual = _is_usual(asked, context["asked"], context["filter_form"])
        return Timetable(context["day"], context["asked"], html, usual)

    def still() -> bool:
        return programme_state(conference) == revision.of_programme

    def is_kept(written: Timetable | None) -> bool:
        return written.is_usual if written else not any(asked.values())

    def write() -> HttpResponse:
        # Places change all the time, the rest seldom: it is written once for everybody, signed in or not.
        key = (revision.of_programme, minute_of(now), request.path, query)
        nonlocal shown
        shown = written_once(conference, timetable, *key, still=still, keep=is_kept)
        context = {
            "timetable": shown,
            "registration": registration_times(conference, now=now),
            "share": _share(conference, shown, asked),
        }
        return page(
            request, "website/programme/programme.html", {"section": "programme", **context}, conference=conference
        )

    return answer(request, conference, revision, write, now=now, query=query, keep=lambda: is_kept(shown))


def _share(conference: Conference, shown: Timetable | None, asked: dict[str, str]) -> Share | None:
    """Of the programme, or of one of its days; what somebody searched and narrowed is for no search engine."""
    if any(value for name, value in asked.items() if name not in ("day", "back")):
        return None
    path = reverse("website:programme", args=[conference.slug])
    dates = " – ".join(date_format(one, gettext("j F Y")) for one in (conference.starts_on, conference.ends_on))
    description = " · ".join(filter(None, [str(conference.theme), dates, str(conference.venue)]))
    if shown and shown.asked == asked["day"]:
        path += f"?day={shown.asked}"
    return share(conference, path, str(conference.name), description)


def _is_usual(asked: dict[str, str], shown: str, form: FilterForm) -> bool:
    filters = {name: value for name, value in asked.items() if value and name not in ("day", "back")}
    on_offer = filters == form.chosen and "q" not in filters
    days = {asked["day"], asked["back"]} - {""}
    return on_offer and len(filters) <= 1 and days <= {shown} and not (asked["day"] and asked["back"])


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
        name = gettext("What has changed")
        path = reverse("website:changes", args=[conference.slug])
        told = share(conference, path, name, f"{conference.name}: {name}")
        context = {"release": release, "previous": previous, "changes": found, "share": told}
        return page(
            request, "website/programme/changes.html", {"section": "programme", **context}, conference=conference
        )

    return answer(request, conference, revision, write, now=now)


def _release(release_id: int | None) -> Release | None:
    return Release.objects.filter(pk=release_id).first() if release_id else None
