"""Programme books: what is in them, in which languages, and that nothing of people's is taken for markup."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
import typst
from i18nfield.strings import LazyI18nString

from schedule.domain.published.programme import PublishedProgramme, proof_of, published
from schedule.domain.published.values import PublishedText
from schedule.exchange.writers.printed.book import TEMPLATE, Paper, book_pdf, book_words
from schedule.exchange.writers.printed.typefaces import Typesetting, typefaces
from tests.factories import at
from tests.fixtures.programmes import World
from tests.schedule.exchange.writers.factories import programme, session
from tests.scripts import HOSTILE, NAMES


def words(whole: PublishedProgramme, *languages: str, paper: Paper = Paper.A4) -> dict[str, Any]:
    return book_words(whole, languages or ["en"], paper, Typesetting(typefaces()))


def bilingual(english: str, korean: str) -> PublishedText:
    return PublishedText(LazyI18nString({"en": english, "ko": korean}))


def query(whole: PublishedProgramme, selector: str, field: str) -> list[Any]:
    compiler = typst.Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=typefaces().fonts,
        ignore_system_fonts=True,
        sys_inputs={"programme": json.dumps(words(whole))},
    )
    return list(json.loads(compiler.query(selector, field=field)))


@pytest.mark.django_db
def test_words_of_a_session_its_people_and_the_indexes(world: World) -> None:
    found = words(published(world.conference, world.release))
    [first, second] = found["days"]
    [edition] = first["sessions"][0]["editions"]
    assert (edition["people"], edition["hosts"]) == (["Chair: Kim", "Speaker: Kim"], "City")
    assert edition["abstract"] == [["What it is about"]]
    assert second["sessions"][0]["editions"][0]["people"] == []
    speaker = f"s-{world.open.uid}"
    assert [(one["name"][0]["text"], one["sessions"]) for one in found["speakers"]] == [("Kim", [speaker])]
    assert [[one["sessions"] for one in room["days"]] for room in found["rooms"]] == [
        [[speaker]],
        [[f"s-{world.closed.uid}"]],
    ]
    assert "secret" not in json.dumps(found)


def test_in_all_languages_what_is_the_same_stands_once() -> None:
    talk = replace(session("S", "Water"), title=bilingual("Water", "물"), abstract=bilingual("About it", "소개"))
    whole = programme([talk])
    [item] = words(whole, "ko", "en")["days"][0]["sessions"]
    assert [(one["lang"], one["title"], one["room"], one["abstract"]) for one in item["editions"]] == [
        ("ko", "물", "Hall", [["소개"]]),
        ("en", "Water", "", [["About it"]]),
    ]
    [same] = words(programme([session("S", "Water")]), "en", "fr")["days"][0]["sessions"]
    assert len(same["editions"]) == 2  # what is said of interpretation differs
    assert same["editions"][1]["title"] == ""
    assert words(whole, "ko", "en")["name"] == [{"text": "Forum", "lang": "ko"}]


@pytest.mark.parametrize("paper", Paper)
def test_a_small_page_has_fewer_rooms_across(paper: Paper) -> None:
    sessions = [
        replace(session(f"S{number}", "Talk"), room=replace(session("S", "x").room, code=f"R{number}"))
        for number in range(7)
    ]
    [day] = words(programme(sessions), paper=paper)["days"]
    assert max(len(grid["rooms"]) for grid in day["grids"]) <= {"a4": 6, "a5": 5, "a6": 3}[paper.value]
    assert sum(len(grid["rooms"]) for grid in day["grids"]) == 7


@pytest.mark.parametrize("paper", Paper)
def test_every_script_is_set_for_screen_readers_on_every_paper(paper: Paper, caplog: pytest.LogCaptureFixture) -> None:
    whole = programme([session(f"S{number}", name) for number, name in enumerate(NAMES.values())])
    with caplog.at_level(logging.WARNING):
        made = book_pdf(whole, ["en", "ko"], paper)
    assert (b"<pdfuaid:part>1</pdfuaid:part>" in made, caplog.messages) == (True, [])
    assert book_pdf(whole, ["en", "ko"], paper) == made


def test_no_text_is_markup(caplog: pytest.LogCaptureFixture) -> None:
    hostile = '#panic("no") $x$ = *bold* `raw` #read("/etc/passwd") \\ "quoted"'
    whole = programme([session(f"S{number}", text) for number, text in enumerate([hostile, *HOSTILE.values()])])
    assert book_pdf(whole, ["en"], Paper.A6).startswith(b"%PDF-")
    assert caplog.messages == []
    assert query(programme([session("S", hostile)]), "heading.where(level: 3)", "body") != []


def test_the_template_reaches_neither_files_nor_packages() -> None:
    source = TEMPLATE.read_text(encoding="utf-8")
    forbidden = ("import", "include", "read(", "image(", "eval(", "plugin(", "@preview")
    assert [word for word in forbidden if word in source] == []


@pytest.mark.django_db
def test_a_proof_shows_what_everybody_would_see_and_says_that_it_is_a_draft(world: World) -> None:
    draft = world.conference.drafts.get()
    room = world.conference.rooms.get(code="LOBBY")
    draft.placements.create(
        session=world.closed, room=room, start=at(world.conference, "09:00"), end=at(world.conference, "10:00")
    )
    proof = proof_of(world.conference, draft, now=world.conference.origin)
    found = words(proof)
    assert [one.code for one in proof.sessions] == [world.closed.code, proof.sessions[1].code]
    assert [one["text"] for one in found["draft_mark"]] == ["DRAFT"]
    assert "secret draft" in found["footer"]
    assert found["days"][0]["sessions"][0]["editions"][0]["abstract"] == []
    assert "secret abstract" not in json.dumps(found)
    published_words = words(published(world.conference, world.release))
    assert (published_words["draft"], published_words["draft_mark"]) == ([], [])
