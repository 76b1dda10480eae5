"""Whatever is pressed twice is done once: one press after the other, and both at once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from journal.models import Press
from journal.presses.marks import KEEP_PRESSES, forget_presses
from notifications.models import Announcement, Message
from organize.access import ONCE
from organize.urls import urlpatterns
from schedule.models import Draft, SolverRun
from tests.at_once import at_once
from tests.factories import make_participant, make_registration, make_session
from tests.organize.conftest import Desk, member, signed_in
from tests.organize.setup.filled import filled
from tests.organize.test_access import message, paths_of
from values.presses import SAME_PRESS

__all__ = ["message"]  # a fixture
ROOT = "/organize/forum/"
DRAFT = f"{ROOT}drafts/new/"
TIMES = {"starts_at": "2037-06-01T10:00", "ends_at": "2037-06-01T11:00"}
SURE = {"version": "1", "sure": "yes"}
# What the forms of rows are sent besides what they hold.
ROWS: dict[str, dict[str, Any]] = {
    "room_new": {"name_en": "Cellar", "capacity": "5"},
    "kind_new": {"name_en": "Panel"},
    "theme_new": {"name_en": "Water"},
    "body_new": {"name_en": "City"},
    "person_new": {"name_en": "Ada"},
    "session_new": {"title_en": "Roads", "duration_minutes": "30"},
    "group_new": {"same": "time", "sessions-0-session_id": "TALK", "sessions-1-session_id": "WALK"},
}
# What each other page is sent; one without anything here has a button alone.
SENT: dict[str, dict[str, Any]] = {
    "new_draft": {"name": "Second"},
    "move_released": {"day": "2037-06-01", "time": "14:00", "room": "ATTIC"},
    "close_room": {"room": "ATTIC", **TIMES},
    "room_away": TIMES,
    "person_away": TIMES,
    "body_away": TIMES,
    "emergency_kind": {"whom": "ATTIC", **TIMES},
    "searches": {"seconds": "30", "seed": "1", "answers": "1", "goal": "own"},
    "delete_draft": {"version": "0"},
    "write_announcement": {
        "registration_states": "accepted",
        "subject_en": "News",
        "body_en": "There are some.",
        "version": "0",
    },
    "edit_announcement": {"registration_states": "accepted", "subject_en": "News", "body_en": "All.", "version": "0"},
    "team_invite": {"email": "new@example.org", "role": "viewer", "language": "en"},
    "webhook_new": {"name": "Hook", "url": "https://hooks.example.org/", "verbs": "release.published"},
    "webhook_again": {"which": "failed"},
    "enter_by_hand": {"enter-who": "late@example.org"},
}


DOING_ONCE = {str(one.name) for one in urlpatterns if getattr(one.callback, ONCE, False)}
TABLES = sorted({one._meta.db_table for one in apps.get_models()} - {Press._meta.db_table, "django_session"})
# They need a search that has ended, or something is in their way.
APART = {"search_again", "find_help", "draft_of_goal", "repair", "searches"}
APART |= {"room_delete", "kind_delete", "person_delete", "session_delete"}


def rows() -> dict[str, int]:
    """How many rows each table has. That a button was pressed is a row of its own."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES))
        return dict(cursor.fetchall())


def sent(client: Client, name: str, path: str) -> dict[str, Any]:
    if name == "imports":
        return {"file": SimpleUploadedFile("rooms.csv", b"code,name,capacity\nA,Attic,5\n")}
    return filled(client, path, **ROWS[name]) if name in ROWS else SENT.get(name, SURE)


@pytest.mark.usefixtures("asleep")
def test_what_is_sent_twice_is_done_once(desk: Desk, message: Message) -> None:
    make_session(desk.conference, code="WALK")
    make_registration(desk.conference, participant=make_participant(email="late@example.org"))
    ROWS["session_new"]["kind"] = desk.talk.kind_id
    client, told = signed_in(desk.alice), {}
    for name, path in paths_of(desk, message).items():
        if name not in DOING_ONCE - APART:
            continue
        with transaction.atomic():
            before = rows()
            first = client.post(path, sent(client, name, path))
            once = rows()
            again = client.post(path, sent(client, name, path))
            led_to = first.headers.get("Location", "").partition("?")[0]
            assert again.headers.get("Location", "").partition("?")[0] == led_to, name
            told[name] = (first.status_code, once != before, again.status_code, rows() == once)
            transaction.set_rollback(True)
    assert told == dict.fromkeys(DOING_ONCE - APART, (302, True, 302, True))


# What is saved without being remembered: it says what the row says by then.
SAVED: dict[str, dict[str, Any]] = {
    **{f"{one}_edit": {"name_en": "Cellar"} for one in ("conference", "room", "kind", "theme", "body", "person")},
    "session_edit": {"title_en": "Roads"},
    "group_edit": ROWS["group_new"],
    "rename_draft": {"name": "Other", "was": "Work"},
    "template": {"subject": "A place", "body": "You have one.", "seen": "", "save": "1"},
    "text": {"body_en": "What we keep of you.", "body_ko": "보관하는 것", "seen": "1"},
}
# What the third press says otherwise than the two before, from the page they came from.
OTHER = {name: "name_en" for name in SAVED if name.endswith("_edit")}
OTHER |= {"session_edit": "title_en", "rename_draft": "name", "template": "subject", "text": "body_en"}


@pytest.mark.usefixtures("asleep")
def test_what_is_saved_twice_is_saved_and_meets_nobody_else(desk: Desk, message: Message) -> None:
    make_session(desk.conference, code="WALK")
    paths, client, told = paths_of(desk, message), signed_in(desk.alice), {}
    for name, values in SAVED.items():
        with transaction.atomic():
            data = filled(client, paths[name], **values) if name.endswith("_edit") else values
            first, once = client.post(paths[name], data), rows()
            again = client.post(paths[name], data)
            other = client.post(paths[name], data | {OTHER[name]: "Something else"})
            told[name] = (first.status_code, again.status_code, other.status_code, rows() == once)
            transaction.set_rollback(True)
    assert told == dict.fromkeys(SAVED, (302, 302, 409, True)) | {"group_edit": (302, 302, 302, True)}


def test_a_page_that_is_opened_again_makes_another(desk: Desk, alice: Client) -> None:
    url = f"/organize/forum/releases/{desk.release.number}/draft/"
    sent = [{"name": "", "csrfmiddlewaretoken": number} for number in ("one", "one", "other")]
    led_to = [alice.post(url, data)["Location"] for data in sent]
    assert (led_to[1] == led_to[0], led_to[2] == led_to[0], Draft.objects.count()) == (True, False, 3)
    # The page stays open for long; without its number another press is a wish for another soon.
    late = timezone.now() - SAME_PRESS
    Press.objects.update(at=late)
    assert (alice.post(url, sent[0])["Location"], alice.post(url, {"name": ""}).status_code) == (led_to[0], 302)
    assert Draft.objects.count() == 4
    Press.objects.update(at=late)
    alice.post(url, {"name": ""})
    assert Draft.objects.count() == 5


def test_the_second_press_is_told_that_it_was_one(alice: Client) -> None:
    alice.post(DRAFT, {"name": "Second"})
    again = alice.post(DRAFT, {"name": "Second"}, follow=True)
    assert [str(one) for one in again.context["messages"]][-1] == "The button was pressed twice; it was done once."


def test_what_was_refused_was_no_press(desk: Desk, alice: Client) -> None:
    busy = SolverRun.objects.create(conference=desk.conference, actor="system", state="running")
    url = f"/organize/forum/drafts/{desk.draft.pk}/repair/"
    data = {"csrfmiddlewaretoken": "one"}
    assert (alice.post(url, data)["Location"], SolverRun.objects.count()) == (
        f"/organize/forum/drafts/{desk.draft.pk}/",
        1,
    )
    assert alice.post(DRAFT, {"name": ""}).status_code == 422
    assert Press.objects.count() == 0
    busy.delete()
    alice.post(url, data)
    assert (SolverRun.objects.count(), Press.objects.count()) == (1, 1)


def test_nobody_presses_for_another(desk: Desk, alice: Client) -> None:
    carol = signed_in(member(desk.team, "owner", "carol"))
    data = {"name": "", "csrfmiddlewaretoken": "one"}
    url = f"/organize/forum/releases/{desk.release.number}/draft/"
    assert alice.post(url, data)["Location"] != carol.post(url, data)["Location"]


def test_a_press_says_neither_who_nor_what_and_is_forgotten(desk: Desk, alice: Client) -> None:
    alice.post(f"{ROOT}team/invite/", SENT["team_invite"])
    [press] = Press.objects.all()
    assert ("new@example.org" in f"{press.key}{press.led_to}", press.led_to, str(press)[-12:]) == (
        False, f"{ROOT}team/", "/forum/team/",
    )  # fmt: skip
    assert [forget_presses(now=press.at + KEEP_PRESSES + timedelta(seconds=n)) for n in (-1, 0, 1)] == [0, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one(desk: Desk) -> None:
    clients = [signed_in(desk.alice) for _number in range(4)]
    answers = at_once([partial(one.post, f"{ROOT}announcements/new/", SENT["write_announcement"]) for one in clients])
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, answers[0]["Location"])}
    assert (Announcement.objects.count(), Press.objects.count()) == (1, 1)
