"""schedule.pdf: the programme to print, set by typst.

What people wrote reaches typst as JSON and is set as text: markup and code in it are ordinary characters. The engine
reads the folder of the template and nothing else, and no template imports a package, so it opens no connection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedSession
from schedule.exchange.writers.printed.engine import code_of_language, typeset
from schedule.exchange.writers.printed.grid import day_tables
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces
from schedule.exchange.writers.printed.words import grid_words, paragraphs, title
from schedule.exchange.writers.wording import about, span

TEMPLATE = Path(__file__).parent / "typst" / "programme.typ"


def schedule_pdf(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme as PDF/UA-1 (tagged for screen readers). The same bytes for the same programme."""
    faces = typefaces()
    words = contents(programme, language, Typesetting(faces))
    return typeset(TEMPLATE, words, faces, programme.published_at, programme.slug)


def contents(programme: PublishedProgramme, language: str, setting: Typesetting) -> dict[str, Any]:
    """Everything the template sets, in words that the faces can draw."""
    with override(language):
        first, last = (date_format(day, _("j F Y")) for day in (programme.starts_on, programme.ends_on))
        release = _("Release %(number)d of %(time)s") % {
            "number": programme.number,
            "time": f"{programme.published_at:%Y-%m-%d %H:%M}",
        }
        words = {
            "language": code_of_language(language),
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
        "grids": [grid_words(table, language, setting) for table in day_tables(day.sessions, programme.rooms)],
        "sessions": [_session(session, language, setting) for session in day.sessions],
    }


def _session(session: PublishedSession, language: str, setting: Typesetting) -> dict[str, Any]:
    return {
        "time": span(session),
        "room": setting.text(session.room.name.in_language(language)),
        "title": title(session, language, setting),
        "about": setting.text(" · ".join(about(session, language))),
        "people": setting.text(", ".join(person.name.in_language(language) for person in session.people)),
        "hosts": setting.text(", ".join(host.in_language(language) for host in session.hosts)),
        "abstract": paragraphs(session, language, setting),
    }
