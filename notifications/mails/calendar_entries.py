"""Calendar entries and calendars from our rows: the same values in mails and in feeds."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from notifications import addresses
from notifications.calendars.entries import CalendarEntry, CalendarInfo, Method, Status
from notifications.calendars.events import Keep
from notifications.calendars.files import Feed, download, feed
from notifications.mails.calendar_place import CalendarPlace
from notifications.mails.render_input import RenderInput
from notifications.rules.mail_rules import CALENDAR_OF, Calendar
from notifications.wordings.session_facts import description_of
from notifications.wordings.texts import page_language, text_in
from registration.models import SignUp
from schedule.domain.published.details import Details
from schedule.models import Conference, Person, Session
from values.instants import midnight

logger = logging.getLogger(__name__)
PRODID = "-//Plenary//Conference calendar//EN"
# Google decides for itself; others ask this often.
REFRESH_MINUTES = 15
# Each accent on a light ground, as in static/tokens.css.
COLORS = {
    "indigo": "#3b3fb5", "teal": "#0a625d", "green": "#2b652d", "ochre": "#754d00",
    "rust": "#993a11", "crimson": "#a31f3d", "plum": "#782c81", "slate": "#3a5064",
}  # fmt: skip


def uid(value: object) -> str:
    """A calendar identity: the row's own random one, on this installation's calendar domain."""
    return f"{value}@{settings.CALENDAR_DOMAIN}"


def signup_entry(
    signup: SignUp,
    place: CalendarPlace,
    conference: Conference,
    language: str,
    *,
    details: Details | None = None,
    alarm_minutes: int | None = None,
) -> CalendarEntry:
    """A person's place as it stands in their calendar. Reads `signup.session.kind`: a query if not loaded.

    `alarm_minutes` is the reminder they chose. The address to join online, and the `details` of the session as far as
    there are any for whoever has a place, are for those who have one.
    """
    with translation.override(page_language(language)):
        own = _("%(conference)s\nChange or give back your place: %(address)s") % {
            "conference": text_in(conference.name, language),
            "address": addresses.pages(conference.slug).my_page,
        }
    holds = signup.state == SignUp.State.CONFIRMED
    shown = details if holds else None
    status: Status = "CONFIRMED" if holds else "CANCELLED"
    return CalendarEntry(
        uid=uid(signup.uid),
        sequence=signup.sequence,
        status=status,
        start=place.start,
        end=place.end,
        timezone=conference.timezone,
        summary=text_in(place.title, language),
        description=f"{description_of(shown.session, language)}\n\n{own}" if shown else own,
        location=location(place, language),
        url=addresses.session(conference.slug, signup.session.code),
        categories=(text_in(signup.session.kind.name, language),),
        changed_at=max(signup.changed_at, shown.edited_at) if shown and shown.edited_at else signup.changed_at,
        created_at=signup.created_at,
        language=language,
        conference_url=place.online if holds and place.online else None,
        alarm_minutes=alarm_minutes,
        # What does not take place, or is somebody else's now, keeps nobody busy.
        transparent=not holds,
    )


def appearance_uid(session: Session, person: Person) -> str:
    """The calendar identity of somebody's appearance in a session: the same for ever, and another for everybody."""
    return uid(uuid5(session.uid, f"appearance of {person.pk}"))


def appearance_entry(  # all that an appearance is: whose, where, since when, and what the session says
    session: Session,
    person: Person,
    place: CalendarPlace,
    conference: Conference,
    language: str,
    *,
    sequence: int,
    stands: bool,
    changed_at: datetime,
    details: Details | None,
) -> CalendarEntry:
    """A session in the calendar of somebody who appears in it, as mails put it there. Reads `session.kind`.

    `sequence` counts the calendar mails about it before this one: each is about a change of the entry.
    """
    shown = details if stands else None
    about = text_in(conference.name, language)
    return CalendarEntry(
        uid=appearance_uid(session, person),
        sequence=sequence,
        status="CONFIRMED" if stands else "CANCELLED",
        start=place.start,
        end=place.end,
        timezone=conference.timezone,
        summary=text_in(place.title, language),
        description=f"{description_of(shown.session, language)}\n\n{about}" if shown else about,
        location=location(place, language),
        url=addresses.session(conference.slug, session.code),
        categories=(text_in(session.kind.name, language),),
        changed_at=changed_at,
        created_at=None,
        language=language,
        transparent=not stands,
    )


def method_of(to: RenderInput) -> Method | None:
    """REQUEST for whoever wants entries by mail; CANCEL only for an entry that a mail has put there."""
    message, registration, person = to.message, to.message.registration, to.message.person
    wanted = CALENDAR_OF[message.kind]
    if wanted is Calendar.CANCEL:
        return "CANCEL" if to.told.in_calendar else None
    if wanted is not Calendar.REQUEST:
        return None
    if registration:
        return "REQUEST" if registration.invites_by_mail else None
    return "REQUEST" if person and to.appears and person.entries_by_mail else None


def mailed_entry(to: RenderInput, conference: Conference, method: Method) -> CalendarEntry | None:
    """What a mail puts into its reader's calendar, or takes out of it; None where it is about no time and room.

    Of somebody who appears in a session it says where that is or, once it is nowhere, was.
    """
    message = to.message
    if message.signup:
        if to.place is None:
            return None
        return signup_entry(message.signup, to.place, conference, to.language, details=to.details)
    place = to.place or to.old or to.last
    if message.session is None or message.person is None or place is None:
        return None
    return appearance_entry(
        message.session,
        message.person,
        place,
        conference,
        to.language,
        sequence=to.told.calendar_mails,
        stands=method == "REQUEST",
        changed_at=message.created_at,
        details=to.details,
    )


def called_off(entry: CalendarEntry) -> CalendarEntry:
    """An entry of a calendar that is subscribed to, of a session that does not take place: its name says so.

    Many programs show a cancelled entry (RFC 5545 3.8.1.11) like any other.
    """
    with translation.override(page_language(entry.language)):
        summary = pgettext("calendar entry", "Cancelled: %(session)s") % {"session": entry.summary}
    return replace(entry, status="CANCELLED", summary=summary, transparent=True, alarm_minutes=None)


def conference_entry(conference: Conference, language: str) -> CalendarEntry:
    """The conference as one entry over all its days. Nobody is made busy by it, and nothing rings at midnight."""
    programme = addresses.pages(conference.slug).programme
    return CalendarEntry(
        uid=uid(conference.uid),
        sequence=conference.entry_sequence,
        status="CONFIRMED",
        start=conference.origin,
        end=midnight(conference.ends_on + timedelta(days=1), conference.zone),
        timezone=conference.timezone,
        summary=text_in(conference.name, language),
        description="\n".join(filter(None, (text_in(conference.theme, language), programme))),
        location=text_in(conference.venue, language),
        url=programme,
        categories=(),
        changed_at=conference.entry_changed_at,
        created_at=None,
        language=language,
        transparent=True,
        all_day=True,
    )


def location(place: CalendarPlace, language: str) -> str:
    """Room and venue."""
    return ", ".join(filter(None, (text_in(place.room, language), text_in(place.venue, language))))


@dataclass(frozen=True)
class Tag:
    """What a reader compares: the entity tag of a body, and since when it is that."""

    etag: str
    modified: datetime | None


@dataclass(frozen=True)
class Subscribed:
    """A feed whose entries that could not be written are reported already."""

    feed: Feed


def subscribed(entries: list[CalendarEntry], info: CalendarInfo, keep: Keep | None = None) -> Subscribed:
    """Write a feed; events that `keep` has are not written again. What cannot be written is left out and logged."""
    return _reported(feed(entries, info, keep))


def subscribed_once(entries: list[CalendarEntry], info: CalendarInfo, keep: Keep | None = None) -> Subscribed:
    """The same as a file that does not ask to be fetched again."""
    return _reported(download(entries, info, keep))


def _reported(written: Feed) -> Subscribed:
    for skipped, reason in written.skipped:
        logger.warning("Calendar entry %s is left out: %s", skipped, reason)
    return Subscribed(written)


def calendar_info(conference: Conference, language: str, *, source: str | None = None, name: str = "") -> CalendarInfo:
    """What a file says about itself; `source` is where a feed is fetched again, `name` what narrows it."""
    title = text_in(conference.name, language)
    return CalendarInfo(
        name=f"{title} · {name}" if name else title,
        timezone=conference.timezone,
        color=COLORS.get(conference.accent),
        refresh_minutes=REFRESH_MINUTES,
        source_url=source,
        language=language,
        prodid=PRODID,
    )
