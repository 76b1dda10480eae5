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
from notifications.feeds.public_feeds import FeedPart
from notifications.wordings.texts import day as day_label
from notifications.wordings.texts import text_in
from schedule.domain.published.speakers_and_themes import speaker_of, speakers_of, theme_of, themes_of
from schedule.domain.published.values import PublishedSession
from schedule.models import Conference, Kind, Room, Session


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
    """What narrows the feed, in words; empty where the programme does not say it any more. At most one query.

    Such a calendar goes on for those who follow it, and is empty. Raises Http404 for a part that has never been public.
    """
    if part.day:
        return day_label(part.day, language)
    name = _name_of(conference, part)
    return text_in(name, language) if name else ""


def _name_of(conference: Conference, part: FeedPart) -> LazyI18nString | str | None:
    """None where nothing narrows it, or nothing that is named now."""
    if part.speaker or part.theme:
        found = speaker_of(conference, part.speaker) if part.speaker else theme_of(conference, part.theme)
        if found is None:
            raise Http404
        return found.name.source if found.is_named else None
    for code, rows, field in (
        (part.session, Session.objects.for_conference(conference).released(), "title"),
        (part.room, _rooms(conference), "name"),
        (part.kind, _kinds(conference), "name"),
    ):
        if code:
            return getattr(get_object_or_404(rows, code=code), field)
    return None


def _rooms(conference: Conference) -> QuerySet[Room]:
    return conference.rooms.filter(released_placements__isnull=False).distinct()


def _kinds(conference: Conference) -> QuerySet[Kind]:
    return conference.kinds.filter(sessions__released_placements__isnull=False).distinct()


def whole(conference: Conference, language: str) -> CalendarOffer:
    """The whole programme. No query."""
    return _offer(conference, language, "public_feed", "", "")


def days_entry(conference: Conference, language: str) -> CalendarOffer:
    """The conference as one entry. No query."""
    return _offer(conference, language, "conference_days", "", "")


def one_session(conference: Conference, language: str, session: PublishedSession) -> CalendarOffer:
    """One session, followed. No query."""
    title = text_in(session.title.source, language)
    return _offer(conference, language, "public_feed_session", session.code, title)


def groups(conference: Conference, language: str) -> list[Group]:
    """Every part that has something in it. Four queries; a conference without themes or speakers has no such group."""
    days = [
        _offer(conference, language, "public_feed_day", day.isoformat(), day_label(day, language))
        for day in conference.dates
    ]
    people = [
        (str(one.person.guid), text_in(one.person.name.source, language))
        for one in speakers_of(conference)
        if one.is_named
    ]
    themes = [
        (one.theme.code, text_in(one.theme.name.source, language)) for one in themes_of(conference) if one.is_named
    ]
    found = [
        Group(_("By day"), days),
        Group(_("By room"), _named(conference, language, "public_feed_room", _rooms(conference))),
        Group(_("By kind of session"), _named(conference, language, "public_feed_kind", _kinds(conference))),
        Group(_("By theme"), [_offer(conference, language, "public_feed_theme", key, name) for key, name in themes]),
        Group(
            _("By speaker"),
            [_offer(conference, language, "public_feed_speaker", key, name) for key, name in people],
        ),
    ]
    return [group for group in found if group.offers]


def _named(
    conference: Conference, language: str, view: str, rows: Iterable[Room] | Iterable[Kind]
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
