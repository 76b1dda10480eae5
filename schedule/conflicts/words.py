"""The names and local times of one conflict, as its sentence needs them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from schedule.conflicts.conflict import Conflict
from schedule.solver.problem import Interval
from schedule.solver.sentences.catalogue import Catalogue


class ConflictWords:
    """One conflict read out in one language."""

    def __init__(self, conflict: Conflict, catalogue: Catalogue, language: str) -> None:
        self._conflict = conflict
        self._language = language
        self._catalogue = catalogue
        self._index = conflict.index
        self.clock = conflict.index.clock

    @property
    def when(self) -> str:
        return self.clock.span(self._time, self._catalogue)

    @property
    def day(self) -> str:
        return self.clock.day(self._time.start, self._catalogue)

    @property
    def _time(self) -> Interval:
        # Only an unplaced session has none, and its sentence names no time.
        return cast("Interval", self._conflict.when)

    def moment(self, minute: int) -> str:
        return self.clock.moment(minute, self._catalogue)

    def title(self, place: int = 0) -> str:
        return self.title_of(self._conflict.sessions[place])

    def title_of(self, code: str) -> str:
        session = self._index.sessions[code]
        return _in_language(self._language, session.titles, session.title)

    @property
    def titles(self) -> str:
        """The titles of all sessions, quoted, in order of time."""
        quoted = self._catalogue.pgettext("session title in a list", "“{title}”")
        return ", ".join(quoted.format(title=self.title_of(p.session)) for p in self._conflict.placements)

    def room_of(self, code: str) -> str:
        room = self._index.rooms[code]
        return _in_language(self._language, room.names, room.name)

    @property
    def rooms(self) -> str:
        return self.room_names(self._conflict.rooms)

    def room_names(self, codes: Iterable[str]) -> str:
        return ", ".join(self.room_of(code) for code in codes)

    @property
    def pair(self) -> dict[str, str]:
        """Titles, rooms and times of two placements, the earlier one first."""
        first, second = self._conflict.placements
        return {
            "first": self.title_of(first.session),
            "second": self.title_of(second.session),
            "first_room": self.room_of(first.room),
            "second_room": self.room_of(second.room),
            "end": self.clock.time(first.end),
            "start": self.clock.time(second.start),
        }

    @property
    def person(self) -> str:
        person = self._index.people[self._conflict.person or ""]
        return _in_language(self._language, person.names, person.name)

    @property
    def body(self) -> str:
        body = self._index.bodies[self._conflict.body or ""]
        return _in_language(self._language, body.names, body.name)

    def number(self, name: str) -> int:
        return cast("int", self._conflict.details[name])

    def codes(self, name: str) -> tuple[str, ...]:
        return cast("tuple[str, ...]", self._conflict.details[name])

    def code(self, name: str) -> str:
        return cast("str", self._conflict.details[name])

    def spans(self, name: str) -> str:
        """Several stretches of time."""
        times = cast("tuple[Interval, ...]", self._conflict.details[name])
        return ", ".join(self.clock.span(time, self._catalogue) for time in times)


def _in_language(language: str, texts: tuple[tuple[str, str], ...], plain: str) -> str:
    """The text in a language ("ko-kr" finds "ko" too), else the plain one."""
    found = dict(texts)
    return found.get(language) or found.get(language.partition("-")[0]) or plain
