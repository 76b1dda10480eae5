"""Before something is published its mails are read: how many of each kind, and one of each in each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from journal.actors import SYSTEM, Actor
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.drafts.samples.finding import MailsOfKind, SampleMail, sample_mails
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from schedule.domain.timetables.releasing import release
from schedule.models import Release
from tests.factories import at, both, make_participant, make_person, make_registration, make_session, publish
from tests.organize.conftest import Desk, member, signed_in

pytestmark = pytest.mark.django_db
SAMPLES = "/organize/forum/drafts/{draft}/publish/samples/"


@pytest.fixture
def attend(desk: Desk) -> Callable[[str, str], Registration]:
    """Has a place in Talk, as the mail about it has said."""

    def attends(name: str, language: str) -> Registration:
        participant = make_participant(email=f"{len(name)}{name.encode().hex()}@attendees.example")
        registration = make_registration(desk.conference, participant=participant, display_name=name, language=language)
        sign_up(registration, desk.talk, actor=Actor.participant(registration.uid))
        take_in()
        Message.objects.update(state="sent", sent_at=timezone.now(), calendar_method="REQUEST", calendar_sequence=0)
        return registration

    return attends


def found(desk: Desk, *, names: bool = True) -> list[MailsOfKind]:
    return sample_mails(desk.conference, lambda: release(desk.draft, actor=SYSTEM), now=timezone.now(), names=names)


def shape(kinds: list[MailsOfKind]) -> list[tuple[str, int, list[tuple[str, str, str, str]]]]:
    return [
        (one.kind, one.count, [(mail.language, mail.subject, mail.method, mail.entry) for mail in one.samples])
        for one in kinds
    ]


def test_one_mail_of_each_kind_and_language_is_shown_and_none_is_written(
    desk: Desk, attend: Callable[[str, str], Registration]
) -> None:
    for name, language in (("Ann", "en"), ("Ben", "en"), ("다래", "ko")):
        attend(name, language)
    speaker = make_person(desk.conference, email="speaker@example.org", language="en")
    desk.talk.roles.create(person=speaker, role="speaker")
    counts = (Message.objects.count(), Entry.objects.count(), Release.objects.count())
    kinds = found(desk)
    assert shape(kinds) == [
        (
            "place_changed",
            3,
            [
                ("en", "New time: Talk", "REQUEST", "Talk"),
                ("ko", "시간 변경: Talk (한국어)", "REQUEST", "Talk (한국어)"),
            ],
        ),
        ("appearance_changed", 1, [("en", "New time: Talk", "REQUEST", "Talk")]),
    ]
    assert kinds[0].samples[0].text.startswith("Hello Ann")
    assert "10:00" in kinds[0].samples[0].text
    assert (Message.objects.count(), Entry.objects.count(), Release.objects.count()) == counts
    assert {one.during.lower for one in SignUp.objects.all() if one.during} == {desk.release.placements.get().start}


def test_who_may_not_see_registrations_reads_of_nobody(desk: Desk, attend: Callable[[str, str], Registration]) -> None:
    attend("Ann", "en")
    attend("다래", "ko")
    [mails] = found(desk, names=False)
    texts = [mail.text for mail in mails.samples]
    assert texts[0].startswith("Hello Kim Minji")
    assert not [word for word in ("Ann", "다래", "attendees.example") for text in texts if word in text]


@pytest.mark.parametrize(("role", "name"), [("owner", "Ann"), ("editor", "Kim Minji")])
def test_the_page_goes_by_the_rights_of_its_reader(
    desk: Desk, attend: Callable[[str, str], Registration], role: str, name: str
) -> None:
    attend("Ann", "en")
    browser = signed_in(member(desk.team, role, "reader"))
    page = browser.get(SAMPLES.format(draft=desk.draft.pk)).content.decode()
    assert f"Hello {name}" in page
    assert ("Ann" in page) == (name == "Ann")
    assert "attendees.example" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_more_people_cost_no_more_queries(
    desk: Desk, alice: Client, attend: Callable[[str, str], Registration], number: int
) -> None:
    for n in range(number):
        attend(f"Person {n}", "en")
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(SAMPLES.format(draft=desk.draft.pk)).status_code == 200
    assert len(queries) == 61


def test_what_cannot_be_published_says_why(desk: Desk, alice: Client) -> None:
    other = make_session(desk.conference, code="OTHER")
    placed = desk.draft.placements.get()
    desk.draft.placements.create(session=other, room=placed.room, start=placed.start, end=placed.end)
    page = alice.get(SAMPLES.format(draft=desk.draft.pk)).content.decode()
    assert "This draft cannot be published: 1 conflict stands in the way." in page


def test_where_nothing_is_to_be_told_nobody_is_written_to(desk: Desk, alice: Client) -> None:
    assert "Nobody is written to." in alice.get(SAMPLES.format(draft=desk.draft.pk)).content.decode()


@pytest.mark.parametrize(("sees", "named"), [(["programme", "desk"], True), (["programme"], False)])
def test_names_of_those_who_lose_places_are_for_who_may_see_places(
    desk: Desk, attend: Callable[[str, str], Registration], sees: list[str], named: bool
) -> None:
    ann = attend("Ann", "en")
    other = make_session(desk.conference, code="OTHER", title=both("Other"))
    noon = at(desk.conference, "12:00")
    publish(desk.conference, [(desk.talk, desk.hall, at(desk.conference, "09:00")), (other, desk.attic, noon)])
    sign_up(ann, other, actor=Actor.participant(ann.uid))
    desk.draft.placements.update(start=noon, end=noon + timedelta(hours=1))
    desk.draft.placements.create(session=other, room=desk.attic, start=noon, end=noon + timedelta(hours=1))
    reader = member(desk.team, "custom", "reader")
    Membership.objects.filter(user=reader).update(sees=sees, changes=["programme"])
    page = signed_in(reader).get(f"/organize/forum/drafts/{desk.draft.pk}/publish/people/").content.decode()
    assert re.search(r"1 person\s", page)
    assert ("Ann: " in page) == named
    assert SAMPLES.format(draft=desk.draft.pk) in page


def test_a_sample_without_a_calendar_part_names_no_entry(
    desk: Desk, attend: Callable[[str, str], Registration]
) -> None:
    ann = attend("Ann", "en")
    ann.invites_by_mail = False
    ann.save(update_fields=["invites_by_mail"])
    [mails] = found(desk)
    assert mails.samples == [SampleMail("en", "English", "New time: Talk", mails.samples[0].text)]
