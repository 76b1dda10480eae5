"""schedule.pdf: set from data, never from markup, with nothing outside its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst

from schedule.domain.published.programme import published
from schedule.exchange.writers.pdf import TEMPLATE, contents, schedule_pdf
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db


def test_words_of_the_page(world: World) -> None:
    words = contents(published(world.conference, world.release), "en")
    assert words["name"] == "Open <Forum> & more"
    assert [day["label"] for day in words["days"]] == ["Monday, 1 June 2026", "Tuesday, 2 June 2026"]
    session = words["days"][0]["sessions"][0]
    assert session["time"] == "10:00–11:00"
    assert session["about"] == "Talk · Peace · interpretation ko-en · sign language KSL · captions ko"
    assert (session["people"], session["hosts"]) == ("Kim", "City")
    assert words["days"][1]["sessions"][0]["about"] == "Talk · by invitation"
    assert "secret" not in json.dumps(words)


def test_markup_in_titles_and_names_is_text(world: World) -> None:
    world.conference.name.data["en"] = '#panic("no") $x$ = *bold* `raw` #read("/etc/passwd") \\ "quoted"'
    world.conference.save(update_fields=["name"])
    programme = published(world.conference, world.release)
    assert schedule_pdf(programme, "en").startswith(b"%PDF-")
    found = json.loads(
        typst.query(
            TEMPLATE,
            "heading.where(level: 1)",
            field="body",
            one=True,
            root=TEMPLATE.parent,
            ignore_system_fonts=True,
            font_paths=[Path("static/vendor/plenary-sans")],
            sys_inputs={"programme": json.dumps(contents(programme, "en"))},
        )
    )
    assert found == {"func": "text", "text": world.conference.name.data["en"]}


def test_template_reaches_neither_files_nor_packages() -> None:
    source = TEMPLATE.read_text(encoding="utf-8")
    assert [
        word for word in ("import", "include", "read(", "image(", "eval(", "plugin(", "@preview") if word in source
    ] == []


def test_korean_is_drawn_with_our_own_typeface_and_bytes_are_the_same(world: World) -> None:
    programme = published(world.conference, world.release)
    first = schedule_pdf(programme, "ko")
    assert schedule_pdf(programme, "ko") == first
    assert b"PlenarySans-Regular" in first
    assert b"PlenarySans-SemiBold" in first
