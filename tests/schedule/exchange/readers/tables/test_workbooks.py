"""Workbooks as programs write them, those that would do harm, and what passes for a workbook and is none.

The files in `workbooks/` were written by LibreOffice from one made with openpyxl: code 101.0, a day, a clock, lengths
of 45 minutes, 90 minutes and 26 hours, a text in two styles, a room merged over three rows, a hidden row, a hidden
sheet, a formula, #N/A and a division by zero; `mac.xls` counts its days from 1904.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from schedule.exchange.imports import formats
from schedule.exchange.imports.formats import FileReading
from schedule.exchange.incoming.records import HowToRead, Unreadable, What
from schedule.exchange.incoming.words import in_words, place_in_words
from schedule.exchange.readers.tables.cells import tables_of

WRITTEN = Path(__file__).parent / "workbooks"
ASKED = HowToRead(ZoneInfo("Asia/Seoul"), ("ko", "en"), kind="Talk", minutes=30)


def read(data: bytes, asked: HowToRead = ASKED) -> FileReading:
    return formats.read(data, formats.format_of(data), asked)


def workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "flags", "sums"), [("office.xls", "yes", "20"), ("office.xlsx", "yes", "20"), ("office.ods", "1", "20")]
)
def test_what_an_office_writes_is_read_as_one_would_type_it(name: str, flags: str, sums: str) -> None:
    sessions, rooms, notes = tables_of((WRITTEN / name).read_bytes())
    assert sessions.rows == [
        ["Code", "Title", "Day", "Start", "Minutes", "Length", "Room", "Online", "Flag", "Places"],
        ["101", "첫 강연", "2027-07-02", "10:00", "45", "01:30", "Hall", "x", flags, sums],
        ["007", "둘째", "2027-07-02", "11:30", "00:45", "26:00", "Hall", "", "no" if flags == "yes" else "0", ""],
        ["1.5", "Rich bold", "2027-07-02 10:00", "2027-07-02 12:00", "30", "", "Hall", "", "", ""],
    ]
    assert (rooms.rows, notes.rows) == ([["Name", "Seats"], ["Hall", "80"]], [["just words"]])
    assert (sessions.notes.get("merged_cells"), notes.notes) == (2, {"hidden_sheet": 1})


@pytest.mark.parametrize("name", ["office.xlsx", "office.ods"])
def test_what_a_workbook_hides_is_told_with_its_place(name: str) -> None:
    reading = read((WRITTEN / name).read_bytes())
    told = {(place_in_words(one.place), one.column, one.code) for one in reading.oddities if one.code != "no_kind"}
    assert told == {
        ("Notes", "", "sheet_skipped"),
        ("Sessions", "Length", "column_ignored"),
        ("Sessions", "Flag", "column_ignored"),
        ("Sessions", "", "hidden_rows"),
        ("Sessions", "", "merged_cells"),
        ("Sessions, row 2", "Online", "no_address"),
        ("Sessions, row 3", "Online", "cell_error"),
        ("Sessions, row 3", "Places", "cell_error"),
        ("Sessions, row 4", "Code", "no_code"),
        ("Sessions, row 4", "Day", "no_day"),
    }
    assert [str(one.values["said"]) for one in reading.oddities if one.code == "cell_error"] == ["#N/A", "#DIV/0!"]
    assert [record.key for record in reading.records if record.what is What.ROOM] == ["name:hall"]


def test_days_that_are_counted_from_1904_are_those_days() -> None:
    (table,) = tables_of((WRITTEN / "mac.xls").read_bytes())
    assert table.rows[1] == ["One", "2027-07-02", "10:00", "45"]


def test_a_formula_without_its_value_is_no_empty_cell() -> None:
    reading = read(workbook(["title", "minutes"], ["One", "=20+25"], ["Two", 30]))
    wrong = [one for one in reading.oddities if one.is_wrong]
    assert [(place_in_words(one.place), one.column, one.code) for one in wrong] == [
        ("Sheet, row 2", "minutes", "formula_without_value")
    ]
    assert "=20+25" in in_words(wrong[0])
    assert [record.said["title"] for record in reading.records if record.what is What.SESSION] == [{"": "Two"}]


def test_an_error_in_separated_values_is_no_text() -> None:
    reading = read(b"title,minutes\n#N/A,30\n#REF!,30\nOne,30\n")
    assert [one.code for one in reading.oddities if one.is_wrong] == ["cell_error", "cell_error"]
    assert len([record for record in reading.records if record.what is What.SESSION]) == 1


def test_a_code_that_is_kept_from_being_a_number_is_that_code() -> None:
    (table,) = tables_of(b'code;title\r\n="007";="Bond"\r\n')
    assert table.rows[1] == ["007", "Bond"]


def _far() -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "title", "x"
    book.save(file)
    return file.getvalue()


def _styled() -> bytes:
    """Rows without anything but a style, down to the last there can be."""
    data = workbook(["title", "minutes"], ["One", 30])
    rows = b'<row r="5000"><c r="A5000" s="0"/></row><row r="1048576"><c r="B1048576" s="0"/></row></sheetData>'
    return _with(data, "xl/worksheets/sheet1.xml", b"</sheetData>", rows)


def _with(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = source.read(name)
            packed.writestr(name, content.replace(old, new) if name == part else content)
    return made.getvalue()


def test_columns_that_are_hidden_are_told_and_those_to_the_right_of_all_are_none() -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (["Code", "Title", "Minutes"], ["A", "One", 45]):
        book.worksheets[0].append(row)
    book.worksheets[0].column_dimensions["C"].hidden = True
    book.worksheets[0].column_dimensions.group("D", "XFD", hidden=True)
    book.save(file)
    (table,) = tables_of(file.getvalue())
    assert (table.rows[1], table.notes) == (["A", "One", "45"], {"hidden_columns": 1})


def test_rows_that_have_but_a_style_are_none() -> None:
    (table,) = tables_of(_styled())
    assert table.rows == [["title", "minutes"], ["One", "30"]]


def _sized(size: int) -> bytes:
    """Says that its sheet has so many bytes."""
    data = bytearray(workbook(["title"] * 50))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(data)


def _repeated() -> bytes:
    data = (WRITTEN / "office.ods").read_bytes()
    row = b'<table:table-row table:style-name="ro1"'
    return _with(data, "content.xml", row + b">", row + b' table:number-rows-repeated="900000">')


def _many_sheets() -> bytes:
    book, file = Workbook(), io.BytesIO()
    for number in range(3):
        sheet = book.create_sheet(f"S{number}")
        for _row in range(4000):
            sheet.append(["x"])
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_far, "unpacks_to_much"),
        (lambda: _sized(300_000_000), "unpacks_to_much"),
        (lambda: _sized(7), "not_a_workbook"),
        (_repeated, "unpacks_to_much"),
        (_many_sheets, "too_many_cells"),
        (lambda: workbook(["title"] * 201), "too_many_cells"),
    ],
)
def test_a_workbook_that_asks_for_too_much_is_refused(data: object, code: str) -> None:
    assert callable(data)
    with pytest.raises(Unreadable) as refused:
        tables_of(data())
    assert refused.value.code == code


def _zip(*names: str, kind: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        if kind:
            packed.writestr("mimetype", kind)
        for name in names:
            packed.writestr(name, b"x")
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><body><table><tr><td>Title</td></tr></table></body></html>", "web_page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML>\n<html>", "web_page"),
        ("<table><tr><th>제목".encode("utf-16"), "web_page"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr"><table>', "web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "excel_xml"),
        (b"%PDF-1.7", "pdf"),
        (b"{\\rtf1 x}", "text_document"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00", "old_workbook"),
        (OLE + "Book\0".encode("utf-16-le"), "old_workbook"),
        (OLE + "WordDocument\0".encode("utf-16-le"), "text_document"),
        (_zip("word/document.xml", "[Content_Types].xml"), "text_document"),
        (_zip("content.xml", kind=b"application/vnd.oasis.opendocument.text"), "text_document"),
        (_zip("Index/Document.iwa"), "numbers_file"),
        (_zip("programme.xlsx", "rooms.csv"), "zip_file"),
    ],
)
def test_what_passes_for_a_workbook_is_called_what_it_is(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        formats.format_of(data)
    assert refused.value.code == code
