"""The released programme as pages show it: one entry per session, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from schedule.domain.programme.days import ProgrammeDays
from schedule.domain.programme.rich_text import as_text
from schedule.domain.programme.texts import Text, every_language, text_of
from schedule.models import (
    Conference,
    Kind,
    Release,
    ReleasedPlacement,
    Role,
    Room,
    Session,
    SessionHost,
    SignupPolicy,
)
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name


@dataclass(frozen=True, slots=True)
class NamedKind:
    code: str
    name: Text
    is_break: bool


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


def session_state(session: Session) -> str:
    """What everybody sees of a session's state."""
    if session.state == Session.State.CANCELLED:
        return "cancelled"
    return "invitation" if session.signup == SignupPolicy.INVITATION and not session.kind.is_break else ""


def access_of(session: Session, room_features: Iterable[str]) -> frozenset[str]:
    """What makes a session easier to attend, as the codes the filter knows."""
    found = {feature for feature in room_features if feature in ACCESS_FEATURES}
    found |= {"interpretation"} if session.interpretation_pairs else set()
    found |= {"sign"} if session.sign_languages else set()
    found |= {"captions"} if session.caption_languages else set()
    return frozenset(found)


# What a list shows of a session; a thousand of them are read at once.
_SHOWN = (
    "start",
    "end",
    "room_id",
    "session__code",
    "session__title",
    "session__state",
    "session__signup",
    "session__kind_id",
    "session__languages",
    "session__interpretation_pairs",
    "session__sign_languages",
    "session__caption_languages",
)


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
    rows = ReleasedPlacement.objects.filter(release=release).select_related("session")
    rows = rows.only(*_SHOWN, *(["session__abstract"] if searchable else []))
    kinds = {kind.pk: kind for kind in Kind.objects.filter(conference=conference)}
    by_key = {room.pk: room for room in rooms}
    names = _public_names(conference) if searchable else {}
    reader = _EntryReader(conference, days, now)
    entries = []
    for row in rows:
        row.session.kind, row.room = kinds[row.session.kind_id], by_key[row.room_id]
        entries.append(reader.entry(row, names.get(row.session_id, []) if searchable else None))
    return entries


class _EntryReader:
    """Names that repeat are read once."""

    def __init__(self, conference: Conference, days: ProgrammeDays, now: datetime) -> None:
        self.conference, self.days, self.now = conference, days, now
        self.kinds: dict[int, NamedKind] = {}
        self.languages: dict[str, str] = {}

    def entry(self, row: ReleasedPlacement, names: list[str] | None) -> SessionEntry:
        session, start, end = row.session, self.conference.local(row.start), self.conference.local(row.end)
        return SessionEntry(
            code=session.code,
            title=text_of(session.title),
            kind=self._kind(session.kind),
            room=NamedRoom(row.room.code, text_of(row.room.name), row.room.position),
            start=start,
            end=end,
            day=self.days.day_of(start),
            languages=tuple(self._language(code) for code in session.languages),
            language_codes=tuple(session.languages),
            access=access_of(session, row.room.features),
            state=session_state(session),
            search=""
            if names is None
            else _folded([every_language(session.title), as_text(every_language(session.abstract)), *names]),
            is_now=row.start <= self.now < row.end and session.state == Session.State.ACCEPTED,
        )

    def _kind(self, kind: Kind) -> NamedKind:
        if kind.pk not in self.kinds:
            self.kinds[kind.pk] = NamedKind(kind.code, text_of(kind.name), kind.is_break)
        return self.kinds[kind.pk]

    def _language(self, code: str) -> str:
        if code not in self.languages:
            self.languages[code] = language_name(code)
        return self.languages[code]


def _public_names(conference: Conference) -> dict[int, list[str]]:
    """Hosts and people each session publicly names, in every language."""
    names: dict[int, list[str]] = defaultdict(list)
    hosts = SessionHost.objects.filter(session__conference=conference, is_shown=True)
    for session, name in hosts.values_list("session_id", "body__name"):
        names[session].append(every_language(name))
    people = Role.objects.filter(session__conference=conference, person__isnull=False)
    for session, name, affiliation in people.values_list("session_id", "person__name", "person__affiliation"):
        names[session] += [every_language(name), affiliation]
    return dict(names)


def _folded(texts: Iterable[str]) -> str:
    return "\n".join(texts).casefold()


def matches(entry: SessionEntry, words: Iterable[str]) -> bool:
    """Whether all words stand somewhere in the entry's public texts."""
    return all(word in entry.search for word in words)
