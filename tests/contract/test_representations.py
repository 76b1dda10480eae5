"""Whatever shows a programme changes its tag with the facts that change it, and with no others.

A strong tag names bytes (RFC 9110, 8.8.1): two processes that answer with one tag answer with the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
import typst
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from journal.actors import SYSTEM, Actor
from journal.facts import Concern, facts
from journal.models import Entry
from journal.recording import record
from notifications.feeds import feed_cache, public_feeds
from notifications.feeds.personal_feeds import feed_url
from registration.domain.signups.signing_up import sign_up
from schedule.domain.programme import sessions as editing
from schedule.domain.published import programme as writers
from schedule.domain.published.identities import person_identity
from schedule.domain.timetables.kept import Kept
from schedule.models import Body, Conference, Kind, Person, Role, Room, Session, SessionHost, Theme
from tests.contract.public_view.channels import Drawn
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_theme,
    make_user,
    publish,
)
from tests.facts import a_fact
from tests.notifications.places import make_feed
from tests.schedule.administration import fields, without_lines
from website import cached_pages, pages
from website.calendars import feeds as feed_views
from website.files import views as files
from website.programme import views as programme_view
from website.sessions import views as session_view

pytestmark = pytest.mark.django_db


def both(text: str) -> dict[str, str]:
    return {"en": text, "ko": f"{text} (한국어)"}


PROGRAMME, PLACE, PERSON = Concern.PROGRAMME, Concern.PLACE, Concern.PERSON
PAGES = ("/forum/", "/forum/sessions/A/", "/forum/changes/")
FILES = (
    *(f"/forum/schedule.{extension}" for extension in ("json", "xml", "xlsx", "pdf", "txt")),
    *(f"/forum/files/{name}" for name in ("book-a6.pdf", "timetable.xlsx", "site.zip")),
)
API = ("/api/v1/conferences/forum/", "/api/v1/conferences/forum/sessions/")


@dataclass
class World:
    """One released session that names everything there is to name, and somebody who has a place in it."""

    conference: Conference
    kind: Kind
    theme: Theme
    room: Room
    body: Body
    person: Person
    session: Session
    other: Session
    member: Client
    personal_feed: str

    @property
    def feeds(self) -> tuple[str, ...]:
        speaker = person_identity(self.conference, self.person.code)
        parts = ("room/HALL", "kind/talk", "theme/peace", f"speaker/{speaker}", "day/2037-06-01")
        return ("/forum/schedule.ics", *(f"/forum/schedule/{one}.ics" for one in parts), "/forum/sessions/A.ics")

    @property
    def tagged(self) -> tuple[str, ...]:
        return (*PAGES, *FILES, *self.feeds)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    # Within one minute, which these tests may take longer than: so long pages and feeds are kept.
    monkeypatch.setattr(feed_cache, "MAX_AGE", 3600)
    monkeypatch.setattr(cached_pages, "minute_of", lambda _now: 0)
    monkeypatch.setattr(programme_view, "minute_of", lambda _now: 0)
    forget()
    conference = make_conference(slug="forum", venue=both("Town hall"), registration_open=True)
    kind, theme = make_kind(conference, code="talk", name=both("Talk")), make_theme(conference, code="peace")
    room = make_room(conference, code="HALL", name=both("Hall"), capacity=40, features=["wheelchair"])
    body, person = make_body(conference, name=both("City")), make_person(conference, name=both("Kim"))
    session = make_session(conference, code="A", kind=kind, theme=theme, abstract=both("We open."))
    other = make_session(conference, code="B", kind=kind)
    SessionHost.objects.create(session=session, body=body)
    Role.objects.create(session=session, person=person, role="speaker")
    publish(conference, [(session, room, at(conference, "09:00"))])
    publish(conference, [(session, room, at(conference, "10:00")), (other, room, at(conference, "14:00"))])
    registration = make_registration(conference)
    sign_up(registration, session, actor=SYSTEM)
    member = Client()
    own = member.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    member.cookies["sessionid"] = str(own.session_key)
    address = feed_url(make_feed(registration)).removeprefix("https://forum.example.org")
    return World(conference, kind, theme, room, body, person, session, other, member, address)


def forget() -> None:
    """What another process has kept: nothing."""
    cache.clear()


def read(client: Client, paths: tuple[str, ...]) -> dict[str, tuple[str, bytes]]:
    """Tag and bytes of each."""
    found = {}
    for path in paths:
        response = client.get(path)
        # A calendar of somebody or a theme that nothing shows any more is gone, and has no tag.
        assert response.status_code == 200 or "/speaker/" in path or "/theme/" in path, path
        found[path] = (response.get("ETag", ""), response.content)
    return found


def tags(client: Client, paths: tuple[str, ...]) -> dict[str, str]:
    return {path: tag for path, (tag, _) in read(client, paths).items()}


def look(places: Iterable[tuple[Client, str]]) -> dict[tuple[Client, str], str]:
    """The tag at each place: what one of the clients is answered there."""
    return {(client, path): tags(client, (path,))[path] for client, path in places}


@pytest.mark.slow
def test_tags_change_with_what_a_fact_concerns_and_with_nothing_else(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every class of fact. Calendars are tagged by their bytes, so of them it is seen whether they are written anew."""
    # Tags are looked at here, no bytes, and a PDF would be drawn again for every fact.
    monkeypatch.setattr(typst, "Compiler", Drawn)
    written: list[object] = []
    public_feed = public_feeds.public_feed

    def noticed(*args: Any, **options: Any) -> Any:
        written.append(args)
        return public_feed(*args, **options)

    monkeypatch.setattr(feed_views, "public_feed", noticed)
    read(world.member, PAGES)  # their forms bring a token, which is part of the tag from then on
    shows: dict[tuple[Client, str], tuple[Concern, ...]] = {(client, path): (PROGRAMME, PLACE) for path in PAGES}
    shows |= {(client, path): (PROGRAMME,) for path in FILES}
    shows |= {(world.member, path): (PROGRAMME, PLACE, PERSON) for path in PAGES}
    kept = look(shows)
    read(client, world.feeds)
    for concern in Concern:
        kinds = [kind for kind in facts() if kind.concerns == concern]
        assert kinds, concern
        due = [place for place, concerns in shows.items() if concern in concerns]
        # Each of them alone changes what it concerns. What it does not, none of them does: all at once.
        for together in [[kind] for kind in kinds] if due else [kinds]:
            written.clear()
            with transaction.atomic():
                for kind in together:
                    record(a_fact(kind.verb, conference_id=world.conference.pk), actor=SYSTEM)
            verbs = [kind.verb for kind in together]
            after = look(due)
            assert [place for place in due if after[place] == kept[place]] == [], verbs
            kept |= after
            if concern == PROGRAMME:
                read(client, world.feeds)
                assert len(written) == len(world.feeds), verbs
        others = [place for place in shows if place not in due]
        assert look(others) == {place: kept[place] for place in others}, concern
        written.clear()
        read(client, world.feeds)
        assert written == [], concern


def test_facts_of_another_conference_change_nothing(client: Client, world: World) -> None:
    paths = (*PAGES, *FILES)
    before = tags(client, paths)
    with transaction.atomic():
        for kind in facts():
            record(a_fact(kind.verb, conference_id=make_conference().pk), actor=SYSTEM)
    assert tags(client, paths) == before


def test_a_fact_that_is_committed_behind_a_newer_one_changes_tags(client: Client, world: World) -> None:
    """Keys are given out before transactions end: the later of two commits may have the smaller key."""
    with transaction.atomic():
        newer = record(a_fact("theme.edited", conference_id=world.conference.pk), actor=SYSTEM)
    paths = (*PAGES, *FILES)
    before = tags(client, paths)
    late = {"conference_id": world.conference.pk, "verb": "kind.edited", "concerns": "programme", "actor": "system"}
    Entry.objects.create(pk=newer.pk - 900, **late)
    assert {path for path, tag in tags(client, paths).items() if tag != before[path]} == set(paths)


Edit = Callable[[World, Client], object]


def form(model: str, row: str, **changed: str) -> Edit:
    """Change these inputs of a row's page in the administration."""

    def send(world: World, admin: Client) -> None:
        path = f"/admin/schedule/{model}/{getattr(world, row).pk}/change/"
        assert admin.post(path, fields(admin, path) | without_lines(admin, path) | changed).status_code == 302

    return send


def cancelling(world: World, _admin: Client) -> None:
    editing.cancel_session(world.session, actor=SYSTEM)


def renaming(world: World, _admin: Client) -> None:
    editing.rename_session(world.session, title=both("Another title"), actor=SYSTEM)


def hosting(world: World, admin: Client) -> None:
    """An organisation is named beside the other, in a line of the session's page."""
    path = f"/admin/schedule/session/{world.session.pk}/change/"
    body = make_body(world.conference, name=both("Another host"))
    line = {"host_links-TOTAL_FORMS": 1, "host_links-0-session": world.session.pk, "host_links-0-body": body.pk}
    more = {"host_links-0-position": 5, "host_links-0-is_shown": "on"}
    assert admin.post(path, fields(admin, path) | without_lines(admin, path) | line | more).status_code == 302


EVERY_FILE = {"json", "xml", "xlsx", "pdf", "zip"}
EVERYWHERE = {"page", "session page", "ics", "api", *EVERY_FILE}
# What is edited, how, and where it is seen at once; of files by their extension.
EDITS: dict[str, tuple[Edit, set[str]]] = {
    "kind": (form("kind", "kind", name_0="Lecture"), {"page", "ics", "api", *EVERY_FILE}),
    "theme": (form("theme", "theme", name_0="Dignity"), {"page", "session page", "ics", "api", *EVERY_FILE}),
    "organisation": (form("body", "body", name_0="Province"), {"session page", "api", *EVERY_FILE}),
    "person": (form("person", "person", name_0="Lee"), {"session page", "api", *EVERY_FILE}),
    "affiliation": (form("person", "person", affiliation="University"), {"session page", "api"}),
    "name of a room": (form("room", "room", name_0="Aula"), EVERYWHERE),
    "seats of a room": (form("room", "room", capacity="41"), {"json"}),
    "features of a room": (form("room", "room", features=""), {"session page"}),
    "abstract": (form("session", "session", abstract_0="We close."), {"session page", "ics", "api", "json", "xml"}),
    "languages of a session": (
        form("session", "session", languages="ko"),
        {"page", "session page", "api", "json", "xml", "xlsx"},
    ),
    "policy": (form("session", "session", signup="invitation"), EVERYWHERE),
    "title": (renaming, EVERYWHERE),
    "cancellation": (cancelling, EVERYWHERE),
    "host": (hosting, {"session page", "api", *EVERY_FILE}),
    "conference": (
        form("conference", "conference", name_0="Congress"),
        {"page", "session page", "ics", "api", *EVERY_FILE},
    ),
    "venue": (form("conference", "conference", venue_0="Castle"), {"ics", "api", "xlsx", "pdf"}),
}


@pytest.fixture
def admin() -> Client:
    client = Client()
    user = make_user(password=None, is_staff=True, is_superuser=True)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def places_of(world: World) -> Iterator[tuple[str, str]]:
    """Where each kind of sight is looked for."""
    yield "page", "/forum/"
    yield "session page", "/forum/sessions/A/"
    yield "ics", "/forum/schedule.ics"
    yield "api", API[0]
    yield "api", API[1]
    yield from ((path.rpartition(".")[2], path) for path in FILES)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_seen_at_once_and_never_under_the_old_tag(
    client: Client, admin: Client, world: World, name: str
) -> None:
    edit, expected = EDITS[name]
    paths = (*world.tagged, *API)
    before = read(client, paths)
    edit(world, admin)
    kept_here = read(client, paths)
    forget()
    elsewhere = read(client, paths)
    seen = {kind for kind, path in places_of(world) if elsewhere[path][1] != before[path][1]}
    assert expected <= seen
    for path in paths:
        (old_tag, old), (tag, new) = before[path], elsewhere[path]
        assert kept_here[path] == (tag, new), path
        if new != old and tag:
            assert tag != old_tag, path
            assert client.get(path, headers={"if-none-match": old_tag}).status_code == 200, path


def test_personal_calendar_follows_what_it_names(client: Client, admin: Client, world: World) -> None:
    before = client.get(world.personal_feed)
    for name in ("kind", "name of a room", "title", "venue", "conference"):
        EDITS[name][0](world, admin)
        after = client.get(world.personal_feed, headers={"if-none-match": before["ETag"]})
        assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True), name
        before = after


def files_in(put: mock.Mock) -> int:
    """How many files were kept."""
    return sum(name.startswith("kept:") for call in put.call_args_list for name in call.args[0])


def test_what_was_read_during_a_change_gets_no_tag_and_is_kept_by_nobody(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change is committed after the state was asked for, and before all of it was read."""

    def meanwhile(*_args: object, **_options: object) -> None:
        editing.rename_session(world.session, title=both(f"Title {len(done)}"), actor=Actor.organizer(1))
        done.append(1)

    done: list[int] = []
    published, page = writers.published, pages.page

    def late_file(*args: Any) -> Any:
        found = published(*args)
        meanwhile()
        return found

    monkeypatch.setattr(files, "published", late_file)
    with mock.patch.object(Kept, "put") as put:
        response = client.get("/forum/schedule.json?lang=en")
    assert (response.status_code, "ETag" in response, "Last-Modified" in response) == (200, False, False)
    assert files_in(put) == 0
    monkeypatch.setattr(files, "published", published)
    with mock.patch.object(Kept, "put") as put:
        again = client.get("/forum/schedule.json?lang=en")
    assert files_in(put) == 1
    assert (b"Title 0" in again.content, "ETag" in again) == (True, True)

    def late_page(*args: Any, **options: Any) -> Any:
        found = page(*args, **options)
        meanwhile()
        return found

    monkeypatch.setattr(session_view, "page", late_page)
    assert "ETag" not in client.get("/forum/sessions/A/")
    monkeypatch.setattr(session_view, "page", page)
    response = client.get("/forum/sessions/A/")
    assert ("Title 1" in response.content.decode(), "ETag" in response) == (True, True)


def test_every_row_that_can_be_edited_leaves_a_fact_with_what_changed(admin: Client, world: World) -> None:
    start = Entry.objects.count()
    form("kind", "kind", name_0="Lecture")(world, admin)
    form("room", "room", features="", name_0="Aula")(world, admin)
    form("person", "person", name_0="Lee")(world, admin)
    form("session", "session", abstract_0="Secret", expected_attendance="30")(world, admin)
    told = [(one.verb, one.data) for one in Entry.objects.order_by("pk")[start:] if not one.verb.startswith("signup.")]
    assert told == [
        ("kind.edited", {"changes": {"name": {"old": both("Talk"), "new": both("Talk") | {"en": "Lecture"}}}}),
        (
            "room.renamed",
            {"old": both("Hall"), "new": both("Hall") | {"en": "Aula"}, "sessions": [world.session.pk, world.other.pk]},
        ),
        ("room.edited", {"changes": {"features": {"old": ["wheelchair"], "new": []}}}),
        ("person.edited", {"changes": {"name": None}}),
        (
            "session.edited",
            {"changes": {"abstract": None, "expected_attendance": {"old": 0, "new": 30}}},
        ),
    ]
    form("kind", "kind")(world, admin)
    assert Entry.objects.filter(verb="kind.edited").count() == 1


def test_deleting_and_adding_are_facts_too(admin: Client, world: World) -> None:
    path = "/admin/schedule/theme/add/"
    assert (
        admin.post(path, {"conference": world.conference.pk, "code": "new", "name_0": "New", "position": 1}).status_code
        == 302
    )
    theme = Theme.objects.get(code="new")
    assert admin.post(f"/admin/schedule/theme/{theme.pk}/delete/", {"post": "yes"}).status_code == 302
    told = Entry.objects.filter(verb="theme.edited").order_by("pk").values_list("subject_id", "data")
    assert list(told) == [(theme.pk, {"done": "added", "changes": {}}), (theme.pk, {"done": "deleted", "changes": {}})]
