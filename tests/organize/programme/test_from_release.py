"""A draft from a release: the newest or an older one, with what is not any more said in words."""

from __future__ import annotations

import pytest
from django.test import Client

from journal.actors import SYSTEM
from schedule.domain.editing.absences import close_room
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Draft
from tests.factories import at, both, make_session, publish
from tests.organize.conftest import Desk
from tests.responses import squeezed

pytestmark = pytest.mark.django_db


def made(client: Client, number: int, **data: str) -> tuple[Draft, str]:
    """The draft, and the page one is led to."""
    answer = client.post(f"/organize/forum/releases/{number}/draft/", data, follow=True)
    draft = Draft.objects.latest("pk")
    assert answer.redirect_chain == [(f"/organize/forum/drafts/{draft.pk}/", 302)]
    return draft, squeezed(answer.content.decode())


def test_it_has_what_was_published_whatever_newer_drafts_have(desk: Desk, alice: Client) -> None:
    for path in ("programme/", "releases/1/"):
        page = alice.get(f"/organize/forum/{path}").content.decode()
        assert 'action="/organize/forum/releases/1/draft/"' in page
    draft, page = made(alice, 1)
    (row,) = draft.placements.all()
    assert (row.session, row.room, row.start) == (desk.talk, desk.hall, at(desk.conference, "09:00"))
    assert "Draft “Release 1” has the times and rooms of release 1." in page
    assert "cancelled since" not in page
    assert "must be solved" not in page
    named, _page = made(alice, 1, name="Plan B")
    twice, _page = made(alice, 1, name="Plan B", csrfmiddlewaretoken="of another page")
    assert (named.name, twice.name) == ("Plan B", "Plan B (2)")


def test_what_is_no_more_is_said_for_an_older_release_too(desk: Desk, alice: Client) -> None:
    off = make_session(desk.conference, code="OFF", title=both("Off"))
    nine, ten = (at(desk.conference, clock) for clock in ("09:00", "10:00"))
    publish(desk.conference, [(desk.talk, desk.hall, nine), (off, desk.attic, nine)])
    publish(desk.conference, [(desk.talk, desk.attic, ten)])
    cancel_session(off, actor=SYSTEM)
    close_room(desk.hall, starts_at=nine, ends_at=ten, actor=SYSTEM)
    draft, page = made(alice, 2)
    assert set(draft.placements.values_list("session__code", "room__code")) == {("TALK", "HALL"), ("OFF", "ATTIC")}
    assert "1 session was cancelled since, and is not published again: “Off”" in page
    assert "1 conflict must be solved before it can be published:" in page
    assert "Hall" in page


def test_only_the_team_may_and_only_from_its_own(desk: Desk, alice: Client, bob: Client, charlie: Client) -> None:
    for client, path in ((bob, "forum"), (charlie, "forum"), (charlie, "elsewhere")):
        assert client.post(f"/organize/{path}/releases/1/draft/").status_code == 404
    assert alice.post("/organize/forum/releases/9/draft/").status_code == 404
    assert "Draft from release" not in bob.get("/organize/forum/programme/").content.decode()
    too_long = alice.post("/organize/forum/releases/1/draft/", {"name": "x" * 121}, follow=True)
    assert too_long.redirect_chain == [("/organize/forum/releases/1/", 302)]
    assert Draft.objects.count() == 1


def test_why_not_is_asked_of_what_is_published_and_an_experiment_says_nothing(desk: Desk, alice: Client) -> None:
    other = make_session(desk.conference, code="OTHER", title=both("Other talk"))
    publish(
        desk.conference,
        [(desk.talk, desk.hall, at(desk.conference, "09:00")), (other, desk.attic, at(desk.conference, "13:00"))],
    )
    # In the newer draft the hall is taken at ten; in the release it is free then, and the attic taken at one.
    address = "/organize/forum/releases/2/sessions/OTHER/"
    free = squeezed(alice.get(f"{address}?day=2037-06-01&time=10:00&room=HALL").content.decode())
    assert "No rule stands against it." in free
    taken = squeezed(
        alice.get("/organize/forum/releases/2/sessions/TALK/?day=2037-06-01&time=13:00&room=ATTIC").content.decode()
    )
    assert "Room used twice" in taken
    answer = alice.post(address, {"day": "2037-06-01", "time": "10:00", "room": "HALL"})
    draft = Draft.objects.latest("pk")
    assert answer["Location"] == f"/organize/forum/drafts/{draft.pk}/"
    assert draft.placements.get(session=other).room == desk.hall
    assert draft.placements.get(session=desk.talk).start == at(desk.conference, "09:00")
    refused = alice.post(address, {"day": "2037-06-01", "time": "25:00", "room": "HALL"})
    assert (refused.status_code, Draft.objects.count()) == (422, 2)


def test_conflicts_of_what_is_published_lead_to_its_own_page(desk: Desk, alice: Client, bob: Client) -> None:
    close_room(desk.hall, starts_at=at(desk.conference, "09:00"), ends_at=at(desk.conference, "10:00"), actor=SYSTEM)
    fix = 'href="/organize/forum/releases/1/sessions/TALK/"'
    assert (fix in alice.get("/organize/forum/conflicts/").content.decode()) is True
    assert (fix in bob.get("/organize/forum/conflicts/").content.decode()) is False
