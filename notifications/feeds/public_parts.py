"""The parts of a programme that have a calendar of their own: what they are called, and where each is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from notifications import addresses
from notifications.feeds.my_addresses import Links, links_of
from notifications.feeds.public_feeds import FeedPart
from notifications.wordings.texts import day as day_label
from notifications.wordings.texts import one_line, page_language, text_in
from schedule.domain.published.speakers_and_themes import PublishedSpeaker, speaker_of, speakers_of, theme_of, themes_of
from schedule.domain.published.values import PublishedSession
from schedule.models import Conference, Kind, Room, Session


@dataclass(frozen=True)
class CalendarOffer:
    """One calendar to subscribe to, and the same as a file to import once."""

    name: str
    links: Links
    path: str
    file: str


@dataclass(frozen=True)
class CalendarChoice:
    """A part of the programme that can be chosen: `value` is what stands in an address for it."""

    value: str
    name: str
    # What else tells a speaker from another of the same name.
    about: str = ""


@dataclass(frozen=True)
class ChoiceGroup:
    """Parts that narrow the programme in the same way."""

    title: str
    choices: list[CalendarChoice]


def part_name(conference: Conference, part: FeedPart, language: str) -> str:
    """What narrows the feed, in words; empty where the programme does not say it any more. At most five queries.

    Parts that are called the same are told apart: somebody may follow both, and calendar programs list them by name.
    Such a calendar goes on for those who follow it, and is empty. Raises Http404 for a part that has never been public.
    """
    if part.day:
        return day_label(part.day, language)
    found = _name_of(conference, part)
    name = text_in(found, language) if found else ""
    value = part_value(part)
    if not name or part.session or not value:
        return name
    # In the words of the calendar's language, which need not be the reader's.
    with translation.override(page_language(language)):
        groups = _groups(conference, language)
        speakers = [_speaker(one, language) for one in speakers_of(conference) if one.is_named]
        groups.append(ChoiceGroup(_("Speaker"), speakers))
    return {choice.value: choice.name for group in _told_apart(groups) for choice in group.choices}.get(value, name)


def part_value(part: FeedPart) -> str:
    """What stands in an address for a part: the `value` of its `CalendarChoice`. Empty for the whole programme."""
    named: dict[str, object] = {"day": part.day, "theme": part.theme, "room": part.room, "kind": part.kind}
    named |= {"speaker": part.speaker, "session": part.session}
    return next((f"{kind}:{key}" for kind, key in named.items() if key), "")


def file_name(conference: Conference, part: FeedPart) -> str:
    """What the file of a public calendar is called, without its ending: another for each part."""
    return "-".join(filter(None, (conference.slug, part_value(part).replace(":", "-"))))


def _told_apart(groups: Iterable[ChoiceGroup]) -> list[ChoiceGroup]:
    """The same, of which no two choices have one name: with what kind of part it is and, where that is the same too,
    with what its address says.
    """
    groups = list(groups)
    used = Counter(choice.name.casefold() for group in groups for choice in group.choices)
    return [
        ChoiceGroup(group.title, [_distinct(choice, group, used[choice.name.casefold()]) for choice in group.choices])
        for group in groups
    ]


def _distinct(choice: CalendarChoice, group: ChoiceGroup, users: int) -> CalendarChoice:
    if users == 1:
        return choice
    alike = [other for other in group.choices if other.name.casefold() == choice.name.casefold()]
    # Of a speaker's identity the beginning is enough: it is a random number.
    key = choice.value.partition(":")[2]
    shown = choice.about or (key[:8] if choice.value.startswith("speaker:") else key)
    if choice.about and sum(other.about == choice.about for other in alike) > 1:
        shown = f"{choice.about}, {key[:8]}"
    mark = shown if len(alike) == users else f"{group.title}, {shown}" if len(alike) > 1 else group.title
    return replace(choice, name=f"{choice.name} ({mark})")


def _speaker(one: PublishedSpeaker, language: str) -> CalendarChoice:
    name = text_in(one.name.source, language)
    return CalendarChoice(f"speaker:{one.person.guid}", name, one_line(one.person.affiliation))


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


def choices(conference: Conference, language: str) -> list[ChoiceGroup]:
    """Every part that has something in it, but speakers, of whom there are too many. At most three queries."""
    return [group for group in _told_apart(_groups(conference, language)) if group.choices]


def _groups(conference: Conference, language: str) -> list[ChoiceGroup]:
    days = [CalendarChoice(f"day:{day.isoformat()}", day_label(day, language)) for day in conference.dates]
    themes = [
        CalendarChoice(f"theme:{one.theme.code}", text_in(one.name.source, language))
        for one in themes_of(conference)
        if one.is_named
    ]
    return [
        ChoiceGroup(_("Day"), days),
        ChoiceGroup(_("Theme"), themes),
        ChoiceGroup(_("Room"), _choices("room", _rooms(conference), language)),
        ChoiceGroup(_("Kind of session"), _choices("kind", _kinds(conference), language)),
    ]


def speakers_named(conference: Conference, text: str, language: str) -> list[CalendarChoice]:
    """Speakers whose name holds these words, in any language, by name. One query; none where nothing is asked."""
    words = text.casefold().split()
    if not words:
        return []
    found = []
    for one in speakers_of(conference):
        name = one.name.source
        names = name.data.values() if isinstance(name.data, dict) else [name.data]
        if one.is_named and all(word in " ".join(map(str, names)).casefold() for word in words):
            found.append(_speaker(one, language))
    [group] = _told_apart([ChoiceGroup("", found)])
    return sorted(group.choices, key=lambda choice: choice.name)


def chosen(conference: Conference, value: str, language: str, groups: Iterable[ChoiceGroup]) -> CalendarOffer:
    """The calendar that a `CalendarChoice` stands for; `groups` are the `choices`. Raises Http404 where there is none.

    One query for one of these; for a speaker, who is told apart from others, at most five.
    """
    kind, _colon, key = value.partition(":")
    if kind not in _PARTS or not key or not key.isprintable():
        raise Http404
    part = _PARTS[kind](key)
    if part.day and part.day not in conference.dates:
        raise Http404
    listed = {choice.value: choice.name for group in groups for choice in group.choices}
    found = value in listed and (part.day or _name_of(conference, part) is not None)
    name = listed[value] if found else part_name(conference, part, language)
    return _offer(conference, language, f"public_feed_{kind}", key, name)


def _choices(kind: str, rows: Iterable[Room] | Iterable[Kind], language: str) -> list[CalendarChoice]:
    return [CalendarChoice(f"{kind}:{row.code}", text_in(row.name, language)) for row in rows]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


_PARTS: dict[str, Callable[[str], FeedPart]] = {
    "day": lambda key: FeedPart(day=_day(key)),
    "theme": lambda key: FeedPart(theme=key),
    "room": lambda key: FeedPart(room=key),
    "kind": lambda key: FeedPart(kind=key),
    "speaker": lambda key: FeedPart(speaker=_identity(key)),
}


def _offer(conference: Conference, language: str, view: str, key: str, name: str) -> CalendarOffer:
    path = reverse(f"website:{view}", args=[conference.slug, *([key] if key else [])])
    query = urlencode({"lang": language})
    return CalendarOffer(
        name,
        links_of(f"{addresses.absolute(path)}?{query}", conference, language, name=name),
        path,
        f"{path}?{query}&once=1",
    )
