"""Speakers and hosts are told about their sessions; nobody else is."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from journal.models import Entry
from journal.recording import record
from notifications.addresses import secret
from notifications.delivery.superseding import is_pointless
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.appearances import people
from notifications.rules.intake import take_in
from registration.domain.registrations.tokens import TokenPurpose
from schedule.domain.programme.invitations import invite_to_speak
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.releasing import release
from schedule.models import Conference, Draft, Invitation, Role
from tests.factories import at, make_conference, make_person, make_session
from tests.facts import a_fact
from tests.notifications.places import ACTOR, Stage
from tests.notifications.scenes import host, speaker

pytestmark = pytest.mark.django_db


class Programme(Stage):
    """A stage whose programme is published through drafts, as organizers do."""

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self.draft = create_draft(self.conference, name="draft", actor=ACTOR)

    def publish(self, *clocks: str) -> None:
        """The session at a time (none: without one), released."""
        if clocks:
            start = at(self.conference, clocks[0])
            place(self.draft, self.session, room=self.room, start=start, actor=ACTOR)
        else:
            Draft.objects.get(pk=self.draft.pk).placements.all().delete()
        release(self.draft, actor=ACTOR)
        self.draft.refresh_from_db()


@pytest.fixture
def programme() -> Programme:
    made = Programme(gather_seconds=60)
    made.speaker = speaker(made, "en")  # type: ignore[attr-defined]  # of this test alone
    made.publish("10:00")
    take_in()
    # That it stands in the programme, they know.
    Message.objects.update(state="sent", sent_at=made.conference.origin, calendar_method="REQUEST")
    return made


def told() -> list[tuple[str, str, str]]:
    rows = Message.objects.filter(person__isnull=False).exclude(state="sent").order_by("pk")
    return list(rows.values_list("person__email", "kind", "state"))


def test_speaker_is_told_of_a_move_and_of_nothing_that_stays(programme: Programme) -> None:
    programme.publish("10:00")
    take_in()
    assert told() == []
    programme.publish("12:00")
    take_in()
    assert told() == [("speaker@example.org", "appearance_changed", "queued")]
    [given] = gather([Message.objects.exclude(state="sent").get().pk])
    body = compose([given], given.message.created_at).message.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert ("12:00–13:00" in text, "(before: Mon 1 June 2037, 10:00–11:00" in text) == (True, True)


def test_moves_are_gathered_and_there_and_back_is_no_mail(programme: Programme) -> None:
    programme.publish("12:00")
    take_in()
    programme.publish("10:00")
    take_in()
    assert told() == [("speaker@example.org", "appearance_changed", "queued")]
    [given] = gather([Message.objects.exclude(state="sent").get().pk])
    assert is_pointless(given, given.message.created_at)


def test_cancelled_session_is_told_once(programme: Programme) -> None:
    cancel_session(programme.session, actor=ACTOR)
    take_in()
    programme.publish()
    take_in()
    assert told() == [("speaker@example.org", "appearance_cancelled", "queued")]


def test_session_taken_out_of_the_programme_is_told(programme: Programme) -> None:
    programme.publish()
    take_in()
    programme.publish("10:00")
    take_in()
    # Back again before the mail could leave: what it said holds no longer, and the newer mail says what does.
    assert told() == [
        ("speaker@example.org", "appearance_cancelled", "superseded"),
        ("speaker@example.org", "appearance_placed", "queued"),
    ]


def test_session_nobody_could_see_is_cancelled_silently() -> None:
    stage = Stage()
    hidden = make_session(stage.conference)
    Role.objects.create(session=hidden, person=make_person(stage.conference, email="s@example.org"), role="speaker")
    cancel_session(hidden, actor=ACTOR)
    take_in()
    assert told() == []


def test_each_person_is_told_once_whatever_their_roles(programme: Programme) -> None:
    person = programme.speaker  # type: ignore[attr-defined]  # set by the fixture
    Role.objects.create(session=programme.session, person=person, role="chair")
    link = host(programme)
    link.body.contact = person
    link.body.save()
    programme.publish("12:00")
    take_in()
    assert told() == [("speaker@example.org", "appearance_changed", "queued")]


def test_host_that_is_only_assumed_and_person_without_an_address_are_not_told() -> None:
    stage = Programme()
    link = host(stage)
    link.is_shown = False
    link.save()
    speaker(stage, email="")
    stage.publish("12:00")
    take_in()
    assert told() == []


def test_people_of_another_conference_are_not_told(programme: Programme) -> None:
    other = Programme()
    speaker(other, email="other@example.org")
    programme.publish("12:00")
    take_in()
    assert told() == [("speaker@example.org", "appearance_changed", "queued")]


def test_message_stays_within_one_conference(programme: Programme) -> None:
    elsewhere: Conference = make_conference()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            conference=elsewhere,
            person=programme.speaker,  # type: ignore[attr-defined]  # set by the fixture
            session=programme.session,
            kind="appearance_changed",
            dedup_key="x",
        )


def test_message_has_exactly_one_recipient(programme: Programme) -> None:
    person = programme.speaker  # type: ignore[attr-defined]  # set by the fixture
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(kind="appearance_changed", dedup_key="none")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            kind="appearance_changed",
            dedup_key="two",
            person=person,
            participant=programme.person().participant,
            conference=programme.conference,
        )


def test_invitation_stays_when_the_session_gets_its_time(programme: Programme) -> None:
    invite_to_speak(Role.objects.get(), actor=ACTOR)
    programme.publish("12:00")
    take_in()
    assert told() == [("speaker@example.org", "speaking_invitation", "queued")]


def test_invitation_names_role_and_whom_to_answer(programme: Programme) -> None:
    programme.conference.contact_email = "office@example.org"
    programme.conference.save()
    invite_to_speak(Role.objects.get(), actor=ACTOR)
    take_in()
    [given] = gather([Message.objects.exclude(state="sent").get().pk])
    body = compose([given], given.message.created_at).message.get_body(("plain",))
    assert body is not None
    text = " ".join(str(body.get_content()).split())
    name = programme.conference.name.localize("en")
    assert f"{name} invites you to take part in this session as: Speaker" in text
    assert f"Answer the invitation: {secret(TokenPurpose.INVITATION, Invitation.objects.get().uid)} " in text
    assert "If you have a question, please write to office@example.org." in text


@pytest.mark.parametrize("sessions", [1, 3])
def test_number_of_queries_does_not_depend_on_how_much_moved(
    sessions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = Programme()
    for number in range(sessions):
        session = make_session(stage.conference)
        Role.objects.create(
            session=session, person=make_person(stage.conference, email=f"s{number}@example.org"), role="speaker"
        )
        place(stage.draft, session, room=stage.other_room, start=at(stage.conference, f"{10 + number}:00"), actor=ACTOR)
    release(stage.draft, actor=ACTOR)
    entries = list(Entry.objects.order_by("pk"))
    # Roles, hosts, what they were told, placements of both releases, cancelled sessions, placements now.
    with django_assert_num_queries(6):
        assert len(people(entries)) == sessions


def test_entries_that_concern_nobody_cost_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic():
        record(a_fact("draft.created", subject_id=1), actor=ACTOR)
        record(a_fact("signup.confirmed", subject_id=1, by="self"), actor=ACTOR)
    entries = list(Entry.objects.all())
    with django_assert_num_queries(0):
        assert people(entries) == []
