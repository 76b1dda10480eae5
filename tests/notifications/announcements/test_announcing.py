"""Announcements from the draft to the last mail: whom they reach, once each, and how they are stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from notifications.addresses import secret
from notifications.announcements import announcing
from notifications.announcements.announcing import (
    AnnouncementChangedError,
    AnnouncementRefusedError,
    Content,
    Segment,
    compose_due,
)
from notifications.announcements.progress import progress_of
from notifications.delivery.delivering import deliver
from notifications.delivery.retrying import retry
from notifications.models import Announcement, Message
from notifications.rules.segments import audience_of
from notifications.wordings.own_texts import WordingRefusedError
from registration.domain.registrations.preferences import set_announcements
from registration.domain.registrations.tokens import TokenPurpose
from registration.domain.signups.signing_up import leave
from registration.models import Registration
from schedule.models import Conference
from tests.factories import make_conference, make_participant, make_registration, make_session, make_user
from tests.notifications.places import ACTOR, Stage
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
TEXTS = {"en": ("Hello {name}", "Read {my_page}"), "ko": ("{name} 님", "안내")}
OLGA = Actor.organizer(1)


def make(conference: Conference, *, texts: dict[str, tuple[str, str]] | None = None, **segment: Any) -> Announcement:
    content = Content(texts=texts or TEXTS, segment=Segment(**segment))
    return announcing.create_announcement(conference, content, actor=OLGA, now=timezone.now())


def send(announcement: Announcement) -> Announcement:
    now = timezone.now()
    announcing.schedule_announcement(announcement, due_at=now, version=announcement.version, actor=OLGA)
    compose_due(now=now)
    announcement.refresh_from_db()
    return announcement


def verbs() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(verb__startswith="announcement.").order_by("pk").values_list("verb", "actor"))


def reached(announcement: Announcement) -> set[int]:
    return {one.pk for one in audience_of(announcement).samples}


# --- whom ----------------------------------------------------------------------------------------------------------


def test_a_segment_holds_who_fits_every_part() -> None:
    stage = Stage()
    other = make_session(stage.conference)
    alice = stage.person(language="ko", country="KR")
    bob = stage.person(language="en", country="KR")
    carol = stage.person(language="ko", country="DE", state=Registration.State.WAITLISTED)
    for person in (alice, bob):
        stage.place(person)
    waiting = stage.place(country="KR")  # the room has two seats
    gone = stage.place(stage.person())
    leave(gone, actor=ACTOR)
    everybody = {alice.pk, bob.pk, waiting.registration_id, gone.registration_id}
    cases: list[tuple[dict[str, Any], set[int]]] = [
        ({}, everybody),
        ({"languages": ("ko",)}, {alice.pk}),
        ({"countries": ("KR",)}, everybody - {gone.registration_id}),
        ({"registration_states": ("waitlisted",)}, {carol.pk}),
        ({"registration_states": ("waitlisted", "accepted"), "languages": ("ko",)}, {alice.pk, carol.pk}),
        ({"sessions": (stage.session,)}, {alice.pk, bob.pk}),
        ({"sessions": (other,)}, set()),
        ({"sessions": (stage.session, other), "signup_states": ("waiting",)}, {waiting.registration_id}),
        ({"signup_states": ("confirmed", "left")}, {alice.pk, bob.pk, gone.registration_id}),
        ({"signup_states": ("confirmed",), "languages": ("en",), "countries": ("KR",)}, {bob.pk}),
    ]
    for segment, expected in cases:
        announcement = make(stage.conference, **segment)
        assert (segment, reached(announcement)) == (segment, expected)
        assert audience_of(announcement).count == len(expected)


def test_nobody_else_is_reached() -> None:
    conference = make_conference()
    meant = make_registration(conference)
    make_registration(make_conference(), participant=meant.participant)
    make_registration(conference, participant=make_participant(verified_at=None))
    make_registration(conference, state="draft")
    make_registration(conference, state="cancelled")
    unwilling = make_registration(conference)
    set_announcements(unwilling, wanted=False, actor=ACTOR)
    announcement = make(conference)
    audience = audience_of(announcement)
    assert ([one.pk for one in audience.samples], audience.count, audience.unwilling) == ([meant.pk], 1, 1)
    send(announcement)
    assert list(Message.objects.values_list("registration", flat=True)) == [meant.pk]


def test_an_audience_says_who_reads_another_language() -> None:
    conference = make_conference(languages=["ko", "en", "es"])
    for language in ("en", "en", "es", "ko"):
        make_registration(conference, language=language)
    audience = audience_of(make(conference, texts={"en": ("News", "Text")}))
    assert audience.languages == {"en": 2, "es": 1, "ko": 1}
    assert audience.fallback == {"es": ("en", 1), "ko": ("en", 1)}


@pytest.mark.parametrize("people", [1, 3])
def test_an_audience_costs_three_queries(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = make_conference()
    for _ in range(people):
        make_registration(conference)
    announcement = make(conference)
    with django_assert_num_queries(3):
        assert [one.participant.email for one in audience_of(announcement).samples] != []


@pytest.mark.parametrize(
    ("texts", "segment"),
    [
        ({}, {}),
        ({"fr": ("Bonjour", "Texte")}, {}),
        (None, {"registration_states": ("draft",)}),
        (None, {"registration_states": ()}),
        (None, {"registration_states": ("nonsense",)}),
        (None, {"signup_states": ("nonsense",)}),
        (None, {"sessions": "foreign"}),
    ],
)
def test_what_cannot_be_sent_is_not_written(texts: Any, segment: dict[str, Any]) -> None:
    conference = make_conference()
    if segment.get("sessions"):
        segment = {"sessions": (make_session(make_conference()),)}
    content = Content(texts=TEXTS if texts is None else texts, segment=Segment(**segment))
    with pytest.raises(ValueError, match="announcement"):
        announcing.create_announcement(conference, content, actor=OLGA, now=timezone.now())
    assert (Announcement.objects.count(), verbs()) == (0, [])


def test_broken_texts_are_refused_with_every_problem() -> None:
    with pytest.raises(WordingRefusedError) as refused:
        make(make_conference(), texts={"en": ("Hello\nBcc: x", "{nam}")})
    assert [str(one) for one in refused.value.subject] == ["Line 1, column 6: a subject cannot go over several lines."]
    assert len(refused.value.body) == 1


def test_the_database_refuses_unproved_addresses() -> None:
    announcement = make(make_conference())
    with pytest.raises(IntegrityError, match="announcement_goes_to_proved_addresses_only"), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(registration_states=["draft"])


# --- writing and scheduling ----------------------------------------------------------------------------------------


def test_two_editors_do_not_overwrite_each_other() -> None:
    announcement = make(make_conference())
    content = Content(texts={"en": ("First", "Text")})
    announcing.edit_announcement(announcement, content, version=0, actor=OLGA)
    with pytest.raises(AnnouncementChangedError):
        announcing.edit_announcement(announcement, Content(texts={"en": ("Second", "Text")}), version=0, actor=OLGA)
    with pytest.raises(AnnouncementChangedError):
        announcing.schedule_announcement(announcement, due_at=timezone.now(), version=0, actor=OLGA)
    announcement.refresh_from_db()
    assert (announcement.texts["en"]["subject"], announcement.state, announcement.version) == ("First", "draft", 1)


def test_it_waits_for_its_time_and_can_be_taken_back() -> None:
    conference, now = make_conference(), timezone.now()
    make_registration(conference)
    announcement = make(conference)
    announcing.schedule_announcement(announcement, due_at=now + timedelta(hours=1), version=0, actor=OLGA)
    assert compose_due(now=now + timedelta(minutes=59)) == 0
    with pytest.raises(AnnouncementRefusedError):
        announcing.edit_announcement(announcement, Content(texts=TEXTS), version=0, actor=OLGA)
    announcing.unschedule_announcement(announcement, actor=OLGA)
    assert compose_due(now=now + timedelta(hours=2)) == 0
    announcing.schedule_announcement(announcement, due_at=now + timedelta(hours=1), version=0, actor=OLGA)
    assert compose_due(now=now + timedelta(hours=1)) == 1
    assert verbs() == [
        ("announcement.created", str(OLGA)),
        ("announcement.scheduled", str(OLGA)),
        ("announcement.unscheduled", str(OLGA)),
        ("announcement.scheduled", str(OLGA)),
        ("announcement.started", "system"),
    ]


def test_a_draft_is_thrown_away_and_nothing_else_is() -> None:
    conference = make_conference()
    announcing.discard_announcement(make(conference), actor=OLGA)
    sent = send(make(conference))
    with pytest.raises(AnnouncementRefusedError):
        announcing.discard_announcement(sent, actor=OLGA)
    assert Announcement.objects.get() == sent


# --- sending -------------------------------------------------------------------------------------------------------


def test_everybody_gets_it_once_in_their_language(sink: SmtpSink) -> None:
    conference = make_conference()
    people = [make_registration(conference, language=language, display_name="Dana") for language in ("en", "ko", "es")]
    announcement = send(make(conference))
    Announcement.objects.filter(pk=announcement.pk).update(composed_to=0, composed_at=None)  # a worker that died
    compose_due(now=timezone.now())
    deliver("bulk")
    compose_due(now=timezone.now())
    subjects = {taken.recipient: str(taken.message["Subject"]) for taken in sink.taken}
    assert len(sink.taken) == 3
    assert subjects == {
        people[0].participant.email: "Hello Dana",
        people[1].participant.email: "Dana 님",
        people[2].participant.email: "Hello Dana",
    }
    # Letter by letter: an encoded address is none that a mail program could follow.
    ways_out = [
        [line for line in taken.content.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")] for taken in sink.taken
    ]
    assert ways_out == [[f"List-Unsubscribe: <{secret(TokenPurpose.UNSUBSCRIBE, one.uid)}>".encode()] for one in people]
    announcement.refresh_from_db()
    assert (announcement.state, announcement.planned, verbs()[-1][0]) == ("sent", 3, "announcement.sent")
    assert progress_of([announcement])[announcement.pk].sent == 3


def test_people_are_taken_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "BATCH", 2)
    conference = make_conference()
    for _ in range(5):
        make_registration(conference)
    announcement = send(make(conference))
    assert Message.objects.filter(announcement=announcement).count() == 5
    assert announcement.composed_at is not None


@pytest.mark.parametrize("people", [1, 3])
def test_composing_costs_the_same_for_any_number(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference, now = make_conference(), timezone.now()
    for _ in range(people):
        make_registration(conference)
    announcement = make(conference)
    announcing.schedule_announcement(announcement, due_at=now, version=0, actor=OLGA)
    # What is due; savepoint, lock, sessions, count, state, entry; sessions, people, messages, how far, savepoint.
    with django_assert_num_queries(12):
        assert compose_due(now=now) == people


def test_stopping_withholds_what_has_not_left(sink: SmtpSink) -> None:
    conference = make_conference()
    for _ in range(3):
        make_registration(conference)
    announcement = send(make(conference))
    deliver("bulk", limit=1)
    assert announcing.stop_announcement(announcement, actor=OLGA, now=timezone.now()) == 2
    deliver("bulk")
    compose_due(now=timezone.now())
    assert (len(sink.taken), sorted(Message.objects.values_list("state", flat=True))) == (
        1,
        ["sent", "withheld", "withheld"],
    )
    assert verbs()[-1] == ("announcement.stopped", str(OLGA))
    with pytest.raises(AnnouncementRefusedError):
        announcing.stop_announcement(announcement, actor=OLGA, now=timezone.now())


def test_stopping_ends_the_composing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "BATCH", 1)
    conference, now = make_conference(), timezone.now()
    for _ in range(3):
        make_registration(conference)
    announcement = make(conference)
    announcing.schedule_announcement(announcement, due_at=now, version=0, actor=OLGA)
    announcing._step(announcement.pk, now)
    announcing.stop_announcement(announcement, actor=OLGA, now=now)
    assert compose_due(now=now) == 0
    assert list(Message.objects.values_list("state", flat=True)) == ["withheld"]


def test_what_holds_no_longer_is_not_sent(sink: SmtpSink) -> None:
    """Looked at once more when it is sent: who has cancelled, turned announcements off, or was spared by a stop."""
    conference = make_conference()
    people = [make_registration(conference) for _ in range(3)]
    announcement = send(make(conference))
    Registration.objects.filter(pk=people[0].pk).update(state="cancelled")
    set_announcements(people[1], wanted=False, actor=ACTOR)
    deliver("bulk")
    assert [taken.recipient for taken in sink.taken] == [people[2].participant.email]
    assert progress_of([announcement])[announcement.pk].dropped == 2
    failed = Message.objects.get(registration=people[2])
    Message.objects.filter(pk=failed.pk).update(state="failed")
    Announcement.objects.filter(pk=announcement.pk).update(state="stopped")
    retry(failed, actor=OLGA)
    deliver("bulk")
    assert len(sink.taken) == 1


# --- tests to oneself ----------------------------------------------------------------------------------------------


def test_a_test_goes_to_its_organizer_alone_in_every_language(sink: SmtpSink) -> None:
    conference, user = make_conference(), make_user(name="Olga")
    make_registration(conference)
    announcement = make(conference)
    assert announcing.send_test(announcement, user=user, actor=OLGA, now=timezone.now()) == 2
    deliver("urgent")
    deliver("bulk")
    assert {taken.recipient for taken in sink.taken} == {user.email}
    assert sorted(str(taken.message["Subject"]) for taken in sink.taken) == ["Hello Olga", "Olga 님"]
    assert [taken.message["List-Unsubscribe"] for taken in sink.taken] == [None, None]
    assert progress_of([announcement])[announcement.pk].total == 0
    assert verbs()[-1] == ("announcement.tested", str(OLGA))


def test_tests_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "TESTS_PER_HOUR", 3)
    user, announcement, now = make_user(), make(make_conference()), timezone.now()
    announcing.send_test(announcement, user=user, actor=OLGA, now=now)
    assert announcing.send_test(announcement, user=user, actor=OLGA, now=now) == 2  # pressed twice: the same mails
    assert Message.objects.count() == 2
    with pytest.raises(AnnouncementRefusedError, match="Wait an hour"):
        announcing.send_test(announcement, user=user, actor=OLGA, now=now + timedelta(minutes=1))
    announcing.send_test(announcement, user=make_user(), actor=OLGA, now=now)
    announcing.send_test(announcement, user=user, actor=OLGA, now=now + timedelta(hours=1))
    assert Message.objects.count() == 6
