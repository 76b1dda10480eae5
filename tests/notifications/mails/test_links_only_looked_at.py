"""Links of mails, asked by scanners and mail programs before anybody opens them: nothing happens, and HEAD is GET."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain.addresses import ask_for_address
from accounts.domain.passwords import ask_for_reset
from journal.actors import SYSTEM
from notifications.announcements import announcing
from notifications.announcements.announcing import Content, compose_due
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.account_mails import PROOF, RESET
from notifications.rules.intake import take_in
from notifications.rules.mail_rules import ANNOUNCEMENT
from tests.factories import make_user
from tests.notifications.mails.test_rendering import SCENES
from tests.notifications.places import Stage
from tests.responses import mail_text

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
# Made anew for each answer, or telling how long the body is, which HEAD may leave out (RFC 9110 9.3.2).
OF_EACH_ANSWER = {"Set-Cookie", "Content-Length"}
# The one kind whose link, once opened, is carried on in a session, so that its secret stands in no further address.
CARRIED_ON = RESET


def links_in(message: Message) -> list[str]:
    """Every address of ours in the mail, its text, HTML and head, without fragment."""
    mail = compose(gather([message.pk]), timezone.now()).message
    texts = [mail_text(mail), mail_text(mail, "html"), str(mail["List-Unsubscribe"])]
    found = {link for text in texts for link in re.findall(rf"{settings.SITE_URL}([^\s\"<>#]*)", text)}
    return sorted({link.rstrip(".,") for link in found})


def asked(client: Client, method: str, path: str) -> tuple[int, dict[str, str], list[str], bytes]:
    """Status, headers, what was written and the body."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.generic(method, path)
        body = b"".join(cast("Any", answer).streaming_content) if answer.streaming else answer.content
    written = [one["sql"] for one in queries.captured_queries if WRITES.match(one["sql"])]
    kept = {name: value for name, value in answer.headers.items() if name not in OF_EACH_ANSWER}
    return answer.status_code, kept, written, body


def faults(kind: str, make: Callable[[], object], client: Client) -> list[tuple[str, str, str]]:
    """What is wrong with the links of the newest mail of a kind, which `make` has caused. Nothing of it stays."""
    found = []
    with transaction.atomic():
        make()
        take_in()
        links = links_in(Message.objects.filter(kind=kind).latest("pk"))
        assert links
        for link in links:
            head, get = asked(client, "HEAD", link), asked(client, "GET", link)
            wrong = {
                "refused": get[0] >= HTTPStatus.BAD_REQUEST,
                "another status": head[0] != get[0],
                "other headers": head[1] != get[1],
                "written by GET": any(kind != CARRIED_ON or "django_session" not in sql for sql in get[2]),
                "written by HEAD": bool(head[2]),
                "a body": bool(head[3]),
            }
            found += [(kind, link, what) for what, is_so in wrong.items() if is_so]
        transaction.set_rollback(True)
    return found


def staged(scene: Callable[[Stage, str], object]) -> None:
    scene(Stage(is_public=True), "en")


def test_looking_at_a_link_does_nothing_and_head_is_get(client: Client) -> None:
    found = []
    for kind, scene in SCENES.items():
        found += faults(kind, partial(staged, scene), client)
    assert found == []


def test_nor_does_it_in_mails_about_accounts_and_announcements(client: Client) -> None:
    def announcement() -> None:
        content, now = Content(texts={"en": ("News", "There is news.")}), timezone.now()
        stage = Stage(is_public=True)
        stage.person()
        made = announcing.create_announcement(stage.conference, content, actor=SYSTEM, now=now)
        announcing.schedule_announcement(made, due_at=now, version=0, actor=SYSTEM)
        compose_due(now=now)

    def reset() -> None:
        ask_for_reset(make_user(password=None).email, now=timezone.now())

    def proof() -> None:
        ask_for_address(make_user(password=None), "new@example.org", now=timezone.now())

    found = faults(ANNOUNCEMENT, announcement, client)
    found += [*faults(RESET, reset, client), *faults(PROOF, proof, client)]
    assert found == []
