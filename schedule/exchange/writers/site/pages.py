"""The pages of the copy in one language, written from the public view with templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from schedule.domain.programme.names import captions_name, interpretation_name, role_name, sign_language_name
from schedule.domain.programme.rich_text import without_links
from schedule.domain.programme.texts import text_of
from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedPerson, PublishedSession
from schedule.exchange.writers.printed.grid import GridTable, day_tables
from schedule.exchange.writers.wording import span
from schedule.vocabulary.languages import language_name, own_name, sort_key

# A table of a page may be wider than paper.
MOST_ROOMS = 20


@dataclass
class SitePages:
    """`calendars` are the calendar files of this language by the code of their session. The language is active."""

    programme: PublishedProgramme
    language: str
    calendars: Mapping[str, bytes]

    def all(self) -> Iterator[tuple[str, str]]:
        """Names and texts of all pages."""
        programme = self.programme
        days = [self._day_label(day) for day in programme.days]
        yield self._page("index.html", {"days": days})
        for day in programme.days:
            yield self._page(self._day_name(day), {"day": self._day_label(day), **self._day(day)}, template="day.html")
        yield self._page("sessions.html", {"days": [self._day_label(day) | self._day(day) for day in programme.days]})
        for day in programme.days:
            for session in day.sessions:
                context = {"day": self._day_label(day), "session": self.row(session) | self._details(session)}
                yield self._page(self.session_name(session), context, template="session.html")
        yield self._page("speakers.html", {"speakers": self._speakers()})
        yield self._page("rooms.html", {"rooms": self._rooms()})
        yield self._page("search.html", {})

    def frame(self) -> dict[str, Any]:
        """What every page shows."""
        programme = self.programme
        return {
            "language": self.language,
            "name": text_of(programme.name.source),
            "theme": text_of(programme.theme.source),
            "venue": text_of(programme.venue.source),
            "note": text_of(programme.sample_note.source),
            "zone": programme.timezone,
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "number": programme.number,
            "published_at": programme.published_at,
            "address": programme.url,
            "languages": [(code, own_name(code)) for code in programme.languages],
            "above": "../",
        }

    def session_name(self, session: PublishedSession) -> str:
        """The file of a session: codes may differ in their case alone, and some file systems do not see that."""
        return f"session-{self._slug(session)}.html"

    def calendar_name(self, session: PublishedSession) -> str:
        """The calendar file of a session."""
        return f"session-{self._slug(session)}.ics"

    def row(self, session: PublishedSession) -> dict[str, Any]:
        """What a list shows of a session."""
        return {
            "page": self.session_name(session),
            "code": session.code,
            "span": span(session),
            "start": session.start,
            "end": session.end,
            "title": text_of(session.title.source) or text_of(session.code),
            "kind": text_of(session.kind.name.source),
            "theme": text_of(session.theme.name.source) if session.theme else None,
            "room": text_of(session.room.name.source),
            "room_anchor": self._room_anchor(session.room.guid),
            "by_invitation": session.is_by_invitation and not session.kind.is_break,
            "people": [text_of(person.name.source) for person in session.people],
        }

    def _page(self, name: str, context: dict[str, Any], template: str = "") -> tuple[str, str]:
        shown = self._frame | {"page_name": name} | context
        return name, get_template(f"offline/{template or self._template_of(name)}").render(shown)

    @staticmethod
    def _template_of(name: str) -> str:
        return "overview.html" if name == "index.html" else name

    @cached_property
    def _frame(self) -> dict[str, Any]:
        return self.frame()

    def _slug(self, session: PublishedSession) -> str:
        return f"{slugify(session.code)}-{session.guid.hex[:8]}"

    @staticmethod
    def _day_name(day: PublishedDay) -> str:
        return f"day-{day.date.isoformat()}.html"

    def _day_label(self, day: PublishedDay) -> dict[str, Any]:
        return {"page": self._day_name(day), "label": date_format(day.date, _("l, j F Y")), "count": len(day.sessions)}

    def _day(self, day: PublishedDay) -> dict[str, Any]:
        return {
            "sessions": [self.row(session) for session in day.sessions],
            "tables": [self._table(table) for table in day_tables(day.sessions, self.programme.rooms, MOST_ROOMS)],
        }

    def _table(self, table: GridTable) -> dict[str, Any]:
        """Rows of cells as HTML has them: what spans rows stands in the first of them, and gaps are cells too."""
        width = len(table.rooms)
        taken = [[False] * width for _moment in table.moments]
        starts = {(cell.row, cell.column): cell for cell in table.cells}
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.rows):
                taken[row][cell.column : cell.column + cell.columns] = [True] * cell.columns
        rows = []
        for number, moment in enumerate(table.moments):
            cells: list[dict[str, Any]] = []
            for column in range(width):
                if held := starts.get((number, column)):
                    cells.append({"rows": held.rows, "columns": held.columns, "session": self.row(held.session)})
                elif not taken[number][column]:
                    cells.append({"session": None})
            rows.append({"time": moment, "cells": cells})
        return {"rooms": [text_of(room.name.source) for room in table.rooms], "rows": rows}

    def _details(self, session: PublishedSession) -> dict[str, Any]:
        abstract = text_of(session.abstract.source)
        return {
            "abstract": abstract,
            "abstract_html": without_links(str(abstract)),
            "hosts": [text_of(host.source) for host in session.hosts],
            "roles": [
                {
                    "name": text_of(role.person.name.source),
                    "anchor": self._person_anchor(role.person.guid),
                    "role": role_name(role.role),
                    "affiliation": role.person.affiliation,
                }
                for role in session.roles
            ],
            "languages": [language_name(code) for code in session.languages],
            "access": [
                *(
                    _("interpretation %(name)s") % {"name": interpretation_name(one)}
                    for one in session.interpretation_pairs
                ),
                *(sign_language_name(one) for one in session.sign_languages),
                *(captions_name(one) for one in session.caption_languages),
            ],
            "calendar": self.calendar_name(session) if session.code in self.calendars else "",
        }

    def _speakers(self) -> list[dict[str, Any]]:
        people: dict[UUID, PublishedPerson] = {}
        held: dict[UUID, list[PublishedSession]] = defaultdict(list)
        for session in self.programme.sessions:
            for person in session.people:
                people[person.guid] = person
                held[person.guid].append(session)
        by_name = sorted(people.values(), key=lambda one: (sort_key(str(text_of(one.name.source))), one.guid))
        return [
            {
                "name": text_of(person.name.source),
                "anchor": self._person_anchor(person.guid),
                "affiliation": person.affiliation,
                "sessions": [self._on_day(session) for session in held[person.guid]],
            }
            for person in by_name
        ]

    def _rooms(self) -> list[dict[str, Any]]:
        return [
            {
                "name": text_of(room.name.source),
                "anchor": self._room_anchor(room.guid),
                "capacity": room.capacity,
                "days": [
                    self._day_label(day) | {"sessions": [self.row(one) for one in held]}
                    for day in self.programme.days
                    if (held := [one for one in day.sessions if one.room.code == room.code])
                ],
            }
            for room in self.programme.rooms
        ]

    def _on_day(self, session: PublishedSession) -> dict[str, Any]:
        day = self.programme.calendar.day_of(session.start)
        return self.row(session) | {"day": date_format(day, _("D j"))}

    @staticmethod
    def _room_anchor(guid: UUID) -> str:
        return f"room-{guid.hex[:12]}"

    @staticmethod
    def _person_anchor(guid: UUID) -> str:
        return f"person-{guid.hex[:12]}"
