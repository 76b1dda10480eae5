from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from notifications import claims, delivery
from notifications.delivery import BACK_OFF, deliver, next_try
from notifications.intake import take_in
from notifications.models import Attempt, Message
from notifications.retrying import RetryRefusedError, retry
from registration.models import Registration, SignUp
from registration.signing_up import leave, sign_up
from schedule.editing import cancel_session, rename_session, resize_room
from tests.notifications.places import ACTOR, Stage, make_link, outbox
from tests.smtp_sink import CLOSE, HANG, SmtpSink

pytestmark = pytest.mark.django_db


def send(queue: str = "bulk") -> delivery.Delivered:
    take_in()
    return deliver(queue)


def told(sink: SmtpSink) -> list[tuple[str, str]]:
    """Recipient and calendar method of every mail, in the order of arrival."""
    found = []
    for taken in sink.taken:
        parts = [part for part in taken.message.walk() if part.get_content_type() == "text/calendar"]
        found.append((taken.recipient, parts[0].get_param("method") if parts else ""))
    return found


def later(**step: float) -> None:
    """Let time pass for everything that is due later or claimed."""
    Message.objects.filter(state="queued").update(due_at=timezone.now())
    Message.objects.filter(state="claimed").update(claimed_until=timezone.now() - timedelta(seconds=1))


# --- What is sent -------------------------------------------------------------------------------------------


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
    assert (done.sent, done.superseded) == (1, 1)
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "sent"), ("place_changed", "superseded")]
    text = sink.taken[1].message.get_body(("plain",)).get_content()
    assert "12:00–13:00" in text
    assert "(before: Mon 1 June 2026, 10:00–11:00 (Asia/Seoul))" in text
    assert "11:00–12:00" not in text


def test_a_move_there_and_back_before_the_mail_left_is_not_told(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    send()
    stage.move("11:00")
    stage.move("10:00")
    done = send()
    assert (done.sent, done.superseded) == (0, 2)
    stage.move("12:00")
    assert send().sent == 1
    assert "(before: Mon 1 June 2026, 10:00–11:00" in sink.taken[1].message.get_body(("plain",)).get_content()


def test_confirmation_sent_after_a_change_says_the_new_time_and_the_change_nothing(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    stage.move("11:00")
    send()
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "superseded")]
    assert "11:00–12:00" in sink.taken[0].message.get_body(("plain",)).get_content()


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
    assert "You are number 1 in line." in sink.taken[2].message.get_body(("plain",)).get_content()


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


# --- Order --------------------------------------------------------------------------------------------------


def test_newer_message_waits_for_the_older_one_of_its_place(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    stage.move("11:00")
    take_in()
    now = timezone.now()
    first = claims.claim("bulk", 50, now=now)
    assert len(first.ids) == 1
    assert claims.claim("bulk", 50, now=now).ids == ()
    claims.give_back(first)
    done = deliver("bulk")
    assert (done.sent, done.superseded) == (1, 1)


def test_back_off_of_an_older_message_holds_the_newer_one_back(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    sink.answer("451 later")
    send()
    stage.move("11:00")
    assert send().sent == 0
    later()
    send()
    assert outbox() == [("place_confirmed", "sent"), ("place_changed", "superseded")]


def test_limit_bounds_a_round_and_says_that_more_is_due(sink: SmtpSink) -> None:
    stage = Stage()
    for _ in range(3):
        stage.place()
    take_in()
    first = deliver("bulk", limit=2)
    assert (first.sent, first.more) == (2, True)
    second = deliver("bulk", limit=2)
    assert (second.sent, second.more) == (1, False)


# --- Faults -------------------------------------------------------------------------------------------------


def test_temporary_refusal_backs_off_and_then_fails(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    for number, seconds in enumerate(BACK_OFF):
        sink.answer("451 4.3.0 try later")
        before = timezone.now()
        assert deliver("bulk").deferred == 1
        message = Message.objects.get()
        assert (message.state, message.attempts, message.last_answer) == ("queued", number + 1, "451 4.3.0 try later")
        wait = (message.due_at - before).total_seconds()
        assert seconds <= wait <= seconds * 1.2 + 5
        assert deliver("bulk") == delivery.Delivered()
        later()
    sink.answer("451 4.3.0 try later")
    assert deliver("bulk").failed == 1
    assert Message.objects.get().state == "failed"
    assert list(Attempt.objects.values_list("outcome", "answer")) == [("deferred", "451 4.3.0 try later")] * 6


def test_permanent_refusal_fails_at_once_and_the_others_are_sent(sink: SmtpSink) -> None:
    stage = Stage()
    one, two = stage.place(), stage.place()
    sink.refuse(one.registration.participant.email, "550 5.1.1 no such user")
    done = send()
    assert (done.sent, done.failed, done.away) == (1, 1, False)
    rows = Message.objects.order_by("pk").values_list(
        "signup_id", "state", "attempts", "last_answer", "calendar_method"
    )
    assert list(rows) == [
        (one.pk, "failed", 1, "550 5.1.1 no such user", ""),
        (two.pk, "sent", 1, "", "REQUEST"),
    ]
    leave(one, actor=ACTOR)
    send()
    assert Message.objects.get(kind="place_left").calendar_method == ""


@pytest.mark.parametrize("fault", [CLOSE, HANG, "421 4.3.2 shutting down"])
def test_broken_connection_costs_only_the_message_in_flight_a_try(
    fault: str, sink: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1
    stage = Stage()
    for _ in range(3):
        stage.place()
    sink.answer("250 OK", fault)
    done = send()
    assert (done.sent, done.deferred, done.away) == (1, 1, True)
    rows = Message.objects.order_by("pk").values_list("state", "attempts", "claimed_until")
    assert list(rows) == [("sent", 1, None), ("queued", 1, None), ("queued", 0, None)]
    uid = str(Message.objects.order_by("pk")[1].uid)
    later()
    assert deliver("bulk").sent == 2
    assert uid in sink.taken[1].message["Message-ID"] + sink.taken[2].message["Message-ID"]


def test_server_that_is_away_costs_nothing(sink: SmtpSink, settings: Settings) -> None:
    stage = Stage()
    for _ in range(3):
        stage.place()
    settings.EMAIL_PORT = 1
    done = send()
    assert (done.sent, done.deferred, done.away) == (0, 0, True)
    rows = list(Message.objects.values_list("state", "attempts", "last_answer"))
    assert rows == [("queued", 0, "ConnectionRefusedError: [Errno 111] Connection refused")] * 3
    assert Attempt.objects.count() == 0
    settings.EMAIL_PORT = sink.port
    assert deliver("bulk").sent == 3


def test_server_that_refuses_us_blames_no_message(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    sink.refuse_sender("550 5.7.1 you may not send")
    done = send()
    assert (done.failed, done.deferred, done.away) == (0, 0, True)
    assert list(Message.objects.values_list("state", "attempts", "last_answer")) == [
        ("queued", 0, "550 5.7.1 you may not send")
    ]


def test_mail_that_is_too_big_is_refused_alone(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    sink.refuse_sender("552 5.3.4 too big")
    done = send()
    assert (done.failed, done.away) == (1, False)
    assert list(Message.objects.values_list("state", "last_answer")) == [("failed", "552 5.3.4 too big")]


def test_mail_that_cannot_be_written_fails_alone(sink: SmtpSink, caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    one, two = stage.place(), stage.place()
    participant = one.registration.participant
    participant.email = "no address"
    participant.save()
    done = send()
    assert (done.sent, done.failed) == (1, 1)
    assert [taken.recipient for taken in sink.taken] == [two.registration.participant.email]
    message = Message.objects.get(state="failed")
    assert message.last_answer == "cannot be written: recipient: not a bare mail address"
    assert caplog.messages == [f"Message {message.uid} cannot be written."]


def test_unexpected_error_gives_the_rest_of_the_batch_back(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.place(), stage.place()
    take_in()

    def fail(*args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(delivery, "compose", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        deliver("bulk")
    assert list(Message.objects.values_list("state", "attempts")) == [("queued", 0)] * 2


def test_slow_server_is_left_before_the_lease_runs_out(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    for _ in range(3):
        stage.place()
    clock = iter(range(0, 1000, 40))
    monkeypatch.setattr(delivery, "monotonic", lambda: next(clock))
    take_in()
    first = deliver("bulk", limit=3)
    assert (first.sent, first.more) == (1, True)
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "queued", "sent"]


# --- Workers that die ---------------------------------------------------------------------------------------


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Deliver with a worker that dies after the server took its first mail, before that is written down."""

    def run() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(claims, "settle", lambda *args: (_ for _ in ()).throw(SystemExit))
            patch.setattr(claims, "give_back", lambda *args, **kwargs: 0)
            with pytest.raises(SystemExit):
                deliver("bulk")

    return run


def test_message_of_a_dead_worker_goes_again_with_the_same_id(sink: SmtpSink, killed: Callable[[], None]) -> None:
    stage = Stage()
    stage.place(), stage.place()
    take_in()
    killed()
    assert deliver("bulk").sent == 0
    later()
    assert deliver("bulk").sent == 2
    ids = [taken.message["Message-ID"] for taken in sink.taken]
    assert (len(ids), ids[0], len(set(ids))) == (3, ids[1], 2)


def test_entry_that_a_dead_worker_may_have_sent_is_cancelled(sink: SmtpSink, killed: Callable[[], None]) -> None:
    stage = Stage()
    place = stage.place()
    take_in()
    killed()
    leave(place, actor=ACTOR)
    take_in()
    later()
    done = deliver("bulk")
    assert (done.sent, done.superseded) == (1, 1)
    assert [method for _, method in told(sink)] == ["REQUEST", "CANCEL"]


def test_worker_that_fails_after_sending_leaves_the_message_in_doubt(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage()
    first, second = stage.place(), stage.place()
    take_in()

    def fail(*args: object) -> None:
        raise RuntimeError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(claims, "settle", fail)
        with pytest.raises(RuntimeError, match="the database is gone"):
            deliver("bulk")
    rows = Message.objects.order_by("pk").values_list("signup_id", "state")
    assert list(rows) == [(first.pk, "claimed"), (second.pk, "queued")]
    leave(first, actor=ACTOR)
    take_in()
    assert deliver("bulk").superseded == 1
    person = first.registration.participant.email
    assert [method for to, method in told(sink) if to == person] == ["REQUEST", "CANCEL"]


def test_answer_for_a_message_that_was_erased_meanwhile_is_dropped(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    now = timezone.now()
    claimed = claims.claim("bulk", 1, now=now)
    Message.objects.all().delete()
    claims.settle(claimed, claims.Settlement(message_id=claimed.ids[0], state="sent", outcome="sent", at=now))
    assert Attempt.objects.count() == 0


def test_late_worker_does_not_overwrite_who_took_its_message_over(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    now = timezone.now()
    Message.objects.update(due_at=now - timedelta(hours=2))
    late = claims.claim("bulk", 1, now=now - timedelta(hours=1))
    (pk,) = late.ids
    current = claims.claim("bulk", 1, now=now)
    assert (current.ids, current.doubtful) == ((pk,), {pk})
    claims.settle(late, claims.Settlement(message_id=pk, state="failed", outcome="refused", at=now, answer="late"))
    assert claims.give_back(late) == 0
    assert Message.objects.get().state == "claimed"
    claims.settle(current, claims.Settlement(message_id=pk, state="sent", outcome="sent", at=now))
    assert outbox() == [("place_confirmed", "sent")]
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["refused", "sent"]


# --- Cost, retry --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries(people: int, sink: SmtpSink, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    for _ in range(people):
        stage.place()
    take_in()
    # Claim, messages, wordings, entries, history, the line where one waits (the third does); each one's mark; give back the rest.
    with django_assert_num_queries(5 + (people > 2) + people + 1):
        deliver("bulk", limit=people)


def test_retry_sends_a_failed_message_again_with_its_id(sink: SmtpSink) -> None:
    stage = Stage()
    place = stage.place()
    sink.answer("554 no")
    send()
    message = Message.objects.get()
    retry(message, actor="organizer:1")
    assert deliver("bulk").sent == 1
    assert str(message.uid) in sink.taken[0].message["Message-ID"]
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["refused", "sent"]
    with pytest.raises(RetryRefusedError):
        retry(message, actor="organizer:1")
    assert place.registration.participant.email == sink.taken[0].recipient


def test_registration_cancelled_meanwhile_is_not_welcomed(sink: SmtpSink) -> None:
    stage = Stage()
    registration = stage.person()
    for number, kind in enumerate(("registration_confirmed", "registration_cancelled")):
        Message.objects.create(
            conference=stage.conference, registration=registration, participant=registration.participant, kind=kind,
            dedup_key=f"test:{number}",
        )  # fmt: skip
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


def test_unknown_state_of_a_sign_up_has_no_message() -> None:
    from notifications.superseding import _STATES

    assert set(_STATES.values()) == set(SignUp.State)
