from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from journal.models import Entry
from schedule.inviting import invite_to_host, invite_to_speak
from schedule.models import Role, Session, SessionHost
from tests.factories import make_body, make_conference, make_person, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    return make_session(make_conference())


def written() -> list[tuple[str, int | None, dict[str, object]]]:
    return list(Entry.objects.order_by("pk").values_list("verb", "subject_id", "data"))


def test_each_invitation_is_one_entry_without_a_name(session: Session) -> None:
    person = make_person(session.conference, email="alice@example.org")
    role = Role.objects.create(session=session, person=person, role="speaker")
    host = SessionHost.objects.create(session=session, body=make_body(session.conference, contact=person))
    invite_to_speak(role, actor="organizer:1")
    invite_to_host(host, actor="organizer:1")
    assert written() == [
        ("role.invited", role.pk, {"role": "speaker", "session": session.pk}),
        ("host.invited", host.pk, {"session": session.pk}),
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
            invite(what, actor="organizer:1")  # type: ignore[operator]  # each with its own kind of row
    assert written() == []


def test_nobody_is_invited_to_a_cancelled_session(session: Session) -> None:
    person = make_person(session.conference, email="alice@example.org")
    role = Role.objects.create(session=session, person=person, role="speaker")
    session.state = Session.State.CANCELLED
    session.save()
    with pytest.raises(ValidationError):
        invite_to_speak(role, actor="organizer:1")
    assert written() == []
