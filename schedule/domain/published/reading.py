"""From rows to the public view of sessions. Nothing else makes a `PublishedSession`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Flag, auto
from typing import NamedTuple, TypedDict
from uuid import UUID

from django.db.models import BooleanField, Value
from django.db.models.expressions import RawSQL
from i18nfield.strings import LazyI18nString

from schedule.domain.published.disclosure import shows_details, standing_of, with_named_person
from schedule.domain.published.identities import person_identity, room_identity, session_address
from schedule.domain.published.values import (
    PublishedKind,
    PublishedPerson,
    PublishedRole,
    PublishedRoom,
    PublishedSession,
    PublishedText,
    PublishedTheme,
    published_text,
)
from schedule.models import Conference, Kind, Placement, ReleasedPlacement, Role, Room, Session, SessionHost, Theme


class Wanted(Flag):
    """Which details have to be read from elsewhere than the rows of the sessions, or are long."""

    NOTHING = 0
    ABSTRACT = auto()
    # One query each.
    PEOPLE = auto()
    HOSTS = auto()
    ALL = ABSTRACT | PEOPLE | HOSTS


class SessionRow(NamedTuple):
    """What `read` looks at of a session, for whoever reads a thousand at once: a model takes twice as long to fill."""

    pk: int
    code: str
    uid: UUID
    title: LazyI18nString
    state: str
    signup: str
    kind_id: int
    theme_id: int | None
    languages: list[str]
    interpretation_pairs: list[str]
    sign_languages: list[str]
    caption_languages: list[str]
    abstract: LazyI18nString


def fields_for(wanted: Wanted, prefix: str = "") -> list[str]:
    """What `only` is given, so that a session's row holds all that `read` looks at. The key is always read."""
    names = [name for name in SessionRow._fields[1:] if name != "abstract" or Wanted.ABSTRACT in wanted]
    return [f"{prefix}{name}" for name in names]


class Placed(NamedTuple):
    """A session with the time and room that some release gave it, and whether that is the newest release."""

    session: Session | SessionRow
    start: datetime
    end: datetime
    room: PublishedRoom
    is_in_newest: bool = True


class Labels(NamedTuple):
    """Kinds and themes of a conference by their keys."""

    kinds: dict[int, PublishedKind]
    themes: dict[int, PublishedTheme]


class _Details(TypedDict, total=False):
    theme: PublishedTheme | None
    abstract: PublishedText
    languages: tuple[str, ...]
    interpretation_pairs: tuple[str, ...]
    sign_languages: tuple[str, ...]
    caption_languages: tuple[str, ...]
    hosts: tuple[PublishedText, ...]
    roles: tuple[PublishedRole, ...]


@dataclass
class _Reader:
    """What is read once for all sessions. `insider_of` are keys of sessions the reader has a place in."""

    conference: Conference
    labels: Labels
    wanted: Wanted
    insider_of: Collection[int]
    roles: Mapping[int, tuple[PublishedRole, ...]] = field(default_factory=dict)
    hosts: Mapping[int, tuple[PublishedText, ...]] = field(default_factory=dict)

    def shows_details(self, placed: Placed) -> bool:
        standing = standing_of(placed.session, is_in_newest=placed.is_in_newest)
        return shows_details(standing, to_insider=placed.session.pk in self.insider_of)

    def session(self, placed: Placed, *, with_details: bool) -> PublishedSession:
        session = placed.session
        details = self._details(session) if with_details else _Details()
        return PublishedSession(
            key=session.pk,
            guid=session.uid,
            number=(session.uid.int >> 97) or 1,
            code=session.code,
            url=session_address(self.conference, session.code),
            standing=standing_of(session, is_in_newest=placed.is_in_newest),
            signup=session.signup,
            kind=self.labels.kinds[session.kind_id],
            # The session's own title, not the one it was released under: a new title is told at once, everywhere.
            title=published_text(session.title),
            start=self.conference.local(placed.start),
            end=self.conference.local(placed.end),
            room=placed.room,
            **details,
        )

    def _details(self, session: Session | SessionRow) -> _Details:
        found = _Details(
            theme=self.labels.themes[session.theme_id] if session.theme_id else None,
            languages=tuple(session.languages),
            interpretation_pairs=tuple(session.interpretation_pairs),
            sign_languages=tuple(session.sign_languages),
            caption_languages=tuple(session.caption_languages),
            hosts=self.hosts.get(session.pk, ()),
            roles=self.roles.get(session.pk, ()),
        )
        if Wanted.ABSTRACT in self.wanted:
            found["abstract"] = published_text(session.abstract)
        return found


def read(
    conference: Conference,
    placed: Iterable[Placed],
    *,
    wanted: Wanted = Wanted.ALL,
    labels: Labels | None = None,
    insider_of: Collection[int] = (),
) -> list[PublishedSession]:
    """The public view of these sessions, in their order. One query unless `labels` are known, two for people and hosts.

    `insider_of` are keys of sessions in which whoever reads has a place.
    """
    placed = list(placed)
    reader = _Reader(conference, labels or labels_of(conference), wanted, insider_of)
    # What is not shown is not even read.
    shown = [reader.shows_details(one) for one in placed]
    keys = [one.session.pk for one, is_shown in zip(placed, shown, strict=True) if is_shown]
    if Wanted.PEOPLE in wanted:
        reader.roles = _roles(conference, keys)
    if Wanted.HOSTS in wanted:
        reader.hosts = _hosts(keys)
    return [reader.session(one, with_details=is_shown) for one, is_shown in zip(placed, shown, strict=True)]


def placed_by(
    rows: Iterable[ReleasedPlacement | Placement], rooms: Mapping[int, PublishedRoom], *, is_in_newest: bool = True
) -> list[Placed]:
    """Placements of one release, or of a draft that is looked at as if it were one, with their `session` loaded."""
    return [Placed(row.session, row.start, row.end, rooms[row.room_id], is_in_newest) for row in rows]


def labels_in(sessions: Iterable[Session]) -> Labels:
    """The kinds and themes of a few sessions, which have both loaded."""
    labels = Labels({}, {})
    for session in sessions:
        kind, theme = session.kind, session.theme
        labels.kinds[kind.pk] = PublishedKind(kind.code, published_text(kind.name), kind.is_break)
        if theme is not None:
            labels.themes[theme.pk] = PublishedTheme(theme.code, published_text(theme.name), theme.position)
    return labels


def labels_of(conference: Conference) -> Labels:
    """All kinds and themes. One query."""
    kinds = Kind.objects.filter(conference=conference).order_by()
    themes = Theme.objects.filter(conference=conference).order_by()
    no = Value(value=False, output_field=BooleanField())
    yes = Value(value=True, output_field=BooleanField())
    columns = ("is_kind", "pk", "code", "name", "position", "is_break")
    rows = kinds.annotate(is_kind=yes).values_list(*columns)
    rows = rows.union(themes.annotate(is_kind=no, is_break=no).values_list(*columns), all=True)
    labels = Labels({}, {})
    for is_kind, key, code, name, position, is_break in rows:
        if is_kind:
            labels.kinds[key] = PublishedKind(code, published_text(name), is_break)
        else:
            labels.themes[key] = PublishedTheme(code, published_text(name), position)
    return labels


def published_room(conference: Conference, room: Room) -> PublishedRoom:
    """A room as the public knows it. No query."""
    return PublishedRoom(
        room.code,
        room_identity(conference, room.code),
        published_text(room.name),
        room.capacity,
        tuple(room.features),
        room.position,
    )


def one_of(keys: Collection[int]) -> RawSQL:
    """Many keys to look for, as one parameter: a thousand of them take longer to pass than to find."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])  # a parameter, and no text of anybody's


def _roles(conference: Conference, sessions: Collection[int]) -> dict[int, tuple[PublishedRole, ...]]:
    """Who appears in each session, in the order of their roles."""
    known: dict[str, PublishedPerson] = {}
    found: dict[int, list[PublishedRole]] = defaultdict(list)
    rows = Role.objects.filter(with_named_person(), session_id__in=one_of(sessions)).order_by(
        "session_id", "position", "pk"
    )
    for session, role, mode, code, name, affiliation in rows.values_list(
        "session_id", "role", "mode", "person__code", "person__name", "person__affiliation"
    ):
        if code not in known:
            known[code] = PublishedPerson(person_identity(conference, code), published_text(name), affiliation)
        found[session].append(PublishedRole(known[code], role, mode))
    return {session: tuple(roles) for session, roles in found.items()}


def _hosts(sessions: Collection[int]) -> dict[int, tuple[PublishedText, ...]]:
    """The organisations that may be named for each session, in their order."""
    found: dict[int, list[PublishedText]] = defaultdict(list)
    rows = SessionHost.objects.filter(session_id__in=one_of(sessions), is_shown=True).order_by(
        "session_id", "position", "pk"
    )
    for session, name in rows.values_list("session_id", "body__name"):
        found[session].append(published_text(name))
    return {session: tuple(hosts) for session, hosts in found.items()}
