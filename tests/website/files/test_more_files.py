"""Books, the timetable to print, and the copy of the pages over HTTP; and large ones, which a worker makes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from redis.exceptions import ConnectionError as RedisAwayError

from journal.actors import SYSTEM
from schedule.domain.programme.sessions import rename_session
from schedule.domain.published.programme import PublishedProgramme, published
from schedule.exchange.files import making
from schedule.exchange.files.formats import FILES
from schedule.models import Conference, Release
from tests.fixtures.programmes import World
from website.files import views
from website.files.last_made import LastMade

pytestmark = pytest.mark.django_db
every_file = pytest.mark.parametrize("name", FILES)


@every_file
def test_file_has_type_name_language_and_tag(world: World, client: Client, name: str) -> None:
    first = client.get(f"/open-forum/files/{name}?lang=ko")
    assert (first.status_code, first["Content-Type"], first["Content-Language"], first["Cache-Control"]) == (
        200, FILES[name].content_type, "ko", "public, max-age=60",
    )  # fmt: skip
    assert first["Content-Disposition"].endswith(f'filename="open-forum-2-ko-{name}"')
    assert first.content[:4] in {b"%PDF", b"PK\x03\x04"}
    cache.clear()
    again = client.get(f"/open-forum/files/{name}?lang=ko")
    assert (again["ETag"], again.content) == (first["ETag"], first.content)
    unchanged = client.get(f"/open-forum/files/{name}?lang=ko", headers={"if-none-match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("name", ["book-a4.pdf", "book-a5.pdf", "book-a6.pdf"])
def test_books_are_in_all_languages_too(world: World, client: Client, name: str) -> None:
    response = client.get(f"/open-forum/files/{name}?lang=all")
    assert (response.status_code, response["Content-Language"]) == (200, "en, ko")


@pytest.mark.parametrize(
    "address",
    [
        "schedule.pdf?lang=all", "files/site.zip?lang=all", "files/book-a4.pdf?lang=fr", "files/book-a3.pdf", "files/",
        "schedule.txt?day=2037-06-09", "schedule.txt?day=", "schedule.txt?day=1%00",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(world: World, client: Client, address: str) -> None:
    assert client.get("/open-forum/files/timetable.xlsx").status_code == 200
    assert client.get(f"/open-forum/{address}").status_code == 404


def test_text_of_one_day(world: World, client: Client) -> None:
    whole = client.get("/open-forum/schedule.txt?lang=en")
    day = client.get("/open-forum/schedule.txt?lang=en&day=2037-06-02")
    assert day["Content-Disposition"] == 'inline; filename="open-forum-2-en-2037-06-02.txt"'
    assert ("Monday, 1 June 2037" in whole.text, "Tuesday, 2 June 2037" in whole.text) == (True, True)
    assert ("Monday, 1 June 2037" in day.text, "Tuesday, 2 June 2037" in day.text) == (False, True)
    assert whole["ETag"] != day["ETag"]
    # Other files have no days: what is asked of them besides changes nothing.
    assert client.get("/open-forum/schedule.json?day=x").status_code == 200


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every programme is a large one; what workers are sent is noted, and done by nobody."""
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(views, "MANY", 1)
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_options: sent.append(args))
    return sent


@pytest.mark.parametrize("address", ["files/site.zip", "files/book-a6.pdf", "schedule.pdf"])
def test_a_large_file_is_made_by_a_worker_once(
    world: World, client: Client, large: list[tuple[Any, ...]], address: str
) -> None:
    path = f"/open-forum/{address}?lang=en"
    waiting = [client.get(path) for _number in range(3)]
    assert [(one.status_code, one["Retry-After"], one["Refresh"], one["Cache-Control"]) for one in waiting] == (
        [(503, "5", "5", "no-store")] * 3
    )
    assert ["ETag" in one for one in waiting] == [False] * 3
    [task] = large
    assert making.make_and_keep(*task) is True
    made = client.get(path)
    assert (made.status_code, made.content[:2] in {b"PK", b"%P"}, len(large)) == (200, True, 1)


@pytest.mark.parametrize("address", ["schedule.json", "schedule.xlsx", "files/timetable.xlsx", "schedule.txt"])
def test_what_is_made_quickly_waits_for_nobody(
    world: World, client: Client, large: list[tuple[Any, ...]], address: str
) -> None:
    assert (client.get(f"/open-forum/{address}").status_code, large) == (200, [])


def test_where_no_worker_can_be_woken_it_is_made_for_who_asks(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any, **_options: Any) -> None:
        raise RedisAwayError

    monkeypatch.setattr(views, "MANY", 1)
    monkeypatch.setattr(current_app, "send_task", away)
    assert client.get("/open-forum/files/book-a6.pdf").status_code == 200


def test_where_no_worker_can_be_woken_one_large_file_is_made_at_a_time(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any, **_options: Any) -> None:
        raise RedisAwayError

    real = published
    meanwhile: list[int] = []
    addresses = ["schedule.pdf", "files/site.zip", "schedule.json"]

    def made(conference: Conference, release: Release) -> PublishedProgramme:
        if not meanwhile:
            meanwhile.append(0)
            meanwhile[:] = [client.get(f"/open-forum/{address}?lang=en").status_code for address in addresses]
        return real(conference, release)

    monkeypatch.setattr(views, "MANY", 1)
    monkeypatch.setattr(views, "LAST_MADE", LastMade())
    monkeypatch.setattr(views, "published", made)
    monkeypatch.setattr(current_app, "send_task", away)
    assert client.get("/open-forum/schedule.pdf?lang=en").status_code == 200
    # Nobody waits in a thread, neither for another nor for the same; what is made quickly is there at once.
    assert meanwhile == [503, 503, 200]
    assert [client.get(f"/open-forum/{address}?lang=en").status_code for address in addresses] == [200, 200, 200]


def test_files_that_are_made_take_half_of_the_threads(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is made another is asked for, and while that is made two more: as many at once as there are places."""
    real, begun, meanwhile = published, [""], dict[str, int]()
    inner = {
        "schedule.pdf": ["files/site.zip"],
        "files/site.zip": ["schedule.xlsx", "files/book-a6.pdf", "schedule.xml"],
    }

    def ask(address: str) -> int:
        begun.append(address)
        return client.get(f"/open-forum/{address}?lang=en").status_code

    def made(conference: Conference, release: Release) -> PublishedProgramme:
        for address in inner.pop(begun[-1], []):
            meanwhile[address] = ask(address)
        return real(conference, release)

    monkeypatch.setattr(views, "LAST_MADE", LastMade(places=2))
    monkeypatch.setattr(views, "published", made)
    assert ask("schedule.pdf") == 200
    assert meanwhile == {"files/site.zip": 200, "schedule.xlsx": 503, "files/book-a6.pdf": 503, "schedule.xml": 200}
    assert [ask(address) for address in meanwhile] == [200] * 4


def test_a_worker_makes_nothing_that_is_not_public(world: World) -> None:
    assert making.make_and_keep(world.conference.pk, "book-a6.pdf", "en") is True
    world.conference.is_public = False
    world.conference.save(update_fields=["is_public"])
    assert making.make_and_keep(world.conference.pk, "book-a6.pdf", "en") is False
    assert making.make_and_keep(0, "book-a6.pdf", "en") is False


def test_what_changed_while_it_was_made_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = published

    def meanwhile(conference: Conference, release: Release) -> PublishedProgramme:
        found = real(conference, release)
        rename_session(world.open, title={"en": "Other", "ko": "다른"}, actor=SYSTEM)
        return found

    monkeypatch.setattr(making, "published", meanwhile)
    assert making.make_and_keep(world.conference.pk, "book-a6.pdf", "en") is False


@pytest.mark.parametrize("queries", [1, 4, 7])
def test_of_a_conference_that_is_deleted_meanwhile_no_file_is_made(world: World, queries: int) -> None:
    seen = itertools.count()

    def meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if next(seen) == queries:
            with connection.cursor() as cursor:  # as another process does it
                cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
                cursor.execute("DELETE FROM schedule_release WHERE conference_id = %s", [world.conference.pk])
                cursor.execute("DELETE FROM schedule_conference WHERE id = %s", [world.conference.pk])
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(meanwhile):
        assert making.make_and_keep(world.conference.pk, "txt", "en") is False
        transaction.set_rollback(True)
