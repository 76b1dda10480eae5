"""From a speaker's answer to what follows: a no has them asked; nothing else happens by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from notifications.inbound.mailbox import handle_mail
from notifications.inbound.replies import appearing
from notifications.mails.calendar_entries import appearance_uid
from registration.domain.registrations.limits import Limit
from schedule.domain.programme.invitations import answer_invitation, invite_to_speak
from schedule.domain.programme.sessions import cancel_session
from schedule.facts.invitations import SpeakerInvited
from schedule.models import Invitation, Person, Role
from tests.factories import make_person
from tests.notifications.inbound.replies.mails import google
from tests.notifications.places import ACTOR, Stage
from tests.notifications.scenes import in_calendar

pytestmark = pytest.mark.django_db
ADA, BOB = "speaker@example.org", "bob@example.org"


@pytest.fixture
def stage() -> Stage:
    """Ada speaks; Bob chairs and was mailed nothing."""
    stage = Stage()
    in_calendar(stage, "en")
    Role.objects.create(session=stage.session, person=make_person(stage.conference, email=BOB), role="chair")
    return stage


def answered(stage: Stage, about: str = ADA, partstat: str = "DECLINED", **fields: str) -> str:
    uid = appearance_uid(stage.session, Person.objects.get(email=about))
    mail = google(**{"uid": uid, "attendee": ADA, "partstat": partstat} | fields)
    return handle_mail(mail, now=timezone.now())


def asked() -> list[int | None]:
    return list(Entry.objects.filter(verb=SpeakerInvited.verb).order_by("pk").values_list("subject_id", flat=True))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "reply-declined"),
        ({"partstat": "ACCEPTED"}, "reply-accepted"),
        ({"partstat": "TENTATIVE"}, "reply-tentative"),
        ({"sender": BOB}, "reply-unknown"),
        ({"attendee": BOB}, "reply-unknown"),
        ({"about": BOB}, "reply-unknown"),
        ({"extra": "Precedence: bulk\n"}, "reply-automatic"),
    ],
)
def test_only_a_no_of_their_own_has_them_asked(fields: dict[str, str], outcome: str, stage: Stage) -> None:
    role = Role.objects.get(person__email=ADA)
    assert answered(stage, **fields) == outcome
    assert asked() == ([role.pk] if outcome == "reply-declined" else [])
    assert set(Role.objects.values_list("person__email", flat=True)) == {ADA, BOB}


def test_each_state_of_the_entry_is_asked_about_once_whatever_they_had_answered(stage: Stage) -> None:
    answer_invitation(invite_to_speak(Role.objects.get(person__email=ADA), actor=ACTOR), "yes", now=timezone.now())
    Invitation.objects.update(
        invited_at=timezone.now() - timedelta(days=2), answered_at=timezone.now() - timedelta(days=1)
    )
    assert [answered(stage) for _ in range(2)] == ["reply-declined", "reply-declined-nothing-to-ask"]
    assert Invitation.objects.get().answer == "yes"


def test_what_is_off_or_over_is_not_asked_about(stage: Stage) -> None:
    cancel_session(stage.session, actor=ACTOR)
    assert answered(stage) == "reply-declined-nothing-to-ask"
    assert asked() == []


def test_forged_answers_cause_few_mails(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appearing, "QUESTIONS_PER_ADDRESS", Limit("questions-per-address", 1, timedelta(days=1)))
    assert answered(stage) == "reply-declined"
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    assert answered(stage) == "reply-declined-nothing-to-ask"
