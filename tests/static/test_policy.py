"""Templates and scripts keep the content security policy: no inline script, style, handler or foreign address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Mails are no pages: no policy header reaches them, and mail programs read inline styles only.
PAGES = sorted(page for page in (ROOT / "templates").rglob("*.html") if page.parent.name != "mail")
MODULES = sorted((ROOT / "static" / "js").glob("*.js"))
FORBIDDEN_IN_PAGES = {
    "inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "handler attribute": re.compile(r"\son[a-z]+\s*=|\shx-on", re.I),
    "unescaped value": re.compile(r"\|\s*safe\b|autoescape off"),
    "foreign address": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I),
    "script address": re.compile(r"javascript:", re.I),
}
FORBIDDEN_IN_MODULES = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b|https?://"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_keeps_the_policy(page: Path) -> None:
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert [name for name, pattern in FORBIDDEN_IN_PAGES.items() if pattern.search(text)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_module_writes_text_only(module: Path) -> None:
    assert FORBIDDEN_IN_MODULES.findall(module.read_text(encoding="utf-8")) == []


def test_every_icon_used_is_drawn() -> None:
    used, drawn = set(), set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        drawn.update(re.findall(r'<symbol id="icon-([\w-]+)"', text))
        for address in re.findall(r'<use href="#icon-((?:\{%.*?%\}|[^"{])+)"', text):
            used.update(re.findall(r"[\w-]+", re.sub(r"\{%.*?%\}", " ", address)))
    assert used <= drawn
