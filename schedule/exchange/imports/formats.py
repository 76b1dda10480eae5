"""Which program wrote a file, and reading it: bytes and how they are to be read in, records and oddities out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schedule.exchange.incoming.records import Asked, Gathering, Oddity, Record, Unreadable
from schedule.exchange.readers.foreign import frab, xml
from schedule.exchange.readers.tables import cells, sheets

TABLE, FRAB_XML, FRAB_JSON = "table", "frab-xml", "frab-json"
NAMES: Mapping[str, str | Promise] = {
    TABLE: _("Table (XLSX, XLS, ODS or CSV)"),
    FRAB_XML: _("Programme as XML (frab, Pentabarf, c3voc)"),
    FRAB_JSON: _("Programme as JSON (frab, c3voc, schedule.json)"),
}


@dataclass(frozen=True)
class Reading:
    """What a file says. `table` is what its columns were taken for, where it is one."""

    records: list[Record]
    oddities: list[Oddity]
    table: sheets.Sheets | None


def format_of(data: bytes) -> str:
    """The name of a file's format, a key of `NAMES`. Raises `Unreadable` where nothing is known of it."""
    if not data.strip():
        raise Unreadable("empty")
    if cells.is_workbook(data):
        return TABLE
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        if xml.root_of(data).tag != "schedule":
            raise Unreadable("unknown_format")
        return FRAB_XML
    if start.startswith((b"{", b"[")):
        return _of_json(json_of(data))
    return TABLE


def _of_json(data: Any) -> str:
    if isinstance(data, dict) and isinstance(data.get("schedule"), dict):
        return FRAB_JSON
    raise Unreadable("unknown_format")


def json_of(data: bytes) -> Any:
    """What a JSON file holds. Raises `Unreadable`."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as broken:
        raise Unreadable("not_json", line=broken.lineno, column=broken.colno) from broken
    except (UnicodeDecodeError, RecursionError) as broken:
        raise Unreadable("not_json", line=1, column=1) from broken


def read(data: bytes, format_: str, asked: Asked) -> Reading:
    """Read a file of this format. Raises `Unreadable` where that cannot be done at all."""
    gathered, table = Gathering(asked), None
    if format_ == TABLE:
        table = sheets.from_table(data, gathered)
    elif format_ == FRAB_XML:
        frab.from_xml(xml.root_of(data), gathered)
    else:
        frab.from_json(json_of(data), gathered)
    return Reading(gathered.records, gathered.oddities, table)
