"""What organizers' texts look like before anybody gets them: filled with values as a reader would have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import addresses
from notifications.mails.unsubscribing import REFUSABLE
from notifications.models import Announcement
from notifications.rules.mail_rules import ANNOUNCEMENT, CALENDAR_OF
from notifications.wordings.mail_lists import happened
from notifications.wordings.mail_reasons import REASONS
from notifications.wordings.own_texts import Worded, Wording, announcement_wording, in_words
from notifications.wordings.texts import clocks, day, days, moment, page_language, span, text_in
from schedule.models import Conference, ReleasedPlacement

# A day on which every conference has something.
_HOUR = timedelta(hours=1)


def sample_context(conference: Conference, kind: str, language: str) -> dict[str, Any]:
    """What mails are rendered with, for an invented reader and a session of the newest release. One query.

    The language must be active.
    """
    placed = (
        ReleasedPlacement.objects.filter(release__conference=conference, session__kind__is_break=False)
        .select_related("session")
        .order_by("-release__number", "start", "pk")
        .first()
    )
    start = placed.start if placed else conference.origin + 10 * _HOUR
    end = placed.end if placed else start + _HOUR
    title = text_in(placed.session.title, language) if placed else _("A session")
    room = text_in(placed.room_name, language) if placed else _("A room")
    when = span(start, end, conference.zone, language)
    line = {
        "said": happened("confirmed"),
        "title": title,
        "where": room,
        "page": addresses.session(conference.slug, placed.session.code if placed else "CODE"),
        "when": when,
        "clocks": clocks(start, end, conference.zone, language),
    }
    pages = addresses.pages(conference.slug)
    return {
        "language": page_language(language),
        "name": _("Kim Minji"),
        "conference": text_in(conference.name, language),
        "site": addresses.absolute(""),
        "programme": pages.programme,
        "my_page": pages.my_page,
        "link": addresses.absolute("/my/link/…/"),
        "days": days(conference.starts_on, conference.ends_on, language),
        "texts": addresses.conference_texts(conference),
        "conference_calendar": addresses.conference_calendar(conference.slug),
        "lines": [_failure(conference) if kind == "organizer_digest" else line],
        "day": day(start.astimezone(conference.zone), language),
        "zone": conference.timezone,
        "home": addresses.organizers(conference.slug),
        "mails_page": addresses.organizer_mails(conference.slug) if kind == "organizer_digest" else pages.mails_page,
        "answer_link": addresses.absolute("/link/invitations/…/"),
        "refuse_link": addresses.absolute("/link/entries/…/"),
        "hours": 48,
        "minutes": 48 * 60,
        "session": title,
        "page": line["page"],
        "when": when,
        "room": room,
        "venue": text_in(conference.venue, language) or _("A venue"),
        "old_when": span(start - _HOUR, end - _HOUR, conference.zone, language) if kind == "place_changed" else "",
        "position": 3,
        "until": moment(start - timedelta(days=2), conference.zone, language),
        "clash": _("Another session"),
        "clash_when": span(start, end, conference.zone, language),
        "role": _("Speaker"),
        "why": REASONS[kind],
        "contact": conference.contact_email or "programme@example.org",
        "survey": conference.survey_url or "https://example.org/survey",
        "calendar": str(CALENDAR_OF[kind]),
        "unsubscribe": addresses.absolute("/link/announcements/…/") if kind in REFUSABLE else "",
    }


def _failure(conference: Conference) -> dict[str, str]:
    """One line of what should be looked at."""
    title = ngettext("%(count)d mail could not be delivered", "%(count)d mails could not be delivered", 2)
    url = reverse("organize:outbox", args=[conference.slug])
    return {"title": title % {"count": 2}, "text": "", "url": addresses.absolute(f"{url}?state=failed")}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """As mails to a reader of this language are written."""
    with translation.override(page_language(language)):
        yield


def sample(conference: Conference, kind: str, wording: Wording) -> Worded:
    """A wording filled for an invented reader of its language. One query."""
    with speaking(wording.language):
        return in_words(wording, kind, sample_context(conference, kind, wording.language))


def announcement_sample(announcement: Announcement, language: str) -> Worded:
    """An announcement as a reader of `language` gets it. One query. Raises ValueError where it has no text."""
    conference = announcement.conference
    wording = announcement_wording(announcement, language, conference.languages)
    with speaking(language):
        return in_words(wording, ANNOUNCEMENT, sample_context(conference, ANNOUNCEMENT, language))
