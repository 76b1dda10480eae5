"""From the bytes of a file to its JSON, with a clear refusal for each way that can fail."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any, NoReturn

from .finding import FileRefused, refuse

Source = Path | str
"""A file, or JSON text, which begins with a bracket."""

MAX_BYTES = 10_000_000
"""Of a programme file: one of 1,000 sessions with everything spelled out is about 2 MB."""

_OTHER_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def content_of(source: Source) -> str | bytes:
    """The text or bytes of `source`. Raises OSError for a missing file."""
    if isinstance(source, str) and source.lstrip()[:1] in {"{", "["}:
        return source
    return Path(source).read_bytes()


def load_json(source: Source) -> Any:
    """Any JSON value from a file or text. Raises FileRefused, and OSError for a missing file."""
    return parse(content_of(source))


def load_object(content: str | bytes | dict[str, Any]) -> dict[str, Any]:
    """The JSON object of a programme file: its text, its bytes, or the object itself. Raises FileRefused."""
    if isinstance(content, dict):
        return content
    check_length(content)
    return as_object(parse(content))


def check_length(content: str | bytes) -> None:
    """Raises FileRefused for more than a programme file has."""
    if len(content) > MAX_BYTES:
        refuse("file_too_long", limit=MAX_BYTES // 1_000_000)


def as_object(value: Any) -> dict[str, Any]:
    """The value, if it is an object. Raises FileRefused."""
    if not isinstance(value, dict):
        refuse("no_object_in_file")
    return value


def parse(content: str | bytes) -> Any:
    """JSON from text or UTF-8 bytes; a leading byte order mark is ignored. Raises FileRefused.

    Names given twice in one object are refused, as are NaN and Infinity (RFC 8259, 4 and 6).
    """
    text = _decode(content) if isinstance(content, bytes) else content
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        refuse("not_json", reason=error.msg, line=error.lineno, column=error.colno)
    except RecursionError:
        refuse("nested_too_deeply")
    except FileRefused:
        raise
    except ValueError:  # Python refuses to read integers of more than some thousand digits
        refuse("too_many_digits")


def _decode(source: bytes) -> str:
    if source.startswith(_OTHER_BOMS):
        refuse("other_encoding")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse("not_utf8", position=error.start)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            refuse("name_twice", name=key)
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    refuse("not_a_json_number", name=name)
