"""The parts of a programme that have a calendar of their own: what they are called, and where each is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from notifications import addresses
from notifications.feeds.my_addresses import Links, links_of
from notifications.feeds.public_feeds import FeedPart, released_speakers, speaker_of
from notifications.wordings.texts import day as day_label
from notifications.wordings.texts import text_in
from schedule.exchange.writers.published import person_identity
from schedule.models import Conference, Kind, Room, Session, Theme


@dataclass(frozen=True)
class CalendarOffer:
    """One calendar to subscribe to, and the same as a file to import once."""

    name: str
    links: Links
    file: str


@dataclass(frozen=True)
class Group:
    """Calendars that narrow the programme in the same way."""

    title: str
    offers: list[CalendarOffer]


def part_name(conference: Conference, part: FeedPart, language: str) -> str:
    """What narrows the feed, in words. Raises Http404 for a part that has never been public. At most one query."""
    name: LazyI18nString | str = ""
    if part.day:
        name = day_label(part.day, language)
    elif part.speaker:
        person = speaker_of(conference, part.speaker)
        if person is None:
            raise Http404
        name = person.name
    elif part.session:
        name = get_object_or_404(released_sessions(conference), code=part.session).title
    elif part.room:
        name = get_object_or_404(_rooms(conference), code=part.room).name
    elif part.kind:
        name = get_object_or_404(_kinds(conference), code=part.kind).name
    elif part.theme:
        name = get_object_or_404(_themes(conference), code=part.theme).name
    return text_in(name, language)


def released_sessions(conference: Conference) -> QuerySet[Session]:
    """Sessions that any release ever had."""
    return conference.sessions.filter(released_placements__isnull=False).distinct()


def _rooms(conference: Conference) -> QuerySet[Room]:
    return conference.rooms.filter(released_placements__isnull=False).distinct()


def _kinds(conference: Conference) -> QuerySet[Kind]:
    return conference.kinds.filter(sessions__released_placements__isnull=False).distinct()


def _themes(conference: Conference) -> QuerySet[Theme]:
    return conference.themes.filter(sessions__released_placements__isnull=False).distinct()


def whole(conference: Conference, language: str) -> CalendarOffer:
    """The whole programme. No query."""
    return _offer(conference, language, "public_feed", "", "")


def days_entry(conference: Conference, language: str) -> CalendarOffer:
    """The conference as one entry. No query."""
    return _offer(conference, language, "conference_days", "", "")


def one_session(conference: Conference, language: str, session: Session) -> CalendarOffer:
    """One session, followed. No query."""
    title = text_in(session.title, language)
    return _offer(conference, language, "public_feed_session", session.code, title)


def groups(conference: Conference, language: str) -> list[Group]:
    """Every part that has something in it. Four queries; a conference without themes or speakers has no such group."""
    days = [
        _offer(conference, language, "public_feed_day", day.isoformat(), day_label(day, language))
        for day in conference.dates
    ]
    people = [
        (str(person_identity(conference, one.code)), text_in(one.name, language))
        for one in released_speakers(conference)
    ]
    found = [
        Group(_("By day"), days),
        Group(_("By room"), _named(conference, language, "public_feed_room", _rooms(conference))),
        Group(_("By kind of session"), _named(conference, language, "public_feed_kind", _kinds(conference))),
        Group(_("By theme"), _named(conference, language, "public_feed_theme", _themes(conference))),
        Group(
            _("By speaker"),
            [_offer(conference, language, "public_feed_speaker", key, name) for key, name in people],
        ),
    ]
    return [group for group in found if group.offers]


def _named(
    conference: Conference, language: str, view: str, rows: Iterable[Room] | Iterable[Kind] | Iterable[Theme]
) -> list[CalendarOffer]:
    return [_offer(conference, language, view, row.code, text_in(row.name, language)) for row in rows]


def _offer(conference: Conference, language: str, view: str, key: str, name: str) -> CalendarOffer:
    path = reverse(f"website:{view}", args=[conference.slug, *([key] if key else [])])
    query = urlencode({"lang": language})
    return CalendarOffer(
        name,
        links_of(f"{addresses.absolute(path)}?{query}", conference, language, name=name),
        f"{path}?{query}&once=1",
    )
