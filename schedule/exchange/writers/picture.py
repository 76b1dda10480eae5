"""The picture that is shown with a link to a page: 1,200 by 630 pixels, set by typst as schedule.pdf is.

What people wrote reaches typst as JSON and is set as text (see pdf.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import typst

from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces

TEMPLATE = Path(__file__).parent / "typst" / "picture.typ"
WIDTH, HEIGHT = 1200, 630
# The template's page is 600 by 315 points, of which there are 72 to the inch.
_PIXELS_PER_INCH = 144.0
# What is longer does not fit, in whatever size.
_LONGEST = 300


@dataclass(frozen=True)
class PictureText:
    """What is on it: above, large, and below. `language` is a code (ISO 639)."""

    above: str
    title: str
    below: tuple[str, ...]
    language: str


def picture(text: PictureText) -> bytes:
    """The picture as PNG. The same bytes for the same text."""
    faces = typefaces()
    setting = Typesetting(faces)
    words = {
        "language": text.language.partition("-")[0].lower(),
        "above": setting.text(text.above)[:_LONGEST],
        "title": setting.text(text.title)[:_LONGEST],
        "below": [setting.text(line)[:_LONGEST] for line in text.below if line],
    }
    compiler = typst.Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"picture": json.dumps(words | {"fonts": setting.families}, ensure_ascii=False)},
    )
    png = compiler.compile(format="png", ppi=_PIXELS_PER_INCH)
    if not isinstance(png, bytes):
        raise TypeError("typst made several pictures of one page.")
    return png
