from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from notifications.delivery import leases
from notifications.delivery.delivering import deliver
from notifications.delivery.retry_schedule import BACK_OFF, next_try
from notifications.delivery.retrying import RetryRefusedError, retry
from notifications.delivery.superseding import _STATES
from notifications.models import Attempt, Message
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, SignUp
from schedule.domain.programme.rooms import resize_room
from schedule.domain.programme.sessions import cancel_session, rename_session
from tests.notifications.places import ACTOR, Stage, make_link, outbox
from tests.notifications.sending import later, send, told
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


# --- What is sent --------------------------------------------------------------------------------------------


def test_a_place_and_its_end_reach_the_calendar(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place()
    person = place.registration.participant.email
    send()
    leave(place, actor=ACTOR)
    send()
    sign_up(place.registration, stage.session, actor=ACTOR)
    send()
    assert told(sink) == [(person, "REQUEST"), (person, "CANCEL"), (person, "REQUEST")]
    sequences = list(Message.objects.order_by("pk").values_list("calendar_method", "calendar_sequence", "subject"))
    title = stage.session.title.localize("en")
    assert sequences == [
        ("REQUEST", 0, f"You have a place: {title}"),
        ("CANCEL", 1, f"You have given back your place: {title}"),
        ("REQUEST", 2, f"You have a place: {title}"),
    ]


def test_no_cancel_for_an_entry_that_was_never_requested(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place()
    leave(place, actor=ACTOR)
    send()
    assert told(sink) == [(place.registration.participant.email, "")]
    assert outbox() == [("place_confirmed", "superseded"), ("place_left", "sent")]


def test_no_calendar_part_for_who_wants_none_but_changes_are_told(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place(invites_by_mail=False)
    person = place.registration.participant.email
    send()
    stage.move("11:00")
    send()
    leave(place, actor=ACTOR)
    send()
    assert told(sink) == [(person, "")] * 3


def test_a_change_is_told_once_however_many_moves_it_took(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    send()
    stage.move("11:00")
    stage.move("12:00", stage.other_room)
    done = send()
    assert (done.sent, done.superseded) == (1, 0)
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "sent")]
    text = mail_text(sink.taken[1].message)
    assert "12:00–13:00" in text
    assert "(before: Mon 1 June 2037, 10:00–11:00 (Asia/Seoul))" in text
    assert "11:00–12:00" not in text


def test_a_move_there_and_back_before_the_mail_left_is_not_told(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    send()
    stage.move("11:00")
    stage.move("10:00")
    done = send()
    assert (done.sent, done.superseded) == (0, 1)
    stage.move("12:00")
    assert send().sent == 1
    assert "(before: Mon 1 June 2037, 10:00–11:00" in mail_text(sink.taken[1].message)


def test_confirmation_sent_after_a_change_says_the_new_time_and_there_is_no_other_mail(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    stage.move("11:00")
    send()
    assert outbox() == [("place_confirmed", "sent")]
    assert "11:00–12:00" in mail_text(sink.taken[0].message)


def test_new_title_is_told(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    send()
    rename_session(stage.session, title={"en": "Cities that listen", "ko": "듣는 도시"}, actor=ACTOR)
    send()
    assert [taken.message["Subject"] for taken in sink.taken][1:] == ["New title: Cities that listen"]


def test_cancelled_session_is_cancelled_in_calendars(sink: SmtpSink) -> None:
    stage = Stage()
    one, two, waiting = stage.place(), stage.place(), stage.place()
    send()
    cancel_session(stage.session, actor=ACTOR)
    send()
    people = [place.registration.participant.email for place in (one, two, waiting)]
    assert sorted(told(sink)[3:]) == sorted([(people[0], "CANCEL"), (people[1], "CANCEL"), (people[2], "")])
    assert outbox()[3:] == [("session_cancelled", "sent")] * 3


def test_smaller_room_takes_the_last_place_back(sink: SmtpSink) -> None:
    stage = Stage()
    _one, two = stage.place(), stage.place()
    send()
    resize_room(stage.room, capacity=1, actor=ACTOR)
    send()
    assert told(sink)[2:] == [(two.registration.participant.email, "CANCEL")]
    assert "You are number 1 in line." in mail_text(sink.taken[2].message)


@pytest.mark.parametrize("title", [".", ".org and the city", ".."])
def test_line_that_begins_with_a_dot_arrives_whole(title: str, sink: SmtpSink) -> None:
    """A dot alone on a line would end the mail, and the first of several is taken off (RFC 5321 4.5.2)."""
    stage = Stage()
    stage.session.title = LazyI18nString({"en": title})
    stage.session.save()
    stage.place(language="en")
    send()
    text = mail_text(sink.taken[0].message)
    assert title in text.splitlines()
    assert [part.get_content_type() for part in sink.taken[0].message.walk()][-1] == "application/ics"


def test_used_or_expired_link_is_not_sent(sink: SmtpSink) -> None:
    stage = Stage()
    person = stage.person().participant
    now = timezone.now()
    for number, changes in enumerate(({}, {"used_at": now}, {"expires_at": now})):
        link = make_link(person, **changes)
        Message.objects.create(
            participant=person, magic_link=link, kind="sign_in", queue="urgent", dedup_key=f"test:{number}"
        )
    done = deliver("urgent")
    assert (done.sent, done.superseded) == (1, 2)


def test_queues_are_served_apart(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    assert deliver("urgent").sent == 0
    assert deliver("bulk").sent == 1


# --- Order ---------------------------------------------------------------------------------------------------


def test_newer_message_waits_for_the_older_one_of_its_place(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    now = timezone.now()
    first = leases.claim("bulk", 50, now=now)
    assert len(first.ids) == 1
    # The mail about the place is in a worker's hands, so the change needs one of its own.
    stage.move("11:00")
    take_in()
    assert leases.claim("bulk", 50, now=now).ids == ()
    leases.give_back(first, now=now)
    done = deliver("bulk")
    assert (done.sent, done.superseded) == (1, 1)


def test_newer_message_about_a_registration_waits_for_the_older_one_but_a_link_does_not(sink: SmtpSink) -> None:
    stage = Stage()
    person = stage.person()
    entries = iter(range(1, 9))

    def message(kind: str, **fields: object) -> int:
        made = Message.objects.create(
            conference=stage.conference,
            registration=person,
            participant=person.participant,
            kind=kind,
            dedup_key=kind,
            journal_entry_id=next(entries),
            **fields,
        )
        return made.pk

    older, newer = message("registration_approved"), message("registration_confirmed")
    link = message("sign_in", magic_link=make_link(person.participant))
    now = timezone.now()
    first = leases.claim("bulk", 50, now=now)
    assert first.ids == (older, link)
    assert leases.claim("bulk", 50, now=now).ids == ()
    leases.supersede(first, [older])
    assert leases.claim("bulk", 50, now=now).ids == (newer,)


def test_change_during_the_back_off_of_the_confirmation_is_told_by_it(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    sink.answer("451 later")
    send()
    stage.move("11:00")
    assert send().sent == 0
    later()
    send()
    assert outbox() == [("place_confirmed", "sent")]
    assert "11:00–12:00" in mail_text(sink.taken[-1].message)


def test_what_was_due_first_leaves_first(sink: SmtpSink) -> None:
    stage = Stage()
    places = [stage.place(), stage.place()]
    take_in()
    hour = timedelta(hours=1)
    for place, ago in zip(places, (hour, 2 * hour), strict=True):
        Message.objects.filter(signup=place).update(due_at=timezone.now() - ago)
    assert [deliver("bulk", limit=1).sent for _ in places] == [1, 1]
    first, second = (place.registration.participant.email for place in places)
    assert [taken.recipient for taken in sink.taken] == [second, first]


@pytest.mark.django_db(transaction=True)
def test_messages_in_somebody_elses_hands_are_passed_over_without_waiting(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place(), stage.place()
    take_in()
    held, free = Message.objects.order_by("pk").values_list("pk", flat=True)
    other = connection.copy()
    try:
        with transaction.atomic(), connection.cursor() as cursor, other.cursor() as theirs:
            other.set_autocommit(False)
            theirs.execute("SELECT 1 FROM notifications_message WHERE id = %s FOR UPDATE", [held])
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            assert leases.claim("bulk", 50, now=timezone.now()).ids == (free,)
    finally:
        other.close()


def test_limit_bounds_a_round_and_says_that_more_is_due(sink: SmtpSink) -> None:
    stage = Stage()
    for _ in range(3):
        stage.place()
    take_in()
    first = deliver("bulk", limit=2)
    assert (first.sent, first.more) == (2, True)
    second = deliver("bulk", limit=2)
    assert (second.sent, second.more) == (1, False)


# --- Cost, retry ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries(people: int, sink: SmtpSink, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    for _ in range(people):
        stage.place()
    take_in()
    # What dead workers had in hand, claim, messages, wordings, entries, history; the state of the programme, sessions,
    # where they are, their people, hosts and edits; where one waits (the third does) what could be told with it, the
    # line, and what they have at that time; suppressed addresses, the first begun; each one's outcome; give back the
    # rest.
    with django_assert_num_queries(6 + 6 + 3 * (people > 2) + 2 + people + 1):
        deliver("bulk", limit=people)


def test_retry_sends_a_failed_message_again_with_its_id(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place()
    sink.answer("554 no")
    send()
    message = Message.objects.get()
    retry(message, actor=Actor.organizer(1))
    assert deliver("bulk").sent == 1
    assert str(message.uid) in sink.taken[0].message["Message-ID"]
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["refused", "sent"]
    with pytest.raises(RetryRefusedError):
        retry(message, actor=Actor.organizer(1))
    assert place.registration.participant.email == sink.taken[0].recipient


def test_registration_cancelled_meanwhile_is_not_welcomed(sink: SmtpSink) -> None:
    stage = Stage()
    registration = stage.person()
    for number, kind in enumerate(("registration_confirmed", "registration_cancelled")):
        Message.objects.create(
            conference=stage.conference,
            registration=registration,
            participant=registration.participant,
            kind=kind,
            dedup_key=f"test:{number}",
        )
    Registration.objects.update(state="cancelled")
    done = deliver("bulk")
    assert (done.sent, done.superseded) == (1, 1)
    assert [taken.message["Subject"] for taken in sink.taken] == [
        f"Your registration is cancelled: {stage.conference.name.localize('en')}"
    ]


def test_waits_grow_and_end() -> None:
    now = timezone.now()
    waits = [next_try(attempts, now) for attempts in range(7)]
    seconds = [(wait - now).total_seconds() for wait in waits if wait]
    assert [low <= actual <= low * 1.2 for low, actual in zip(BACK_OFF, seconds, strict=True)] == [True] * 5
    assert waits[5:] == [None, None]
    # What failed together does not come back together.
    assert len({next_try(0, now) for _ in range(9)}) == 9


def test_unknown_state_of_a_sign_up_has_no_message() -> None:
    assert set(_STATES.values()) == set(SignUp.State)
