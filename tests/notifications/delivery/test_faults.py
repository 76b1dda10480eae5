from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from journal.actors import Actor
from notifications.delivery import delivering, leases
from notifications.delivery.delivering import deliver
from notifications.delivery.retry_schedule import BACK_OFF, ONCE_MORE
from notifications.delivery.retrying import retry
from notifications.delivery.smtp import carrier as smtp
from notifications.models import Attempt, Message
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave
from tests.notifications.places import ACTOR, Stage, outbox
from tests.notifications.sending import later, send, told
from tests.smtp_sink import CLOSE, CLOSE_AT_DATA, CLOSE_IN_DATA, HANG, TAKE_AND_CLOSE, SmtpSink

pytestmark = pytest.mark.django_db


def three_with(sink: SmtpSink, *answers: str) -> delivering.Delivered:
    """Three people's confirmations, to a server that answers so."""
    stage = Stage()
    stage.move("10:00", stage.other_room)
    for _ in range(3):
        stage.place()
    sink.answer(*answers)
    return send()


def tried() -> list[tuple[str, int, int]]:
    """State, attempts and cut-offs of every message."""
    return list(Message.objects.order_by("pk").values_list("state", "attempts", "cut_offs"))


def ids(sink: SmtpSink) -> list[str]:
    return [taken.message["Message-ID"] for taken in sink.taken]


# --- Faults --------------------------------------------------------------------------------------------------


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
        assert deliver("bulk") == delivering.Delivered()
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


@pytest.mark.parametrize("fault", [CLOSE_AT_DATA, "421 4.3.2 shutting down"])
def test_connection_that_breaks_before_the_mail_is_over_costs_it_a_try(fault: str, sink: SmtpSink) -> None:
    done = three_with(sink, "250 OK", fault)
    assert (done.sent, done.deferred, done.unknown, done.away) == (1, 1, 0, True)
    assert tried() == [("sent", 1, 0), ("queued", 1, 0), ("queued", 0, 0)]
    later()
    assert deliver("bulk").sent == 2
    assert len(ids(sink)) == len(set(ids(sink))) == 3


@pytest.mark.parametrize(("fault", "copies"), [(CLOSE, 1), (CLOSE_IN_DATA, 1), (HANG, 1), (TAKE_AND_CLOSE, 2)])
def test_mail_without_an_answer_goes_once_more_with_its_id(
    fault: str, copies: int, sink: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1
    done = three_with(sink, "250 OK", fault)
    assert (done.sent, done.deferred, done.unknown, done.away) == (1, 0, 1, True)
    assert tried() == [("sent", 1, 0), ("unknown", 1, 1), ("queued", 0, 0)]
    message = Message.objects.get(state="unknown")
    assert ONCE_MORE <= (message.due_at - timezone.now()).total_seconds() + 5 <= ONCE_MORE * 1.2 + 5
    later()
    assert deliver("bulk").sent == 2
    assert tried() == [("sent", 1, 0), ("sent", 2, 1), ("sent", 1, 0)]
    # What may have arrived goes last: the other mail has shown by then that the server is well.
    assert sink.taken[-1].message["Message-ID"] == f"<{message.uid}@forum.example.org>"
    assert Counter(ids(sink))[f"<{message.uid}@forum.example.org>"] == copies


def test_all_steps_of_a_mail_together_have_an_end(
    sink: SmtpSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would go on while somebody else, after the lease, sends it again."""
    settings.EMAIL_TIMEOUT = 60
    monkeypatch.setattr(smtp, "MAIL_SECONDS", 0.2)
    began = monotonic()
    assert three_with(sink, HANG).unknown == 1
    assert monotonic() - began < 30


def test_third_copy_is_for_a_person_to_decide(sink: SmtpSink) -> None:
    three_with(sink, TAKE_AND_CLOSE)
    later()
    sink.answer("250 OK", "250 OK", TAKE_AND_CLOSE)
    deliver("bulk")
    assert tried() == [("unknown", 2, 2), ("sent", 1, 0), ("sent", 1, 0)]
    later()
    assert deliver("bulk") == delivering.Delivered()
    message = Message.objects.get(state="unknown")
    assert list(message.tries.values_list("outcome", flat=True)) == ["unknown", "unknown"]
    retry(message, actor=Actor.organizer(1))
    assert deliver("bulk").sent == 1
    assert Counter(ids(sink))[f"<{message.uid}@forum.example.org>"] == 3


def test_second_copy_waits_for_a_server_that_answers(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    Stage().place()
    sink.answer(TAKE_AND_CLOSE)
    send()
    later()
    monkeypatch.setattr("smtplib.SMTP.noop", lambda self: (421, b"closing"))
    assert deliver("bulk").away
    assert tried() == [("unknown", 1, 1)]
    monkeypatch.undo()
    assert deliver("bulk").sent == 1


def test_mail_that_may_have_arrived_and_is_then_refused_for_now_is_still_in_doubt(sink: SmtpSink) -> None:
    Stage().place()
    sink.answer(TAKE_AND_CLOSE)
    send()
    later()
    sink.answer("451 later")
    assert deliver("bulk").deferred == 1
    assert tried() == [("unknown", 2, 1)]
    later()
    assert deliver("bulk").sent == 1


def test_connection_is_changed_after_many_mails(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "MAILS_PER_CONNECTION", 2)
    assert three_with(sink).sent == 3
    assert sink.connections == 2


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

    monkeypatch.setattr(delivering, "compose", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        deliver("bulk")
    assert list(Message.objects.values_list("state", "attempts")) == [("queued", 0)] * 2


def test_slow_server_does_not_keep_a_worker_for_ever(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    for _ in range(3):
        stage.place()
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr(delivering, "monotonic", lambda: next(clock))
    monkeypatch.setattr(delivering, "BATCH", 1)
    take_in()
    first = deliver("bulk")
    assert (first.sent, first.more) == (1, True)
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "queued", "sent"]


# --- Workers that die ----------------------------------------------------------------------------------------


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Deliver with a worker that dies after the server took its first mail, before that is written down."""

    def run() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(leases, "settle", lambda *args: (_ for _ in ()).throw(SystemExit))
            patch.setattr(leases, "give_back", lambda *args, **kwargs: 0)
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
    first, second, third = ids(sink)
    assert first == third != second


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
        patch.setattr(leases, "settle", fail)
        with pytest.raises(RuntimeError, match="the database is gone"):
            deliver("bulk")
    rows = Message.objects.order_by("pk").values_list("signup_id", "state")
    assert list(rows) == [(first.pk, "unknown"), (second.pk, "queued")]
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
    claimed = leases.claim("bulk", 1, now=now)
    Message.objects.all().delete()
    leases.settle(
        claimed, leases.Settlement(told=[leases.ToldMessage(claimed.ids[0])], state="sent", outcome="sent", at=now)
    )
    assert Attempt.objects.count() == 0


def test_late_worker_does_not_overwrite_who_took_its_message_over(sink: SmtpSink) -> None:
    stage = Stage()
    stage.place()
    take_in()
    now = timezone.now()
    Message.objects.update(due_at=now - timedelta(hours=2))
    late = leases.claim("bulk", 1, now=now - timedelta(hours=1))
    (pk,) = late.ids
    current = leases.claim("bulk", 1, now=now)
    assert (current.ids, current.doubtful) == ((pk,), frozenset())
    assert leases.begin(late, leases.Next((pk,)), now=now) is False
    assert leases.begin(current, leases.Next((pk,)), now=now) is True
    leases.settle(
        late, leases.Settlement(told=[leases.ToldMessage(pk)], state="failed", outcome="refused", at=now, answer="late")
    )
    assert leases.give_back(late, now=now) == 0
    assert Message.objects.get().state == "sending"
    leases.settle(current, leases.Settlement(told=[leases.ToldMessage(pk)], state="sent", outcome="sent", at=now))
    assert outbox() == [("place_confirmed", "sent")]
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["refused", "sent"]


def test_answer_that_comes_after_the_lease_counts_while_nobody_sends_again(sink: SmtpSink) -> None:
    Stage().place()
    take_in()
    now = timezone.now()
    slow = leases.claim("bulk", 1, now=now)
    (pk,) = slow.ids
    assert leases.begin(slow, leases.Next((pk,), "REQUEST"), now=now)
    assert leases.note_lost(now=now) == 0
    assert leases.note_lost(now=now + timedelta(minutes=1)) == 1
    assert tried() == [("unknown", 1, 1)]
    leases.settle(
        slow, leases.Settlement(told=[leases.ToldMessage(pk, "REQUEST")], state="sent", outcome="sent", at=now)
    )
    assert tried() == [("sent", 2, 1)]


@pytest.mark.parametrize("hours", [-24, 24])
def test_clock_that_jumps_costs_no_message(hours: int, sink: SmtpSink) -> None:
    """There is no other clock to inject: what a jump does to a worker is that every stored time is wrong by it."""
    stage = Stage()
    stage.place(), stage.place()
    take_in()
    jump = timedelta(hours=hours)
    Message.objects.update(due_at=F("due_at") + jump, created_at=F("created_at") + jump)
    dead = leases.claim("bulk", 2, now=timezone.now() + jump)
    leases.begin(dead, leases.Next(dead.ids[:1]), now=timezone.now() + jump)
    assert deliver("bulk").sent == 2
    assert tried() == [("sent", 2, 1), ("sent", 1, 0)]
