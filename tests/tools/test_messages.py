"""The catalogue tool on a small tree, and the project's own catalogues."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib
import pytest

from tools.messages import catalogue_path, collected, faults, hidden, languages

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed here")

SOURCE = """
_("One")
gettext_lazy("Two " "parts")
c.ngettext("{n} seat", "{n} seats", n)
pgettext("month", "May")
unrelated("Not this")
_(variable)
"""
TEMPLATE = """
{% load i18n %}{% translate "From a tag" %}{% translate "May" context "verb" as may %}
{% blocktranslate count n=seats trimmed %}
  {{ n }} place
{% plural %}
  {{ n }} places
{% endblocktranslate %}
{{ x|default:_("One") }}
{# translate "Not this" #}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "schedule").mkdir()
    (tmp_path / "schedule" / "words.py").write_text(SOURCE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    catalogue_path("ko", tmp_path).parent.mkdir(parents=True)
    return tmp_path


def save(catalogue: polib.POFile, tree: Path) -> None:
    path = catalogue_path("ko", tree)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())


def translate(catalogue: polib.POFile) -> polib.POFile:
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: f"번역 {entry.msgid_plural}"}
        else:
            entry.msgstr = f"번역 {entry.msgid}"
    return catalogue


def test_texts_come_from_python_and_templates(tree: Path) -> None:
    source, page = ["schedule/words.py"], ["templates/page.html"]
    found = {
        (entry.msgctxt, entry.msgid, entry.msgid_plural): [name for name, _ in entry.occurrences]
        for entry in collected("ko", tree)
    }
    assert found == {
        (None, "One", ""): [*source, *page],
        (None, "Two parts", ""): source,
        (None, "{n} seat", "{n} seats"): source,
        ("month", "May", ""): source,
        (None, "From a tag", ""): page,
        ("verb", "May", ""): page,
        (None, "%(n)s place", "%(n)s places"): page,
    }


def test_collecting_leaves_the_sources_alone(tree: Path) -> None:
    before = sorted(tree.rglob("*"))
    (tree / "tests").mkdir()
    (tree / "tests" / "test_words.py").write_text('_("Not this")')
    (tree / "schedule" / "migrations").mkdir()
    (tree / "schedule" / "migrations" / "0001_initial.py").write_text('_("Nor this")')
    assert {entry.msgid for entry in collected("ko", tree)}.isdisjoint({"Not this", "Nor this"})
    assert [path for path in before if not path.exists()] == []
    assert not list(tree.rglob("*.po*"))


def test_a_text_that_resembles_a_gone_one_is_not_guessed(tree: Path) -> None:
    save(translate(collected("ko", tree)), tree)
    (tree / "schedule" / "words.py").write_text('_("Two particular parts")\n_("Two parts.")\n')
    texts = {entry.msgid: (entry.msgstr, entry.fuzzy) for entry in collected("ko", tree)}
    assert (texts["Two particular parts"], texts["Two parts."]) == (("", False), ("", False))


def test_a_text_inside_an_f_string_is_named(tree: Path) -> None:
    (tree / "schedule" / "hidden.py").write_text("x = 1\ny = f\"{_('Hidden')} {x}\"\n")
    assert hidden(tree) == ["schedule/hidden.py:2: a text inside an f-string is not collected"]


def test_a_whole_catalogue_has_no_faults(tree: Path) -> None:
    save(translate(collected("ko", tree)), tree)
    assert faults("ko", tree) == []


def test_an_update_keeps_translations_and_drops_what_is_gone(tree: Path) -> None:
    save(translate(collected("ko", tree)), tree)
    (tree / "schedule" / "words.py").write_text('_("One")\n_("New")\n')
    catalogue = collected("ko", tree)
    assert {(entry.msgctxt, entry.msgid, entry.msgstr) for entry in catalogue if not entry.msgid_plural} == {
        (None, "One", "번역 One"),
        (None, "New", ""),
        (None, "From a tag", "번역 From a tag"),
        ("verb", "May", "번역 May"),
    }


def test_every_fault_is_named(tree: Path) -> None:
    catalogue = translate(collected("ko", tree))
    catalogue.find("One").msgstr = ""
    catalogue.find("Two parts").flags.append("fuzzy")
    catalogue.find("{n} seat").msgstr_plural = {0: "{m}석"}
    catalogue.remove(catalogue.find("From a tag"))
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="없음"))
    save(catalogue, tree)
    assert faults("ko", tree) == [
        "missing: 'From a tag' of templates/page.html",
        "in no source: 'Gone'",
        "not translated: 'One'",
        "fuzzy: 'Two parts'",
        "placeholders differ: '{n} seat' has ['{n}'], its translation ['{m}']",
    ]


def test_an_old_mo_file_is_found(tree: Path) -> None:
    catalogue = translate(collected("ko", tree))
    save(catalogue, tree)
    catalogue.find("One").msgstr = "하나"
    catalogue.save(str(catalogue_path("ko", tree)))
    assert faults("ko", tree) == [
        "locale/ko/LC_MESSAGES/django.mo is not what django.po compiles to; run: make messages"
    ]


@pytest.mark.parametrize("language", languages())
def test_the_projects_catalogue_is_whole(language: str) -> None:
    assert (faults(language), hidden()) == ([], [])
