"""The tutorial has the steps that its walker takes, a picture of each, and the words that stand on the pages."""

from __future__ import annotations

import re
import struct

from babel.messages.pofile import read_po

from ops.embedded import BASE_DIR
from tools.pictures import FOR_README, IMAGES, TUTORIAL
from tools.tutorial.steps import STEPS
from tools.tutorial.walking import DESKTOP, PHONE

TEXT = (BASE_DIR / "docs" / "tutorial" / "your-first-conference.md").read_text(encoding="utf-8")
MOST_BYTES = 150_000


def test_every_step_has_its_heading_and_its_picture_in_their_order() -> None:
    sections = re.split(r"^## (?=\d)", TEXT, flags=re.MULTILINE)[1:]
    told = [
        (re.match(r"(\d+)\. ", one), re.findall(r"!\[[^]]+\]\(\.\./images/tutorial/([\w-]+)\.png\)", one))
        for one in sections
    ]
    numbered = [(int(number[1]) if number else 0, pictures) for number, pictures in told]
    assert numbered == [(number, [step]) for number, step in enumerate(STEPS, start=1)]


def test_every_picture_is_there_small_and_as_wide_as_its_window() -> None:
    files = sorted(TUTORIAL.glob("*.png"))
    assert [path.stem for path in files] == sorted(STEPS)
    widths = {path.stem: struct.unpack_from(">I", path.read_bytes(), 16)[0] for path in files}
    assert set(widths.values()) == {DESKTOP[0], PHONE[0]}
    assert {path.name for path in files if path.stat().st_size > MOST_BYTES} == set()


def test_the_pictures_of_the_readme_are_of_the_same_walk() -> None:
    readme = (BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\(docs/images/([\w-]+\.png)\)", readme)) == sorted(FOR_README.values())
    assert {path.name for path in IMAGES.glob("*.png")} == set(FOR_README.values())
    assert set(FOR_README) <= set(STEPS)


def test_words_in_bold_stand_on_the_pages() -> None:
    with (BASE_DIR / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = {text for one in read_po(file) for text in ([one.id] if isinstance(one.id, str) else one.id)}
    bold = {" ".join(one.split()) for one in re.findall(r"\*\*([^*]+)\*\*", TEXT)}
    assert len(bold) > 30
    assert bold - messages == set()
