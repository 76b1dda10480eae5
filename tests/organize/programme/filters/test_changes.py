"""Hundreds of sessions elsewhere: how many of each kind, narrowed and by pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from journal.actors import SYSTEM
from organize.programme.filters import changes
from schedule.domain.timetables.drafts import place
from tests.factories import at, both, make_session, publish
from tests.organize.conftest import Desk
from tests.responses import squeezed


@pytest.fixture
def moved(desk: Desk) -> Desk:
    """From release 1 to 2: one session later, one in the attic, one added, one taken out."""
    sessions = {
        code: make_session(desk.conference, code=code, title=both(code.title())) for code in ("ROOM", "NEW", "OUT")
    }
    talk = (desk.talk, desk.hall, at(desk.conference, "09:00"))
    before = [
        talk,
        (sessions["ROOM"], desk.hall, at(desk.conference, "12:00")),
        (sessions["OUT"], desk.hall, at(desk.conference, "14:00", day=1)),
    ]
    publish(desk.conference, before)
    after = [
        (desk.talk, desk.hall, at(desk.conference, "10:00")),
        (sessions["ROOM"], desk.attic, at(desk.conference, "12:00")),
        (sessions["NEW"], desk.attic, at(desk.conference, "15:00", day=1)),
    ]
    publish(desk.conference, after)
    for session, room, start in after:
        place(desk.draft, session, room=room, start=start, actor=SYSTEM)
    return desk


def listed(html: str) -> list[str]:
    table = re.search(r"<tbody>(?!.*<tbody>)(.*?)</tbody>", html)
    return re.findall(r'<span class="code muted">(\w+)</span>', table[1] if table else "")


def counts(html: str) -> list[str]:
    found = re.search(r'<ul class="counts" aria-label="Changes by kind">(.*?)</ul>', html)
    return [" ".join(pair) for pair in re.findall(r'differs=(\w+)"[^>]*>.*?"number">(\d+)<', found[1] if found else "")]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["TALK", "ROOM", "OUT", "NEW"]),
        ("differs=time", ["TALK"]),
        ("differs=room", ["ROOM"]),
        ("differs=added", ["NEW"]),
        ("differs=removed", ["OUT"]),
        ("day=2037-06-02", ["OUT", "NEW"]),
        ("room=HALL", ["TALK", "ROOM", "OUT"]),
        ("room=ATTIC&day=2037-06-01", ["ROOM"]),
        ("room=ATTIC&differs=time", []),
        ("differs=nonsense", ["TALK", "ROOM", "OUT", "NEW"]),
    ],
)
def test_the_list_is_narrowed(moved: Desk, alice: Client, query: str, codes: list[str]) -> None:
    html = squeezed(alice.get(f"/organize/forum/releases/3/?{query}").content.decode())
    assert (listed(html), counts(html)) == (codes, ["time 1", "room 1", "added 1", "removed 1"])
    assert ("No change of this kind." in html) == (not codes)
    assert ("Differs in: “nonsense” is not there" in html) == ("nonsense" in query)


@pytest.mark.parametrize(
    "page", ["releases/3/", "drafts/{draft}/publish/", "programme/compare/?old=release-2&new=release-3"]
)
def test_pages_keep_what_was_asked(moved: Desk, alice: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PER_PAGE", 1)
    publish(moved.conference, [(moved.talk, moved.hall, at(moved.conference, "09:00"))])
    address = f"/organize/forum/{page.format(draft=moved.draft.pk)}"
    joined = "&" if "?" in address else "?"
    html = squeezed(alice.get(f"{address}{joined}room=ATTIC&page=2").content.decode()).replace("&amp;", "&")
    assert len(listed(html)) == 1
    kept = f"{address.partition('?')[2]}&" if "?" in address else ""
    assert f'href="?{kept}room=ATTIC&page=1"' in html
