"""What organizers change: moving, publishing, closing, sending again; and the files they take along."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from journal.actors import SYSTEM, Actor
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.programme import publishing
from registration.domain.registrations.tokens import TokenPurpose, hash_of, token_for
from registration.domain.signups.signing_up import sign_up
from registration.models import MagicLink
from schedule.domain.timetables.steps import version_in
from schedule.models import Placement, Release, Unavailability
from tests.factories import at, make_registration
from tests.organize.conftest import Desk, member, signed_in
from tests.responses import Response


def version(desk: Desk) -> int:
    """That of the talk in the draft."""
    return version_in(Placement.objects.filter(draft=desk.draft, session=desk.talk).first())


def move(client: Client, desk: Desk, **data: object) -> Response:
    fields = {"day": "2037-06-01", "time": "13:00", "room": "ATTIC", "version": version(desk)} | data
    return client.post(f"/organize/forum/drafts/{desk.draft.pk}/sessions/TALK/", fields)


def test_session_moves_in_the_draft_on_the_conferences_clocks(desk: Desk, alice: Client) -> None:
    response = move(alice, desk)
    assert (response.status_code, response["Location"]) == (302, f"/organize/forum/drafts/{desk.draft.pk}/")
    placement = Placement.objects.get(draft=desk.draft)
    assert (placement.room.code, placement.start) == ("ATTIC", datetime(2037, 6, 1, 4, tzinfo=UTC))
    entry = Entry.objects.get(verb="draft.placed")
    assert (entry.actor, entry.subject_id) == (f"organizer:{desk.alice.pk}", desk.draft.pk)
    assert "nothing stands against it" in alice.get(response["Location"]).content.decode()


def test_two_editors_do_not_overwrite_each_other(desk: Desk, alice: Client) -> None:
    move(alice, desk)
    response = move(alice, desk, time="15:00", version=0)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Somebody has moved this session meanwhile" in html
    said = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert re.search(r"Moved by Alice, .* Mon 1, 10:00–11:00 , Hall → to Mon 1, 13:00–14:00 , Attic", said)
    assert "Now: Mon 1, 13:00–14:00, Attic" in html
    assert Placement.objects.get(draft=desk.draft).start == at(desk.conference, "13:00")
    # The page carries the version as it is now, so sending it again is a decision.
    assert re.findall(r'name="version" value="(\d+)"', html)[0] == "1"


@pytest.mark.parametrize("wrong", [{"room": "NONE"}, {"day": "2031-01-01"}, {"time": "25:00"}, {"version": ""}])
def test_wrong_moves_are_refused_with_their_field(desk: Desk, alice: Client, wrong: dict[str, str]) -> None:
    response = move(alice, desk, **wrong)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert Placement.objects.get(draft=desk.draft).start == at(desk.conference, "10:00")


def test_room_of_another_conference_cannot_be_chosen(desk: Desk, alice: Client) -> None:
    desk.elsewhere.rooms.create(code="FOREIGN", name="Foreign", capacity=10)
    assert move(alice, desk, room="FOREIGN").status_code == 200
    assert Placement.objects.get(draft=desk.draft).room == desk.hall


def test_session_is_taken_out_of_a_draft(desk: Desk, alice: Client) -> None:
    assert move(alice, desk, unplace="1").status_code == 302
    assert not Placement.objects.filter(draft=desk.draft).exists()
    html = alice.get(f"/organize/forum/drafts/{desk.draft.pk}/").content.decode()
    assert '<h2 id="unplaced">Without a time <span class="muted number">1</span></h2>' in html


def test_publishing_asks_first_then_publishes_just_that(desk: Desk, alice: Client) -> None:
    sign_up(make_registration(desk.conference), desk.talk, actor=SYSTEM)
    path = f"/organize/forum/drafts/{desk.draft.pk}/publish/"
    html = " ".join(alice.get(path).content.decode().split())
    assert "1 session changes. 1 person holds a place in what changes and will be told." in html
    assert f'hx-get="{path}people/"' in html
    people = " ".join(alice.get(f"{path}people/").content.decode().split())
    assert re.findall(r"<dt>([\w ]+)</dt> ?<dd> ?(\w+)", people) == [
        ("Lose their place", "nobody"),
        ("Get a place", "nobody"),
        ("Are offered a place", "nobody"),
        ("Lose their place in line", "nobody"),
        ("Wait in line again", "nobody"),
        ("Wishes at the same time", "0"),
    ]
    assert Release.objects.filter(conference=desk.conference).count() == 1
    response = alice.post(path, {"version": desk.draft.version, "note": "Moved"})
    assert response["Location"] == "/organize/forum/releases/2/"
    made = Release.objects.get(conference=desk.conference, number=2)
    assert (str(made.note), made.placements.get().start) == ("Moved", at(desk.conference, "10:00"))
    shown = alice.get(response["Location"]).content.decode()
    assert "Release 2 is out. 1 person is told that a place has changed." in shown
    assert "Mails about it leave" not in shown  # at this conference nothing waits
    assert "at_once" not in Entry.objects.get(verb="release.published").data


@pytest.mark.parametrize(("at_once", "waits"), [("", True), ("on", False)])
def test_publishing_says_when_mails_leave(desk: Desk, alice: Client, at_once: str, waits: bool) -> None:
    sign_up(make_registration(desk.conference), desk.talk, actor=SYSTEM)
    desk.conference.gather_seconds = 30
    desk.conference.save()
    path = f"/organize/forum/drafts/{desk.draft.pk}/publish/"
    given = {"version": desk.draft.version, "note": "", "at_once": at_once}
    shown = alice.get(alice.post(path, given)["Location"]).content.decode()
    said = "Mails about it leave in 30 seconds, so that a further change goes into the same mail."
    assert (said in shown, "at_once" in Entry.objects.get(verb="release.published").data) == (waits, not waits)


@pytest.mark.parametrize(("begin", "are_now"), [(-60, True), (60, False)])
def test_publishing_says_what_waits_in_quiet_hours(desk: Desk, alice: Client, begin: int, are_now: bool) -> None:
    """Also when it is told at once: of what begins late enough nobody is told in the night."""
    sign_up(make_registration(desk.conference), desk.talk, actor=SYSTEM)
    now = desk.conference.local(timezone.now())
    take_in()
    Message.objects.update(state="sent", sent_at=now, calendar_method="REQUEST", calendar_sequence=0)
    begins, ends = ((now + timedelta(minutes=begin + long)).replace(second=0, microsecond=0) for long in (0, 180))
    desk.conference.quiet_from, desk.conference.quiet_until = begins.time(), ends.time()
    desk.conference.save()
    given = {"version": desk.draft.version, "note": "", "at_once": "on"}
    answer = alice.post(f"/organize/forum/drafts/{desk.draft.pk}/publish/", given)
    said = f"These are quiet hours: whom it is early enough to tell at {ends:%H:%M} is told then."
    assert (said in alice.get(answer["Location"]).content.decode()) is are_now
    take_in()
    [message] = Message.objects.filter(kind="place_changed")
    assert message.due_at == ends if are_now else message.due_at <= timezone.now()


def test_publishing_pressed_twice_is_one_release(desk: Desk, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/organize/forum/drafts/{desk.draft.pk}/publish/"
    sent = {"version": desk.draft.version, "note": "Later"}
    assert [alice.post(path, sent)["Location"] for _ in range(2)] == ["/organize/forum/releases/2/"] * 2
    assert Entry.objects.filter(verb="release.published").count() == 1
    # Another wish of the same person: other words, and after a while the same ones.
    assert alice.post(path, sent | {"note": "Again"})["Location"] == "/organize/forum/releases/3/"
    monkeypatch.setattr(publishing, "SAME_PRESS", timedelta())
    assert alice.post(path, sent | {"note": "Again"})["Location"] == "/organize/forum/releases/4/"


def test_draft_changed_meanwhile_is_not_published(desk: Desk, alice: Client) -> None:
    move(alice, desk)
    response = alice.post(f"/organize/forum/drafts/{desk.draft.pk}/publish/", {"version": 0, "note": ""})
    assert response.status_code == 409
    assert "Somebody else has changed this draft" in response.content.decode()
    assert Release.objects.filter(conference=desk.conference).count() == 1


def test_draft_with_a_blocking_conflict_is_refused_in_words(desk: Desk, alice: Client) -> None:
    Unavailability.objects.create(
        conference=desk.conference,
        room=desk.hall,
        starts_at=at(desk.conference, "09:00"),
        ends_at=at(desk.conference, "18:00"),
    )
    path = f"/organize/forum/drafts/{desk.draft.pk}/publish/"
    html = alice.get(path).content.decode()
    assert "It cannot be published yet" in html
    assert "<strong>Mon 1 Jun, 10:00–11:00: “Talk” is in Hall, which is closed" in html
    response = alice.post(path, {"version": desk.draft.version, "note": ""})
    assert response.status_code == 409
    assert "This draft cannot be published: 1 conflict stands in the way." in response.content.decode()
    assert Release.objects.filter(conference=desk.conference).count() == 1


def test_conflicts_are_told_in_korean_and_narrowed(desk: Desk, alice: Client) -> None:
    Unavailability.objects.create(
        conference=desk.conference,
        room=desk.hall,
        starts_at=at(desk.conference, "09:00"),
        ends_at=at(desk.conference, "18:00"),
    )
    key = f"draft-{desk.draft.pk}"
    html = alice.get(f"/organize/forum/conflicts/?of={key}", headers={"accept-language": "ko"}).content.decode()
    assert "Talk (한국어)" in html
    assert "room_closed" in html
    narrowed = alice.get(f"/organize/forum/conflicts/?of={key}&level=warn").content.decode()
    assert "No conflict of this kind." in narrowed


def test_room_is_closed_on_the_conferences_clocks(desk: Desk, alice: Client) -> None:
    path = "/organize/forum/programme/close-room/"
    data = {"room": "HALL", "starts_at": "2037-06-01T09:00", "ends_at": "2037-06-01T12:00", "reason": "Water"}
    assert alice.post(path, data | {"ends_at": "2037-06-01T08:00"}).status_code == 200
    assert alice.post(path, data | {"room": "NONE"}).status_code == 200
    assert not Unavailability.objects.exists()
    assert alice.post(path, data)["Location"] == "/organize/forum/conflicts/"
    closed = Unavailability.objects.get()
    assert (closed.room, closed.starts_at) == (desk.hall, datetime(2037, 6, 1, 0, tzinfo=UTC))


def test_home_tells_what_needs_attention(desk: Desk, alice: Client) -> None:
    Unavailability.objects.create(
        conference=desk.conference,
        room=desk.hall,
        starts_at=at(desk.conference, "09:00"),
        ends_at=at(desk.conference, "18:00"),
    )
    desk.conference.registration_open = False
    desk.conference.save()

    def found(path: str) -> list[tuple[str, str]]:
        html = alice.get(path).content.decode()
        return re.findall(r"<strong>(.*?)</strong>(?:<br><span class=\"muted\">(.*?)</span>)?", html)

    # Tests run in one transaction, in which nothing is kept: each look is taken at its own address.
    assert found("/organize/forum/") == [("Registration is closed", "")]
    assert found("/organize/forum/look/conflicts/") == [
        ("1 conflict must be solved", "Draft “Work”"),
        ("1 conflict must be solved", "Release 1"),
    ]


# --- names ---------------------------------------------------------------------------------------------------------


def test_names_go_into_an_inert_file_and_the_journal(desk: Desk, alice: Client) -> None:
    registration = make_registration(desk.conference, display_name='=HYPERLINK("http://x")', affiliation="Körper, 몸")
    sign_up(registration, desk.talk, actor=SYSTEM)
    response = alice.get("/organize/forum/sign-ups/TALK/names.csv")
    assert response["Content-Disposition"] == 'attachment; filename="forum-TALK.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows] == [
        ["Name", "Name in Latin letters", "Organisation"],
        ['\'=HYPERLINK("http://x")', "", "Körper, 몸"],
    ]
    entry = Entry.objects.get(verb="export.made")
    assert (entry.actor, entry.subject_id, entry.data) == (f"organizer:{desk.alice.pk}", desk.talk.pk, {"rows": 1})


def test_names_in_a_file_neither_calculate_nor_split(desk: Desk, alice: Client) -> None:
    """Whichever separator the reader's spreadsheet takes: a cell begins only where we begin one."""
    registration = make_registration(
        desk.conference, display_name='Ana;=1+1;"', affiliation="=1+1", latin_name="+41 44 668 18 00"
    )
    sign_up(registration, desk.talk, actor=SYSTEM)
    text = alice.get("/organize/forum/sign-ups/TALK/names.csv").content.decode("utf-8-sig")
    line = text.splitlines()[1]
    assert line.startswith('"Ana;=1+1;""","+41 44 668 18 00","\'=1+1",')
    for separator in ",;\t":
        cells = [cell.strip() for row in csv.reader([line], delimiter=separator) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]


# --- messages ------------------------------------------------------------------------------------------------------


def failed_message(desk: Desk, **fields: object) -> Message:
    registration = make_registration(desk.conference, display_name="Dana")
    return Message.objects.create(
        **{
            "conference": desk.conference,
            "participant": registration.participant,
            "registration": registration,
            "kind": "registration_confirmed",
            "dedup_key": str(uuid4()),
            "state": Message.State.FAILED,
        }
        | fields
    )


def test_failed_message_is_sent_again_once(desk: Desk, alice: Client) -> None:
    message = failed_message(desk)
    path = f"/organize/forum/outbox/{message.uid}/retry/"
    assert alice.post(path)["Location"] == "/organize/forum/outbox/"
    message.refresh_from_db()
    assert message.state == Message.State.QUEUED
    alice.post(path)
    assert "Only a message that has failed can be tried again." in alice.get("/organize/forum/outbox/").content.decode()
    assert Entry.objects.filter(verb="message.retried").count() == 1


def test_message_of_another_conference_is_not_sent_again(desk: Desk, charlie: Client) -> None:
    message = failed_message(desk)
    assert charlie.post(f"/organize/elsewhere/outbox/{message.uid}/retry/").status_code == 404
    message.refresh_from_db()
    assert message.state == Message.State.FAILED


def test_message_is_shown_as_it_is_written(desk: Desk, alice: Client) -> None:
    message = failed_message(desk)
    html = alice.get(f"/organize/forum/outbox/{message.uid}/").content.decode()
    assert "<h1>You are registered: Forum</h1>" in html
    assert '<pre class="mail-text">' in html


def test_mail_with_a_sign_in_link_is_never_shown(desk: Desk, alice: Client) -> None:
    message = failed_message(desk, kind="sign_in")
    uid = uuid4()
    token = token_for(TokenPurpose.MAGIC_LINK, uid)
    assert message.participant is not None
    message.magic_link = MagicLink.objects.create(
        uid=uid, participant=message.participant, token_hash=hash_of(token), expires_at=at(desk.conference, "09:00")
    )
    message.save()
    html = alice.get(f"/organize/forum/outbox/{message.uid}/").content.decode()
    assert "nobody else may read it" in html
    assert "mail-text" not in html
    assert "/my/link/" not in html


def test_outbox_is_narrowed_by_what_exists(desk: Desk, alice: Client) -> None:
    failed_message(desk)
    failed_message(desk, kind="sign_in", state=Message.State.SENT, sent_at=at(desk.conference, "09:00"))
    count = [
        alice.get(f"/organize/forum/outbox/?{query}").content.decode().count('<th scope="row">')
        for query in ("", "state=failed", "kind=sign_in", "state=failed&kind=sign_in", "state=nonsense")
    ]
    assert count == [2, 1, 1, 0, 2]


# --- journal -------------------------------------------------------------------------------------------------------


def test_journal_names_organizers_and_participants_to_who_may_see_them(desk: Desk, alice: Client) -> None:
    registration = make_registration(desk.conference, display_name="Dana")
    sign_up(registration, desk.talk, actor=Actor.participant(registration.uid))
    move(alice, desk)
    html = alice.get("/organize/forum/journal/").content.decode()
    assert "“Talk” moved in draft “Work”: " in html
    assert "Place in “Talk” confirmed" in html
    assert ">Alice</td>" in html
    assert ">A participant</td>" in html
    assert "“Dana”</a>" in html
    reader = member(desk.team, "custom", "reader")
    Membership.objects.filter(user=reader).update(sees=["programme", "desk"])
    narrowed = signed_in(reader).get("/organize/forum/journal/").content.decode()
    assert ("Place in “Talk” confirmed" in narrowed, "Dana" in narrowed) == (True, False)
    only = alice.get("/organize/forum/journal/?about=draft").content.decode()
    assert "Place in" not in only
