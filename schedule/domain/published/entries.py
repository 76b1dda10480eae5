"""The released programme as pages list it: one entry per session, read at once, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from schedule.domain.programme.days import ProgrammeDays
from schedule.domain.programme.rich_text import as_text
from schedule.domain.programme.texts import Text, every_language, text_of
from schedule.domain.published.disclosure import Standing
from schedule.domain.published.reading import Wanted, fields_for, placed_by, published_room, read
from schedule.domain.published.search import folded
from schedule.domain.published.values import (
    PublishedKind,
    PublishedRoom,
    PublishedSession,
    PublishedText,
    PublishedTheme,
)
from schedule.models import Conference, Release, ReleasedPlacement, Room
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name


@dataclass(frozen=True, slots=True)
class NamedKind:
    code: str
    name: Text
    is_break: bool


@dataclass(frozen=True, slots=True)
class NamedTheme:
    code: str
    name: Text
    position: int


@dataclass(frozen=True, slots=True)
class NamedRoom:
    code: str
    name: Text
    position: int


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session of a release with its time on the conference's clocks. `search` holds its public words, folded."""

    code: str
    title: Text
    kind: NamedKind
    theme: NamedTheme | None
    room: NamedRoom
    start: datetime
    end: datetime
    day: date
    languages: tuple[str, ...]
    language_codes: tuple[str, ...]
    access: frozenset[str]
    # "cancelled" or "invitation"; empty for all others. What the viewer has of it is added by the page.
    state: str
    search: str = ""
    is_now: bool = False


def session_state(session: PublishedSession) -> str:
    """How pages mark a session: "cancelled", "invitation", or empty. Nobody is invited to a break."""
    if session.standing is Standing.CANCELLED:
        return "cancelled"
    return "invitation" if session.is_by_invitation and not session.kind.is_break else ""


def access_of(session: PublishedSession) -> frozenset[str]:
    """What makes a session easier to attend, as the codes the filter knows."""
    found = set() if session.is_off else {one for one in session.room.features if one in ACCESS_FEATURES}
    found |= {"interpretation"} if session.interpretation_pairs else set()
    found |= {"sign"} if session.sign_languages else set()
    found |= {"captions"} if session.caption_languages else set()
    return frozenset(found)


def entries_of(
    conference: Conference,
    release: Release,
    rooms: Iterable[Room],
    days: ProgrammeDays,
    *,
    now: datetime,
    searchable: bool = False,
) -> list[SessionEntry]:
    """All sessions of a release in order of time. Two queries, four when they are to be searched.

    `rooms` and `days` are those of the conference.
    """
    wanted = Wanted.ALL if searchable else Wanted.NOTHING
    rows = ReleasedPlacement.objects.filter(release=release).select_related("session")
    rows = rows.only("start", "end", "room_id", *fields_for(wanted, "session__"))
    by_key = {room.pk: published_room(conference, room) for room in rooms}
    reader = _EntryReader(days, now, searchable=searchable)
    return [reader.entry(session) for session in read(conference, placed_by(rows, by_key), wanted=wanted)]


class _EntryReader:
    """Names that repeat are read once."""

    def __init__(self, days: ProgrammeDays, now: datetime, *, searchable: bool) -> None:
        self.days, self.now, self.searchable = days, now, searchable
        self.kinds: dict[str, NamedKind] = {}
        self.themes: dict[str, NamedTheme] = {}
        self.rooms: dict[str, NamedRoom] = {}
        self.languages: dict[str, str] = {}

    def entry(self, session: PublishedSession) -> SessionEntry:
        return SessionEntry(
            code=session.code,
            title=text_of(session.title.source),
            kind=self._kind(session.kind),
            theme=self._theme(session.theme),
            room=self._room(session.room),
            start=session.start,
            end=session.end,
            day=self.days.day_of(session.start),
            languages=tuple(self._language(code) for code in session.languages),
            language_codes=session.languages,
            access=access_of(session),
            state=session_state(session),
            search=searched_words(session) if self.searchable else "",
            is_now=session.start <= self.now < session.end and not session.is_off,
        )

    def _kind(self, kind: PublishedKind) -> NamedKind:
        if kind.code not in self.kinds:
            self.kinds[kind.code] = NamedKind(kind.code, text_of(kind.name.source), kind.is_break)
        return self.kinds[kind.code]

    def _theme(self, theme: PublishedTheme | None) -> NamedTheme | None:
        if theme is None:
            return None
        if theme.code not in self.themes:
            self.themes[theme.code] = NamedTheme(theme.code, text_of(theme.name.source), theme.position)
        return self.themes[theme.code]

    def _room(self, room: PublishedRoom) -> NamedRoom:
        if room.code not in self.rooms:
            self.rooms[room.code] = NamedRoom(room.code, text_of(room.name.source), room.position)
        return self.rooms[room.code]

    def _language(self, code: str) -> str:
        if code not in self.languages:
            self.languages[code] = language_name(code)
        return self.languages[code]


def searched_words(session: PublishedSession) -> str:
    """Everything that is shown of a session, in every language; its code and its room as well."""
    texts: list[PublishedText] = [session.title, session.kind.name, session.room.name, *session.hosts]
    texts += [session.theme.name] if session.theme else []
    words = [session.code, as_text(every_language(session.abstract.source))]
    words += [every_language(text.source) for text in texts]
    for person in session.people:
        words += [every_language(person.name.source), person.affiliation]
    return folded("\n".join(words))
