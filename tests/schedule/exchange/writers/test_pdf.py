"""schedule.pdf: set from data, never from markup, with nothing outside its folder."""

from __future__ import annotations

import json
from typing import Any

import pytest
import typst

from schedule.domain.published.programme import published
from schedule.exchange.writers.pdf import TEMPLATE, contents, schedule_pdf
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db


def words_of(world: World, language: str = "en") -> dict[str, Any]:
    return contents(published(world.conference, world.release), language, Typesetting(typefaces()))


def test_words_of_the_page(world: World) -> None:
    words = words_of(world)
    assert words["name"] == "Open <Forum> & more"
    assert [day["label"] for day in words["days"]] == ["Monday, 1 June 2037", "Tuesday, 2 June 2037"]
    session = words["days"][0]["sessions"][0]
    assert session["time"] == "10:00–11:00"
    assert session["about"] == (
        "Talk · Peace · interpretation Korean – English · Korean Sign Language · Captions in Korean"
    )
    assert (session["people"], session["hosts"]) == ("Kim", "City")
    assert session["abstract"] == [["What it is about"]]
    assert words["days"][1]["sessions"][0]["about"] == "Talk · by invitation"
    assert words["days"][1]["sessions"][0]["abstract"] == []
    assert "secret" not in json.dumps(words)


def test_the_same_in_the_language_of_the_page(world: World) -> None:
    words = words_of(world, "ko")
    assert words["language"] == "ko"
    assert [day["label"] for day in words["days"]] == ["2037년 6월 1일 월요일", "2037년 6월 2일 화요일"]
    session = words["days"][0]["sessions"][0]
    assert session["title"] == "열린 회의"
    assert session["about"] == "Talk (한국어) · Peace (한국어) · 통역: 한국어 – 영어 · 한국수어 · 한국어 자막"
    assert [words[name] for name in ("columns", "sessions", "abstracts")] == [
        ["시간", "세션", "장소"],
        "세션",
        "세션 내용",
    ]


def test_a_day_has_its_timetable(world: World) -> None:
    (grid,) = words_of(world)["days"][0]["grids"]
    assert grid == {
        "rooms": [str(world.conference.rooms.get(code="HALL").name)],
        "times": ["10:00"],
        "cells": [
            {
                "row": 0,
                "rows": 1,
                "column": 0,
                "columns": 1,
                "title": '=1+1 #read("x") <b>bold</b>',
                "note": "10:00–11:00",
            }
        ],
    }


def headings(world: World, level: int) -> list[str]:
    words = words_of(world)
    found = typst.Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        font_paths=typefaces().fonts,
        sys_inputs={"programme": json.dumps(words)},
    ).query(f"heading.where(level: {level})", field="body")
    return [one["text"] for one in json.loads(found)]


def test_markup_in_titles_and_names_is_text(world: World) -> None:
    hostile = '#panic("no") $x$ = *bold* `raw` #read("/etc/passwd") \\ "quoted"'
    world.conference.name.data["en"] = world.open.title.data["en"] = hostile
    world.conference.save(update_fields=["name"])
    world.open.save(update_fields=["title"])
    assert schedule_pdf(published(world.conference, world.release), "en").startswith(b"%PDF-")
    assert headings(world, 1) == [hostile]
    assert headings(world, 2) == ["Monday, 1 June 2037", "Tuesday, 2 June 2037"]
    assert headings(world, 4) == [hostile]


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
