"""The copy of the pages: whole in itself, the same in any place, and without anything that is not public."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from posixpath import dirname, join, normpath

import pytest
from django.utils import timezone

from notifications.feeds.calendar_files import calendar_files
from schedule.domain.published.programme import PublishedProgramme, published
from schedule.exchange.writers.site.copy import site_zip
from tests.fixtures.programmes import World
from tests.schedule.exchange.writers.factories import programme, session, text
from tests.scripts import HOSTILE, NAMES

# What a page may lead to or load, by the attribute that names it.
LEADING = {"href", "src", "action", "data", "poster", "srcset", "formaction", "background", "cite", "ping"}


class Page(HTMLParser):
    """The addresses, anchors and elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.elements: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        for name, value in attrs:
            if name in LEADING:
                self.links.append(value or "")
            elif name == "id":
                self.anchors.add(value or "")
            elif name == "content" and tag == "meta" and value and "url=" in value:
                self.links.append(value.partition("url=")[2])


def copied(whole: PublishedProgramme) -> dict[str, bytes]:
    calendars = {"": b"BEGIN:VCALENDAR"} | {one.code: b"BEGIN:VCALENDAR" for one in whole.sessions}
    return unpacked(site_zip(whole, "en", dict.fromkeys(whole.languages, calendars)))


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pages_of(files: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content.decode()) for name, content in files.items() if name.endswith(".html")}


def broken(files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Links to what is not in the copy, and to anchors that are not on their page."""
    pages = pages_of(files)
    for name, page in pages.items():
        for link in page.links:
            path, _hash, anchor = link.partition("#")
            target = normpath(join(dirname(name), path)) if path else name
            is_there = target in files and (not anchor or anchor in pages[target].anchors)
            if not is_there or re.match(r"[a-z]+:|/", link):
                yield name, link


@pytest.mark.django_db
def test_no_link_is_broken_and_none_leads_outside(world: World) -> None:
    world.open.abstract.data["en"] = (
        "See [us](https://elsewhere.example/x), https://other.example/ and <b>me@a.example</b>"
    )
    world.open.save(update_fields=["abstract"])
    whole = published(world.conference, world.release)
    files = copied(whole)
    assert list(broken(files)) == []
    assert {name for name in files if not name.endswith(".html")} >= {
        "site.css", "search.js", "en/schedule.ics", "en/schedule.json", "en/schedule.xml", "en/schedule.txt",
        "en/search-index.js", "ko/schedule.ics",
    }  # fmt: skip
    linked = {
        normpath(join(dirname(name), link.partition("#")[0]))
        for name, page in pages_of(files).items()
        for link in page.links
    }
    assert set(files) - linked == {"index.html"}
    assert (
        "us (https://elsewhere.example/x)"
        in files[next(one for one in files if one.startswith("en/session-t1"))].decode()
    )


@pytest.mark.django_db
def test_nothing_secret_is_in_it_and_its_clocks_are_the_conferences(world: World) -> None:
    whole = published(world.conference, world.release)
    calendars = {language: calendar_files(world.conference, language) for language in whole.languages}
    with timezone.override("America/New_York"):
        files = unpacked(site_zip(whole, "ko", calendars))
    assert [name for name, content in files.items() if b"secret" in content] == []
    assert b"url=ko/index.html" in files["index.html"]
    day = files["en/day-2037-06-01.html"].decode()
    assert '<th scope="row">10:00</th>' in day
    assert b"DTSTART;TZID=Asia/Seoul:20370601T100000" in files["en/schedule.ics"]
    [calendar] = [
        content for name, content in files.items() if name.startswith("en/session-t1") and name.endswith(".ics")
    ]
    assert calendar.count(b"BEGIN:VEVENT") == 1


@pytest.mark.django_db
def test_the_same_bytes_for_the_same_programme(world: World) -> None:
    whole = published(world.conference, world.release)
    calendars = {language: calendar_files(world.conference, language) for language in whole.languages}
    first = site_zip(whole, "en", calendars)
    assert site_zip(whole, "en", calendars) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {(one.date_time, one.create_system) for one in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


def test_every_page_forbids_what_is_not_its_own_and_has_no_form_and_no_script_of_others() -> None:
    files = copied(programme([session("A", "Water")]))
    for name, page in pages_of(files).items():
        html = files[name].decode()
        assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html, name
        assert {"form", "iframe", "img", "style", "object"} & set(page.elements) == set(), name
        assert re.findall(r"\son\w+=|style=|javascript:", html) == [], name
        assert re.findall(r"<script(?! src=\"(?:search-index|\.\./search)\.js\" defer></script>)", html) == [], name
    for name in ("site.css", "search.js"):
        assert re.findall(rb"https?:|url\(|@import|fetch\(|XMLHttp|cookie|Storage", files[name]) == []


@pytest.mark.parametrize("kind", [*NAMES, *HOSTILE])
def test_people_s_text_is_text(kind: str) -> None:
    written = (NAMES | HOSTILE)[kind]
    files = copied(programme([session("A", written)], name=written))
    assert list(broken(files)) == []
    page = pages_of(files)[next(name for name in files if name.startswith("en/session-a"))]
    plain = pages_of(copied(programme([session("A", "Water")])))
    usual = plain[next(name for name in plain if name.startswith("en/session-a"))]
    assert set(page.elements) - set(usual.elements) <= {
        "br",
        "strong",
        "em",
        "code",
        "b",
        "i",
        "h3",
        "ul",
        "li",
        "pre",
        "hr",
    }


def test_the_index_has_all_words_and_ends_no_script() -> None:
    talk = replace(session("A", "Málaga </script>"), abstract=text("Ein **Wasser**, 물"))
    files = copied(programme([talk]))
    source = files["en/search-index.js"].decode()
    assert "</" not in source
    [[page, title, where, words]] = json.loads(source.removeprefix("window.programmeIndex = ").removesuffix(";\n"))
    assert (f"en/{page}" in files, title, where) == (True, "Málaga </script>", "2027-03-27 10:00–11:00 · Hall")
    assert {word for word in ("malaga", "wasser", "물", "hall") if word in words} == {"malaga", "wasser", "물", "hall"}


def test_codes_that_differ_in_case_alone_have_two_pages() -> None:
    files = copied(programme([session("a", "One"), session("A", "Two", "12:00")]))
    assert len([name.lower() for name in files if name.startswith("en/session-") and name.endswith(".html")]) == 2
    assert len({name.lower() for name in files}) == len(files)
