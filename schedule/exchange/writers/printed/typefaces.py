"""The faces a PDF file is set in, and what of a text they can draw.

Our own typeface comes first; behind it stand faces of the Noto project for other scripts, and the fonts that
`PDF_FONTS` names, in this order. A grapheme (a letter with its marks, an emoji of several signs) is drawn by one face
or by none: where none has all of it, a stand-in takes its place, which organizers are told of.
"""

from __future__ import annotations

import logging
import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import typst
from django.conf import settings

from schedule.exchange.writers.printed.coverage import Coverage, coverage_of

logger = logging.getLogger(__name__)

OWN = "Plenary Sans"
# Has figures as well, and they are not like those of text; so it is asked last of ours.
_EMOJI = "Noto Emoji"
# U+FFFD REPLACEMENT CHARACTER: in use for "what stood here cannot be shown".
STAND_IN = "\ufffd"
SYSTEM = "system"

# Seen as nothing, so no face needs them (Unicode, Default_Ignorable_Code_Point).
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u3164\ufe00-\ufe0f\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
# Left out: control characters, what turns the direction of the text after it, and what PDF/UA-1 forbids.
_LEFT_OUT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2065-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]+")
# A base, its marks and modifiers, and whatever a joiner ties to it; two regional indicators make a flag.
_JOINER = "\u200d"
_FLAG = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)
# So many letters without a place to break would leave their column.
_UNBROKEN = re.compile("[^\\W\u0590-\U0010ffff]{24,}")


@dataclass(frozen=True)
class Face:
    family: str
    coverage: Coverage


@dataclass(frozen=True)
class Typefaces:
    """Faces in the order in which they are asked, and the same as typst takes them."""

    fonts: typst.Fonts
    faces: tuple[Face, ...]

    @cached_property
    def own(self) -> frozenset[str]:
        """What our own typeface draws: nearly all text is of these."""
        return frozenset(map(chr, self.faces[0].coverage))

    def face_for(self, grapheme: str) -> Face | None:
        """The first face that draws all of it."""
        points = [ord(one) for one in grapheme if not _IGNORABLE.match(one)]
        return next((face for face in self.faces if all(point in face.coverage for point in points)), None)


@dataclass
class Typesetting:
    """One file's texts on their way to typst: what is set in which faces, and what cannot be set."""

    typefaces: Typefaces
    _used: dict[str, None] = field(default_factory=lambda: {OWN: None})

    @property
    def families(self) -> list[str]:
        """The faces that the texts so far need, in their order."""
        return [face.family for face in self.typefaces.faces if face.family in self._used]

    def text(self, text: str) -> str:
        """`text` on one line as the faces can draw it."""
        shown = "".join(part for part, _missing in self._parts(" ".join(text.split())))
        return _UNBROKEN.sub(lambda found: "\u200b".join(found[0]), shown)

    def missing(self, text: str) -> list[str]:
        """The graphemes of `text` that no face draws, each once."""
        return list(dict.fromkeys(missing for _part, missing in self._parts(text) if missing))

    def _parts(self, text: str) -> Iterator[tuple[str, str]]:
        """What is set, and what it stands in for (empty where it is the text itself)."""
        text = unicodedata.normalize("NFC", _LEFT_OUT.sub("", text))
        if self.typefaces.own.issuperset(text):
            yield text, ""
            return
        for one in graphemes(text):
            face = None if one.isspace() else self.typefaces.face_for(one)
            if face is not None:
                self._used[face.family] = None
            if face is not None or one.isspace():
                yield one, ""
            elif len(one) > 1 and (base := self.typefaces.face_for(one[0])):
                # A letter whose mark is in no face: the letter is still to be read.
                self._used[base.family] = None
                yield one[0] + self._stand_in(), one
            else:
                yield self._stand_in(), one

    def _stand_in(self) -> str:
        if face := self.typefaces.face_for(STAND_IN):
            self._used[face.family] = None
            return STAND_IN
        return "?"


def graphemes(text: str) -> Iterator[str]:
    """User-perceived characters, as far as faces must draw them together (after Unicode's UAX 29, 3)."""
    held = ""
    for one in text:
        point = ord(one)
        extends = unicodedata.category(one) in ("Mn", "Mc", "Me") or _IGNORABLE.match(one) is not None or point in _SKIN
        second_of_flag = point in _FLAG and len(held) == 1 and ord(held) in _FLAG
        if held and (extends or second_of_flag or held[-1] == _JOINER):
            held += one
        else:
            if held:
                yield held
            held = one
    if held:
        yield held


def typefaces() -> Typefaces:
    """The faces of this installation, read once."""
    return _read(tuple(settings.PDF_FONTS))


@lru_cache(maxsize=2)
def _read(further: tuple[str, ...]) -> Typefaces:
    vendored = settings.BASE_DIR / "static" / "vendor"
    folders = [vendored / "plenary-sans", vendored / "noto", *(Path(one) for one in further if one != SYSTEM)]
    fonts = typst.Fonts(
        include_system_fonts=SYSTEM in further, include_embedded_fonts=False, font_paths=[str(one) for one in folders]
    )
    best: dict[str, tuple[int, Face]] = {}
    for info in fonts.fonts():
        # Upright and nearest to ordinary text: what other weights lack is not looked for.
        weight = abs(info.weight - 400) + (1000 if info.style != "normal" else 0)
        if info.path is None or (info.family in best and best[info.family][0] <= weight):
            continue
        try:
            best[info.family] = (weight, Face(info.family, coverage_of(Path(info.path), info.index)))
        except (OSError, struct.error) as error:
            logger.warning("The font %s cannot be read: %s", info.path, error)
    ours = {info.family for info in fonts.fonts() if info.path and Path(info.path).is_relative_to(vendored)}

    def order(face: Face) -> tuple[bool, bool, bool, str]:
        return face.family != OWN, face.family not in ours, face.family == _EMOJI, face.family

    return Typefaces(fonts, tuple(sorted((face for _weight, face in best.values()), key=order)))
