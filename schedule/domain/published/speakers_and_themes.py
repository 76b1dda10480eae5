"""Who and which themes have a calendar of their own. Both are details of sessions, shown only with those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from schedule.domain.published.disclosure import with_named_person, with_open_details
from schedule.domain.published.identities import person_identity
from schedule.domain.published.lists import placements_of, read_rows
from schedule.domain.published.values import (
    PublishedPerson,
    PublishedSession,
    PublishedText,
    PublishedTheme,
    published_text,
)
from schedule.models import Conference, Release, ReleasedPlacement, Role, Session, SignupPolicy


@dataclass(frozen=True)
class PublishedSpeaker:
    """Somebody the programme names or has named. `is_named` says whether it does now."""

    person: PublishedPerson
    is_named: bool

    @property
    def name(self) -> PublishedText:
        return self.person.name


@dataclass(frozen=True)
class FollowedTheme:
    """A theme the programme has or had. `is_named` says whether it has it now."""

    theme: PublishedTheme
    is_named: bool

    @property
    def name(self) -> PublishedText:
        return self.theme.name


def speakers_of(conference: Conference) -> list[PublishedSpeaker]:
    """Everybody who appears in a session that some release had and that is not by invitation. One query.

    Whose sessions were all cancelled or withdrawn is still among them, so that their calendar can go on and be empty;
    somebody who was taken down is not.
    """
    roles = Role.objects.filter(with_named_person(), session__conference=conference)
    rows = _with_is_named(_ever_open(roles, "session_id", "session__"), conference, "session_id")
    named: dict[str, tuple[Any, bool]] = {}
    for code, name, affiliation, is_named in rows.order_by("person__code").values_list(
        "person__code", "person__name", "person__affiliation", "is_named"
    ):
        named[code] = (name, affiliation), is_named or named.get(code, ((), False))[1]
    return [
        PublishedSpeaker(PublishedPerson(person_identity(conference, code), published_text(name), affiliation), now)
        for code, ((name, affiliation), now) in named.items()
    ]


def speaker_of(conference: Conference, identity: UUID) -> PublishedSpeaker | None:
    """Whom an address names; None for everybody no public page has named. One query."""
    return next((one for one in speakers_of(conference) if one.person.guid == identity), None)


def sessions_of_speaker(conference: Conference, release: Release, identity: UUID) -> list[PublishedSession]:
    """The sessions of the newest release in which somebody appears, in order of time, as everybody sees them.

    Only those that name the person: not by invitation, not cancelled. Five queries.
    """
    codes = Role.objects.filter(with_named_person(), with_open_details(), session__conference=conference)
    known = {person_identity(conference, code): code for code in codes.values_list("person__code", flat=True)}
    if identity not in known:
        return []
    roles = Role.objects.filter(with_named_person(), person__code=known[identity], session=OuterRef("session_id"))
    rows = placements_of(release).filter(with_open_details()).filter(Exists(roles))
    return read_rows(conference, rows)


def themes_of(conference: Conference) -> list[FollowedTheme]:
    """Themes of sessions that some release had and that are not by invitation, in their order. One query."""
    sessions = Session.objects.filter(conference=conference, theme__isnull=False)
    rows = _with_is_named(_ever_open(sessions, "pk", ""), conference, "pk")
    named: dict[str, tuple[Any, bool]] = {}
    for code, name, position, is_named in rows.order_by("theme__position", "theme__code").values_list(
        "theme__code", "theme__name", "theme__position", "is_named"
    ):
        named[code] = (name, position), is_named or named.get(code, ((), False))[1]
    return [
        FollowedTheme(PublishedTheme(code, published_text(name), position), is_named)
        for code, ((name, position), is_named) in named.items()
    ]


def theme_of(conference: Conference, code: str) -> FollowedTheme | None:
    """The theme with this code; None for one that no public page has shown. One query."""
    return next((one for one in themes_of(conference) if one.theme.code == code), None)


def _ever_open(rows: QuerySet[Any], key: str, session: str) -> QuerySet[Any]:
    """Rows whose session some release had, and that is not by invitation."""
    had = rows.filter(Exists(ReleasedPlacement.objects.filter(session=OuterRef(key))))
    return had.exclude(**{f"{session}signup": SignupPolicy.INVITATION})


def _with_is_named(rows: QuerySet[Any], conference: Conference, key: str) -> QuerySet[Any]:
    """Rows with whether the details of their session are shown now: `is_named`."""
    newest = Release.objects.filter(conference=conference).order_by("-number").values("pk")[:1]
    in_newest = ReleasedPlacement.objects.filter(with_open_details(), release__in=newest, session=OuterRef(key))
    named: QuerySet[Any] = rows.annotate(is_named=Exists(in_newest))
    return named
