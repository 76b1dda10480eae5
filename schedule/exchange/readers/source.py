"""From the bytes of a file to its JSON object, with a clear refusal for each way that can fail."""

from __future__ import annotations

import codecs
import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from schedule.exchange.readers.refusals import ImportRefused, Problem

# A programme of 1,000 sessions with everything spelled out is about 2 MB.
MAX_BYTES = 10_000_000
_OTHER_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load_object(source: str | bytes | dict[str, Any]) -> dict[str, Any]:
    """The JSON object in `source`: text, UTF-8 bytes (a leading byte order mark is ignored), or the object itself.

    Raises `ImportRefused`. Names given twice in one object are refused, as are NaN and Infinity (RFC 8259, 4 and 6).
    """
    if isinstance(source, dict):
        return source
    text = _decode(source) if isinstance(source, bytes) else source
    if len(text) > MAX_BYTES:
        _refuse_size()
    try:
        value = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        _refuse(
            _("This is not JSON: %(reason)s at line %(line)d, column %(column)d.")
            % {"reason": error.msg, "line": error.lineno, "column": error.colno},
            _("Export the file again, or mend that line."),
        )
    except RecursionError:
        _refuse(_("The JSON is nested too deeply."), _("Export the file again."))
    except ImportRefused:
        raise
    except ValueError:  # Python refuses to read integers of more than some thousand digits
        _refuse(_("A number is far too long."), _("Correct the number."))
    if not isinstance(value, dict):
        _refuse(_("The file must hold one JSON object."), _("Choose a programme file."))
    return value


def _decode(source: bytes) -> str:
    if len(source) > MAX_BYTES:
        _refuse_size()
    if source.startswith(_OTHER_BOMS):
        _refuse(_("The file is in UTF-16 or UTF-32."), _("Save it as UTF-8."))
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(
            _("The file is not UTF-8 text (the byte at position %(position)d).") % {"position": error.start},
            _("Save it as UTF-8."),
        )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            _refuse(_("The name “%(name)s” stands twice in one object.") % {"name": key}, _("Remove one of the two."))
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    _refuse(_("“%(name)s” is not a number in JSON.") % {"name": name}, _("Write a number or null."))


def _refuse_size() -> NoReturn:
    _refuse(
        _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1_000_000},
        _("Choose a programme file; one of 1,000 sessions has about 2 MB."),
    )


def _refuse(what: str, mend: str) -> NoReturn:
    raise ImportRefused([Problem("", "", what, mend)])
