"""Every page with a form, sent empty and sent as nobody should, in both languages: what it answers is in our words.

Made from the address configuration: a new page is sent by itself. What an answer says that the page did not say before
must be Korean on a Korean page, and no sentence of Django or allauth in any.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.config.test_hostile_requests import ROUTES, World

# Pages of the administration are Django's own, for superusers.
OTHERS = re.compile(r"^(admin|api):|^admin")
JUNK = "zz9"
REFUSED = (200, 400, 409, 422, 429)
HANGUL, LATIN = re.compile(r"[가-힣]"), re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")


@dataclass
class Sendable:
    """A form that changes something: where it is sent, and what it sends as it stands."""

    action: str
    names: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The texts of a page, piece by piece, and its forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.forms: list[Sendable] = []
        self._form: Sendable | None = None
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "style", "textarea"):
            self._unread += 1
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = Sendable(given.get("action") or "")
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "button") and self._form is not None:
            self._form.names += [name for name in [given.get("name")] if name and name != "csrfmiddlewaretoken"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "textarea"):
            self._unread -= 1
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if not self._unread and (text := " ".join(data.split())):
            self.texts.append(text)


@cache
def foreign_sentences() -> list[re.Pattern[str]]:
    """What Django and allauth say in their catalogues, as patterns; single words are not told from ours."""
    found = []
    for package in ("django", "allauth"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        for path in Path(spec.origin).parent.glob("**/locale/ko/LC_MESSAGES/django.po"):
            if "admin" in path.parts or "contrib/admin" in str(path):
                continue
            with path.open("rb") as file:
                for message in read_po(file, locale="ko"):
                    for text in message.id if isinstance(message.id, tuple | list) else [message.id]:
                        if text.count(" ") >= 3:
                            parts = re.split(r"%\(\w+\)[sd]|%[sd]", text)
                            found.append(re.compile(".*".join(re.escape(part) for part in parts)))
    return found


def foreign(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in foreign_sentences())


def sent(client: Client, path: str, page: Page) -> Iterator[str]:
    """What the answers to the forms of this page say that it did not say before. Whatever they change is undone."""
    before, cookies = set(page.texts), client.cookies
    for form, value in itertools.product(page.forms, ("", JUNK)):
        with transaction.atomic():
            client.cookies = copy.deepcopy(cookies)
            answer = client.post(form.action or path, dict.fromkeys(form.names, value))
            client.cookies = cookies
            transaction.set_rollback(True)
        if answer.status_code in REFUSED and "html" in answer.headers.get("Content-Type", ""):
            yield from (text for text in Page(answer.content.decode()).texts if text not in before)


def in_no_words_of_ours(text: str, language: str) -> bool:
    if foreign(text):
        return True
    return language == "ko" and not HANGUL.search(text) and LATIN.search(text) is not None


def new_forms(page: Page, path: str, seen: set[tuple[str, ...]]) -> list[Sendable]:
    """Those of a page that no page before had: what stands in every frame is sent once."""
    found = []
    for form in page.forms:
        key = (form.action or path, *form.names)
        if form.names and key not in seen:
            seen.add(key)
            found.append(form)
    return found


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ko"])
def test_forms_are_refused_in_our_words(language: str) -> None:
    world = World()
    clients = (world.client, Client())
    seen: set[tuple[str, ...]] = set()
    wrong: dict[str, set[str]] = {}
    for client in clients:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for (name, route), client in itertools.product(ROUTES, clients):
        path = world.address(route)
        if OTHERS.match(name) or (opened := client.get(path)).status_code != 200 or opened.streaming:
            continue
        page = Page(opened.content.decode("utf-8", "replace"))
        page.forms = new_forms(page, path, seen)
        if bad := {text for text in sent(client, path, page) if in_no_words_of_ours(text, language)}:
            wrong[name] = bad

    assert wrong == {}
    assert len(seen) >= 45
