"""Files that people upload and that no reader takes: what they are, so that one is told what to do with them."""

from __future__ import annotations

import io
import re
import zipfile

from schedule.exchange.incoming.records import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel 2, 3 and 4 begin with the first record of a sheet.
_STARTS = {
    b"%PDF": "pdf",
    b"{\\rtf": "text_document",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"\x09\x00\x04\x00": "old_workbook",
    b"\x09\x02\x06\x00": "old_workbook",
    b"\x09\x04\x06\x00": "old_workbook",
}
_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z-]+: [^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}")
_TABLES = ("xl/", "content.xml")
_MEMBERS = {"word/": "text_document", "ppt/": "text_document", "Index/": "numbers_file", "index.apxl": "numbers_file"}


def refuse_strangers(data: bytes) -> None:
    """Raises `Unreadable` for what is known to be neither a table nor a programme."""
    code = next((code for start, code in _STARTS.items() if data.startswith(start)), "")
    if data.startswith(_OLE):
        code = _of_ole(data)
    elif data.startswith(b"PK"):
        code = _of_zip(data)
    elif _MAIL.match(data[:20_000]):
        code = "mail"
    elif (text := _markup(data)).startswith(b"<"):
        code = "excel_xml" if b"urn:schemas-microsoft-com:office:spreadsheet" in text[:2000] else ""
        code = code or ("web_page" if _PAGE.search(text[:2000]) and b"<schedule" not in text[:2000] else "")
    if code:
        raise Unreadable(code)


def _markup(data: bytes) -> bytes:
    """The beginning, as one byte a letter: web pages that pass for workbooks are written as UTF-16 too."""
    start = data[:20_000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\x00", b"")
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")


def _of_ole(data: bytes) -> str:
    """By the names of its streams. Until Excel 95 workbooks were called otherwise, and are read wrongly today."""
    if "Workbook".encode("utf-16-le") in data:
        return ""
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint".encode("utf-16-le") in data:
        return "text_document"
    return "old_workbook" if "Book\0".encode("utf-16-le") in data else ""


def _of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            is_small = "mimetype" in names and packed.getinfo("mimetype").file_size < 200
            kind = packed.read("mimetype") if is_small else b""
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return ""  # it is damaged, and its reader says so
    if b"opendocument" in kind and b"spreadsheet" not in kind:
        return "text_document"
    if any(name.startswith(_TABLES) for name in names):
        return ""
    return next((code for start, code in _MEMBERS.items() if any(name.startswith(start) for name in names)), "zip_file")
