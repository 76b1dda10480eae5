"""Archives of everything: what is in them and what is not, who is told, and how long they are kept."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.privacy.erasing import erase
from registration.models import Interest
from schedule.exchange.archive.packed import programme_in
from schedule.exchange.everything import asking
from schedule.exchange.everything.packing import Packed, pack, plain
from schedule.exchange.everything.tables import every_table
from schedule.exchange.imports import uploads
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.worker import carry_out
from schedule.exchange.writers.archive import archive_of
from schedule.models import Conference, ProgrammeUpload, WholeArchive
from tests.factories import (
    at,
    both,
    make_conference,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_user,
    publish,
)
from tests.schema.conference_rows import Rows
from tests.schema.leads import every_model, ways

pytestmark = pytest.mark.django_db
# Tables of conferences that are in no archive, with the reason.
NOT_IN_IT = {
    "schedule_roomuse": "derived from released placements",
    "schedule_programmeupload": "organizers' own files, which they have",
    "schedule_wholearchive": "archives themselves",
    "schedule_importrun": "what an import did is in the journal",
    "registration_seats": "derived from sessions, rooms and sign-ups",
    "registration_magiclink": "opens something",
    "notifications_declinedplace": "opens something",
}


def packed(conference: Conference) -> Packed:
    return pack(conference, "en", lambda _done, _of: None)


def files_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def table(content: bytes, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(files_of(content)[f"tables/{name}.json"])
    return rows


def test_every_table_of_a_conference_is_in_it_or_named_here() -> None:
    held = {one.rows.model._meta.db_table for one in every_table(make_conference())}
    of_conferences = {model._meta.db_table for model in every_model() if ways(model)}
    assert of_conferences - held == set(NOT_IN_IT)
    assert held - of_conferences == {
        "journal_entry",  # keeps plain numbers
        "accounts_team", "accounts_membership", "accounts_teaminvitation",  # may have several conferences
    }  # fmt: skip
    names = [one.name for one in every_table(make_conference())]
    assert len(names) == len(set(names))


def test_nothing_that_opens_anything_has_a_column() -> None:
    columns = {(one.name, column) for one in every_table(make_conference()) for column in one.columns}
    opening = ("token", "secret", "password", "session_key", "content", "hash", "digest")
    found = {one for one in columns if any(word in one[1] for word in opening)}
    assert found == {("webhooks", "old_secret_until"), ("team_members", "daily_digest")}
    assert ("messages", "data") not in columns


def test_each_row_is_there_once_and_none_of_another_conference() -> None:
    Rows()
    mine = Rows()
    Rows()
    made = packed(mine.conference)
    own = {
        one.name: {row.pk for row in mine.of.get(one.rows.model._meta.db_table, [])}
        for one in every_table(mine.conference)
    }
    found = {name: {row["id"] for row in table(made.content, name)} for name in own}
    assert {name for name, keys in own.items() if not keys <= found[name]} == set()
    known = {"journal", "session_group_members", "announcement_sessions", "team", "team_members", "team_invitations"}
    assert {name for name, keys in own.items() if name not in known and keys != found[name]} == {"days", "texts"}
    # Every conference is made with these.
    assert made.rows == sum(len(table(made.content, name)) for name in own)


def test_what_people_said_is_in_it_twice_and_the_csv_computes_nothing() -> None:
    conference = make_conference()
    registration = make_registration(
        conference, display_name="=1+1", access_needs=["wheelchair-place"], access_note="dialysis", diet="halal"
    )
    session = make_session(conference, code="TALK")
    Interest.objects.create(registration=registration, session=session, rank=1)
    content = packed(conference).content
    [row] = table(content, "registrations")
    assert {name: row[name] for name in ("display_name", "access_needs", "access_note", "diet", "email")} == {
        "display_name": "=1+1",
        "access_needs": ["wheelchair-place"],
        "access_note": "dialysis",
        "diet": "halal",
        "email": registration.participant.email,
    }
    [cells] = csv.DictReader(io.StringIO(files_of(content)["tables/registrations.csv"]))
    assert (cells["display_name"], cells["access_needs"]) == ("'=1+1", '["wheelchair-place"]')
    assert [(one["session_code"], one["rank"]) for one in table(content, "wishes")] == [("TALK", 1)]


def test_the_readme_names_every_file_and_every_column() -> None:
    conference = make_conference(name=both("Forum"))
    found = files_of(packed(conference).content)
    named = {f"tables/{one.name}{ending}" for one in every_table(conference) for ending in (".json", ".csv")}
    assert set(found) == named | {"README.txt", "programme.json"}
    for one in every_table(conference):
        assert f"tables/{one.name}\n" in found["README.txt"]
        assert ", ".join(one.columns) in found["README.txt"]


def programme_of(archive: bytes) -> dict[str, Any]:
    """All but what two conferences in one database cannot share: their names, and the identity of sessions."""
    found: dict[str, Any] = json.loads(archive)
    del found["conference"]["name"]
    for session in found["session"]:
        del session["key"]
    return found


def test_the_programme_in_it_goes_into_another_conference_and_nothing_else_is_kept() -> None:
    conference = make_conference()
    hall, person = make_room(conference, code="HALL"), make_person(conference, name=both("Kim"))
    talk = make_session(conference, code="TALK", title=both("Water"))
    talk.roles.create(person=person, role="speaker")
    make_registration(conference, display_name="Secret Somebody")
    publish(conference, [(talk, hall, at(conference, "10:00"))])
    other = make_conference(timezone=conference.timezone, starts_on=conference.starts_on, ends_on=conference.ends_on)
    actor = Actor.organizer(1)
    upload = uploads.keep(
        other, name="everything.zip", content=packed(conference).content, user=make_user(password=None), actor=actor
    )
    assert b"Secret Somebody" not in bytes(ProgrammeUpload.objects.get().content)
    look = uploads.look_at(upload)
    carry_out(runs.ask(upload, version=look.preview.version, actor=actor).pk)
    assert programme_of(archive_of(other, other.drafts.get())) == programme_of(archive_of(conference))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"{}"])
def test_what_is_no_archive_is_left_as_it_is(content: bytes) -> None:
    assert programme_in(content, 1000) == content


def test_a_programme_of_more_than_may_be_uploaded_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("programme.json", "x" * 1001)
    assert programme_in(out.getvalue(), 1000) == out.getvalue()
    assert programme_in(out.getvalue(), 1001) == b"x" * 1001


def test_asking_making_taking_and_deleting_are_written_down() -> None:
    conference, user = make_conference(), make_user(password=None)
    actor = Actor.organizer(user.pk)
    archive = asking.ask(conference, user=user, actor=actor)
    with pytest.raises(asking.ArchiveBeingMade), transaction.atomic():
        asking.ask(conference, user=user, actor=actor)
    with pytest.raises(WholeArchive.DoesNotExist), transaction.atomic():
        asking.take(archive, actor=actor)
    asking.carry_out(archive.pk)
    asking.carry_out(archive.pk)
    content = asking.take(archive, actor=actor)
    assert "README.txt" in files_of(content)
    asking.delete(archive, actor=actor)
    asking.delete(archive, actor=actor)
    entries = Entry.objects.filter(conference_id=conference.pk, verb__startswith="archive.").order_by("pk")
    assert list(entries.values_list("verb", "actor")) == [
        ("archive.asked", str(actor)),
        ("archive.made", str(SYSTEM)),
        ("archive.taken", str(actor)),
        ("archive.deleted", str(actor)),
    ]


def test_what_was_deleted_meanwhile_is_not_made() -> None:
    conference, user = make_conference(), make_user(password=None)
    archive = asking.ask(conference, user=user, actor=SYSTEM)
    asking.delete(archive, actor=SYSTEM)
    asking.carry_out(archive.pk)
    assert WholeArchive.objects.count() == 0


def test_one_that_fails_says_so_and_another_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> Packed:
        raise OSError("no space")

    conference, user = make_conference(), make_user(password=None)
    archive = asking.ask(conference, user=user, actor=SYSTEM)
    with monkeypatch.context() as patched:
        patched.setattr(asking, "pack", broken)
        with pytest.raises(OSError, match="no space"):
            asking.carry_out(archive.pk)
    assert WholeArchive.objects.get().state == "failed"
    asking.carry_out(asking.ask(conference, user=user, actor=SYSTEM).pk)
    assert sorted(WholeArchive.objects.values_list("state", flat=True)) == ["failed", "ready"]


def test_one_whose_worker_has_ended_is_not_waited_for() -> None:
    conference, user = make_conference(), make_user(password=None)
    lost = asking.ask(conference, user=user, actor=SYSTEM)
    WholeArchive.objects.filter(pk=lost.pk).update(asked_at=timezone.now() - timedelta(minutes=21))
    asking.ask(conference, user=user, actor=SYSTEM)
    assert sorted(WholeArchive.objects.values_list("state", flat=True)) == ["asked", "failed"]


def test_it_is_deleted_after_a_day_and_when_somebody_in_it_is_erased() -> None:
    conference, user, now = make_conference(), make_user(password=None), timezone.now()
    registration = make_registration(conference)
    archive = asking.ask(conference, user=user, actor=SYSTEM)
    asking.carry_out(archive.pk)
    assert asking.forget_archives(now=now + timedelta(hours=23)) == 0
    assert asking.forget_archives(now=now + timedelta(hours=25)) == 1
    other = make_conference()
    for one in (conference, other):
        asking.carry_out(asking.ask(one, user=user, actor=SYSTEM).pk)
    erase(registration.participant)
    assert list(WholeArchive.objects.values_list("conference", flat=True)) == [other.pk]


@pytest.mark.parametrize("wrong", [{"state": "ready"}, {"state": "asked", "size": 1}, {"state": "lost"}])
def test_the_database_refuses_states_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WholeArchive.objects.create(conference=make_conference(), language="en", **wrong)


def test_a_value_of_a_kind_that_nobody_has_thought_of_is_refused() -> None:
    with pytest.raises(TypeError, match="no way to write bytes"):
        plain(b"x")
