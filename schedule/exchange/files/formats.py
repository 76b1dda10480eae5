"""Which files of the newest release there are. A new one is a line in `FORMATS` or `FILES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schedule.domain.published.programme import PublishedProgramme
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.exchange.writers.pdf import schedule_pdf
from schedule.exchange.writers.plain_text import schedule_txt
from schedule.exchange.writers.printed.book import Paper, book_pdf
from schedule.exchange.writers.printed.room_sheets import timetable_xlsx
from schedule.exchange.writers.site.copy import site_zip
from schedule.exchange.writers.workbook import schedule_xlsx
from schedule.models import Conference
from schedule.ports.calendars import calendar_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What `?lang=` says for a file in all languages of the conference.
EVERY = "all"
# Part of every tag: raise it when a writer's output changes for an unchanged programme.
WRITERS_VERSION = 3


@dataclass(frozen=True)
class ExportFormat:
    """How one kind of file is made and served. `write` takes the programme and a language, or `EVERY`."""

    write: Callable[[PublishedProgramme, str], bytes]
    content_type: str
    is_attachment: bool
    # Workbooks and PDFs are packed in themselves.
    is_text: bool = False
    # Whether a large programme takes seconds: then a worker makes it.
    is_slow: bool = False
    # Whether there is one of a single day, and one in all languages.
    takes_day: bool = False
    takes_every: bool = False


@dataclass(frozen=True)
class AskedFile:
    """One file of a conference: its format by name, in which language, and of which day alone."""

    name: str
    language: str
    day: date | None = None

    @property
    def format(self) -> ExportFormat:
        """How it is made."""
        return FORMATS[self.name] if self.name in FORMATS else FILES[self.name]

    def write(self, programme: PublishedProgramme) -> bytes:
        """The file from the public view."""
        if self.day is not None:
            programme = replace(programme, days=tuple(one for one in programme.days if one.date == self.day))
        return self.format.write(programme, self.language)


def languages_of(programme: PublishedProgramme, language: str) -> Sequence[str]:
    """The languages that are meant, the conference's first one first."""
    return programme.languages if language == EVERY else [language]


def _book(paper: Paper) -> ExportFormat:
    def write(programme: PublishedProgramme, language: str) -> bytes:
        return book_pdf(programme, languages_of(programme, language), paper)

    return ExportFormat(write, "application/pdf", is_attachment=False, is_slow=True, takes_every=True)


def _site(programme: PublishedProgramme, language: str) -> bytes:
    conference = Conference.objects.get(slug=programme.slug)
    calendars = {one: calendar_files(conference, one) for one in programme.languages}
    return site_zip(programme, language, calendars)


# At /<conference>/schedule.<name>.
FORMATS: dict[str, ExportFormat] = {
    "json": ExportFormat(schedule_json, "application/json", is_attachment=False, is_text=True),
    "xml": ExportFormat(schedule_xml, "application/xml; charset=utf-8", is_attachment=False, is_text=True),
    "xlsx": ExportFormat(schedule_xlsx, XLSX, is_attachment=True),
    "pdf": ExportFormat(schedule_pdf, "application/pdf", is_attachment=False, is_slow=True),
    "txt": ExportFormat(schedule_txt, "text/plain; charset=utf-8", is_attachment=False, is_text=True, takes_day=True),
}
# At /<conference>/files/<name>.
FILES: Mapping[str, ExportFormat] = {
    **{f"book-{paper.value}.pdf": _book(paper) for paper in Paper},
    "timetable.xlsx": ExportFormat(timetable_xlsx, XLSX, is_attachment=True),
    "site.zip": ExportFormat(_site, "application/zip", is_attachment=True, is_slow=True),
}
