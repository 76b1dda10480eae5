"""What took a place away ends: its owner has it again, and is told once and all in all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import expire_offers, sign_up
from registration.models import Registration, SignUp
from schedule.domain.programme.sessions import cancel_session, reinstate_session
from tests.factories import at, make_session, publish
from tests.notifications.places import ACTOR, Stage, outbox
from tests.notifications.sending import later, send, told
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
ADDRESS = "dana@example.org"


class Two(Stage):
    """Two sessions that somebody has places in, of which a release moves the first onto the second."""

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self.second = make_session(self.conference)
        self.put("10:00")

    def put(self, clock: str) -> None:
        rooms = [(self.session, self.room, clock), (self.second, self.other_room, "14:00")]
        publish(self.conference, [(session, room, at(self.conference, start)) for session, room, start in rooms])

    def somebody(self, **fields: object) -> tuple[Registration, SignUp]:
        person = self.person(**fields)
        place = self.place(person)
        sign_up(person, self.second, actor=ACTOR)
        return person, place


def mails(sink: SmtpSink) -> list[tuple[str, str]]:
    """Subject and calendar method."""
    return [(str(taken.message["subject"]), method) for taken, (_, method) in zip(sink.taken, told(sink), strict=True)]


def test_a_wrong_release_corrected_before_its_mail_left_is_no_mail(sink: SmtpSink) -> None:
    stage = Two()
    _, place = stage.somebody()
    send()
    sink.taken.clear()
    stage.put("14:00")
    take_in()
    stage.put("10:00")
    later()
    send()
    place.refresh_from_db()
    assert (place.state, place.offered_until, sink.taken) == ("confirmed", None, [])
    assert outbox()[2:] == [("place_offered", "superseded"), ("place_back", "superseded")]


def test_a_wrong_release_that_was_told_is_corrected_by_one_mail(sink: SmtpSink) -> None:
    stage = Two()
    _, place = stage.somebody()
    send()
    stage.put("14:00")
    send()
    sink.taken.clear()
    stage.put("10:00")
    later()
    send()
    title = stage.session.title
    assert mails(sink) == [(f"You have your place again: {title}", "REQUEST")]
    place.refresh_from_db()
    assert f"SEQUENCE:{place.sequence}" in calendar_of(sink)
    assert expire_offers(now=timezone.now() + timedelta(days=3)) == 0


def calendar_of(sink: SmtpSink) -> str:
    (taken,) = sink.taken
    (part,) = (one for one in taken.message.walk() if one.get_content_type() == "text/calendar")
    return str(part.get_content())


def test_corrected_to_a_third_time_is_told_with_the_net_change(sink: SmtpSink) -> None:
    stage = Two()
    stage.somebody()
    send()
    sink.taken.clear()
    stage.put("14:30")
    take_in()
    stage.put("16:00")
    later()
    send()
    assert mails(sink) == [(f"New time: {stage.session.title}", "REQUEST")]
    text = mail_text(sink.taken[0].message)
    assert ("16:00–17:00" in text, "(before: Mon 1 June 2037, 10:00–11:00" in text) == (True, True)


def test_an_offer_that_moves_is_told_with_the_net_change_and_not_where_it_moved_back(sink: SmtpSink) -> None:
    stage = Two()
    stage.somebody()
    send()
    stage.put("14:00")
    send()
    sink.taken.clear()
    for clock in ("14:15", "14:00"):
        stage.put(clock)
        take_in()
    later()
    send()
    assert sink.taken == []
    for clock in ("14:15", "14:30"):
        stage.put(clock)
        take_in()
    later()
    send()
    assert mails(sink) == [(f"Please decide: {stage.session.title}", "")]
    text = mail_text(sink.taken[0].message)
    assert "The session in which a place is kept for you has another time." in text
    assert ("14:30–15:30" in text, "(before: Mon 1 June 2037, 14:00–15:00" in text) == (True, True)


def test_a_calendar_holds_no_place_that_went_with_a_start_that_was_over(sink: SmtpSink) -> None:
    """Both moved into the past at once: nobody can decide any more, but what stands in the calendar is to come."""
    stage = Two()
    stage.somebody()
    send()
    sink.taken.clear()
    over = timezone.now() - timedelta(hours=3)
    publish(stage.conference, [(stage.session, stage.room, over), (stage.second, stage.other_room, over)])
    later()
    send()
    expire_offers(now=timezone.now())
    later()
    send()
    title, second = stage.session.title, stage.second.title
    gone = f"Your offered place has been given on: {second}"
    assert mails(sink) == [(f"New time: {title}", "REQUEST"), (gone, "CANCEL")]
    sink.taken.clear()
    stage.put("10:00")
    later()
    send()
    assert sorted(mails(sink)) == [
        (f"New time: {title}", "REQUEST"),
        (f"You have your place again: {second}", "REQUEST"),
    ]


def test_an_offer_says_what_was_as_its_reader_knew_it(sink: SmtpSink) -> None:
    stage = Two()
    stage.somebody()
    send()
    sink.taken.clear()
    for clock in ("11:00", "14:30"):
        stage.put(clock)
        take_in()
    later()
    send()
    assert [method for _, method in mails(sink)] == ["CANCEL"]
    text = mail_text(sink.taken[0].message)
    assert ("14:30–15:30" in text, "(before: Mon 1 June 2037, 10:00–11:00" in text) == (True, True)


@pytest.mark.parametrize(("was_told", "runs"), [(False, False), (True, False), (True, True)])
def test_a_session_that_takes_place_after_all_is_told_to_those_who_heard_it_would_not(
    sink: SmtpSink, was_told: bool, runs: bool
) -> None:
    stage = Stage()
    stage.place()
    if runs:
        publish(stage.conference, [(stage.session, stage.room, timezone.now() - timedelta(minutes=5))])
    send()
    cancel_session(stage.session, actor=ACTOR)
    if was_told:
        send()
    take_in()
    sink.taken.clear()
    reinstate_session(stage.session, actor=ACTOR)
    later()
    send()
    again = [(f"You have your place again: {stage.session.title}", "REQUEST")]
    assert mails(sink) == (again if was_told else [])


def test_who_was_asked_at_once_is_told_at_once_that_they_need_not_decide(sink: SmtpSink) -> None:
    stage = Two()
    stage.somebody(updates="feed")
    stage.put("14:00")
    send()
    assert [kind for kind, _ in outbox()] == ["place_offered"]
    stage.put("10:00")
    send()
    assert outbox() == [("place_offered", "sent"), ("place_back", "sent")]


def test_a_daily_mail_says_nothing_of_what_came_back_the_same_day() -> None:
    stage = Two()
    stage.somebody(updates="digest")
    take_in()
    Message.objects.update(state="sent", sent_at=timezone.now())
    cancel_session(stage.session, actor=ACTOR)
    reinstate_session(stage.session, actor=ACTOR)
    take_in()
    digest = Message.objects.latest("pk")
    assert digest.kind == "digest"
    assert send().sent == 0
    later()
    send()
    digest.refresh_from_db()
    assert digest.state == "superseded"
