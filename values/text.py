"""One form for all text that people write, and what no text may hold. Pure Python: the solver's files use it too.

What can be read in one way only is put right, never refused: line ends of every system, characters that a Windows
program left in the place of control characters (the WHATWG encoding standard reads them alike), letters in pieces (NFC,
as RFC 5198 asks of text on the net). What nobody can read as meant is refused, with words by those who ask `fault`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

# What Python's str.splitlines and with it many readers take for the end of a line. FS, GS and RS are among them.
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LINE_ENDS = re.compile("\n+")
# Windows-1252 puts quotes and dashes where Unicode has the control characters C1; five of them mean nothing there.
_UNUSED = {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}
_FROM_WINDOWS = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in _UNUSED}
_WINDOWS = re.compile("[" + "".join(map(chr, _FROM_WINDOWS)) + "]")
_ELLIPSIS = {0x85: "…"}
# The byte order mark means nothing inside a text.
_BYTE_ORDER_MARK = "\ufeff"

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt: drawn as nothing. Hangul fillers are among them.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Blank although they are not called so: the pattern of no dots in Braille, the head of no note, annotations' anchors.
_BLANK = "\u2800\U0001d159\ufff9-\ufffb"
_NOTHING = re.compile(rf"[\s\x00-\x1f\x7f-\x9f{_IGNORABLE}{_BLANK}]*\Z")
# What goes from both ends with the blanks. Joiners, variation selectors and marks of direction stay: they shape the
# letter beside them.
_EDGE = "\u00ad\u180e\u200b\u2060\u2800\u3164\uffa0"
# All blanks of Unicode, which has none beyond the ideographic one. Given to `str.strip`: a pattern that ends with the
# text looks on from every blank within it anew, which takes the square of how many there are.
_ENDS = "".join(one for one in map(chr, range(0x3001)) if one.isspace()) + _EDGE

# UAX 15 (section 13) takes no letter for meant that has more marks than this.
_MOST_MARKS = 30
_MANY_MARKS = re.compile(rb"[^\0]{%d,}" % (_MOST_MARKS + 1))
# The only letters that are no marks and fall apart into nothing but marks (UAX 15, table 5).
_ONLY_OF_MARKS = {one: unicodedata.normalize("NFD", chr(one)) for one in (0x0F73, 0x0F75, 0x0F81)}

_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# Embeddings and overrides of UAX 9, and the six marks that Unicode itself advises against (U+206A to U+206F).
_TURNS = re.compile("[\u202a-\u202e\u206a-\u206f]")
_ISOLATES = re.compile("[\u2066-\u2069\n]")
_MARKS = re.compile("[\u202a-\u202e\u2066-\u206f]")
_END_OF_ISOLATE = "\u2069"


class TextFault(Enum):
    """Why a text cannot be kept."""

    NOT_SHOWN = "not_shown"
    TURNS_DIRECTION = "turns_direction"


def one_form(text: str, *, lines: bool = False, strip: bool = True) -> str:
    """`text` as it is kept; of one line, or with `lines` of several, each ended by "\\n".

    A text in which nothing can be seen is empty. Without `strip` blanks at both ends stay. Never fails: what cannot be
    kept is still there, and told by `fault`. What is in its one form stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text.strip() if strip else text
    if _WINDOWS.search(text):
        # Beside others of its kind this is Windows' ellipsis; alone it is the line end NEL.
        text = text.translate(_FROM_WINDOWS | _ELLIPSIS)
    text = _LINE_END.sub("\n", text.replace(_BYTE_ORDER_MARK, ""))
    if not lines:
        text = _LINE_ENDS.sub(" ", text).replace("\t", " ")
    text = composed(text)
    if is_nothing(text) and _NOT_SHOWN.search(text) is None:
        return ""
    return text.strip(_ENDS) if strip else text


def composed(text: str) -> str:
    """`text` in NFC, in a time that grows with its length alone.

    Python puts the marks of a letter in order by moving each past those before it; where there are very many of them,
    they are in order already when it is asked.
    """
    if len(text) > _MOST_MARKS and not text.isascii():
        text = text.translate(_ONLY_OF_MARKS)
        # One byte for each letter: its class, 0 for whatever is no mark.
        classes = bytes(map(unicodedata.combining, text))
        for run in reversed(list(_MANY_MARKS.finditer(classes))):
            marks = "".join(unicodedata.normalize("NFD", mark) for mark in text[run.start() : run.end()])
            text = text[: run.start()] + "".join(sorted(marks, key=unicodedata.combining)) + text[run.end() :]
    return unicodedata.normalize("NFC", text)


def is_nothing(text: str) -> bool:
    """Say whether a reader would see nothing of `text`."""
    return _NOTHING.match(text) is not None


def fault(text: str) -> TextFault | None:
    """Why `text`, which is in its one form, cannot be kept; None where it can.

    Control characters, halves of pairs and what is no character reach neither the database nor a calendar or XML file.
    A mark that turns the direction of writing would turn what stands after the text as well: overrides and embeddings
    are refused, isolates taken where each line ends those it begins (UAX 9, section 2.7 recommends them alone).
    """
    if _NOT_SHOWN.search(text):
        return TextFault.NOT_SHOWN
    if _TURNS.search(text):
        return TextFault.TURNS_DIRECTION
    open_isolates = 0
    for mark in [*_ISOLATES.findall(text), "\n"]:
        if mark == "\n" and open_isolates:
            return TextFault.TURNS_DIRECTION
        if mark != "\n":
            open_isolates += -1 if mark == _END_OF_ISOLATE else 1
        if open_isolates < 0:
            return TextFault.TURNS_DIRECTION
    return None


def unturned(text: str) -> str:
    """`text` without the marks for which `fault` refuses one. As `&#x202e;` they come in where HTML is read."""
    return _MARKS.sub("", text) if fault(text) is TextFault.TURNS_DIRECTION else text
