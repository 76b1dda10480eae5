from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from journal.actors import Actor
from journal.models import Entry
from schedule.domain.programme.invitations import answer_invitation, invite_to_host, invite_to_speak
from schedule.models import Invitation, Role, Session, SessionHost
from tests.factories import make_body, make_conference, make_person, make_session
from tests.sql import refused
from values.presses import SAME_PRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    return make_session(make_conference())


def written() -> list[tuple[str, int | None, dict[str, object]]]:
    return list(Entry.objects.order_by("pk").values_list("verb", "subject_id", "data"))


def uid_of(what: Role | SessionHost) -> str:
    return str(what.invitations.get().uid)


@pytest.fixture
def role(session: Session) -> Role:
    """Alice is to speak; she has an address."""
    alice = make_person(session.conference, email="alice@example.org", name="Alice")
    return Role.objects.create(session=session, person=alice, role="speaker")


def test_each_invitation_is_one_entry_without_a_name(session: Session) -> None:
    person = make_person(session.conference, email="alice@example.org")
    role = Role.objects.create(session=session, person=person, role="speaker")
    host = SessionHost.objects.create(session=session, body=make_body(session.conference, contact=person))
    invite_to_speak(role, actor=Actor.organizer(1))
    invite_to_host(host, actor=Actor.organizer(1))
    assert written() == [
        ("role.invited", role.pk, {"role": "speaker", "session": session.pk, "invitation": uid_of(role)}),
        ("host.invited", host.pk, {"session": session.pk, "invitation": uid_of(host)}),
    ]


def test_nobody_is_invited_who_cannot_be_written_to(session: Session) -> None:
    silent = make_person(session.conference)
    empty = Role.objects.create(session=session, role="chair")
    role = Role.objects.create(session=session, person=silent, role="speaker")
    hosts = [
        SessionHost.objects.create(session=session, body=make_body(session.conference, contact=contact))
        for contact in (None, silent)
    ]
    for invite, what in ((invite_to_speak, empty), (invite_to_speak, role), *((invite_to_host, one) for one in hosts)):
        with pytest.raises(ValidationError):
            invite(what, actor=Actor.organizer(1))  # type: ignore[operator]  # each with its own kind of row
    assert written() == []


def test_nobody_is_invited_to_a_cancelled_session(session: Session) -> None:
    person = make_person(session.conference, email="alice@example.org")
    role = Role.objects.create(session=session, person=person, role="speaker")
    session.state = Session.State.CANCELLED
    session.save()
    with pytest.raises(ValidationError):
        invite_to_speak(role, actor=Actor.organizer(1))
    assert written() == []


def test_nobody_is_asked_twice_by_mistake_and_again_when_meant(role: Role) -> None:
    first = invite_to_speak(role, actor=Actor.organizer(1))
    with pytest.raises(ValidationError, match="Alice was invited already"):
        invite_to_speak(role, actor=Actor.organizer(1))
    with pytest.raises(ValidationError, match="The invitation of Alice is on its way"):
        invite_to_speak(role, actor=Actor.organizer(1), again=True)
    Invitation.objects.update(invited_at=first.invited_at - SAME_PRESS)
    again = invite_to_speak(role, actor=Actor.organizer(1), again=True)
    assert (again.pk, again.uid, again.invited_at > first.invited_at) == (first.pk, first.uid, True)
    assert [verb for verb, _subject, _data in written()] == ["role.invited"] * 2


def test_whoever_has_answered_is_not_asked_again(role: Role) -> None:
    answer_invitation(invite_to_speak(role, actor=Actor.organizer(1)), "no", now=timezone.now())
    with pytest.raises(ValidationError, match="Alice has answered already"):
        invite_to_speak(role, actor=Actor.organizer(1), again=True)
    assert len(written()) == 2


def test_an_answer_is_kept_and_may_be_changed(role: Role) -> None:
    invitation, now = invite_to_speak(role, actor=Actor.organizer(1)), timezone.now()
    for answer in ("yes", "yes", "no"):
        assert answer_invitation(invitation, answer, now=now).answer == answer
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.answered_at) == ("no", now)
    told = {"session": role.session_id}
    assert written()[1:] == [("role.accepted", role.pk, told), ("role.declined", role.pk, told)]
    assert set(Entry.objects.filter(verb__in=["role.accepted", "role.declined"]).values_list("actor", flat=True)) == {
        f"person:{role.person_id}"
    }


def test_a_host_answers_for_its_organisation(session: Session) -> None:
    contact = make_person(session.conference, email="host@example.org")
    host = SessionHost.objects.create(session=session, body=make_body(session.conference, contact=contact))
    answer_invitation(invite_to_host(host, actor=Actor.organizer(1)), "yes", now=timezone.now())
    assert written()[1:] == [("host.accepted", host.pk, {"session": session.pk})]


def test_whoever_is_no_longer_asked_cannot_answer(role: Role) -> None:
    old = invite_to_speak(role, actor=Actor.organizer(1))
    role.person = make_person(role.session.conference, email="bob@example.org")
    role.save()
    new = invite_to_speak(role, actor=Actor.organizer(1))
    with pytest.raises(ValidationError, match="Somebody else is asked now"):
        answer_invitation(old, "yes", now=timezone.now())
    answer_invitation(new, "yes", now=timezone.now())
    assert sorted(Invitation.objects.values_list("person_id", "answer")) == sorted(
        [(old.person_id, ""), (new.person_id, "yes")]
    )


def test_an_invitation_to_a_cancelled_session_is_not_answered(role: Role) -> None:
    invitation = invite_to_speak(role, actor=Actor.organizer(1))
    Session.objects.update(state=Session.State.CANCELLED)
    with pytest.raises(ValidationError, match="This session is cancelled"):
        answer_invitation(invitation, "yes", now=timezone.now())
    assert Invitation.objects.get().answer == ""


def test_the_database_refuses_invitations_that_cannot_be(role: Role) -> None:
    invite_to_speak(role, actor=Actor.organizer(1))
    stranger = make_person(make_conference()).pk
    changes = ["role_id = NULL", "answer = 'yes'", "answer = 'may', answered_at = now()", f"person_id = {stranger}"]
    assert [refused(f"UPDATE schedule_invitation SET {change}") for change in changes] == [
        "invitation_is_for_a_role_or_a_host",
        "invitation_answer_has_a_time",
        "invitation_answer_has_a_time",
        "rows_stay_within_one_conference",
    ]
    copy = "INSERT INTO schedule_invitation (uid, session_id, role_id, person_id, invited_at, answer)"
    again = f"{copy} SELECT gen_random_uuid(), session_id, role_id, person_id, now(), '' FROM schedule_invitation"
    assert refused(again) == "person_is_invited_to_a_role_once"
