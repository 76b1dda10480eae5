"""The page of exports, the proof of a draft, and archives of everything with the second look they ask for."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from redis.exceptions import ConnectionError as RedisAwayError

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from schedule.domain.programme.sessions import rename_session
from schedule.domain.published.programme import PublishedProgramme, proof_of
from schedule.domain.timetables.lifecycle import delete_draft
from schedule.exchange.everything import asking
from schedule.exchange.files import proofs
from schedule.models import WholeArchive
from schedule.tasks import make_proof
from tests.factories import both
from tests.organize.conftest import Desk, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
HERE, EVERYTHING = "/organize/forum/exports/", "/organize/forum/exports/everything/"


@pytest.fixture
def borrowed(desk: Desk) -> Client:
    """A browser in which the owner signed in some time ago."""
    desk.alice.set_password(PASSWORD)
    desk.alice.save()
    return signed_in(desk.alice)


@pytest.fixture
def proven(borrowed: Client) -> Client:
    """The same, in which the owner has just given the password again."""
    assert borrowed.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return borrowed


@pytest.mark.parametrize("asked", ["", "?paper=a6&lang=ko", "?paper=a5&lang=all"])
def test_a_proof_is_a_book_that_nobody_else_gets(desk: Desk, alice: Client, asked: str) -> None:
    made = alice.get(f"/organize/forum/drafts/{desk.draft.pk}/proof.pdf{asked}")
    assert (made.status_code, made["Content-Type"], made.content[:4]) == (200, "application/pdf", b"%PDF")
    assert made["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("asked", ["paper=a3", "lang=fr", "paper=", "lang="])
def test_a_proof_in_no_such_size_or_language_is_not_found(desk: Desk, alice: Client, asked: str) -> None:
    assert alice.get(f"/organize/forum/drafts/{desk.draft.pk}/proof.pdf?{asked}").status_code == 404


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every draft is a large one; what workers are sent is noted, and done by nobody."""
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(proofs, "MANY", 1)
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_options: sent.append((name, args)))
    return sent


def test_a_large_proof_is_made_by_a_worker_once(desk: Desk, alice: Client, large: list[tuple[Any, ...]]) -> None:
    path = f"/organize/forum/drafts/{desk.draft.pk}/proof.pdf?paper=a6&lang=all"
    waiting = [alice.get(path) for _number in range(2)]
    assert [(one.status_code, one["Retry-After"], one["Refresh"], one["Cache-Control"]) for one in waiting] == (
        [(503, "3", "3", "private, no-store")] * 2
    )
    assert "The proof is being made." in waiting[0].text
    [(task, arguments)] = large
    assert task == f"{make_proof.__module__}.{make_proof.__name__}"
    make_proof(*arguments)
    made = alice.get(path)
    assert (made.status_code, made.content[:4], made["Cache-Control"]) == (200, b"%PDF", "private, no-store")
    # Another state of the draft, or another size of it, is another file.
    rename_session(desk.talk, title=both("Colloquium"), actor=SYSTEM)
    assert (alice.get(path).status_code, alice.get(path.replace("a6", "a5")).status_code, len(large)) == (503, 503, 3)


def test_where_no_worker_can_be_woken_a_large_proof_is_made_for_who_asks(
    desk: Desk, alice: Client, large: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any, **_options: Any) -> None:
        raise RedisAwayError

    monkeypatch.setattr(current_app, "send_task", away)
    assert alice.get(f"/organize/forum/drafts/{desk.draft.pk}/proof.pdf?paper=a6").content[:4] == b"%PDF"


def test_a_proof_that_changed_while_it_was_made_is_not_kept(
    desk: Desk, large: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert proofs.make_and_keep_proof(0, "a6", "en") is False
    assert proofs.make_and_keep_proof(desk.draft.pk, "a6", "en") is True
    real = proof_of

    def meanwhile(*about: Any, **more: Any) -> PublishedProgramme:
        rename_session(desk.talk, title=both("Other"), actor=SYSTEM)
        return real(*about, **more)

    monkeypatch.setattr(proofs, "proof_of", meanwhile)
    assert proofs.make_and_keep_proof(desk.draft.pk, "a6", "en") is False


def test_of_a_draft_that_is_deleted_meanwhile_no_proof_is_kept(
    desk: Desk, large: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = proof_of

    def meanwhile(*about: Any, **more: Any) -> PublishedProgramme:
        found = real(*about, **more)
        delete_draft(desk.draft, version=desk.draft.version, actor=SYSTEM)
        return found

    monkeypatch.setattr(proofs, "proof_of", meanwhile)
    assert proofs.make_and_keep_proof(desk.draft.pk, "a6", "en") is False


def test_asking_and_taking_want_a_second_look(desk: Desk, borrowed: Client) -> None:
    asked = borrowed.post(EVERYTHING)
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/accounts/reauthenticate/")
    assert WholeArchive.objects.count() == 0
    archive = asking.ask(desk.conference, user=desk.alice, actor=Actor.organizer(desk.alice.pk))
    asking.carry_out(archive.pk)
    taken = borrowed.post(f"{EVERYTHING}{archive.uid}/")
    assert (taken.status_code, taken["Location"].partition("?")[0]) == (302, "/accounts/reauthenticate/")
    assert Entry.objects.filter(verb="archive.taken").count() == 0
    # What was asked for is done once the password was given.
    done = borrowed.post(f"/accounts/reauthenticate/?next={EVERYTHING}{archive.uid}/", {"password": PASSWORD})
    assert (done.status_code, done["Content-Type"]) == (200, "application/zip")
    assert Entry.objects.filter(verb="archive.taken").count() == 1


def test_an_owner_asks_watches_takes_and_deletes(proven: Client) -> None:
    client = proven
    assert client.post(EVERYTHING)["Location"] == EVERYTHING
    archive = WholeArchive.objects.get()
    assert "being made" in client.get(EVERYTHING).text
    watched = client.get(f"{EVERYTHING}{archive.uid}/progress/")
    assert (watched.status_code, "hx-get" in watched.text) == (200, True)
    assert client.post(f"{EVERYTHING}{archive.uid}/").status_code == 404
    client.post(EVERYTHING)
    assert WholeArchive.objects.count() == 1
    asking.carry_out(archive.pk)
    watched = client.get(f"{EVERYTHING}{archive.uid}/progress/")
    assert (watched.status_code, "hx-get" in watched.text, "Download" in watched.text) == (286, False, True)
    taken = client.post(f"{EVERYTHING}{archive.uid}/")
    assert (taken["Content-Type"], taken["Cache-Control"]) == ("application/zip", "private, no-store")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as files:
        assert "tables/registrations.json" in files.namelist()
    assert client.post(f"{EVERYTHING}{archive.uid}/delete/")["Location"] == EVERYTHING
    assert WholeArchive.objects.count() == 0


def test_archives_of_another_conference_are_not_found(desk: Desk, alice: Client, charlie: Client) -> None:
    archive = asking.ask(desk.conference, user=desk.alice, actor=Actor.organizer(desk.alice.pk))
    asking.carry_out(archive.pk)
    for rest in ("", "delete/"):
        assert charlie.post(f"/organize/elsewhere/exports/everything/{archive.uid}/{rest}").status_code == 404
    assert charlie.get(f"/organize/elsewhere/exports/everything/{archive.uid}/progress/").status_code == 404
    assert WholeArchive.objects.count() == 1
