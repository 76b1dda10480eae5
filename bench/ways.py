"""How many of our own functions are on the way of what happens most: a change is read along these.

Each way is walked twice and counted the second time, as a process that has run for a while walks it. Comprehensions
and generator expressions count as part of the function they stand in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bench.stages import mail_server
from journal.actors import SYSTEM
from ops.embedded import BASE_DIR

NEEDS_DATABASE = True
APPS = ["accounts", "api", "config", "journal", "notifications", "organize", "registration", "schedule", "website"]
OURS = tuple(f"{BASE_DIR}/{app}/" for app in APPS)
WITHIN = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


@contextmanager
def counted(ways: dict[str, int], name: str) -> Iterator[None]:
    """Note under `name` how many functions of ours are entered meanwhile."""
    entered = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and code.co_name not in WITHIN:
            entered.add(code)

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        ways[name] = len(entered)


def programme_ways() -> dict[str, int]:
    """A placement in a draft, a release of it, and a sign-up from a browser; each with what follows at once."""
    from django.conf import settings  # the settings and the models are there once Django is set up
    from django.test import Client

    from registration.domain.registrations.access import SESSION_KEY
    from schedule.domain.timetables.drafts import create_draft, place
    from schedule.domain.timetables.releasing import release
    from tests.factories import at, make_conference, make_registration, make_room, make_session

    settings.ALLOWED_HOSTS = ["testserver"]
    conference = make_conference(slug="ways")
    room, session = make_room(conference, capacity=10), make_session(conference)
    draft = create_draft(conference, name="first", actor=SYSTEM)
    ways: dict[str, int] = {}
    for hour in ("09:00", "10:00"):
        with counted(ways, "a placement in a draft"):
            place(draft, session, room=room, start=at(conference, hour), actor=SYSTEM)
        with counted(ways, "a release"):
            release(draft, actor=SYSTEM)
    for _ in range(2):
        client = Client()
        browser = client.session
        browser[SESSION_KEY] = str(make_registration(conference).participant.uid)
        browser.save()
        with counted(ways, "a sign-up over HTTP"):
            response = client.post(f"/my/{conference.slug}/sessions/{session.code}/sign-up/")
        if response.status_code != 302:
            raise RuntimeError(f"a sign-up was answered with {response.status_code}")
    return ways


def mail_ways() -> dict[str, int]:
    """A place's confirmation: from the journal into the outbox, composed, and delivered."""
    from django.conf import settings  # the settings and the models are there once Django is set up
    from django.utils import timezone

    from notifications.delivery.delivering import deliver
    from notifications.mails.render_input import gather
    from notifications.mails.rendering import compose
    from notifications.models import Message
    from notifications.rules.intake import take_in
    from registration.domain.signups.signing_up import sign_up
    from tests.factories import at, make_conference, make_registration, make_room, make_session, publish

    conference = make_conference(slug="mails")
    room, session = make_room(conference, capacity=10), make_session(conference)
    publish(conference, [(session, room, at(conference, "09:00"))])
    take_in()
    Message.objects.all().delete()
    ways: dict[str, int] = {}
    with mail_server(expecting=2) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        for _ in range(2):
            sign_up(make_registration(conference), session, actor=SYSTEM)
            with counted(ways, "a journal entry that becomes a message"):
                take_in()
            message = Message.objects.get(state="queued")
            with counted(ways, "a mail with a calendar part, composed"):
                mail = compose(gather([message.pk]), timezone.now())
            Message.objects.filter(pk=message.pk).update(due_at=message.created_at)
            with counted(ways, "the same, composed and delivered"):
                sent = deliver(message.queue).sent
            if (mail.method, sent) != ("REQUEST", 1):
                raise RuntimeError(f"{sent} mails were sent, with the method {mail.method!r}")
    return ways


def run() -> list[dict[str, Any]]:
    return [
        {"name": f"our functions on the way of {name}", "value": number, "unit": "", "budget": None}
        for name, number in (programme_ways() | mail_ways()).items()
    ]
