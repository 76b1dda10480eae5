"""Pages show names in the world's scripts, and long texts as what they mean."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from i18nfield.strings import LazyI18nString

from tests.factories import at, both, make_conference, make_person, make_room, make_session, publish
from tests.responses import squeezed
from tests.scripts import NAMES

pytestmark = pytest.mark.django_db

ABSTRACT = (
    "<p>Hello <b>all</b> &amp; welcome</p>\n\n* one\n* two [link](https://demo.example/)\n\n<script>alert(1)</script>"
)


def test_every_script_is_on_the_pages(client: Client) -> None:
    conference = make_conference(slug="forum")
    hall = make_room(conference)
    placed = []
    for number, name in enumerate(NAMES.values()):
        session = make_session(conference, code=f"S{number}", title=both(name), duration_minutes=10)
        session.roles.create(person=make_person(conference, name=both(name)), role="speaker")
        placed.append((session, hall, at(conference, f"{9 + number // 6:02}:{number % 6 * 10:02}")))
    publish(conference, placed)
    page = unescape(client.get("/forum/").content.decode())
    assert [name for name in NAMES.values() if name not in page] == []
    last = list(NAMES.values())[-1]
    assert unescape(client.get(f"/forum/sessions/S{number}/").content.decode()).count(last) >= 3


def test_an_abstract_is_what_it_means_everywhere(client: Client) -> None:
    conference = make_conference(slug="forum")
    session = make_session(conference, code="A", abstract=LazyI18nString({"en": ABSTRACT}))
    publish(conference, [(session, make_room(conference), at(conference, "09:00"))])
    page = squeezed(client.get("/forum/sessions/A/").content.decode())
    assert (
        '<div class="prose flow"><p>Hello<b>all</b>&amp; welcome</p><ul><li>one</li><li>two'
        '<a href="https://demo.example/" rel="nofollow noopener">link</a></li></ul></div>'
    ) in page
    text = "Hello all & welcome\n\n• one\n• two link (https://demo.example/)"
    events = client.get("/forum/schedule.json").json()["schedule"]["conference"]["days"][0]["rooms"]
    assert [event["abstract"] for room in events.values() for event in room] == [text]
    assert text in unescape(client.get("/forum/schedule.xml").content.decode())
    calendar = client.get("/forum/schedule.ics").content.replace(b"\r\n ", b"").decode()
    assert "Hello all & welcome\\n\\n• one\\n• two link (https://demo.example/)" in calendar
    found = client.get("/api/v1/conferences/forum/sessions/").json()["results"]
    assert [one["abstract"] for one in found] == [{"en": text}]
    assert "Session" in client.get("/forum/?q=welcome").content.decode()
    assert client.get("/forum/?q=script").content.decode().count("/forum/sessions/A/") == 0
