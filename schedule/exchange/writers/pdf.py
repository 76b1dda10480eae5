"""schedule.pdf: the programme to print, set by typst.

What people wrote reaches typst as JSON and is set as text: markup and code in it are ordinary characters. The engine
reads the folder of the template and nothing else, and no template imports a package, so it opens no connection.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from schedule.domain.programme.ends import end_in_words
from schedule.domain.programme.names import captions_name, interpretation_name, sign_language_name
from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedSession
from schedule.exchange.writers.printed.grid import GridCell, GridTable, day_tables
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "typst" / "programme.typ"
# What PDF and typst take for a language (ISO 639).
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
# A room may have a long name, and a cell of the timetable holds a session besides.
_LONGEST_NOTE = 80


def schedule_pdf(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme as PDF/UA-1 (tagged for screen readers). The same bytes for the same programme."""
    faces = typefaces()
    words = contents(programme, language, Typesetting(faces))
    compiler = typst.Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"programme": json.dumps(words, ensure_ascii=False)},
    )
    moment = int(programme.published_at.timestamp())
    try:
        pdf = compiler.compile(pdf_standards=["ua-1"], timestamp=moment)
    except typst.TypstError as error:
        # A text that no face could set after all. Without the standard a box is drawn for it; people have their file.
        logger.error("The programme of %s is no PDF/UA: %s", programme.slug, error)  # noqa: TRY400  # it says all
        pdf = compiler.compile(timestamp=moment)
    if not isinstance(pdf, bytes):
        raise TypeError("typst made several files of one document.")
    return pdf


def contents(programme: PublishedProgramme, language: str, setting: Typesetting) -> dict[str, Any]:
    """Everything the template sets, in words that the faces can draw."""
    with override(language):
        first, last = (date_format(day, _("j F Y")) for day in (programme.starts_on, programme.ends_on))
        release = _("Release %(number)d of %(time)s") % {
            "number": programme.number,
            "time": f"{programme.published_at:%Y-%m-%d %H:%M}",
        }
        spoken = language.partition("-")[0].lower()
        words = {
            "language": spoken if _LANGUAGE.match(spoken) else "en",
            "name": setting.text(programme.name.in_language(language)) or programme.slug,
            "theme": setting.text(programme.theme.in_language(language)),
            "facts": [
                setting.text(text)
                for text in (
                    first if first == last else f"{first} – {last}",
                    programme.venue.in_language(language),
                    _("all times in the zone %(zone)s") % {"zone": programme.timezone},
                )
                if text
            ],
            "note": setting.text(programme.sample_note.in_language(language)),
            "footer": f"{programme.url} · {release}",
            "columns": [setting.text(one) for one in (_("Time"), _("Session"), _("Room"))],
            "sessions": setting.text(_("Sessions")),
            "abstracts": setting.text(_("What the sessions are about")),
            "days": [_day(programme, day, language, setting) for day in programme.days],
        }
        return {**words, "fonts": setting.families}


def _day(programme: PublishedProgramme, day: PublishedDay, language: str, setting: Typesetting) -> dict[str, Any]:
    return {
        "label": setting.text(date_format(day.date, _("l, j F Y"))),
        "grids": [_grid(table, language, setting) for table in day_tables(day.sessions, programme.rooms)],
        "sessions": [_session(session, language, setting) for session in day.sessions],
    }


def _grid(table: GridTable, language: str, setting: Typesetting) -> dict[str, Any]:
    return {
        "rooms": [setting.text(room.name.in_language(language)) for room in table.rooms],
        "times": [f"{moment:%H:%M}" for moment in table.moments],
        "cells": [_cell(cell, language, setting) for cell in table.cells],
    }


def _cell(cell: GridCell, language: str, setting: Typesetting) -> dict[str, Any]:
    session = cell.session
    room = setting.text(session.room.name.in_language(language))[:_LONGEST_NOTE] if cell.columns > 1 else ""
    return {
        "row": cell.row,
        "rows": cell.rows,
        "column": cell.column,
        "columns": cell.columns,
        "title": _title(session, language, setting),
        "note": " · ".join(filter(None, (_span(session), room))),
    }


def _session(session: PublishedSession, language: str, setting: Typesetting) -> dict[str, Any]:
    about = [
        session.kind.name.in_language(language),
        *([session.theme.name.in_language(language)] if session.theme else []),
        *([_("by invitation")] if session.is_by_invitation else []),
        *(_("interpretation %(name)s") % {"name": interpretation_name(pair)} for pair in session.interpretation_pairs),
        *(sign_language_name(name) for name in session.sign_languages),
        *(captions_name(name) for name in session.caption_languages),
    ]
    return {
        "time": _span(session),
        "room": setting.text(session.room.name.in_language(language)),
        "title": _title(session, language, setting),
        "about": setting.text(" · ".join(about)),
        "people": setting.text(", ".join(person.name.in_language(language) for person in session.people)),
        "hosts": setting.text(", ".join(host.in_language(language) for host in session.hosts)),
        "abstract": [
            [setting.text(line) for line in paragraph.split("\n")]
            for paragraph in session.abstract.plain(language).split("\n\n")
            if paragraph.strip()
        ],
    }


def _title(session: PublishedSession, language: str, setting: Typesetting) -> str:
    # A heading without a word is none that PDF/UA would take.
    return setting.text(session.title.in_language(language)) or session.code


def _span(session: PublishedSession) -> str:
    return f"{session.start:%H:%M}–{end_in_words(session.start, session.end)}"
