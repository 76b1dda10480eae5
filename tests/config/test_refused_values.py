"""Every field of every form with what the database would refuse: an answer, and nothing written.

Made from the address configuration and from the forms on the pages: a new form is tried by itself. Each field is tried
alone; the others of its form stay as they stand. The API has tests/api/test_refused_values.py.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.db import transaction

from journal.models import Entry
from tests.config.test_hostile_requests import ROUTES, World
from tests.factories import make_conference, make_session

# Too long, beyond what a column holds, below zero, no number that one can reckon with, and moments without a calendar.
# The fields of a form have them by turns.
VALUES = ("x" * 5000, "99999999999", "-1", "1e400", "9999-12-31T23:59", "0001-01-01")
# Signing out and in, and what reads files: each has tests of its own.
APART = re.compile(r"logout|^jsi18n")


@dataclass
class Sendable:
    """A form that changes something: where it is sent, and what it sends as it stands."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that are sent, with what their fields hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Sendable] = []
        self._form: Sendable | None = None
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = Sendable(given.get("action") or "")
            self.found.append(self._form)
        if self._form is None:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
            self._form.choices.add(name)
            self._form.values.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            self._form.values[self._select].append(value)
        elif tag == "textarea":
            self._area = name
            self._form.values.setdefault(name, [])
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            kept = self._form.values.setdefault(name, [])
            if given.get("type") not in ("checkbox", "radio", "submit") or "checked" in given:
                kept.append(value)

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] = [data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""


def tries(form: Sendable, elsewhere: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """What is sent: each field with one of the values or, where there is a choice, with a row of another conference."""
    for (name, stands), value in zip(form.values.items(), itertools.cycle(VALUES), strict=False):
        wrong = elsewhere if name in form.choices else value
        yield f"{name}={wrong[:20]}", form.values | {name: [*stands[1:], wrong]}


def answers(world: World, routes: list[tuple[str, str]], elsewhere: str) -> Iterator[tuple[str, int, bool]]:
    """What was sent, the status of its answer, and whether something was written all the same."""
    seen: set[tuple[str, ...]] = set()
    cookies = world.client.cookies
    for name, route in routes:
        path = world.address(route)
        opened = world.client.get(path)
        if opened.status_code != HTTPStatus.OK or opened.streaming:
            continue
        for form in Forms(opened.content.decode("utf-8", "replace")).found:
            key = (form.action or path, *form.values)
            if key in seen or APART.search(form.action):
                continue
            seen.add(key)
            for said, data in tries(form, elsewhere):
                with transaction.atomic():
                    world.client.cookies = copy.deepcopy(cookies)
                    before = Entry.objects.count()
                    answer = world.client.post(form.action or path, data)
                    refused = answer.status_code >= HTTPStatus.BAD_REQUEST
                    wrote = refused and Entry.objects.count() != before
                    transaction.set_rollback(True)
                yield f"{name} {form.action} {said}", answer.status_code, wrote
    world.client.cookies = cookies


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_each_field_refuses_what_the_database_refuses() -> None:
    world = World()
    elsewhere = str(make_session(make_conference()).pk)
    wanted = [(name, route) for name, route in ROUTES if not name.startswith(("admin:", "api:"))]
    found = list(answers(world, wanted, elsewhere))
    assert [
        (said, status) for said, status, wrote in found if status >= HTTPStatus.INTERNAL_SERVER_ERROR or wrote
    ] == []
    assert len(found) > 250
