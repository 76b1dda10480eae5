"""schedule.pdf: the programme to print, set by typst.

What people wrote reaches typst as JSON and is set as text: markup and code in it are ordinary characters. The engine
reads the folder of the template and nothing else, and no template imports a package, so it opens no connection.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedSession

TEMPLATE = Path(__file__).parent / "typst" / "programme.typ"


def schedule_pdf(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme as PDF/UA-1 (tagged for screen readers). The same bytes for the same programme."""
    pdf = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[settings.BASE_DIR / "static" / "vendor" / "plenary-sans"],
        ignore_system_fonts=True,
        sys_inputs={"programme": json.dumps(contents(programme, language), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(programme.published_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst made several files of one document.")
    return pdf


def contents(programme: PublishedProgramme, language: str) -> dict[str, Any]:
    """Everything the template sets, in words."""
    with override(language):
        first, last = (date_format(day, _("j F Y")) for day in (programme.starts_on, programme.ends_on))
        release = _("Release %(number)d of %(time)s") % {
            "number": programme.number,
            "time": f"{programme.published_at:%Y-%m-%d %H:%M}",
        }
        return {
            "language": language.partition("-")[0],
            "name": programme.name.in_language(language) or programme.slug,
            "theme": programme.theme.in_language(language),
            "facts": [
                text
                for text in (
                    first if first == last else f"{first} – {last}",
                    programme.venue.in_language(language),
                    _("all times in the zone %(zone)s") % {"zone": programme.timezone},
                )
                if text
            ],
            "note": programme.sample_note.in_language(language),
            "footer": f"{programme.url} · {release}",
            "columns": [_("Time"), _("Session"), _("Room")],
            "days": [_day(day, language) for day in programme.days],
        }


def _day(day: PublishedDay, language: str) -> dict[str, Any]:
    return {
        "label": date_format(day.date, _("l, j F Y")),
        "sessions": [_session(session, language) for session in day.sessions],
    }


def _session(session: PublishedSession, language: str) -> dict[str, str]:
    about = [
        session.kind.name.in_language(language),
        *([session.theme.name.in_language(language)] if session.theme else []),
        *([_("by invitation")] if session.is_by_invitation else []),
        *(_("interpretation %(name)s") % {"name": pair} for pair in session.interpretation_pairs),
        *(_("sign language %(name)s") % {"name": name} for name in session.sign_languages),
        *(_("captions %(name)s") % {"name": name} for name in session.caption_languages),
    ]
    return {
        "time": f"{session.start:%H:%M}–{session.end:%H:%M}",
        "room": session.room.name.in_language(language),
        "title": session.title.in_language(language),
        "about": " · ".join(about),
        "people": ", ".join(person.name.in_language(language) for person in session.people),
        "hosts": ", ".join(host.in_language(language) for host in session.hosts),
    }
