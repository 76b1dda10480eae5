"""schedule.xlsx: one row per session with titles in every language, and a sheet about the conference."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schedule.domain.programme.names import interpretation_name, sign_language_name
from schedule.domain.published.programme import PublishedProgramme
from schedule.domain.published.values import PublishedSession
from schedule.exchange.writers.cells import inert
from schedule.vocabulary.languages import language_name, own_name

Value = str | int | date
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
# The oldest time a zip archive can hold.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def schedule_xlsx(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme; headings in `language`, its titles first. The same bytes for the same programme."""
    book = Workbook()
    published_at = programme.published_at.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = "Plenary"
    book.properties.created = published_at
    book.properties.title = programme.name.in_language(language)
    languages = sorted(programme.languages, key=lambda other: other != language)
    with override(language):
        _programme_sheet(book.worksheets[0], programme, languages)
        _about_sheet(book.create_sheet(), programme, language)
    file = io.BytesIO()
    book.save(file)
    return without_clock(file.getvalue(), published_at)


def _programme_sheet(sheet: Worksheet, programme: PublishedProgramme, languages: Sequence[str]) -> None:
    sheet.title = _("Programme")
    columns = [
        (_("Day"), 12),
        (_("Start"), 17),
        (_("End"), 17),
        (_("Minutes"), 9),
        (_("Room"), 24),
        (_("Kind"), 22),
        (_("Theme"), 22),
        *((_("Title (%(language)s)") % {"language": own_name(language)}, 48) for language in languages),
        (_("Hosts"), 36),
        (_("People"), 36),
        (_("Languages"), 12),
        (_("Interpretation"), 14),
        (_("Sign language"), 14),
        (_("Captions"), 12),
        (_("Code"), 10),
        (_("Page"), 44),
    ]
    sheet.append([heading for heading, _width in columns])
    for number, (_heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    listed = [(day.date, session) for day in programme.days for session in day.sessions]
    for day, session in listed:
        values = _row(day, session, languages)
        sheet.append([(inert(value) or None) if isinstance(value, str) else value for value in values])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            # openpyxl takes text that begins with "=" for a formula; ours never is.
            if cell.data_type == "f":
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        row[0].number_format = "yyyy-mm-dd"
        row[1].number_format = row[2].number_format = "yyyy-mm-dd hh:mm"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _row(day: date, session: PublishedSession, languages: Sequence[str]) -> list[Value]:
    """A night is listed under its day, as everywhere; start and end have their dates, and can be sorted and counted."""
    first = languages[0]
    return [
        day,
        session.start.replace(tzinfo=None),
        session.end.replace(tzinfo=None),
        session.minutes,
        session.room.name.in_language(first),
        session.kind.name.in_language(first),
        session.theme.name.in_language(first) if session.theme else "",
        *(session.title.in_language(language) for language in languages),
        ", ".join(host.in_language(first) for host in session.hosts),
        ", ".join(person.name.in_language(first) for person in session.people),
        ", ".join(language_name(code) for code in session.languages),
        ", ".join(interpretation_name(pair) for pair in session.interpretation_pairs),
        ", ".join(sign_language_name(code) for code in session.sign_languages),
        ", ".join(language_name(code) for code in session.caption_languages),
        session.code,
        session.url,
    ]


def _about_sheet(sheet: Worksheet, programme: PublishedProgramme, language: str) -> None:
    sheet.title = _("About")
    rows: list[tuple[str, Value]] = [
        (_("Conference"), programme.name.in_language(language)),
        (_("Theme"), programme.theme.in_language(language)),
        (_("Venue"), programme.venue.in_language(language)),
        (_("First day"), programme.starts_on),
        (_("Last day"), programme.ends_on),
        (_("Time zone"), programme.timezone),
        (_("Release"), programme.number),
        (_("Published"), f"{programme.published_at:%Y-%m-%d %H:%M}"),
        (_("Sessions"), len(programme.sessions)),
        (_("Page"), programme.url),
        (_("Remark"), programme.sample_note.in_language(language)),
    ]
    for label, value in rows:
        if value != "":
            sheet.append([label, inert(value) if isinstance(value, str) else value])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True)
            sheet.cell(sheet.max_row, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 80


def without_clock(content: bytes, modified: datetime) -> bytes:
    """The same workbook without the time it was written at, which openpyxl and zipfile put in."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>%b\g<2>" % f"{modified:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), part, zipfile.ZIP_DEFLATED)
    return file.getvalue()
