"""Messages put into words: the sentence a catalogue has for their code, with names and local times in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from gettext import NullTranslations
from typing import Any, Protocol

from schedule.solver.problem import Problem
from schedule.vocabulary.features import feature_in_words

from .catalogue import Catalogue, day
from .message import CodedMessage, Value
from .templates import TEMPLATES, TERMS

MOST_TITLES = 6
"""More sessions than this are counted, not listed."""

ENGLISH: Catalogue = NullTranslations()


class Names(Protocol):
    """What sessions, rooms, people and organisations are called, by code, in the language of the reader."""

    @property
    def sessions(self) -> Mapping[str, str]: ...
    @property
    def rooms(self) -> Mapping[str, str]: ...
    @property
    def people(self) -> Mapping[str, str]: ...
    @property
    def bodies(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class ProblemNames:
    """The names that a problem has in one language, else its plain ones."""

    sessions: Mapping[str, str]
    rooms: Mapping[str, str]
    people: Mapping[str, str]
    bodies: Mapping[str, str]


def names_of(problem: Problem, language: str = "en") -> ProblemNames:
    """The names of a problem in a language."""
    return ProblemNames(
        sessions={one.code: dict(one.titles).get(language, one.title) for one in problem.sessions},
        rooms={one.code: dict(one.names).get(language, one.name) for one in problem.rooms},
        people={one.code: dict(one.names).get(language, one.name) for one in problem.people},
        bodies={one.code: dict(one.names).get(language, one.name) for one in problem.bodies},
    )


class SolverWords:
    """Says messages with the names of one conference. Who is gone by now is called by their code."""

    def __init__(self, names: Names, catalogue: Catalogue = ENGLISH) -> None:
        self.names = names
        self.catalogue = catalogue

    def say(self, *messages: CodedMessage) -> str:
        """The messages as sentences, one after another. Names are put in as data: braces in them stay as they are."""
        return " ".join(self._sentence(one) for one in messages)

    def value(self, value: Value) -> str:
        """A value in words."""
        if isinstance(value, int):
            return str(value)
        ((kind, what),) = value.items()
        return _SAID[kind](self, what)

    def _sentence(self, one: CodedMessage) -> str:
        template = TEMPLATES[one.code]
        if isinstance(template, tuple):
            singular, plural, number = template
            count = one.values[number]
            text = self.catalogue.ngettext(singular, plural, count if isinstance(count, int) else 0)
        else:
            text = self.catalogue.gettext(template)
        return text.format(**{name: self.value(value) for name, value in one.values.items()})

    @cached_property
    def _titled(self) -> Counter[str]:
        return Counter(self.names.sessions.values())

    def _sessions(self, codes: Sequence[str]) -> str:
        """Quoted titles, at most MOST_TITLES of them; the code as well where several sessions have one title."""
        quoted = self.catalogue.pgettext("session title in a list", "“{title}”")
        said = []
        for code in codes:
            title = self.names.sessions.get(code, code)
            said.append(quoted.format(title=title) + (f" ({code})" if self._titled[title] > 1 else ""))
        more = len(said) - MOST_TITLES
        if more > 1:
            text = self.catalogue.gettext("{titles} and {count} more")
            return text.format(titles=", ".join(said[:MOST_TITLES]), count=more)
        return ", ".join(said)

    def _rooms(self, codes: Iterable[str]) -> str:
        return _named(self.names.rooms, codes)

    def _people(self, codes: Iterable[str]) -> str:
        return _named(self.names.people, codes)

    def _bodies(self, codes: Iterable[str]) -> str:
        return _named(self.names.bodies, codes)

    def _features(self, codes: Iterable[str]) -> str:
        return ", ".join(feature_in_words(code, self.catalogue) for code in codes)

    def _seats(self, number: int) -> str:
        return self.catalogue.ngettext("{number} seat", "{number} seats", number).format(number=number)

    def _minutes(self, minutes: int) -> str:
        """A number of hours and minutes. Languages that write both as numbers with units need no leading 0."""
        hours, rest = divmod(minutes, 60)
        if not rest:
            return self.catalogue.gettext("{hours}:00 hours").format(hours=hours)
        if rest < 10:
            return self.catalogue.gettext("{hours}:0{minutes} hours").format(hours=hours, minutes=rest)
        return self.catalogue.gettext("{hours}:{minutes} hours").format(hours=hours, minutes=rest)

    def _at(self, moment: str) -> str:
        """A local day and time, such as "Thu 14 Sep 16:30"."""
        local = datetime.fromisoformat(moment)
        return f"{day(local, self.catalogue)} {local:%H:%M}"

    def _span(self, ends: Sequence[str]) -> str:
        first, last = (datetime.fromisoformat(end) for end in ends)
        end = f"{last:%H:%M}" if first.date() == last.date() else self._at(ends[1])
        return self.catalogue.gettext("{start} to {end}").format(start=self._at(ends[0]), end=end)

    def _spans(self, spans: Iterable[Sequence[str]]) -> str:
        return ", ".join(self._span(span) for span in spans)

    def _hours(self, spans: Iterable[Sequence[str]]) -> str:
        return "; ".join(self._span(span) for span in spans)

    def _list(self, values: Iterable[Value]) -> str:
        return ", ".join(self.value(value) for value in values)

    def _terms(self, changes: Iterable[tuple[str, int, int]]) -> str:
        named = ((self.catalogue.gettext(TERMS[name]), before, after) for name, before, after in changes)
        return ", ".join(f"{name} {before} → {after}" for name, before, after in named)


def _named(names: Mapping[str, str], codes: Iterable[str]) -> str:
    return ", ".join(names.get(code, code) for code in codes)


_SAID: Mapping[str, Callable[[SolverWords, Any], str]] = {
    "sessions": SolverWords._sessions,
    "rooms": SolverWords._rooms,
    "people": SolverWords._people,
    "bodies": SolverWords._bodies,
    "features": SolverWords._features,
    "seats": SolverWords._seats,
    "minutes": SolverWords._minutes,
    "at": SolverWords._at,
    "spans": SolverWords._spans,
    "hours": SolverWords._hours,
    "list": SolverWords._list,
    "terms": SolverWords._terms,
}
