"""How files were read last in a conference, so that the next one like them is read alike without being asked about.

A file with the headings of an earlier one is read as that was. Of another table each heading that was met before holds
what it held then, wherever its column stands now; what is new in it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from schedule.exchange.imports import formats
from schedule.exchange.incoming.records import HowToRead
from schedule.exchange.readers.tables.columns import IGNORED
from schedule.exchange.readers.tables.sheets import Sheet, Sheets, sheets_of
from schedule.models import Conference, Kind, ProgrammeUpload, ReadingHabit

# The habit that has every heading of every table, whatever files they were in.
_HEADINGS = "headings"


def asked_of(conference: Conference, data: dict[str, Any]) -> HowToRead:
    """How an upload is to be read, from what is kept of that. One query where no kind was chosen."""
    kinds = Kind.objects.filter(conference=conference, is_break=False)
    return HowToRead(
        zone=conference.zone,
        languages=tuple(conference.languages),
        minutes=data.get("minutes"),
        kind=data.get("kind") or kinds.values_list("code", flat=True).first() or _("Session"),
        stamps=data.get("stamps", ""),
        encoding=data.get("encoding", ""),
        columns={name: tuple(columns) for name, columns in data.get("columns", {}).items()},
    )


def habit_for(upload: ProgrammeUpload) -> dict[str, Any]:
    """How to read a file that is new here: what `ask` keeps, empty where nothing like it was read before.

    "new" has the positions of columns, by their sheet, whose headings were met in no file before.
    """
    plain = _as_it_is(upload)
    exact = ReadingHabit.objects.filter(conference=upload.conference, signature=_signature(upload, plain)).first()
    if exact is not None or plain is None:
        return exact.asked if exact else {}
    met = ReadingHabit.objects.filter(conference=upload.conference, signature=_HEADINGS).first()
    return _by_headings(plain, met.asked) if met else {}


def remember(upload: ProgrammeUpload, asked: dict[str, Any]) -> None:
    """Read files like this one as it is said here, and columns of its headings wherever they come."""
    plain = _as_it_is(upload)
    _keep(upload, _signature(upload, plain), asked)
    if plain is None:
        return
    met = ReadingHabit.objects.filter(conference_id=upload.conference_id, signature=_HEADINGS).first()
    headings: dict[str, str] = dict(met.asked["headings"]) if met else {}
    for sheet in plain.sheets:
        columns = asked.get("columns", {}).get(sheet.name, ())
        headings |= {_named(sheet, heading): held for heading, held in zip(sheet.headings, columns, strict=False)}
    general = {name: asked[name] for name in ("kind", "minutes") if name in asked}
    _keep(upload, _HEADINGS, general | {"headings": headings})


def _keep(upload: ProgrammeUpload, signature: str, asked: dict[str, Any]) -> None:
    ReadingHabit.objects.update_or_create(
        conference_id=upload.conference_id, signature=signature, defaults={"asked": asked}
    )


def _as_it_is(upload: ProgrammeUpload) -> Sheets | None:
    """A table as it is read without being told anything; None for another format."""
    if upload.format != formats.TABLE:
        return None
    return sheets_of(bytes(upload.content), asked_of(upload.conference, {}))


def _signature(upload: ProgrammeUpload, plain: Sheets | None) -> str:
    """The kind of file: its format, and of a table its headings."""
    return upload.format if plain is None else plain.signature


def _named(sheet: Sheet, heading: str) -> str:
    """A heading holds another thing in a sheet of people than in one of sessions."""
    return f"{sheet.about}|{' '.join(heading.casefold().split())}"


def _by_headings(plain: Sheets, met: Mapping[str, Any]) -> dict[str, Any]:
    headings: Mapping[str, str] = met["headings"]
    columns: dict[str, Sequence[str]] = {}
    new: dict[str, list[int]] = {}
    for sheet in plain.sheets:
        names = [_named(sheet, heading) for heading in sheet.headings]
        held = [headings.get(name, "") for name in names]
        unmet = [position for position, name in enumerate(names) if name not in headings and sheet.headings[position]]
        about = {one.partition(".")[0] for one in held if one}
        for position in unmet:
            seems = sheet.columns[position]
            if seems not in held and about <= {seems.partition(".")[0]}:
                held[position] = seems
        columns[sheet.name] = [one if one not in held[:at] else IGNORED for at, one in enumerate(held)]
        if unmet:
            new[sheet.name] = unmet
    if not any(_named(sheet, heading) in headings for sheet in plain.sheets for heading in sheet.headings):
        return {}
    general = {name: value for name, value in met.items() if name != "headings"}
    return general | {"columns": columns} | ({"new": new} if new else {})
