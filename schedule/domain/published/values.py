"""The public view of a programme as plain, frozen values: all that pages, files, calendars and API are given."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from i18nfield.strings import LazyI18nString

from schedule.domain.programme.rich_text import as_text
from schedule.domain.published.disclosure import Standing, shows_details
from schedule.models import Role
from values.instants import minutes_between

# What neither XML 1.0 (section 2.2) nor a spreadsheet can hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class PublishedText:
    """A text in all its languages."""

    source: LazyI18nString

    def __bool__(self) -> bool:
        data = self.source.data
        return any(data.values()) if isinstance(data, dict) else bool(data)

    @property
    def versions(self) -> tuple[str, ...]:
        """The text in each of its languages."""
        data = self.source.data
        return tuple(map(str, filter(None, data.values() if isinstance(data, dict) else [data])))

    def plain(self, language: str) -> str:
        """A long text that may hold markup, in `language` and without it."""
        return as_text(self.in_language(language))

    def in_language(self, language: str) -> str:
        """The text in `language`, else in the site's, else in any; free of characters no format can hold."""
        return _UNPRINTABLE.sub("", self.source.localize(language)).strip()


def published_text(value: LazyI18nString | str) -> PublishedText:
    """Fields of rows that were just made may still hold a plain string."""
    return PublishedText(value if isinstance(value, LazyI18nString) else LazyI18nString(value))


NOTHING = published_text("")


@dataclass(frozen=True, slots=True)
class PublishedKind:
    code: str
    name: PublishedText
    is_break: bool


@dataclass(frozen=True, slots=True)
class PublishedTheme:
    code: str
    name: PublishedText
    position: int


@dataclass(frozen=True, slots=True)
class PublishedRoom:
    """A room under the name it has now, whatever it was called when the release was made."""

    code: str
    guid: uuid.UUID
    name: PublishedText
    capacity: int
    features: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class PublishedPerson:
    guid: uuid.UUID
    name: PublishedText
    affiliation: str


@dataclass(frozen=True, slots=True)
class PublishedRole:
    """Somebody who appears in a session. `role` is a code, `mode` one of `schedule.models.Role.Mode`."""

    person: PublishedPerson
    role: str
    mode: str

    @property
    def is_in_person(self) -> bool:
        return self.mode == Role.Mode.IN_PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSession:
    """One session as its reader may see it, with its time on the conference's clocks.

    Time and room are those of the newest release that had it. `key` is the row's, for whoever has to find what belongs
    to it; it is never shown. `number` is a whole number that tells nothing, for formats that want one.
    """

    key: int
    guid: uuid.UUID
    number: int
    code: str
    url: str
    standing: Standing
    signup: str
    kind: PublishedKind
    title: PublishedText
    start: datetime
    end: datetime
    room: PublishedRoom
    # Details: empty where they are not for the reader, and as far as whoever read the rows did not want them.
    theme: PublishedTheme | None = None
    abstract: PublishedText = NOTHING
    languages: tuple[str, ...] = ()
    interpretation_pairs: tuple[str, ...] = ()
    sign_languages: tuple[str, ...] = ()
    caption_languages: tuple[str, ...] = ()
    hosts: tuple[PublishedText, ...] = ()
    roles: tuple[PublishedRole, ...] = ()

    @property
    def shows_details(self) -> bool:
        """Whether everybody sees more of it than title, kind, time and room."""
        return shows_details(self.standing)

    @property
    def is_by_invitation(self) -> bool:
        return self.standing is Standing.INVITATION

    @property
    def is_off(self) -> bool:
        """Whether it does not take place: it was cancelled, or a release left it out."""
        return self.standing in (Standing.CANCELLED, Standing.WITHDRAWN)

    @property
    def minutes(self) -> int:
        return minutes_between(self.start, self.end)

    @property
    def people(self) -> tuple[PublishedPerson, ...]:
        """Who appears in it, in the order of their roles, each once."""
        return tuple({role.person.guid: role.person for role in self.roles}.values())
