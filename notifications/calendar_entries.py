"""Calendar entries and calendars from our rows: the same values in mails and in feeds."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from notifications import addresses
from notifications.calendars.entries import CalendarInfo, Entry, Status
from notifications.calendars.files import Feed, feed
from notifications.letters import Place
from notifications.wording import page_language, text_in
from registration.models import SignUp
from schedule.models import Conference

logger = logging.getLogger(__name__)
PRODID = "-//Plenary//Conference calendar//EN"
# Google decides for itself; others ask this often.
REFRESH_MINUTES = 15


def uid(value: object) -> str:
    """A calendar identity: the row's own random one, on this installation's calendar domain."""
    return f"{value}@{settings.CALENDAR_DOMAIN}"


def signup_entry(signup: SignUp, place: Place, conference: Conference, language: str) -> Entry:
    """A person's place as it stands in their calendar. Reads `signup.session.kind`: a query if not loaded."""
    with translation.override(page_language(language)):
        description = _("%(conference)s\nChange or give back your place: %(address)s") % {
            "conference": text_in(conference.name, language),
            "address": addresses.my_conference(conference.slug),
        }
    status: Status = "CONFIRMED" if signup.state == SignUp.State.CONFIRMED else "CANCELLED"
    return Entry(
        uid=uid(signup.uid),
        sequence=signup.sequence,
        status=status,
        start=place.start,
        end=place.end,
        timezone=conference.timezone,
        summary=text_in(place.title, language),
        description=description,
        location=location(place, conference, language),
        url=addresses.session(conference.slug, signup.session.code),
        categories=(text_in(signup.session.kind.name, language),),
        changed_at=signup.changed_at,
        created_at=signup.created_at,
        language=language,
    )


def location(place: Place, conference: Conference, language: str) -> str:
    """Room and venue."""
    return ", ".join(filter(None, (text_in(place.room, language), text_in(conference.venue, language))))


@dataclass(frozen=True)
class Tag:
    """What a reader compares: the entity tag of a body, and when its newest entry changed."""

    etag: str
    modified: datetime | None


@dataclass(frozen=True)
class Subscribed:
    """A feed and when its newest entry changed; `modified` is None while it is empty."""

    feed: Feed
    modified: datetime | None


def subscribed(entries: list[Entry], info: CalendarInfo) -> Subscribed:
    """Write a feed. What cannot be written is left out and logged; the rest is served."""
    written = feed(entries, info)
    for skipped, reason in written.skipped:
        logger.warning("Calendar entry %s is left out: %s", skipped, reason)
    return Subscribed(written, max((entry.changed_at for entry in entries), default=None))


def calendar_info(conference: Conference, language: str, *, source: str | None = None, name: str = "") -> CalendarInfo:
    """What a file says about itself; `source` is where a feed is fetched again, `name` what narrows it."""
    title = text_in(conference.name, language)
    return CalendarInfo(
        name=f"{title} · {name}" if name else title,
        timezone=conference.timezone,
        color=None,
        refresh_minutes=REFRESH_MINUTES,
        source_url=source,
        language=language,
        prodid=PRODID,
    )
