"""The pictures of links: of what everybody may see, in the language that is asked for, and gone with their cause."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import typst
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString

from journal.actors import SYSTEM
from schedule.domain.programme.people import take_down
from schedule.domain.programme.sessions import cancel_session, reinstate_session, rename_session
from schedule.domain.published.identities import person_identity
from schedule.exchange.writers.picture import PictureText, picture
from schedule.models import Session
from tests.factories import at, both, make_conference, make_person, make_room, make_session, publish

pytestmark = pytest.mark.django_db
PATH = "/forum/sessions/WATER/picture.png"


class Drawing:
    """In the place of `typst.Compiler`: the picture is what is to be drawn."""

    def __init__(self, *_args: Any, sys_inputs: Mapping[str, str], **_options: Any) -> None:
        self._words = sys_inputs["picture"]

    def compile(self, **_options: Any) -> bytes:
        return self._words.encode()


@pytest.fixture
def _drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst, "Compiler", Drawing)


@pytest.fixture
def session(_drawing: None) -> Session:
    cache.clear()
    conference = make_conference(slug="forum", name=both("The Forum"), theme=both("Rights"), venue=both("Centre"))
    session = make_session(conference, code="WATER", title=LazyI18nString({"en": "Water", "ko": "물"}))
    session.roles.create(person=make_person(conference, code="ann", name="Ann"), role="speaker")
    publish(conference, [(session, make_room(conference, name=both("Hall")), at(conference, "09:00"))])
    return session


def drawn(client: Client, path: str) -> list[Any]:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    words = json.loads(response.content)
    return [words[name] for name in ("language", "above", "title", "below")]


def test_each_says_what_its_page_is_about(client: Client, session: Session) -> None:
    speaker = person_identity(session.conference, "ann")
    assert drawn(client, PATH) == ["en", "The Forum", "Water", ["1 June 2037, 09:00–10:00", "Hall"]]
    assert drawn(client, f"{PATH}?lang=ko") == [
        "ko", "The Forum (한국어)", "물", ["2037년 6월 1일, 09:00–10:00", "Hall (한국어)"],
    ]  # fmt: skip
    assert drawn(client, "/forum/picture.png") == [
        "en", "", "The Forum", ["Rights", "1 June 2037 – 2 June 2037", "Centre"],
    ]  # fmt: skip
    assert drawn(client, f"/forum/speakers/{speaker}/picture.png") == ["en", "The Forum", "Ann", ["Water"]]


def test_its_bytes_are_asked_for_once(client: Client, session: Session) -> None:
    first = client.get(PATH)
    again = client.get(PATH, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    rename_session(session, title=both("Air"), actor=SYSTEM)
    new = client.get(PATH, headers={"if-none-match": first["ETag"]})
    assert (new.status_code, json.loads(new.content)["title"]) == (200, "Air")


def test_what_was_withdrawn_has_none_until_it_is_back(client: Client, session: Session) -> None:
    cancel_session(session, actor=SYSTEM)
    assert client.get(PATH).status_code == 404
    assert "og:image" not in client.get("/forum/sessions/WATER/").content.decode()
    reinstate_session(session, actor=SYSTEM)
    assert client.get(PATH).status_code == 200
    publish(session.conference, [])
    assert client.get(PATH).status_code == 404


def test_whoever_is_not_named_and_what_is_not_public_have_none(client: Client, session: Session) -> None:
    person = session.conference.people.get()
    address = f"/forum/speakers/{person_identity(session.conference, 'ann')}/picture.png"
    draft = make_session(session.conference, code="DRAFT")
    assert client.get(address).status_code == 200
    assert client.get(f"/forum/sessions/{draft.code}/picture.png").status_code == 404
    take_down(person, actor=SYSTEM)
    assert client.get(address).status_code == 404
    session.conference.is_public = False
    session.conference.save(update_fields=["is_public"])
    for path in (PATH, "/forum/picture.png"):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("_drawing")
def test_a_conference_of_one_day_names_it_once(client: Client) -> None:
    make_conference(slug="short", days=1, starts_on=date(2037, 6, 1))
    assert drawn(client, "/short/picture.png")[3] == ["1 June 2037"]


@pytest.mark.parametrize("title", ["Water", "물 " * 200, "A" * 500, "مياه #let x = 1 *b* $", ""])
def test_whatever_is_written_is_one_picture_of_the_same_size(title: str) -> None:
    png = picture(PictureText("The Forum", title, ("1 June 2037",), "ko"))
    assert (png[:8], struct.unpack(">II", png[16:24])) == (b"\x89PNG\r\n\x1a\n", (1200, 630))
