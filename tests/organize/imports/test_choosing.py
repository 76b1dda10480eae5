"""What comes along with entries of an import that somebody ticks: said at each, and counted before it is imported."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from schedule.domain.programme.sessions import rename_session
from schedule.models import ImportRun, Person, Room, Session, Theme
from tests.factories import both
from tests.organize.conftest import Desk
from tests.organize.imports.test_views import apply, preview
from tests.present import present

TABLE = (
    "Code;Title;Minutes;Day;Start;Room;Kind;Theme;Speakers\n"
    "A1;Cities;45;2037-06-01;10:00;Loft;Panel;Water;Ada, Bob\n"
    "A2;Rivers;45;2037-06-01;12:00;Loft;Panel;Water;Ada\n"
    "TALK;Lecture;60;;;;;;\n"
)


def ticked(client: Client, address: str, *names: str, **more: Any) -> Any:
    """Send the preview with these entries ticked."""
    context = client.get(address).context
    ids = {line.name: line.id for line in context["lines"]}
    sent = {"version": context["version"], "which": "chosen", "entry": [ids[name] for name in names]}
    return client.post(address, sent | more)


def test_each_row_says_what_it_brings_along(desk: Desk, alice: Client) -> None:
    page = alice.get(preview(alice, TABLE))
    along = {line.name: list(line.along) for line in page.context["lines"]}
    new = ["Panel (Kind)", "Water (Theme)", "Loft (Room)", "Ada (Person)"]
    assert along == {
        "Panel": [], "Water": [], "Loft": [], "Ada": [], "Bob": [],
        "Cities": [*new, "Bob (Person)"],
        "Rivers": new,
        "Lecture": [],
    }  # fmt: skip
    assert page.text.count("Brings along:") == 2
    assert "Brings along: Panel (Kind), Water (Theme), Loft (Room), Ada (Person)" in page.text
    assert "and 1 more" in page.text


def test_what_comes_along_is_counted_and_agreed_to_before_it_is_imported(desk: Desk, alice: Client) -> None:
    address = preview(alice, TABLE)
    page = ticked(alice, address, "Rivers", "Cities")
    assert [(line.about, line.name, names, more) for line, names, more in page.context["along"]] == [
        ("Kind", "Panel", ["Cities", "Rivers"], 0),
        ("Theme", "Water", ["Cities", "Rivers"], 0),
        ("Room", "Loft", ["Cities", "Rivers"], 0),
        ("Person", "Ada", ["Cities", "Rivers"], 0),
        ("Person", "Bob", ["Cities"], 0),
    ]
    assert "You ticked 2 entries." in page.text
    assert "5 more come along: they are named there and are not in the conference yet." in page.text
    assert "Import all 7 entries" in page.text
    assert (ImportRun.objects.count(), Session.objects.count()) == (0, 1)
    back = alice.post(address, {"version": page.context["version"], "which": "back", "entry": page.context["ids"]})
    assert [line.name for line in back.context["lines"] if line.is_ticked] == ["Cities", "Rivers"]
    apply(alice, address, which="agreed", entry=page.context["ids"])
    assert sorted(Session.objects.values_list("code", flat=True)) == ["A1", "A2", "TALK"]
    assert (Person.objects.count(), Theme.objects.count(), Room.objects.filter(code="loft").count()) == (2, 1, 1)


def test_what_brings_nothing_is_imported_at_once(desk: Desk, alice: Client) -> None:
    address = preview(alice, TABLE)
    asked = ticked(alice, address, "Lecture")
    assert asked["Location"] == address.replace("preview", "progress")
    assert len(present(ImportRun.objects.get().chosen)) == 1


@pytest.mark.parametrize("entry", [[], ["nonsense"]])
def test_nothing_ticked_is_said(desk: Desk, alice: Client, entry: list[str]) -> None:
    address = preview(alice, TABLE)
    page = ticked(alice, address, "Lecture", entry=entry)
    assert (page.status_code, "Nothing is ticked." in page.text, ImportRun.objects.count()) == (422, True, 0)


def test_what_is_ticked_on_an_old_preview_is_looked_at_again(desk: Desk, alice: Client) -> None:
    address = preview(alice, TABLE)
    version = alice.get(address).context["version"]
    rename_session(desk.talk, title=both("Colloquium"), actor=SYSTEM)
    page = ticked(alice, address, "Lecture", version=version)
    assert "Somebody has changed the conference since" in page.text
    assert [line.name for line in page.context["lines"] if line.is_ticked] == ["Lecture"]
    assert ImportRun.objects.count() == 0


def test_what_comes_along_brings_what_it_names_itself(desk: Desk, alice: Client) -> None:
    """A session comes after another that stands below it, and that has a kind and a room of its own."""
    kinds = [{"key": f"code:{code}", "code": code, "name": {"en": code}} for code in ("K1", "K2")]
    rooms = [{"key": "code:R", "code": "R", "name": {"en": "R"}, "capacity": 5, "parts": ["code:S"]}]
    rooms += [{"key": "code:S", "code": "S", "name": {"en": "S"}, "capacity": 5, "parts": []}]
    x = {"code": "X", "kind": "code:K1", "after": ["code:Y"]}
    y = {"code": "Y", "kind": "code:K2", "place": {"room": "code:R", "start": "2037-06-01T01:00:00Z"}}
    sessions: list[dict[str, Any]] = [
        {"key": f"code:{one['code']}", "title": {"en": one["code"]}, "duration_minutes": 30} | one for one in (x, y)
    ]
    data = {"format": "plenary-archive", "version": 1, "timezone": "Asia/Seoul"}
    content = json.dumps(data | {"kind": kinds, "room": rooms, "session": sessions}).encode()
    address = preview(alice, content)
    page = ticked(alice, address, "X")
    assert [line.name for line, _names, _more in page.context["along"]] == ["K1", "K2", "R", "S", "Y"]
    assert apply(alice, address, which="agreed", entry=page.context["ids"])["Location"].endswith("/result/")
    made = Session.objects.get(code="X")
    assert [one.earlier.code for one in made.order_before.all()] == ["Y"]
    assert [one.part.code for one in Room.objects.get(code="R").part_links.all()] == ["S"]
