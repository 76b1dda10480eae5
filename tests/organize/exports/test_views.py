"""The page of exports, the proof of a draft, and archives of everything with the second look they ask for."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from journal.actors import Actor
from journal.models import Entry
from schedule.exchange.everything import asking
from schedule.models import WholeArchive
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
