"""What the reader of workbooks leaves out of the cells of XLSX and ODS: errors, formulas without a value, hidden rows,
and in ODS merged cells. No Django, nothing of ours.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree as ET

# What is worth looking for: most sheets have none of it, and need not be read a second time.
_HINTS = re.compile(rb't="e"|<f[ >/]|hidden="|calcext:value-type="error"|visibility="|rows-spanned="|of:=')
# Excel's last column, and so many that nobody has hidden them one by one.
_LAST_COLUMN, _MANY_COLUMNS = 16_384, 500
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass
class Asides:
    """Of one sheet. `faults` are (row, column, code of the sentence, what is said), rows and columns from 0."""

    faults: list[tuple[int, int, str, str]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: list[Area] = field(default_factory=list)


def asides_of(packed: zipfile.ZipFile) -> dict[str, Asides]:
    """By the name of the sheet."""
    names = packed.namelist()
    if "content.xml" in names:
        with packed.open("content.xml") as file:
            return dict(_of_ods(file)) if _HINTS.search(packed.read("content.xml")) else {}
    found = {}
    for name, part in _sheets_of_xlsx(packed):
        if part in names and _HINTS.search(packed.read(part)):
            with packed.open(part) as file:
                found[name] = _of_xlsx(file)
    return found


def _tree(packed: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(packed.read(part))  # noqa: S314  # entities that unfold end with the limits of this process


def _parsed(file: IO[bytes]) -> Iterator[tuple[str, ET.Element]]:
    return iter(ET.iterparse(file))  # noqa: S314  # as above


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attributes(element: ET.Element) -> dict[str, str]:
    return {_bare(name): value for name, value in element.attrib.items()}


def _sheets_of_xlsx(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    book = next((name for name in packed.namelist() if re.fullmatch(r"(?i)xl/workbook\d*\.xml", name)), "")
    links = posixpath.join(posixpath.dirname(book), "_rels", posixpath.basename(book) + ".rels")
    if not book or links not in packed.namelist():
        return
    targets = {one.get("Id"): one.get("Target", "") for one in _tree(packed, links)}
    for one in _tree(packed, book).iter():
        if _bare(one.tag) == "sheet":
            target = targets.get(_attributes(one).get("id"), "")
            yield one.get("name", ""), target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)


def _of_xlsx(file: IO[bytes]) -> Asides:
    asides = Asides()
    for _event, element in _parsed(file):
        kind = _bare(element.tag)
        if kind == "c":
            parts = {_bare(child.tag): child.text or "" for child in element}
            row, column = _position(element.get("r", ""))
            if element.get("t") == "e":
                asides.faults.append((row, column, "cell_error", parts.get("v", "")))
            elif "f" in parts and not parts.get("v") and element.get("t") != "str":
                asides.faults.append((row, column, "formula_without_value", f"={parts['f']}"))
        elif kind == "col" and element.get("hidden") in ("1", "true"):
            # To the last column there can be, where all that are empty are hidden.
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            asides.hidden_columns += last - first + 1 if last < _LAST_COLUMN else 0
        elif kind == "row":
            asides.hidden_rows += element.get("hidden") in ("1", "true")
            element.clear()
    return asides


def _position(written: str) -> tuple[int, int]:
    """ "B3" is (2, 1)."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", written)
    if not found:
        return -1, -1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _of_ods(file: IO[bytes]) -> Iterator[tuple[str, Asides]]:
    for _event, table in _parsed(file):
        if _bare(table.tag) != "table":
            continue
        asides, number = Asides(), 0
        asides.hidden_columns = _hidden_columns_of_ods(table)
        for row in (one for one in table.iter() if _bare(one.tag) == "table-row"):
            said = _attributes(row)
            times = int(said.get("number-rows-repeated", "1"))
            filled = _row_of_ods(row, number, asides)
            asides.hidden_rows += filled and said.get("visibility") in ("collapse", "filter")
            number += times
        yield _attributes(table).get("name", ""), asides
        table.clear()


def _hidden_columns_of_ods(table: ET.Element) -> int:
    """Those that are collapsed; not the empty ones that lie to the right of all others."""
    columns = [_attributes(one) for one in table.iter() if _bare(one.tag) == "table-column"]
    times = [int(one.get("number-columns-repeated", "1")) for one in columns]
    shut = [one.get("visibility") in ("collapse", "filter") for one in columns]
    return sum(time for time, is_shut in zip(times, shut, strict=True) if is_shut and time < _MANY_COLUMNS)


def _row_of_ods(row: ET.Element, number: int, asides: Asides) -> bool:
    """Whether anything is in it."""
    column, filled = 0, False
    for cell in row:
        said = _attributes(cell)
        if _bare(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        text = "".join(cell.itertext())
        filled |= bool(text)
        if cell.get("{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type") == "error":
            asides.faults.append((number, column, "cell_error", text))
        elif "formula" in said and "value-type" not in said:
            asides.faults.append((number, column, "formula_without_value", said["formula"].removeprefix("of:")))
        if int(said.get("number-rows-spanned", "1")) > 1:
            last = number + int(said["number-rows-spanned"]) - 1
            asides.merged.append((number, column, last, column + int(said.get("number-columns-spanned", "1")) - 1))
        column += int(said.get("number-columns-repeated", "1"))
    return filled
