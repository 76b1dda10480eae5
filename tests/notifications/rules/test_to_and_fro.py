"""Somebody who takes a place and gives it back, again and again: few mails, few entries, and the last word is right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.registrations.registering import CameBackTooOften, cancel, take_part
from registration.domain.signups.coming_again import TIMES, WINDOW
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.signing_up import leave, sign_up, swap
from registration.models import Registration, SignUp, Tally
from tests.factories import at, make_session, publish
from tests.notifications.places import ACTOR, Stage
from tests.notifications.sending import later, send
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


def to_and_fro(stage: Stage, registration: Registration, times: int) -> None:
    for _ in range(times):
        leave(sign_up(registration, stage.session, actor=ACTOR), actor=ACTOR)


def test_changes_before_the_mail_leaves_are_one_mail(sink: SmtpSink) -> None:
    stage = Stage(gather_seconds=120)
    person = stage.person()
    for _ in range(3):
        sign_up(person, stage.session, actor=ACTOR)
        take_in()
        leave(SignUp.objects.get(), actor=ACTOR)
        take_in()
    sign_up(person, stage.session, actor=ACTOR)
    send()
    assert [str(taken.message["subject"]) for taken in sink.taken] == [f"You have a place: {stage.session.title}"]


def test_loop_beside_delivery_is_told_twice_and_then_once(sink: SmtpSink) -> None:
    """Every mail leaves at once, and yet: what was true, that it ended, and after the gathering time what holds."""
    stage = Stage(gather_seconds=120)
    person = stage.person()
    for _ in range(8):
        signup = sign_up(person, stage.session, actor=ACTOR)
        send()
        leave(signup, actor=ACTOR)
        send()
    kinds = list(Message.objects.order_by("pk").exclude(state="superseded").values_list("kind", "state"))
    assert kinds == [("place_confirmed", "sent"), ("place_left", "sent"), ("place_left", "queued")]
    sign_up(person, stage.session, actor=ACTOR)
    send()
    assert len(sink.taken) == 2
    later()
    send()
    assert str(sink.taken[-1].message["subject"]) == f"You have a place: {stage.session.title}"
    assert len(sink.taken) == 3


def test_somebody_who_thinks_again_later_is_told_at_once(sink: SmtpSink) -> None:
    stage = Stage(gather_seconds=120)
    signup = stage.place()
    send()
    leave(signup, actor=ACTOR)
    send()
    Message.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    sign_up(signup.registration, stage.session, actor=ACTOR)
    send()
    assert len(sink.taken) == 3


def test_loop_ends_and_the_journal_with_it() -> None:
    stage = Stage()
    person, other = stage.person(), stage.person()
    to_and_fro(stage, person, TIMES + 1)
    entries = Entry.objects.count()
    with pytest.raises(SignUpRefused, match="too-often") as refusal:
        sign_up(person, stage.session, actor=ACTOR)
    assert (refusal.value.code, Entry.objects.count()) == ("too-often", entries)
    to_and_fro(stage, other, 2)
    Tally.objects.update(starts_at=timezone.now() - WINDOW)
    assert sign_up(person, stage.session, actor=ACTOR).state == SignUp.State.CONFIRMED


def test_swaps_to_and_fro_count_as_well() -> None:
    stage = Stage()
    second = make_session(stage.conference)
    clocks = [
        (stage.session, stage.room, at(stage.conference, "10:00")),
        (second, stage.other_room, at(stage.conference, "10:00")),
    ]
    publish(stage.conference, clocks)
    held = stage.place()
    held = swap(held, second, actor=ACTOR)
    for number in range(TIMES):
        held = swap(held, second if number % 2 else stage.session, actor=ACTOR)
    with pytest.raises(SignUpRefused, match="too-often"):
        swap(held, stage.session, actor=ACTOR)
    held.refresh_from_db()
    assert held.state == SignUp.State.CONFIRMED


def test_registration_cancelled_and_handed_in_again_is_told_like_a_place(sink: SmtpSink) -> None:
    """Each press is delivered before the next; it is told that it ended, and after the gathering time what holds."""
    stage = Stage(gather_seconds=120)
    person = stage.person()
    for _ in range(4):
        cancel(person, actor=person.actor)
        send()
        take_part(person, actor=person.actor, now=timezone.now())
        send()
    assert [str(taken.message["subject"]) for taken in sink.taken] == [
        f"Your registration is cancelled: {stage.conference.name}"
    ]
    later()
    send()
    assert (len(sink.taken), Message.objects.get(state="sent", kind="registration_confirmed").registration) == (
        2,
        person,
    )


def test_loop_of_registrations_ends_and_the_journal_with_it() -> None:
    stage = Stage()
    person = stage.person()
    for _ in range(TIMES):
        cancel(person, actor=person.actor)
        take_part(person, actor=person.actor, now=timezone.now())
    cancel(person, actor=person.actor)
    entries = Entry.objects.count()
    with pytest.raises(CameBackTooOften):
        take_part(person, actor=person.actor, now=timezone.now())
    assert Entry.objects.count() == entries
    assert take_part(person, actor=ACTOR, now=timezone.now()).state == Registration.State.ACCEPTED
    cancel(person, actor=person.actor)
    Tally.objects.update(starts_at=timezone.now() - WINDOW)
    assert take_part(person, actor=person.actor, now=timezone.now()).state == Registration.State.ACCEPTED
