"""Which program wrote a file, and reading it: bytes and how they are to be read in, records and oddities out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schedule.exchange.archive import reading as archive
from schedule.exchange.imports.strangers import refuse_strangers
from schedule.exchange.incoming.records import Gathering, HowToRead, Oddity, SaidRecord, Unreadable
from schedule.exchange.readers.foreign import frab, icalendar, indico, pretalx, programme_file, sessionize, xml
from schedule.exchange.readers.tables import cells, sheets

TABLE, FRAB_XML, FRAB_JSON, ARCHIVE = "table", "frab-xml", "frab-json", "archive"
PRETALX, SESSIONIZE, INDICO, ICALENDAR = "pretalx", "sessionize", "indico", "icalendar"
PROGRAMME = "programme"
NAMES: Mapping[str, str | Promise] = {
    TABLE: _("Table (XLSX, XLS, ODS or CSV)"),
    FRAB_XML: _("Programme as XML (frab, Pentabarf, c3voc)"),
    FRAB_JSON: _("Programme as JSON (frab, c3voc, schedule.json)"),
    PRETALX: _("pretalx (submissions of its API)"),
    SESSIONIZE: _("Sessionize (API, view “all”)"),
    INDICO: _("Indico (export of an event with its contributions)"),
    ICALENDAR: _("Calendar (iCalendar, .ics)"),
    ARCHIVE: _("Archive of a conference of ours"),
    PROGRAMME: _("Programme file of ours (JSON)"),
}


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class FileReading:
    """What a file says. `table` is what its columns were taken for, where it is one."""

    records: list[SaidRecord]
    oddities: list[Oddity]
    table: sheets.Sheets | None


def format_of(data: bytes) -> str:
    """The name of a file's format, a key of `NAMES`. Raises `Unreadable` where nothing is known of it."""
    if not data.strip():
        raise Unreadable("empty")
    refuse_strangers(data)
    if cells.is_workbook(data):
        return TABLE
    start = _beginning(data)
    if start.startswith(b"<"):
        if xml.root_of(data).tag != "schedule":
            raise Unreadable("unknown_format")
        return FRAB_XML
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        icalendar.calendars_of(_in_utf8(data))
        return ICALENDAR
    return _of_json(json_of(data)) if start.startswith((b"{", b"[")) else TABLE


def _in_utf8(data: bytes) -> bytes:
    """What stands in UTF-16 with its mark, in UTF-8."""
    try:
        return data.decode("utf-16").encode() if data.startswith(_UTF_16) else data
    except UnicodeError as broken:
        raise Unreadable("not_utf8") from broken


def _beginning(data: bytes) -> bytes:
    """The first letters that show, whatever mark is before them."""
    start = data[:200].decode("utf-16", "ignore").encode() if data.startswith(_UTF_16) else data[:200]
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")


def _of_json(data: Any) -> str:
    if sessionize.is_other_view(data):
        raise Unreadable("sessionize_view")
    for name, (is_one, _gather) in _JSON.items():
        if is_one(data):
            return name
    raise Unreadable("unknown_format")


def json_of(data: bytes) -> Any:
    """What a JSON file holds. Raises `Unreadable`."""
    try:
        return json.loads(_in_utf8(data).decode("utf-8-sig"))
    except json.JSONDecodeError as broken:
        raise Unreadable("not_json", line=broken.lineno, column=broken.colno) from broken
    except UnicodeDecodeError as broken:
        raise Unreadable("not_utf8") from broken
    except RecursionError as broken:
        raise Unreadable("not_json", line=1, column=1) from broken


def _submissions(data: Any) -> Any:
    """The submissions of a page of the API, or of a list that was made of several."""
    return data.get("results") if isinstance(data, dict) else data


def _all_there_are(data: Any) -> int | None:
    """How many the API has, of a page of it that says so."""
    count = data.get("count") if isinstance(data, dict) else None
    return count if isinstance(count, int) else None


_JSON: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any, Gathering], None]]] = {
    ARCHIVE: (archive.is_one, archive.gather),
    PROGRAMME: (programme_file.is_one, programme_file.gather),
    FRAB_JSON: (frab.is_one, frab.from_json),
    SESSIONIZE: (sessionize.is_one, sessionize.gather),
    INDICO: (indico.is_one, indico.gather),
    PRETALX: (
        lambda data: pretalx.is_one(_submissions(data)),
        lambda data, gathered: pretalx.gather(_submissions(data), gathered, all_there_are=_all_there_are(data)),
    ),
    TABLE: (cells.is_list_of_objects, lambda _data, _gathered: None),
}


def read(data: bytes, format_: str, asked: HowToRead, *, heed: Callable[[], object] | None = None) -> FileReading:
    """Read a file of this format. Raises `Unreadable` where that cannot be done at all. `heed` is called again and
    again meanwhile; what it raises ends the reading.
    """
    gathered, table = Gathering(asked, heed), None
    if format_ == TABLE:
        table = sheets.from_table(data, gathered)
    elif format_ == FRAB_XML:
        frab.from_xml(xml.root_of(data), gathered)
    elif format_ == ICALENDAR:
        icalendar.gather(icalendar.calendars_of(_in_utf8(data)), gathered)
    else:
        try:
            _JSON[format_][1](json_of(data), gathered)
        except (AttributeError, TypeError, KeyError, ValueError) as broken:
            if isinstance(broken, Unreadable):
                raise
            raise Unreadable("not_an_object") from broken  # something where its kind never has it
    return FileReading(gathered.records, gathered.oddities, table)
