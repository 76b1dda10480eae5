"""Public pages about calendars: what there is to subscribe to, and one session for one's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from notifications.calendars.entries import CalendarEntry, CalendarError
from notifications.calendars.links import google_link, outlook_link
from notifications.feeds.public_feeds import published_sessions, session_entry
from notifications.feeds.public_parts import (
    CalendarOffer,
    ChoiceGroup,
    choices,
    chosen,
    days_entry,
    one_session,
    speakers_named,
    whole,
)
from notifications.mails.calendar_entries import conference_entry
from schedule.domain.access import public_conference
from schedule.domain.programme.closing_times import is_over
from schedule.domain.programme.texts import text_of
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference
from website.calendars.forms import AlarmForm
from website.pages import page
from website.sharing import share

# A name is not longer, and a longer list is not read.
MAX_WORDS, MOST_SPEAKERS = 100, 20


@dataclass(frozen=True)
class Copies:
    """Addresses that put a copy of one entry into somebody's calendar on the web."""

    google: str
    outlook: str
    office: str


def copies_of(entry: CalendarEntry) -> Copies | None:
    """None for an entry that no calendar may be given."""
    try:
        return Copies(google_link(entry), outlook_link(entry), outlook_link(entry, work=True))
    except CalendarError:
        return None


@require_safe
def calendars(request: HttpRequest, slug: str) -> HttpResponse:
    """One calendar of a public conference out of many, and what each way to use it does. Nothing about anybody.

    `?part=` chooses a part of the programme, `?speaker=` looks for one among the speakers; without, it is the whole.
    """
    conference = public_conference(slug)
    language = _language(conference)
    released = newest_release(conference) is not None
    part, named = (request.GET.get(name, "").strip()[:MAX_WORDS] for name in ("part", "speaker"))
    over = is_over(conference, now=timezone.now())
    groups = choices(conference, language) if released else []
    speakers = speakers_named(conference, named, language) if released else []
    context = {
        "offer": _offer(conference, part, language, groups) if released else None,
        "groups": groups,
        "part": part,
        "named": named,
        "speakers": speakers[:MOST_SPEAKERS],
        "others": max(0, len(speakers) - MOST_SPEAKERS),
        "over": over,
        "days": days_entry(conference, language),
        "days_copies": None if over else copies_of(conference_entry(conference, language)),
        "form": AlarmForm(),
        "language": language,
        "crumbs": [{"label": conference.name, "url": reverse("website:programme", args=[slug])}],
        "share": share(conference, request.path, gettext("Calendars"), str(conference.name)),
    }
    return _page(request, "website/calendars/calendars.html", context, conference)


def _offer(conference: Conference, part: str, language: str, groups: list[ChoiceGroup]) -> CalendarOffer:
    return chosen(conference, part, language, groups) if part else whole(conference, language)


@require_safe
def session_calendar(request: HttpRequest, slug: str, session: str) -> HttpResponse:
    """One session for one's own calendar: followed, or copied once."""
    conference = public_conference(slug)
    language = _language(conference)
    rows = published_sessions(conference, session)
    if not rows:
        raise Http404
    row = rows[0]
    title = text_of(row.session.title.source)
    over = row.place.end <= timezone.now()
    context = {
        "session": row.session,
        "title": title,
        "cancelled": row.cancelled,
        "over": over,
        "offer": one_session(conference, language, row.session),
        "copies": None if row.cancelled or over else copies_of(session_entry(row, conference, language)),
        "form": AlarmForm(),
        "language": language,
        "crumbs": [
            {"label": conference.name, "url": reverse("website:programme", args=[slug])},
            {"label": title, "url": reverse("website:session", args=[slug, session])},
        ],
    }
    return _page(request, "website/calendars/session_calendar.html", context, conference)


def _language(conference: Conference) -> str:
    """The page's language where the conference has it, else the conference's first."""
    wanted = get_language() or ""
    return next((one for one in conference.languages if one == wanted), conference.languages[0])


def _page(request: HttpRequest, template: str, context: dict[str, Any], conference: Conference) -> HttpResponse:
    response = page(request, template, context, conference=conference)
    # The head of the page says who is signed in.
    patch_cache_control(response, private=True, no_cache=True)
    return response
