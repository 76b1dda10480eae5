"""The catalogue tool on a small tree, and the project's own catalogues."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools.messages import PLURALS, Text, catalogue_path, collect, faults, update

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
    assert list(collect(tree).values()) == [
        Text(None, "One", None, [*source, *page]),
        Text(None, "Two parts", None, source),
        Text(None, "{n} seat", "{n} seats", source),
        Text("month", "May", None, source),
        Text(None, "From a tag", None, page),
        Text("verb", "May", None, page),
        Text(None, "%(n)s place", "%(n)s places", page),
    ]


def test_a_whole_catalogue_has_no_faults(tree: Path) -> None:
    save(translate(update("ko", tree)), tree)
    assert faults("ko", tree) == []


def test_an_update_keeps_translations_and_drops_what_is_gone(tree: Path) -> None:
    save(translate(update("ko", tree)), tree)
    (tree / "schedule" / "words.py").write_text('_("One")\n_("New")\n')
    catalogue = update("ko", tree)
    assert [(entry.msgctxt, entry.msgid, entry.msgstr) for entry in catalogue if not entry.msgid_plural] == [
        (None, "One", "번역 One"),
        (None, "New", ""),
        (None, "From a tag", "번역 From a tag"),
        ("verb", "May", "번역 May"),
    ]


def test_every_fault_is_named(tree: Path) -> None:
    catalogue = translate(update("ko", tree))
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
    catalogue = translate(update("ko", tree))
    save(catalogue, tree)
    catalogue.find("One").msgstr = "하나"
    catalogue.save(str(catalogue_path("ko", tree)))
    assert faults("ko", tree) == [
        "locale/ko/LC_MESSAGES/django.mo is not what django.po compiles to; run: make messages"
    ]


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_the_projects_catalogue_is_whole(language: str) -> None:
    assert faults(language) == []
