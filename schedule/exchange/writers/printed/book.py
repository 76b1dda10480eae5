"""The programme book: cover, contents, a timetable for each day, every session, who speaks, and what is in which room.

In one language, or in all of the conference's, one after the other; where there is room for it, abstracts stand side by
side. Made from the public view alone. A proof of a draft says on every page that it is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from schedule.domain.programme.names import role_name
from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedPerson, PublishedSession
from schedule.exchange.writers.printed.engine import code_of_language, typeset
from schedule.exchange.writers.printed.grid import day_tables
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces
from schedule.exchange.writers.printed.words import grid_words, paragraphs, title
from schedule.exchange.writers.wording import about, span
from schedule.vocabulary.languages import sort_key

TEMPLATE = Path(__file__).parents[1] / "typst" / "book.typ"


class Paper(StrEnum):
    """The sizes a book comes in (ISO 216); A6 goes into a pocket."""

    A4 = "a4"
    A5 = "a5"
    A6 = "a6"


# Columns of a timetable that can still be read on a page across.
_COLUMNS = {Paper.A4: 6, Paper.A5: 5, Paper.A6: 3}


def book_pdf(programme: PublishedProgramme, languages: Sequence[str], paper: Paper) -> bytes:
    """The book as PDF/UA-1. The same bytes for the same programme. The first of the `languages` heads the pages."""
    faces = typefaces()
    words = book_words(programme, languages, paper, Typesetting(faces))
    return typeset(TEMPLATE, words, faces, programme.published_at, programme.slug)


def book_words(
    programme: PublishedProgramme, languages: Sequence[str], paper: Paper, setting: Typesetting
) -> dict[str, Any]:
    """Everything the template sets, in words that the faces can draw."""
    words = _BookWords(programme, languages, paper, setting).words()
    return {**words, "fonts": setting.families}


@dataclass
class _BookWords:
    programme: PublishedProgramme
    languages: Sequence[str]
    paper: Paper
    setting: Typesetting

    def words(self) -> dict[str, Any]:
        programme, first = self.programme, self.languages[0]
        with override(first):
            days = [self._day(day) for day in programme.days]
        return {
            "paper": self.paper.value,
            "language": code_of_language(first),
            "name": self._said(programme.name.in_language) or self._plain(programme.slug),
            "theme": self._said(programme.theme.in_language),
            "facts": [
                one for one in (self._said(self._dates), self._said(programme.venue.in_language), self._zone()) if one
            ],
            "note": self._said(programme.sample_note.in_language),
            "draft": self._said(lambda _language: self._proof()) if programme.draft else [],
            "draft_mark": self._said(lambda _language: pgettext("across a page", "DRAFT")) if programme.draft else [],
            "footer": self.setting.text(f"{programme.url} · {self._release(first)}"),
            **self._labels(),
            "days": days,
            "speakers": self._speakers(),
            "rooms": self._rooms(),
        }

    def _said(self, say: Callable[[str], str]) -> list[dict[str, str]]:
        """What is said, in each language that says it otherwise than those before."""
        found: dict[str, str] = {}
        for language in self.languages:
            with override(language):
                text = self.setting.text(say(language))
            if text:
                found.setdefault(text, code_of_language(language))
        return [{"text": text, "lang": language} for text, language in found.items()]

    def _plain(self, text: str) -> list[dict[str, str]]:
        return [{"text": self.setting.text(text), "lang": code_of_language(self.languages[0])}]

    def _labels(self) -> dict[str, list[dict[str, str]]]:
        texts: dict[str, Callable[[str], str]] = {
            "time": lambda _language: _("Time"),
            "contents": lambda _language: _("Contents"),
            "timetable": lambda _language: _("Timetable"),
            "sessions": lambda _language: _("Sessions"),
            "people_title": lambda _language: _("Speakers"),
            "rooms_title": lambda _language: _("Rooms"),
        }
        return {name: self._said(say) for name, say in texts.items()}

    def _dates(self, _language: str) -> str:
        first, last = (date_format(day, _("j F Y")) for day in (self.programme.starts_on, self.programme.ends_on))
        return first if first == last else f"{first} – {last}"

    def _zone(self) -> list[dict[str, str]]:
        return self._said(lambda _language: _("all times in the zone %(zone)s") % {"zone": self.programme.timezone})

    def _release(self, language: str) -> str:
        made_at = f"{self.programme.published_at:%Y-%m-%d %H:%M}"
        with override(language):
            if self.programme.draft:
                return _("Draft “%(name)s” of %(time)s") % {"name": self.programme.draft, "time": made_at}
            return _("Release %(number)d of %(time)s") % {"number": self.programme.number, "time": made_at}

    def _proof(self) -> str:
        return _("This is a draft. Nothing of it has been published.")

    def _day(self, day: PublishedDay) -> dict[str, Any]:
        tables = day_tables(day.sessions, self.programme.rooms, _COLUMNS[self.paper])
        return {
            "label": self._said(lambda _language: date_format(day.date, _("l, j F Y"))),
            "grids": [grid_words(table, self.languages[0], self.setting) for table in tables],
            "sessions": [self._session(session) for session in day.sessions],
        }

    def _session(self, session: PublishedSession) -> dict[str, Any]:
        """`editions` has one for each language; what a language says like the first does is empty in it."""
        editions: list[dict[str, Any]] = []
        for language in self.languages:
            with override(language):
                edition = self._edition(session, language)
            if editions:
                edition = {
                    name: type(value)() if value == editions[0][name] else value for name, value in edition.items()
                }
            editions.append(edition | {"lang": code_of_language(language)})
        editions[1:] = [one for one in editions[1:] if any(value for name, value in one.items() if name != "lang")]
        return {"id": f"s-{session.guid}", "time": span(session), "editions": editions}

    def _edition(self, session: PublishedSession, language: str) -> dict[str, Any]:
        return {
            "title": title(session, language, self.setting),
            "room": self.setting.text(session.room.name.in_language(language)),
            "about": self.setting.text(" · ".join(about(session, language))),
            "people": [self.setting.text(one) for one in _people(session, language)],
            "hosts": self.setting.text(", ".join(host.in_language(language) for host in session.hosts)),
            "abstract": paragraphs(session, language, self.setting),
        }

    def _speakers(self) -> list[dict[str, Any]]:
        """Everybody the programme names, by name, with their sessions."""
        people: dict[UUID, PublishedPerson] = {}
        held: dict[UUID, list[str]] = defaultdict(list)
        for session in self.programme.sessions:
            for person in session.people:
                people[person.guid] = person
                held[person.guid].append(f"s-{session.guid}")
        first = self.languages[0]
        by_name = sorted(people.values(), key=lambda one: (sort_key(one.name.in_language(first)), one.guid))
        return [
            {
                "name": self._said(person.name.in_language),
                "affiliation": self.setting.text(person.affiliation),
                "sessions": held[person.guid],
            }
            for person in by_name
        ]

    def _rooms(self) -> list[dict[str, Any]]:
        """Every room that is used, in the order of rooms, with its sessions day by day."""
        return [
            {
                "name": self._said(room.name.in_language) or self._plain(room.code),
                "days": [
                    {
                        "label": self._said(lambda _language, on=day.date: date_format(on, _("D j"))),  # type: ignore[misc]  # mypy sees no default
                        "sessions": held,
                    }
                    for day in self.programme.days
                    if (held := [f"s-{one.guid}" for one in day.sessions if one.room.code == room.code])
                ],
            }
            for room in self.programme.rooms
        ]


def _people(session: PublishedSession, language: str) -> list[str]:
    """A line for each role, in the order of roles: "Chair: Kim, Lee"."""
    by_role: dict[str, dict[str, None]] = defaultdict(dict)
    for one in session.roles:
        by_role[one.role][one.person.name.in_language(language)] = None
    return [
        _("%(role)s: %(names)s") % {"role": role_name(role), "names": ", ".join(names)}
        for role, names in by_role.items()
    ]
