"""What every writer of files does with the world's scripts, and with what nobody should have typed: read back."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import openpyxl
import pytest
from pytest_django import Settings

from schedule.domain.published.programme import PublishedProgramme
from schedule.exchange.writers.cells import csv_text
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.exchange.writers.pdf import contents, schedule_pdf
from schedule.exchange.writers.printed.typefaces import OWN, STAND_IN, Typesetting, graphemes, typefaces
from schedule.exchange.writers.printed.unshown import unshown
from schedule.exchange.writers.workbook import schedule_xlsx
from tests.schedule.exchange.writers.factories import programme, session
from tests.scripts import HOSTILE, NAMES

ALL = programme([session(f"S{number}", name) for number, name in enumerate(NAMES.values())])


def titles_in_json(whole: PublishedProgramme) -> list[str]:
    conference = json.loads(schedule_json(whole, "en"))["schedule"]["conference"]
    return [event["title"] for day in conference["days"] for room in day["rooms"].values() for event in room]


def titles_in_xml(whole: PublishedProgramme) -> list[str]:
    return [str(title.text) for title in fromstring(schedule_xml(whole, "en")).iter("title")][1:]


def titles_in_xlsx(whole: PublishedProgramme) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(schedule_xlsx(whole, "en"))).worksheets[0]
    return [str(row[6]) for row in sheet.iter_rows(min_row=2, values_only=True)]


def titles_in_csv(whole: PublishedProgramme) -> list[str]:
    text = csv_text([one.title.in_language("en")] for one in whole.sessions)
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))]


READERS: dict[str, Callable[[PublishedProgramme], list[str]]] = {
    "json": titles_in_json,
    "xml": titles_in_xml,
    "xlsx": titles_in_xlsx,
    "csv": titles_in_csv,
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_script_is_read_back(read: Callable[[PublishedProgramme], list[str]]) -> None:
    assert read(ALL) == list(NAMES.values())


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_stays_one_text(kind: str, read: Callable[[PublishedProgramme], list[str]]) -> None:
    written = HOSTILE[kind]
    [found] = read(programme([session("S", written)], name=written))
    # XML knows one line end (XML 1.0, 2.11), and tables an apostrophe before what would be computed.
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "", written)
    assert re.sub(r"\r\n?", "\n", found).removeprefix("'") == re.sub(r"\r\n?", "\n", kept)


def set_without_complaint(whole: PublishedProgramme, caplog: pytest.LogCaptureFixture) -> bytes:
    with caplog.at_level(logging.WARNING):
        made = schedule_pdf(whole, "en")
    assert caplog.messages == []
    return made


def test_every_script_is_printed_for_screen_readers_too(caplog: pytest.LogCaptureFixture) -> None:
    """Of the vendored faces alone: the machine's are not asked unless PDF_FONTS says so."""
    assert unshown(ALL) == []
    made = set_without_complaint(ALL, caplog)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    found = re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", made)
    names = {name.decode().removesuffix("-Identity-H") for name in found}
    assert {"PlenarySans-Regular", "NotoSansThai-Regular", "NotoSansBengali-Regular", "NotoEmoji-Regular"} < names
    assert len(names) == 24


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_costs_anybody_the_file(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    written = HOSTILE[kind]
    assert b"<pdfuaid:part>" in set_without_complaint(programme([session("S", written)], name=written), caplog)


@pytest.mark.parametrize(
    ("written", "shown", "missing"),
    [
        ("Lightning talks 🚀", "Lightning talks 🚀", []),
        ("བོད a", f"{STAND_IN}{STAND_IN} a", ["བོ", "ད"]),
        ("x\u0378y", f"x{STAND_IN}y", ["\u0378"]),
        ("a\ue000", f"a{STAND_IN}", ["\ue000"]),
        ("q\u1abfr", f"q{STAND_IN}r", ["q\u1abf"]),
        ("e\u0301", "é", []),
        ("a\x07\u202eb\ufeffc", "abc", []),
        ("one\r\n two\u2003three", "one two three", []),
        ("\U000f0000" * 3, STAND_IN * 3, ["\U000f0000"]),
    ],
)
def test_what_no_face_draws_has_a_stand_in(written: str, shown: str, missing: list[str]) -> None:
    setting = Typesetting(typefaces())
    assert setting.text(written) == shown
    assert setting.missing(written) == missing


def test_only_the_faces_that_are_needed_are_given_to_typst() -> None:
    setting = Typesetting(typefaces())
    setting.text("Plain 한글")
    assert setting.families == [OWN]
    setting.text("ไทย 🚀")
    assert setting.families == [OWN, "Noto Sans Thai", "Noto Emoji"]


def test_a_letter_and_what_belongs_to_it_are_one() -> None:
    assert list(graphemes("e\u0301👩🏽\u200d💻🇰🇷🇫🇷1\ufe0f\u20e3ก้")) == [
        "e\u0301", "👩🏽\u200d💻", "🇰🇷", "🇫🇷", "1\ufe0f\u20e3", "ก้",
    ]  # fmt: skip


def test_organizers_are_told_where(settings: Settings) -> None:
    whole = programme([session("S1", "Tibetan བོད"), session("S2", "Fine")], name="\u0378")
    assert [(one.place, one.named) for one in unshown(whole)] == [
        ("\u0378", "\u0378 (U+0378)"),
        ("S1", "བོ (U+0F56 U+0F7C), ད (U+0F51)"),
        ("Tibetan བོད", "བོ (U+0F56 U+0F7C), ད (U+0F51)"),
    ]


def test_fonts_of_a_folder_come_after_ours(settings: Settings, tmp_path: Path) -> None:
    vendored = settings.BASE_DIR / "static" / "vendor"
    shutil.copy(vendored / "noto" / "noto-sans-thai-2.002.ttf", tmp_path / "again.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x0acmap")
    settings.PDF_FONTS = [str(tmp_path)]
    families = [face.family for face in typefaces().faces]
    assert families[0] == OWN
    assert families[-1] == "Noto Emoji"
    assert families.count("Noto Sans Thai") == 1


def test_an_error_of_the_engine_costs_the_standard_not_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As if a face promised what it does not draw."""
    monkeypatch.setattr(Typesetting, "text", lambda _self, text: " ".join(text.split()))
    made = schedule_pdf(programme([session("S", "Tibetan བོད")]), "en")
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" not in made
    [said] = caplog.messages
    assert said.startswith("The programme of forum is no PDF/UA: PDF/UA-1 error")


def test_no_line_is_longer_than_its_column() -> None:
    [day] = contents(programme([session("S", "W" * 300)]), "en", Typesetting(typefaces()))["days"]
    assert day["sessions"][0]["title"] == "\u200b".join("W" * 300)
    assert Typesetting(typefaces()).text("W" * 23) == "W" * 23
