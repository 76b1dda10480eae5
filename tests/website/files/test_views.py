"""The public files over HTTP: who may have them, how they are named and kept."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from journal.actors import SYSTEM
from journal.recording import record
from schedule.domain.programme.sessions import rename_session
from tests import factories as f
from tests.facts import a_fact
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db

TYPES = {
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
every_format = pytest.mark.parametrize("extension", list(TYPES))


@every_format
def test_file_has_type_name_language_and_cache_headers(world: World, client: Client, extension: str) -> None:
    response = client.get(f"/open-forum/schedule.{extension}?lang=ko")
    disposition = "attachment" if extension == "xlsx" else "inline"
    assert response.status_code == 200
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": TYPES[extension],
        "Content-Disposition": f'{disposition}; filename="open-forum-2-ko.{extension}"',
        "Cache-Control": "public, max-age=60",
    }
    assert response["Content-Language"] == "ko"
    assert response["ETag"].startswith('"')
    assert "Set-Cookie" not in response
    assert response.content[:4] in {b'{"$s', b"<?xm", b"PK\x03\x04", b"%PDF", b"Open"}


@every_format
def test_unchanged_file_is_not_sent_again_and_its_bytes_stay(world: World, client: Client, extension: str) -> None:
    first = client.get(f"/open-forum/schedule.{extension}")
    cache.clear()
    second = client.get(f"/open-forum/schedule.{extension}")
    assert (second["ETag"], second.content) == (first["ETag"], first.content)
    again = client.get(f"/open-forum/schedule.{extension}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "public, max-age=60"
    head = client.head(f"/open-forum/schedule.{extension}")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


def test_each_language_format_change_and_release_has_its_own_tag(world: World, client: Client) -> None:
    tags = [
        client.get(f"/open-forum/schedule.{rest}")["ETag"] for rest in ("json?lang=en", "json?lang=ko", "xml?lang=en")
    ]
    with transaction.atomic():
        world.open.title.data["en"] = "Another title"
        world.open.save(update_fields=["title"])
        record(a_fact("session.renamed", conference_id=world.conference.pk, subject_id=world.open.pk), actor=SYSTEM)
    renamed = client.get("/open-forum/schedule.json?lang=en")
    assert b"Another title" in renamed.content
    tags.append(renamed["ETag"])
    f.make_release(world.conference, [])
    tags.append(client.get("/open-forum/schedule.json?lang=en")["ETag"])
    assert len(set(tags)) == 5


def test_signups_do_not_change_the_tag(world: World, client: Client) -> None:
    before = client.get("/open-forum/schedule.json")["ETag"]
    with transaction.atomic():
        record(a_fact("signup.confirmed", conference_id=world.conference.pk), actor=SYSTEM)
    assert client.get("/open-forum/schedule.json")["ETag"] == before


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr,en;q=0.5", "en"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("x" * 600, "en"),
    ],
)
def test_language_is_the_one_the_browser_prefers(world: World, client: Client, accept: str, language: str) -> None:
    response = client.get("/open-forum/schedule.json", headers={"accept-language": accept})
    assert (response["Content-Language"], response["Vary"]) == (language, "Accept-Language, Accept-Encoding")


@every_format
def test_texts_are_packed_for_whoever_unpacks_them(world: World, client: Client, extension: str) -> None:
    address = f"/open-forum/schedule.{extension}?lang=en"
    plain = client.get(address)
    small = client.get(address, headers={"accept-encoding": "br;q=0, gzip;q=0.5"})
    refused = client.get(address, headers={"accept-encoding": "gzip;q=0, identity"})
    is_text = extension in {"json", "xml", "txt"}
    assert (refused.content, refused["ETag"]) == (plain.content, plain["ETag"])
    assert ("Accept-Encoding" in plain["Vary"], plain["Vary"]) == (is_text, small["Vary"])
    assert small.get("Content-Encoding") == ("gzip" if is_text else None)
    assert (gzip.decompress(small.content) if is_text else small.content) == plain.content
    # Other bytes, another tag (RFC 9110 8.8.3.3).
    assert (small["ETag"] != plain["ETag"]) == is_text
    again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": small["ETag"]})
    other = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": plain["ETag"]})
    assert (again.status_code, other.status_code) == (304, 200 if is_text else 304)


def test_a_file_is_told_by_the_clock_as_well(world: World, client: Client) -> None:
    first = client.get("/open-forum/schedule.json")
    asked = {"if-modified-since": first["Last-Modified"]}
    assert client.get("/open-forum/schedule.json", headers=asked).status_code == 304
    # A tag says more than a clock (RFC 9110 13.2.2).
    assert client.get("/open-forum/schedule.json", headers=asked | {"if-none-match": '"other"'}).status_code == 200
    rename_session(world.open, title={"en": "Other", "ko": "다른"}, actor=SYSTEM)
    assert client.get("/open-forum/schedule.json", headers=asked).status_code == 200


def test_cookie_does_not_decide_the_language_of_a_shared_file(world: World, client: Client) -> None:
    client.cookies["django_language"] = "ko"
    assert client.get("/open-forum/schedule.json?lang=en")["Content-Language"] == "en"
    assert client.get("/open-forum/schedule.json")["Content-Language"] == "en"


@pytest.mark.parametrize("address", ["json?lang=fr", "json?lang=", "json?lang=en%0d%0aX: y", "csv", "JSON", "json/"])
def test_unknown_languages_and_formats_are_not_found(world: World, client: Client, address: str) -> None:
    assert client.get("/open-forum/schedule.json?lang=en").status_code == 200
    assert client.get(f"/open-forum/schedule.{address}").status_code == 404


def _plain(page: bytes) -> bytes:
    """A page without the token of its forms, which is new each time."""
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", page)


@every_format
def test_hidden_and_missing_look_the_same(world: World, client: Client, extension: str) -> None:
    world.conference.is_public = False
    world.conference.save(update_fields=["is_public"])
    slugs = ("open-forum", "nowhere")
    answers = [client.get(f"/{slug}/schedule.{extension}") for slug in slugs]
    assert [answer.status_code for answer in answers] == [404] * 2
    # The page of an error names the address that was asked for, and nothing else that differs.
    pages = {_plain(answer.content.replace(slug.encode(), b"")) for slug, answer in zip(slugs, answers, strict=True)}
    assert len(pages) == 1
    assert b"secret" not in b"".join(pages)


@every_format
def test_of_a_conference_without_a_release_there_is_no_file(client: Client, extension: str) -> None:
    """But its page, where everybody may read its name and what they may do meanwhile."""
    conference = f.make_conference(name=f.both("To come"))
    f.make_session(conference, title=f.both("secret session"))
    answer = client.get(f"/{conference.slug}/schedule.{extension}")
    assert (answer.status_code, client.get(f"/{conference.slug}/").status_code) == (404, 200)
    assert f'href="/{conference.slug}/?day=all"' in answer.content.decode()
    assert b"secret" not in answer.content


@every_format
def test_only_reading_is_allowed(world: World, client: Client, extension: str) -> None:
    assert client.post(f"/open-forum/schedule.{extension}").status_code == 405


@every_format
def test_nothing_secret_is_served(world: World, client: Client, extension: str) -> None:
    assert b"secret" not in client.get(f"/open-forum/schedule.{extension}").content


@every_format
@pytest.mark.parametrize("count", [1, 3])
def test_statements(db: None, client: Client, extension: str, count: int, django_assert_num_queries: Any) -> None:
    conference = f.make_conference()
    room = f.make_room(conference)
    f.make_release(
        conference, [(f.make_session(conference), room, f.at(conference, f"{10 + n}:00")) for n in range(count)]
    )
    address = f"/{conference.slug}/schedule.{extension}"
    with django_assert_num_queries(10):  # conference, revision, release, six for the programme, and the revision again
        first = client.get(address)
    with django_assert_num_queries(2):
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    with django_assert_num_queries(3):
        kept = client.get(address)
    assert (first.status_code, again.status_code, kept.content) == (200, 304, first.content)
