"""site.zip: the pages, their style sheet and search, and the programme's files, in every language of the conference.

Links are relative and lead to files of the copy alone; nothing is loaded from elsewhere and nothing is sent: each page
says so to the browser as well (Content Security Policy 3, 3.3). The same bytes for the same programme.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation

from schedule.domain.published.programme import PublishedProgramme
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.exchange.writers.plain_text import schedule_txt
from schedule.exchange.writers.site.pages import SitePages
from schedule.exchange.writers.site.search_index import search_index

# The oldest time a zip archive can hold: what was packed when is nobody's business, and would change the bytes.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16
# Calendar files by the code of their session; "" is the whole programme.
Calendars = Mapping[str, bytes]


def site_zip(programme: PublishedProgramme, first: str, calendars: Mapping[str, Calendars]) -> bytes:
    """The copy. `first` is the language it opens in; `calendars` are those of each language."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in site_files(programme, first, calendars):
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.create_system, info.external_attr, info.compress_type = _UNIX, _READABLE, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def site_files(
    programme: PublishedProgramme, first: str, calendars: Mapping[str, Calendars]
) -> list[tuple[str, bytes]]:
    """Names and contents of everything in the copy, with the clocks of the conference."""
    files = []
    with timezone.override(ZoneInfo(programme.timezone)):
        with translation.override(first):
            context = SitePages(programme, first, {}).frame() | {"first": first}
            files.append(("index.html", get_template("offline/index.html").render(context).encode()))
        folder = settings.BASE_DIR / "static" / "offline"
        files += [(name, (folder / name).read_bytes()) for name in ("site.css", "search.js")]
        for language in programme.languages:
            files += _in_language(programme, language, calendars[language])
    return files


def _in_language(programme: PublishedProgramme, language: str, calendars: Calendars) -> list[tuple[str, bytes]]:
    with translation.override(language):
        pages = SitePages(programme, language, calendars)
        files = [(name, page.encode()) for name, page in pages.all()]
        files.append(("search-index.js", search_index(pages)))
    files += [
        ("schedule.json", schedule_json(programme, language)),
        ("schedule.xml", schedule_xml(programme, language)),
        ("schedule.txt", schedule_txt(programme, language)),
        ("schedule.ics", calendars[""]),
    ]
    with_calendar = (session for session in programme.sessions if session.code in calendars)
    files += [(pages.calendar_name(session), calendars[session.code]) for session in with_calendar]
    return [(f"{language}/{name}", content) for name, content in files]
