"""Whatever names a page by its title links to it; what how-tos name stands on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from ops.embedded import BASE_DIR
from tests.docs.test_own_pages import HOWTOS

TEMPLATES = BASE_DIR / "templates"
# The title, and the heading, of a page.
_HEADS = re.compile(r"\{% block title %\}(.*?)\{% endblock %\}|<h1[^>]*>(.*?)</h1>", re.DOTALL)
_WORDS = re.compile(r"""\{% translate ["'](.+?)["'] %\}""")
_LINK = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)
# What leads to a page in a sentence: "under Sign-ups", "on the page Rooms".
_LEADS = r"(?:\b(?:page|under|see|open|visit)\s+|[“‘])"
# Words of a title that mean the thing when they follow "under" or "see".
NO_TITLES = {"Error:"}


def catalogue() -> Iterator[tuple[str, str]]:
    """Each text of the product, with its Korean."""
    with (BASE_DIR / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
        for one in read_po(file):
            ids = [one.id] if isinstance(one.id, str) else list(one.id)
            said = list(one.string or [""]) if not isinstance(one.string, str) else [one.string]
            yield from ((text, said[min(number, len(said) - 1)]) for number, text in enumerate(ids) if text)


TEXTS = dict(catalogue())


def titles() -> set[str]:
    """What pages are called: in their titles and headings, and where the navigation leads to them."""
    found: set[str] = set()
    for path in [*(TEMPLATES / "organize").rglob("*.html"), *(TEMPLATES / "website").rglob("*.html")]:
        heads = [head or heading for head, heading in _HEADS.findall(path.read_text(encoding="utf-8"))]
        found |= {words for head in heads for words in _WORDS.findall(head)}
    for frame in ("organize/base.html", "organize/setup/setup_nav.html"):
        found |= set(_WORDS.findall((TEMPLATES / frame).read_text(encoding="utf-8")))
    return {one for one in found if one in TEXTS and "%(" not in one} - NO_TITLES


def unlinked(text: str, names: set[str]) -> list[str]:
    """The pages that a text names and does not link to."""
    plain = _LINK.sub("", text)
    return sorted(one for one in names if re.search(_LEADS + re.escape(one) + r"(?![\w-])", plain))


def test_no_text_names_a_page_that_it_does_not_link_to() -> None:
    names = titles()
    assert len(names) > 60
    korean = {TEXTS[one] for one in names}
    found = {text: unlinked(text, names) for text in TEXTS} | {said: unlinked(said, korean) for said in TEXTS.values()}
    assert {text: pages for text, pages in found.items() if pages} == {}


def test_a_link_in_a_text_bears_the_title_of_its_page() -> None:
    names = titles()
    links = {words for text in TEXTS for words in _LINK.findall(text)}
    assert links
    assert links - names == set()


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("Say it under “How to read the file”.", ["How to read the file"]),
        ('Say it under <a href="{{ url }}">How to read the file</a>.', []),
        ("On the day, trust the page My sessions.", ["My sessions"]),
        ("Sessions that fight, and what to do.", []),
    ],
)
def test_what_counts_as_naming_a_page(text: str, pages: list[str]) -> None:
    assert unlinked(text, titles()) == pages


@pytest.mark.parametrize("name", HOWTOS)
def test_ways_that_how_tos_describe_are_made_of_words_on_the_pages(name: str) -> None:
    """*Set-up → Rooms*: each part is a text of the product, or begins one that ends with what it is about."""
    text = (BASE_DIR / "docs" / "howto" / name).read_text(encoding="utf-8")
    ways = [" ".join(way.split()) for way in re.findall(r"\*{1,2}([^*]+? → [^*]+)\*{1,2}", text)]
    parts = {part for way in ways for part in way.split(" → ")}
    assert parts - set(TEXTS) == set()
