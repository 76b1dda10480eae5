"""Every organizers' page for every role, against the one table (`organize.pages`) and the one matrix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import resolve

from accounts.domain.teams import Granted, give_role
from accounts.models import User
from accounts.rights import MATRIX, Area, Rights
from journal.actors import SYSTEM
from notifications.models import Message
from organize.access import BY_THEME, may_open
from organize.pages import NEEDS, Need
from registration.domain.signups.signing_up import sign_up
from schedule.models import Placement
from tests.factories import at, make_registration, make_session, make_theme, make_user
from tests.organize.conftest import Desk, signed_in
from tests.organize.test_access import MAY_CHANGE, PAGES, POST_ONLY, READ_ONLY, message, paths_of  # noqa: F401  # a fixture
from tests.present import present

# Not of one conference.
OUTSIDE = {"index", "new_conference", "copied_conference"}
OWNERS_ONLY = {"conference_delete", "archives", "archive_progress"}
WHO = {
    "organizer": Granted("organizer"),
    "editor": Granted("editor"),
    "desk": Granted("desk"),
    "editor of one theme": Granted("editor", themes=("water",)),
}


def test_every_page_has_its_area() -> None:
    assert set(NEEDS) == set(PAGES) - OUTSIDE


def expected(name: str, rights: Rights) -> int:
    """What a look at the page answers, where nothing it is about is of the member's themes."""
    need, answers = NEEDS[name], PAGES[name][1]
    is_changing, opened = answers[1] == 404, answers[0]  # what the viewer and the owner get
    if answers == POST_ONLY:
        return 405
    if need.area is None:
        return opened if rights.changes or not is_changing else 404
    if not rights.may_see(need.area) or name in OWNERS_ONLY or (need.names_people and rights.themes is not None):
        return 404
    by_theme = need.area in BY_THEME and rights.themes is not None
    return 404 if is_changing and (by_theme or not may_change(rights, need)) else opened


def may_change(rights: Rights, need: Need) -> bool:
    return all(rights.may_change(area) for area in (need.area, need.also) if area is not None)


def links_of(answer: HttpResponseBase) -> list[str]:
    """The organizers' pages that a page links to."""
    html = getattr(answer, "content", b"").decode() if answer["Content-Type"].startswith("text/html") else ""
    return sorted(set(re.findall(r'href="(/organize/forum/[^"#]*)', html)))


def test_no_page_of_an_area_links_to_another_that_its_reader_may_not_open(desk: Desk, message: Message) -> None:  # noqa: F811  # the fixture
    sign_up(present(message.registration), desk.talk, actor=SYSTEM)
    paths, closed = paths_of(desk, message), []
    for area in (Area.REGISTRATIONS, Area.PROGRAMME, Area.SETUP, Area.DESK, Area.MAILS, Area.WEBHOOKS, Area.TEAM):
        user = make_user(email=f"{area}@example.org", password=None)
        chosen = Granted("custom", (area,), (area,))
        give_role(desk.team, user, chosen, actor=SYSTEM)
        client = signed_in(user)
        for name, need in NEEDS.items():
            if need.area == area and name not in OWNERS_ONLY:
                links = links_of(client.get(paths[name]))
                closed += [(name, one) for one in links if not may_open(chosen.rights, urlsplit(one).path)]
        closed += [
            ("home", one)
            for one in links_of(client.get("/organize/forum/"))
            if not may_open(chosen.rights, urlsplit(one).path)
        ]
    assert closed == []


@pytest.mark.parametrize("who", WHO)
def test_pages_open_to_whom_the_table_says_and_link_to_no_other(desk: Desk, message: Message, who: str) -> None:  # noqa: F811  # the fixture
    make_theme(desk.conference, code="water")
    visitor, granted = make_user(email="visitor@example.org", password=None), WHO[who]
    give_role(desk.team, visitor, granted, actor=SYSTEM)
    client, rights = signed_in(visitor), granted.rights
    paths, answers = paths_of(desk, message), {}
    closed: list[tuple[str, str]] = []
    for name in NEEDS:
        answer = client.get(paths[name])
        answers[name] = answer.status_code
        closed += [(name, link) for link in links_of(answer) if not may_open(rights, urlsplit(link).path)]
    assert answers == {name: expected(name, rights) for name in NEEDS}
    assert closed == []
    for name, (_path, gets) in PAGES.items():
        if name in OUTSIDE or name in READ_ONLY or gets not in (MAY_CHANGE, POST_ONLY):
            continue
        need = NEEDS[name]
        if need.area is None or (may_change(rights, need) and (rights.themes is None or need.area not in BY_THEME)):
            continue
        assert (name, client.post(paths[name]).status_code) == (name, 404)


@dataclass
class Track:
    """Zoe edits the sessions about water, of which there is one; the talk is about nothing."""

    zoe: User
    client: Client
    own: str


@pytest.fixture
def track(desk: Desk) -> Track:
    water = make_theme(desk.conference, code="water")
    make_theme(desk.conference, code="fire")
    make_session(desk.conference, code="RIVER", theme=water)
    zoe = make_user(email="zoe@example.org", password=None)
    rights = Granted("custom", ("programme", "desk"), ("programme", "desk"), ("water",))
    give_role(desk.team, zoe, rights, actor=SYSTEM)
    return Track(zoe, signed_in(zoe), "RIVER")


def test_a_theme_editor_stays_in_their_themes(desk: Desk, track: Track) -> None:
    get, post = track.client.get, track.client.post
    draft = f"/organize/forum/drafts/{desk.draft.pk}/"
    assert [get(f"{draft}sessions/{code}/").status_code for code in ("RIVER", "TALK")] == [200, 404]
    assert post(f"{draft}sessions/TALK/", {}).status_code == 404
    assert [get(f"/organize/forum/sessions/{code}/").status_code for code in ("RIVER", "TALK")] == [200, 200]
    river, talk = (desk.conference.sessions.get(code=code).pk for code in ("RIVER", "TALK"))
    setup = "/organize/forum/setup/sessions/"
    assert [get(f"{setup}{pk}/delete/").status_code for pk in (river, talk)] == [200, 404]
    assert "disabled" in get(f"{setup}{talk}/").content.decode()
    others = (f"{setup}new/", f"{draft}publish/", f"{setup}{talk}/")
    assert [post(path).status_code for path in others] == [404] * 3
    start = at(desk.conference, "14:00")
    river_session = desk.conference.sessions.get(pk=river)
    Placement.objects.create(
        draft=desk.draft, session=river_session, room=desk.hall, start=start, end=start + timedelta(hours=1)
    )
    # Nor does another session move because theirs changes places with it.
    Placement.objects.create(
        draft=desk.draft, session=make_session(desk.conference, code="LAKE", theme=river_session.theme), room=desk.hall,
        start=start + timedelta(hours=1), end=start + timedelta(hours=2),
    )  # fmt: skip
    places = f"{draft}sessions/RIVER/places/"
    assert {one["with"] for one in get(f"{draft}sessions/RIVER/places.json").json()["exchanges"]} == {"LAKE"}
    answers = []
    for code in ("TALK", "LAKE"):
        desk.draft.refresh_from_db()
        answers.append(post(places, {"other": code, "version": desk.draft.version}).status_code)
    assert (answers, desk.draft.placements.get(session=river_session).start) == ([422, 302], start + timedelta(hours=1))
    assert desk.draft.placements.get(session=talk).start == at(desk.conference, "10:00")
    page = get(draft).content.decode()
    assert (f"{draft}sessions/RIVER/" in page, f"{draft}sessions/TALK/" in page) == (True, False)


def test_names_of_other_themes_are_not_theirs_to_read(desk: Desk, track: Track) -> None:
    guest = make_registration(desk.conference, display_name="Guest Of The Talk")
    sign_up(guest, desk.talk, actor=SYSTEM)
    names = [f"/organize/forum/sign-ups/TALK/{end}" for end in ("", "names.csv")]
    assert [track.client.get(path).status_code for path in names] == [404, 404]
    assert track.client.get("/organize/forum/sign-ups/RIVER/").status_code == 200
    assert "Guest Of The Talk" not in track.client.get("/organize/forum/journal/").content.decode()


def test_the_journal_and_the_overview_show_what_their_reader_may_see(desk: Desk) -> None:
    user = make_user(email="mailer@example.org", password=None)
    give_role(desk.team, user, Granted("custom", ("mails",), ("mails",)), actor=SYSTEM)
    client = signed_in(user)
    pages = [client.get(f"/organize/forum/{path}").content.decode() for path in ("", "journal/")]
    assert [word for page in pages for word in ("Registered", "is in the team", "TALK", ">Talk<") if word in page] == []
    assert "Mails sent" in pages[0]
    owner = signed_in(desk.alice).get("/organize/forum/journal/").content.decode()
    assert "mailer@example.org is in the team" in owner


def test_a_page_without_an_area_is_for_owners(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    organizer = make_user(email="olga@example.org", password=None)
    give_role(desk.team, organizer, "organizer", actor=SYSTEM)
    monkeypatch.setattr("organize.access.NEEDS", {})
    assert signed_in(organizer).get("/organize/forum/rooms/").status_code == 404
    path = "/organize/forum/setup/rooms/"
    assert [signed_in(one).get(path).status_code for one in (organizer, desk.alice)] == [404, 200]
    assert resolve(path).url_name == "rooms"


def test_restricted_answers_are_an_area_of_their_own(desk: Desk) -> None:
    registration = make_registration(desk.conference, diet="halal", access_note="dialysis on Tuesdays")
    page = f"/organize/forum/registrations/{registration.uid}/"
    for role, sees in (("desk", True), ("organizer", True), ("viewer", False)):
        user = make_user(email=f"{role}@example.org", password=None)
        give_role(desk.team, user, role, actor=SYSTEM)
        html = signed_in(user).get(page).content.decode()
        assert (role, "dialysis" in html, "alal" in html) == (role, sees, sees)
        assert MATRIX[role].may_see("answers") is sees
