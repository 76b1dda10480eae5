"""Pages about mails and webhooks, in each of their states: clean for axe."""

from __future__ import annotations

import json

from django.utils import timezone

from journal.actors import SYSTEM, Actor
from notifications.addresses import secret
from notifications.announcements.announcing import Content, compose_due, create_announcement, schedule_announcement
from notifications.delivery.delivering import deliver
from notifications.models import Suppression, WebhookDelivery, WebhookSubscription, WebhookTry
from notifications.webhooks.editing import rotate_secret, subscribe
from registration.domain.registrations.tokens import TokenPurpose
from schedule.models import Conference
from tests.e2e.inspecting import Inspection, organizing
from tests.e2e.stage import Stage
from tests.smtp_sink import SmtpSink

__all__ = ["organizing"]  # a fixture


def test_the_webhooks_pages(stage: Stage, organizing: Inspection) -> None:
    organizing.visitor.sign_in_as(stage.organizer())
    organizing.see("/organize/forum/webhooks/")
    organizing.see("/organize/forum/webhooks/new/")
    organizing.submit("with errors")
    hooks = [webhook(stage.conference, name=name) for name in ("The website with all that changes", "Badges")]
    WebhookSubscription.objects.filter(pk=hooks[1].pk).update(state="disabled", failing_since=timezone.now())
    rotate_secret(hooks[0], actor=Actor.organizer(1), now=timezone.now())
    rows = [delivery(hooks[0], state) for state in ("delivered", "failed", "queued")]
    organizing.see("/organize/forum/")
    organizing.see("/organize/forum/webhooks/")
    for path in ("", "edit/", "delete/", "?state=claimed"):
        organizing.see(f"/organize/forum/webhooks/{hooks[0].uid}/{path}")
    organizing.see(f"/organize/forum/webhooks/{hooks[1].uid}/")
    for row in rows:
        organizing.see(f"/organize/forum/webhooks/deliveries/{row.uid}/")
    assert organizing.found == [], "\n".join(organizing.found)


def webhook(conference: Conference, *, name: str) -> WebhookSubscription:
    url = "https://hooks.example.org/" + "a-rather-long-path/" * 4
    verbs = ["room.closed", "signup.displaced"]
    return subscribe(conference, name=name, url=url, verbs=verbs, actor=Actor.organizer(1), now=timezone.now())


def delivery(subscription: WebhookSubscription, state: str) -> WebhookDelivery:
    now = timezone.now()
    body = json.dumps(
        {"type": "room.closed", "data": {"api": "https://forum.example.org/api/v1/conferences/forum/sessions/"}}
    )
    made = WebhookDelivery.objects.create(
        subscription=subscription, verb="room.closed", body=body, state=state, delivered_at=now
    )
    if state != "queued":
        status, answer = (200, "") if state == "delivered" else (None, "ConnectionRefusedError: [Errno 111] refused")
        WebhookTry.objects.create(
            delivery=made, at=now, url=subscription.url, status=status, answer=answer, milliseconds=9
        )
    return made


def test_the_organizers_pages_about_mails(stage: Stage, organizing: Inspection, sink: SmtpSink) -> None:
    now = timezone.now()
    content = Content(texts={"en": ("Bring water", "Dear {name},\n\nsee {programme}")})
    draft = create_announcement(stage.conference, content, actor=SYSTEM, now=now)
    sending = create_announcement(stage.conference, content, actor=SYSTEM, now=now)
    schedule_announcement(sending, due_at=now, version=0, actor=SYSTEM)
    compose_due(now=now)
    deliver("bulk", limit=1)
    Suppression.objects.create(address="alice@example.org", reason="refused", answer="550 5.1.1 no such mailbox")
    organizing.visitor.sign_in_as(stage.organizer())
    for path in (
        "announcements/",
        f"announcements/{draft.uid}/",
        f"announcements/{draft.uid}/edit/",
        f"announcements/{draft.uid}/discard/",
        f"announcements/{sending.uid}/",
        "wordings/",
        "wordings/place_confirmed/en/",
        "wordings/place_confirmed/ko/reset/",
        "suppressions/",
        "announcements/new/",
    ):
        organizing.see(f"/organize/forum/{path}")
    organizing.submit("with errors")
    organizing.see(secret(TokenPurpose.UNSUBSCRIBE, stage.alice.uid).removeprefix(organizing.visitor.address))
    organizing.submit("ended")
    assert organizing.found == [], "\n".join(organizing.found)
