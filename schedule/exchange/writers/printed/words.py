"""What is printed of a session, in words of one language that the faces can draw."""

from __future__ import annotations

from typing import Any

from schedule.domain.published.values import PublishedSession
from schedule.exchange.writers.printed.grid import GridCell, GridTable
from schedule.exchange.writers.printed.typefaces import Typesetting
from schedule.exchange.writers.wording import span

# A room may have a long name, and a cell of the timetable holds a session besides.
_LONGEST_NOTE = 80


def title(session: PublishedSession, language: str, setting: Typesetting) -> str:
    """The title; a heading without a word is none that PDF/UA would take."""
    return setting.text(session.title.in_language(language)) or session.code


def paragraphs(session: PublishedSession, language: str, setting: Typesetting) -> list[list[str]]:
    """The abstract as paragraphs of lines."""
    return [
        [setting.text(line) for line in paragraph.split("\n")]
        for paragraph in session.abstract.plain(language).split("\n\n")
        if paragraph.strip()
    ]


def grid_words(table: GridTable, language: str, setting: Typesetting) -> dict[str, Any]:
    """A day's timetable, for a template to draw."""
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
        "title": title(session, language, setting),
        "note": " · ".join(filter(None, (span(session), room))),
    }
