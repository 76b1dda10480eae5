"""Several places of one reader told in one mail, and what stays a mail of its own."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import transaction
from django.utils import timezone

from journal.actors import Actor
from journal.recording import record
from notifications.delivery import leases
from notifications.delivery.delivering import deliver
from notifications.delivery.retrying import retry
from notifications.models import MailTemplate, Message
from notifications.rules.intake import take_in
from registration.domain.registrations import registering
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.domain.timetables.queries import newest_release
from schedule.models import Role
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish
from tests.facts import a_fact
from tests.notifications.places import ACTOR, Stage, outbox
from tests.notifications.scenes import speaker
from tests.notifications.sending import send, told
from tests.responses import mail_text
from tests.smtp_sink import TAKE_AND_CLOSE, SmtpSink

pytestmark = pytest.mark.django_db
CLOCKS = ("10:00", "12:00", "14:00")


class Programme:
    """Three sessions, one after the other, in a room of two seats."""

    def __init__(self) -> None:
        self.conference = make_conference(gather_seconds=600)
        self.room, self.other_room = make_room(self.conference, capacity=2), make_room(self.conference)
        self.sessions = [make_session(self.conference, title={"en": f"Session {n}"}) for n in (1, 2, 3)]
        self.publish(CLOCKS)

    def publish(self, clocks: tuple[str, ...]) -> None:
        rows = zip(self.sessions, clocks, strict=True)
        publish(self.conference, [(one, self.room, at(self.conference, clock)) for one, clock in rows])

    def person(self, *, entries: bool = False) -> Registration:
        return make_registration(self.conference, invites_by_mail=entries, language="en")

    def take_all(self, person: Registration) -> None:
        for session in self.sessions:
            sign_up(person, session, actor=ACTOR)


def later(minutes: int) -> None:
    """Let time pass for what waits."""
    earlier = timezone.now() - timedelta(minutes=minutes)
    Message.objects.filter(state="queued").update(created_at=earlier, due_at=timezone.now())


def subjects(sink: SmtpSink) -> list[str]:
    return [str(taken.message["Subject"]) for taken in sink.taken]


def said(message: EmailMessage) -> str:
    return mail_text(message).replace("\r\n", "\n")


def attachments(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk() if part.get_content_type().endswith(("calendar", "ics"))]


def test_many_places_taken_at_once_are_one_mail(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person()
    programme.take_all(person)
    done = send()
    assert (done.sent, outbox()) == (1, [("place_confirmed", "sent")] * 3)
    assert told(sink) == [(person.participant.email, "")]
    [message] = [taken.message for taken in sink.taken]
    name = programme.conference.name.localize("en")
    assert subjects(sink) == [f"You have places in 3 sessions: {name}"]
    text = said(message)
    assert [text.count(f"Session {n}\nMon 1 June 2037, {clock}") for n, clock in enumerate(CLOCKS, 1)] == [1, 1, 1]
    assert text.count("You have a place:") == 3
    assert attachments(message) == []
    # Of each place it is known that its owner knows it.
    assert list(Message.objects.values_list("calendar_sequence", flat=True)) == [0, 0, 0]


def test_entries_that_calendars_act_on_stay_mails_of_their_own(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person(entries=True)
    programme.take_all(person)
    send()
    assert told(sink) == [(person.participant.email, "REQUEST")] * 3


def test_a_release_that_moves_several_is_one_mail_with_what_was_before(sink: SmtpSink) -> None:
    programme = Programme()
    programme.take_all(programme.person())
    send()
    programme.publish(("11:00", "13:00", "15:00"))
    take_in()
    later(10)
    send()
    assert outbox()[3:] == [("place_changed", "sent")] * 3
    assert subjects(sink)[1:] == [f"Changed: 3 of your sessions at {programme.conference.name.localize('en')}"]
    text = mail_text(sink.taken[1].message)
    assert [f"(before: Mon 1 June 2037, {clock}" in text for clock in CLOCKS] == [True] * 3


def test_only_what_changed_in_the_end_is_listed(sink: SmtpSink) -> None:
    programme = Programme()
    programme.take_all(programme.person())
    send()
    programme.publish(("11:00", "13:00", "15:00"))
    programme.publish(("11:00", "12:00", "15:00"))
    take_in()
    later(10)
    send()
    text = mail_text(sink.taken[1].message)
    assert ["Session 1" in text, "Session 2" in text, "Session 3" in text] == [True, False, True]
    assert [state for _kind, state in outbox()[3:]] == ["sent", "superseded", "sent"]


def test_different_news_stand_in_one_mail(sink: SmtpSink) -> None:
    programme = Programme()
    for _ in range(2):
        sign_up(programme.person(entries=True), programme.sessions[0], actor=ACTOR)
    send()
    programme.take_all(programme.person())
    send()
    assert subjects(sink)[2:] == [f"News of your sessions: {programme.conference.name.localize('en')}"]
    text = said(sink.taken[2].message)
    assert "You are on the waiting list:\nSession 1\n" in text
    assert "You are number 1 in line." in text
    assert text.count("You have a place:") == 2


def test_waiting_is_told_together_also_to_whom_entries_are_mailed(sink: SmtpSink) -> None:
    programme = Programme()
    for _ in range(2):
        programme.take_all(programme.person())
    send()
    person = programme.person(entries=True)
    programme.take_all(person)
    send()
    assert told(sink)[2:] == [(person.participant.email, "")]


def test_places_that_end_with_a_registration(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person()
    programme.take_all(person)
    send()
    registering.cancel(person, actor=ACTOR)
    send()
    assert sorted(subjects(sink)[1:]) == [
        f"News of your sessions: {programme.conference.name.localize('en')}",
        f"Your registration is cancelled: {programme.conference.name.localize('en')}",
    ]
    [news] = [mail_text(taken.message) for taken in sink.taken if "News" in taken.message["Subject"]]
    assert news.count("With your registration, your place is cancelled:") == 3


def test_an_entry_from_before_is_taken_out_by_a_mail_of_its_own(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person(entries=True)
    sign_up(person, programme.sessions[0], actor=ACTOR)
    send()
    Registration.objects.update(invites_by_mail=False)
    for session in programme.sessions[1:]:
        sign_up(Registration.objects.get(), session, actor=ACTOR)
    send()
    registering.cancel(Registration.objects.get(), actor=ACTOR)
    send()
    methods = [method for _to, method in told(sink)]
    assert sorted(methods) == ["", "", "", "CANCEL", "REQUEST"]


def test_what_organizers_worded_comes_in_their_words(sink: SmtpSink) -> None:
    programme = Programme()
    MailTemplate.objects.create(
        conference=programme.conference, kind="place_confirmed", language="en", subject="Own {session}", body="Own."
    )
    programme.take_all(programme.person())
    send()
    assert subjects(sink) == ["Own Session 1", "Own Session 2", "Own Session 3"]


def test_places_taken_one_after_the_other_wait_a_minute_for_each_other(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person()
    for session in programme.sessions:
        sign_up(person, session, actor=Actor.participant(person.uid))
        assert send().sent == 0
    first = Message.objects.earliest("pk")
    assert first.due_at - first.created_at == timedelta(minutes=1)
    # Only the first minute is over; the others go with it.
    Message.objects.filter(pk=first.pk).update(due_at=timezone.now())
    assert send().sent == 1
    assert outbox() == [("place_confirmed", "sent")] * 3


def test_two_readers_get_a_mail_each(sink: SmtpSink) -> None:
    programme = Programme()
    people = [programme.person(), programme.person()]
    for person in people:
        programme.take_all(person)
    assert send().sent == 2
    assert sorted(told(sink)) == sorted((person.participant.email, "") for person in people)


def test_no_other_worker_tells_a_part(sink: SmtpSink) -> None:
    programme = Programme()
    programme.take_all(programme.person())
    take_in()
    now = timezone.now()
    first = leases.claim("bulk", 1, now=now)
    assert len(first.ids) == 3
    assert leases.claim("bulk", 50, now=now).ids == ()
    leases.give_back(first, now=now)
    assert deliver("bulk").sent == 1


def test_a_mail_cut_off_is_sent_once_more_as_it_was(sink: SmtpSink) -> None:
    programme = Programme()
    person = programme.person()
    for session in programme.sessions[:2]:
        sign_up(person, session, actor=ACTOR)
    sink.answer(TAKE_AND_CLOSE)
    send()
    assert outbox() == [("place_confirmed", "unknown")] * 2
    sign_up(person, programme.sessions[2], actor=ACTOR)
    take_in()
    Message.objects.update(due_at=timezone.now())
    deliver("bulk")
    assert outbox() == [("place_confirmed", "sent")] * 3
    ids = [taken.message["Message-ID"] for taken in sink.taken]
    texts = [mail_text(taken.message) for taken in sink.taken]
    again = [text for text, one in zip(texts, ids, strict=True) if one == ids[0]]
    listed = [[number for number in (1, 2, 3) if f"Session {number}" in text] for text in again]
    assert listed == [[1, 2], [1, 2]]
    assert len(set(ids)) == 2


def test_a_dead_worker_leaves_the_whole_mail_to_another(sink: SmtpSink) -> None:
    programme = Programme()
    programme.take_all(programme.person())
    take_in()
    now = timezone.now() - timedelta(hours=1)
    Message.objects.update(due_at=now, created_at=now)
    claimed = leases.claim("bulk", 50, now=now)
    first = Message.objects.earliest("pk")
    assert leases.begin(claimed, leases.Next(claimed.ids, "", first.uid), now=now)
    deliver("bulk")
    assert outbox() == [("place_confirmed", "sent")] * 3
    assert [str(first.uid) in taken.message["Message-ID"] for taken in sink.taken] == [True]
    assert set(Message.objects.values_list("cut_offs", flat=True)) == {1}


def test_retry_sends_the_whole_mail_again(sink: SmtpSink) -> None:
    programme = Programme()
    programme.take_all(programme.person())
    sink.answer("554 no")
    send()
    assert outbox() == [("place_confirmed", "failed")] * 3
    retry(Message.objects.latest("pk"), actor=Actor.organizer(1))
    assert deliver("bulk").sent == 1
    assert outbox() == [("place_confirmed", "sent")] * 3


@pytest.mark.parametrize(("entries", "mails"), [(False, 1), (True, 2)])
def test_a_speaker_of_two_sessions(entries: bool, mails: int, sink: SmtpSink) -> None:
    stage = Stage()
    person = speaker(stage, "en", entries_by_mail=entries)
    other = make_session(stage.conference, title={"en": "Another"})
    Role.objects.create(session=other, person=person, role="speaker")
    rows = [(stage.session, stage.room), (other, stage.other_room)]
    publish(stage.conference, [(session, room, at(stage.conference, "10:00")) for session, room in rows])
    published = newest_release(stage.conference)
    assert published is not None
    fact = a_fact(
        "release.published",
        conference_id=stage.conference.pk,
        subject_id=published.pk,
        number=published.number,
        previous=None,
    )
    with transaction.atomic():
        record(fact, actor=ACTOR)
    assert send().sent == mails
    assert outbox() == [("appearance_placed", "sent")] * 2
    assert told(sink) == [(person.email, "REQUEST" if entries else "")] * mails
    texts = [mail_text(taken.message) for taken in sink.taken]
    assert [("Another" in text, stage.session.title.localize("en") in text) for text in texts] == (
        [(False, True), (True, False)] if entries else [(True, True)]
    )
