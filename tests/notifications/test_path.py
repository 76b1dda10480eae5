"""The whole way of a change: domain function, journal, outbox, mail server."""

from __future__ import annotations

import pytest

from notifications.delivery.delivering import deliver
from notifications.rules.intake import take_in
from tests.notifications.places import Stage, outbox
from tests.smtp_sink import SmtpSink


@pytest.mark.django_db
def test_confirmed_place_reaches_its_holder_with_an_invite(sink: SmtpSink) -> None:
    stage = Stage()
    signup = stage.place()
    take_in()
    done = deliver("bulk")
    assert (done.sent, done.failed, done.more) == (1, 0, False)
    [taken] = sink.taken
    assert taken.recipient == signup.registration.participant.email
    assert taken.message["Subject"] == f"You have a place: {stage.session.title.localize('en')}"
    assert outbox() == [("place_confirmed", "sent")]
    print(taken.content.decode())
