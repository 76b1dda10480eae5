"""Nothing is told of what is over, nor promised once it has begun (invariant 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from notifications.mails.news import news
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.attending.by_hand import enter_by_hand
from registration.domain.registrations.deciding import approve
from registration.domain.registrations.registering import cancel
from registration.domain.signups.closing import close_lines
from registration.domain.signups.signing_up import sign_up
from registration.models import SignUp
from schedule.domain.programme.closing_times import change_session_closing
from schedule.domain.programme.rooms import rename_room, resize_room
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Conference
from tests.factories import at, both, publish
from tests.notifications.places import ACTOR, Stage
from tests.notifications.sending import later, send
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sink")]


def sent() -> None:
    """Everything that is due leaves."""
    send()
    later()
    send()


def shift(stage: Stage, **ago: int) -> None:
    """The session began so long ago; it lasts an hour."""
    publish(stage.conference, [(stage.session, stage.room, timezone.now() - timedelta(**ago))])


def states() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, state in Message.objects.order_by("pk").values_list("kind", "state"):
        found.setdefault(kind, []).append(state)
    return found


@pytest.mark.parametrize("change", ["name", "room", "cancelled", "gone"])
def test_a_changed_session_that_is_over_tells_nobody(change: str) -> None:
    stage = Stage()
    stage.place()
    shift(stage, hours=3)
    sent()
    Message.objects.all().delete()
    match change:
        case "name":
            rename_room(stage.room, name=both("Great hall"), actor=ACTOR)
        case "room":
            publish(stage.conference, [(stage.session, stage.other_room, timezone.now() - timedelta(hours=3))])
        case "cancelled":
            cancel_session(stage.session, actor=ACTOR)
        case _:
            publish(stage.conference, [])
    sent()
    assert [state for found in states().values() for state in found if state == "sent"] == []


def test_a_running_session_that_changes_tells() -> None:
    stage = Stage()
    stage.place()
    shift(stage, minutes=20)
    sent()
    rename_room(stage.room, name=both("Great hall"), actor=ACTOR)
    sent()
    assert states()["place_changed"][-1] == "sent"


def test_a_session_moved_from_the_past_into_the_future_tells() -> None:
    stage = Stage()
    stage.place()
    shift(stage, hours=3)
    sent()
    stage.move("10:00")
    sent()
    assert states()["place_changed"][-1] == "sent"


def test_a_confirmation_that_comes_after_the_end_is_not_sent() -> None:
    stage = Stage()
    stage.place()
    shift(stage, hours=3)
    sent()
    assert states()["place_confirmed"] == ["superseded"]


def test_a_line_that_closes_at_the_start_needs_no_mail_and_one_that_closes_before_it_has_one() -> None:
    stage = Stage()
    stage.place(), stage.place(), stage.place()
    sent()
    shift(stage, minutes=1)
    close_lines(now=timezone.now())
    sent()
    assert states()["line_closed"] == ["superseded"]
    # Open again, and closed in time.
    stage.move("10:00")
    close_lines(now=at(stage.conference, "10:00"))
    sent()
    assert states()["line_closed"] == ["superseded", "sent"]


def test_who_is_entered_by_hand_into_a_running_session_is_told() -> None:
    stage = Stage()
    shift(stage, minutes=10)
    enter_by_hand(stage.person(), stage.session, actor=ACTOR)
    sent()
    assert states() == {"place_confirmed": ["sent"]}
    assert SignUp.objects.get().by_hand


def test_who_loses_a_place_before_the_start_of_a_closed_session_is_told_once() -> None:
    stage = Stage()
    stage.place(), stage.place()
    sent()
    start = timezone.now() + timedelta(minutes=30)
    stage.session.signup_closes_minutes = 60
    stage.session.save()
    publish(stage.conference, [(stage.session, stage.room, start)])
    sent()
    resize_room(stage.room, capacity=1, actor=ACTOR)
    close_lines(now=timezone.now())
    sent()
    assert (states()["place_lost"], states()["line_closed"]) == (["superseded"], ["sent"])


def test_the_daily_mail_is_silent_about_what_is_over() -> None:
    stage = Stage()
    place = stage.place(stage.person(updates="digest"))
    first = Entry.objects.order_by("pk").values_list("pk", flat=True)[0]
    take_in()
    assert [row.what for row in news({place.registration_id: first})[place.registration_id]] == ["confirmed"]
    shift(stage, hours=3)
    take_in()
    assert news({place.registration_id: first}) == {}


def test_what_a_mail_offers_has_not_closed_meanwhile(sink: SmtpSink) -> None:
    """The words that invite to sign up, or to give back for others, are there as long as that helps anybody."""
    stage = Stage()
    person = stage.person()
    sign_up(person, stage.session, actor=ACTOR)
    change_session_closing(stage.session, minutes=40320, actor=ACTOR)
    publish(stage.conference, [(stage.session, stage.room, timezone.now() + timedelta(days=2))])
    send()
    cancel(person, actor=ACTOR)
    Conference.objects.filter(pk=stage.conference.pk).update(registration_closes_at=timezone.now())
    sent()
    texts = {str(taken.message["subject"]).split(":")[0]: mail_text(taken.message) for taken in sink.taken}
    assert sorted(texts) == ["You have a place", "You have given back your place", "Your registration is cancelled"]
    assert "give your place back" not in texts["You have a place"]
    assert "register again" not in texts["Your registration is cancelled"]


def test_who_lost_a_place_after_sign_up_closed_reads_why(sink: SmtpSink) -> None:
    stage = Stage()
    for _ in range(2):
        stage.place()
    publish(stage.conference, [(stage.session, stage.room, timezone.now() + timedelta(days=2))])
    change_session_closing(stage.session, minutes=40320, actor=ACTOR)
    sent()
    sink.taken.clear()
    resize_room(stage.room, capacity=1, actor=ACTOR)
    sent()
    (taken,) = sink.taken
    assert "this session now has fewer places, and yours is among those that were lost" in mail_text(taken.message)
    resize_room(stage.room, capacity=2, actor=ACTOR)
    sent()
    assert [str(one.message["subject"]).split(":")[0] for one in sink.taken[1:]] == ["You have your place again"]


def test_nothing_is_said_of_taking_part_once_the_conference_is_over() -> None:
    stage = Stage(approves_registrations=True)
    person = stage.person(state="submitted", confirmed_at=None)
    approve(person, actor=ACTOR, now=timezone.now())
    Conference.objects.filter(pk=stage.conference.pk).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate() - timedelta(days=2)
    )
    sent()
    assert states() == {"registration_approved": ["superseded"]}
