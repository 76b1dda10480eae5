"""Writing an archive of everything: one zip with the programme to import, each table twice, and what is what.

JSON holds values exactly, a row a line; CSV is the same for spreadsheets, with the guard against formulas.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import Range
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal.retrying import retried
from schedule.exchange.archive.packed import NAME
from schedule.exchange.everything.tables import every_table
from schedule.exchange.writers.archive import archive_of
from schedule.exchange.writers.cells import inert
from schedule.models import Conference
from schedule.ports.archive_tables import ArchiveTable

README = "README.txt"
_AT_ONCE = 500
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Packed:
    """The archive, and how many rows all its tables have."""

    content: bytes
    rows: int


@retried
def pack(conference: Conference, language: str, tell: Tell) -> Packed:
    """The archive as things are at one moment; its remarks in `language`. `tell` hears how many tables are done.

    All tables are as they stood when the first was read, so that what names a row finds it in the archive.
    """
    is_outermost = not connection.in_atomic_block  # else whoever began it decides what is seen
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with translation.override(language):
            return _packed(conference, tell)


def _packed(conference: Conference, tell: Tell) -> Packed:
    out, counts = io.BytesIO(), []
    tables = every_table(conference)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, archive_of(conference))
        for number, table in enumerate(tables):
            tell(number, len(tables))
            counts.append(_write(archive, table))
        archive.writestr(README, _readme(conference, tables, counts))
    return Packed(out.getvalue(), sum(counts))


def _write(archive: zipfile.ZipFile, table: ArchiveTable) -> int:
    names = list(table.columns)
    rows = table.rows.order_by("pk").values_list(*table.columns.values())
    lines, sheet, count = io.StringIO(), io.StringIO(), 0
    writer = csv.writer(sheet, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(names)
    for row in rows.iterator(chunk_size=_AT_ONCE):
        values = [plain(value) for value in row]
        lines.write(",\n" if count else "[\n")
        lines.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False))
        writer.writerow([_cell(value) for value in values])
        count += 1
    lines.write("\n]\n" if count else "[]\n")
    archive.writestr(f"tables/{table.name}.json", lines.getvalue())
    archive.writestr(f"tables/{table.name}.csv", sheet.getvalue())
    return count


def plain(value: Any) -> Any:
    """A value of a column as JSON has it: instants in UTC (ISO 8601), texts by language, ranges as from and until.

    Raises TypeError for one of a kind that nobody has thought of.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, uuid.UUID | Decimal | Promise):
        return str(value)
    return _whole(value)


def _whole(value: Any) -> Any:
    if isinstance(value, LazyI18nString):
        return plain(value.data)
    if isinstance(value, Range):
        return [plain(value.lower), plain(value.upper)]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    raise TypeError(f"An archive has no way to write {type(value).__name__}.")


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        value = json.dumps(value, ensure_ascii=False)
    return inert(value) if isinstance(value, str) else value


def _readme(conference: Conference, tables: list[ArchiveTable], counts: list[int]) -> str:
    made_at = timezone.now().astimezone(conference.zone)
    lines = [
        _("Archive of everything: %(name)s") % {"name": conference.name},
        _("Made at %(time)s.") % {"time": f"{made_at:%Y-%m-%d %H:%M %Z}"},
        "",
        _("It holds what people said of themselves, restricted answers too. Let nobody reach it who may not."),
        "",
        _("%(file)s is the programme. It can be imported into another conference, here or elsewhere.") % {"file": NAME},
        _("In tables/ each table stands twice: as JSON, exactly, a row a line; and as CSV for spreadsheets."),
        _("In CSV an apostrophe stands before what a spreadsheet would compute. Times are in UTC."),
        _("Columns that end in _id hold the id of a row of another table."),
        _("Nothing that opens anything is in the archive: no links that were mailed, no passwords, no secrets."),
        "",
    ]
    for table, count in zip(tables, counts, strict=True):
        lines += [f"tables/{table.name}", f"  {table.about} ({count})", f"  {', '.join(table.columns)}", ""]
    return "\n".join(lines)
