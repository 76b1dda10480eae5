"""Keeping messages back and letting them go."""

from __future__ import annotations

import pytest
from django.utils import timezone

from journal.actors import Actor
from journal.models import Entry
from notifications.delivery.delivering import deliver
from notifications.delivery.withholding import WithholdRefusedError, release_message, withhold
from notifications.models import Announcement, Message, Suppression
from notifications.rules.intake import take_in
from registration.domain.signups.signing_up import leave
from tests.notifications.places import ACTOR, Stage
from tests.present import present
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
OLGA = Actor.organizer(1)


def queued(stage: Stage) -> Message:
    stage.place()
    take_in()
    return Message.objects.get()


def test_a_withheld_message_stays_until_it_is_released(sink: SmtpSink) -> None:
    message = queued(Stage())
    withhold(message, actor=OLGA)
    deliver("bulk")
    assert (message.state, len(sink.taken)) == ("withheld", 0)
    release_message(message, actor=OLGA, now=timezone.now())
    deliver("bulk")
    message.refresh_from_db()
    assert (message.state, len(sink.taken)) == ("sent", 1)
    entries = Entry.objects.filter(verb__startswith="message.").order_by("pk")
    assert list(entries.values_list("verb", "actor", "subject_id")) == [
        ("message.withheld", str(OLGA), message.pk),
        ("message.released", str(OLGA), message.pk),
    ]


def test_what_is_not_true_any_more_is_dropped_when_released(sink: SmtpSink) -> None:
    stage = Stage()
    message = queued(stage)
    withhold(message, actor=OLGA)
    leave(present(message.signup), actor=ACTOR)
    release_message(message, actor=OLGA, now=timezone.now())
    deliver("bulk")
    message.refresh_from_db()
    assert (message.state, len(sink.taken)) == ("superseded", 0)


@pytest.mark.parametrize("state", ["claimed", "sending", "sent", "failed", "withheld", "superseded"])
def test_only_what_waits_is_withheld(state: str) -> None:
    message = queued(Stage())
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(state=state, claimed_until=now, sent_at=now)
    with pytest.raises(WithholdRefusedError, match="not been sent yet"):
        withhold(message, actor=OLGA)
    message.refresh_from_db()
    assert (message.state, Entry.objects.filter(verb="message.withheld").count()) == (state, 0)


def test_what_is_not_withheld_is_not_released() -> None:
    message = queued(Stage())
    with pytest.raises(WithholdRefusedError, match="Only a message that is withheld"):
        release_message(message, actor=OLGA, now=timezone.now())


def test_a_dead_address_is_lifted_first() -> None:
    message = queued(Stage())
    entry = Suppression.objects.create(address="x@example.org", reason="refused")
    Message.objects.filter(pk=message.pk).update(state="withheld", suppression=entry)
    with pytest.raises(WithholdRefusedError, match="takes no mail"):
        release_message(message, actor=OLGA, now=timezone.now())
    Suppression.objects.update(lifted_at=timezone.now())
    release_message(message, actor=OLGA, now=timezone.now())
    assert (message.state, message.suppression) == ("queued", None)


def test_nothing_of_a_stopped_announcement_is_released() -> None:
    message = queued(Stage())
    now = timezone.now()
    announcement = Announcement.objects.create(
        conference=present(message.conference),
        registration_states=["accepted"],
        state="stopped",
        due_at=now,
        started_at=now,
    )
    Message.objects.filter(pk=message.pk).update(state="withheld", announcement=announcement)
    with pytest.raises(WithholdRefusedError, match="was stopped"):
        release_message(message, actor=OLGA, now=now)


def test_what_was_cut_off_before_is_known_to_be() -> None:
    message = queued(Stage())
    Message.objects.filter(pk=message.pk).update(state="unknown", cut_offs=1)
    withhold(message, actor=OLGA)
    release_message(message, actor=OLGA, now=timezone.now())
    assert message.state == "unknown"
