"""schedule.xlsx: one row per session, every language, nothing that computes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, tzinfo
from typing import Self

import openpyxl
import pytest

from schedule.domain.published.programme import published
from schedule.exchange.writers.workbook import schedule_xlsx
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db


def test_rows_hold_the_programme_in_all_languages_the_asked_one_first(world: World) -> None:
    programme = published(world.conference, world.release)
    book = openpyxl.load_workbook(io.BytesIO(schedule_xlsx(programme, "ko")))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1] == (
        datetime(2037, 6, 1),
        datetime(2037, 6, 1, 10),
        datetime(2037, 6, 1, 11),
        60,
        programme.rooms[0].name.in_language("ko"),
        "Talk (한국어)",
        "Peace (한국어)",
        "열린 회의",
        '\'=1+1 #read("x") <b>bold</b>',
        "City (한국어)",
        "김",
        "한국어, 영어",
        "한국어 – 영어",
        "한국수어",
        "한국어",
        "T1",
        "http://127.0.0.1:8000/open-forum/sessions/T1/",
    )
    assert [row[5:8] for row in rows[2:]] == [("Talk (한국어)", None, "By invitation (한국어)")]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:Q3")


def test_headings_name_the_languages(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(schedule_xlsx(published(world.conference, world.release), "en")))
    headings = next(book.worksheets[0].iter_rows(values_only=True))
    titles = ("Title (English)", "Title (한국어)")
    assert headings[:9] == ("Day", "Start", "End", "Minutes", "Room", "Kind", "Theme", *titles)


def test_no_cell_is_a_formula_and_nothing_secret_is_written(world: World) -> None:
    world.conference.name.data["en"] = "=HYPERLINK(1)"
    world.conference.save(update_fields=["name"])
    content = schedule_xlsx(published(world.conference, world.release), "en")
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name for name in archive.namelist() if b"secret" in archive.read(name)] == []


def test_same_programme_gives_the_same_bytes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = published(world.conference, world.release)
    first = schedule_xlsx(programme, "en")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2031, 1, 1, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert schedule_xlsx(programme, "en") == first
