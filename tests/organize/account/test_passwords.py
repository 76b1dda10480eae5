"""A link for a new password: made from the settings, sent through the outbox, and silent about who has an account."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journal.models import Entry
from notifications.models import Message
from tests.notifications.sending import send
from tests.organize.account.people import PASSWORD, attempt, link_in, make_alice, prove, told
from tests.responses import mail_text
from tests.smtp_sink import SmtpSink
from values.presses import SAME_PRESS

pytestmark = pytest.mark.django_db
NEW = "another long enough password"


def ask(client: Client, email: str, ip: str = "192.0.2.1", host: str = "localhost") -> tuple[int, str]:
    answer = client.post("/accounts/password/reset/", {"email": email}, REMOTE_ADDR=ip, headers={"host": host})
    return answer.status_code, re.sub(r'value="[^"]+"', "", answer.content.decode())


def ask_anew(client: Client, email: str, ip: str = "192.0.2.1") -> tuple[int, str]:
    """Ask so long after the time before that it is another wish."""
    User.objects.filter(reset_asked_at__isnull=False).update(reset_asked_at=F("reset_asked_at") - SAME_PRESS)
    return ask(client, email, ip)


def test_link_is_mailed_through_the_outbox_and_sets_a_password_once(client: Client, sink: SmtpSink) -> None:
    alice = make_alice(language="ko")
    status, _ = ask(client, " Alice@Example.org", host="127.0.0.1")
    assert (status, mail.outbox) == (302, [])
    send("urgent")
    [taken] = sink.taken
    assert (taken.recipient, str(taken.message["Subject"])) == ("alice@example.org", "새 비밀번호 정하기")
    path = link_in(mail_text(taken.message))
    form = client.get(path)["Location"]
    assert path.rpartition("-")[2].strip("/") not in form
    assert client.post(form, {"password1": NEW, "password2": NEW})["Location"] == "/accounts/password/reset/key/done/"
    assert (attempt(client), attempt(client, password=NEW)) == (200, 302)
    assert "password_reset_from_key.html" in str(Client().get(path, follow=True).templates[0].name)
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["password.asked", "password.changed"]
    assert not EmailAddress.objects.exists(), "an account has one address, in its row"
    assert [to for to, subject, _ in told() if "Your" in subject or "계정" in subject] == [alice.email]


def test_strangers_are_mailed_nothing_and_the_answer_is_the_same(client: Client) -> None:
    make_alice()
    make_alice(email="bob@example.org", is_active=False)
    known = ask(client, "alice@example.org")
    User.objects.update(reset_asked_at=None)
    with CaptureQueriesContext(connection) as for_known:
        ask(client, "alice@example.org")
    with CaptureQueriesContext(connection) as for_unknown:
        unknown = ask(client, "nobody@example.org")
    assert known == unknown == ask(client, "bob@example.org")
    assert len(for_known) == len(for_unknown)
    assert {to for to, _, _ in told()} == {"alice@example.org"}
    assert Message.objects.count() == 2
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["password.asked", "password.asked", "password.refused", "password.refused"]
    assert "nobody" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_an_account_without_a_password_gets_its_first_one_this_way(client: Client) -> None:
    make_alice(password=None)
    ask(client, "alice@example.org")
    [(_, subject, text)] = told()
    assert subject == "Set a new password"
    form = client.get(link_in(text))["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert attempt(client, password=NEW) == 302


def test_asking_often_is_limited_for_the_network_and_no_other(client: Client) -> None:
    make_alice()
    assert [ask_anew(client, "alice@example.org")[0] for _ in range(6)] == [302] * 5 + [429]
    assert ask(client, "bob@example.org")[0] == 302
    assert ask_anew(client, "alice@example.org", ip="198.51.100.7")[0] == 302
    assert [ask_anew(client, "alice@example.org", ip=f"203.0.113.{n}")[0] for n in range(9)] == [302] * 9
    assert len(told()) == 10


def test_a_link_that_has_run_out_is_not_mailed(client: Client) -> None:
    make_alice()
    ask(client, "alice@example.org")
    assert len(told()) == 1
    Message.objects.update(created_at=Entry.objects.get().at.replace(year=2020))
    assert told() == []


def test_a_password_is_changed_with_the_old_one_and_its_owner_is_told(client: Client) -> None:
    make_alice()
    attempt(client)
    other = Client()
    attempt(other)
    fields = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", fields).status_code == 200
    assert client.post("/accounts/password/change/", fields | {"oldpassword": PASSWORD}).status_code == 302
    assert [client.get("/organize/").status_code, other.get("/organize/").status_code] == [200, 302]
    notice = told()[-1]
    assert notice[:2] == ("alice@example.org", "Your organizer's account was changed")
    assert "Your password was changed." in notice[2]
    prove(client, NEW)


def test_pressed_four_times_it_is_one_mail(client: Client) -> None:
    make_alice()
    assert [ask(client, "alice@example.org")[0] for _ in range(4)] == [302] * 4
    assert [(to, subject) for to, subject, _ in told()] == [("alice@example.org", "Set a new password")]
    ask_anew(client, "alice@example.org")
    assert len(told()) == 2


def test_a_change_that_is_pressed_twice_leads_on_twice(client: Client) -> None:
    make_alice()
    attempt(client)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, "csrfmiddlewaretoken": "of one page"}
    pressed = [client.post("/accounts/password/change/", fields) for _number in range(2)]
    assert [(one.status_code, one["Location"]) for one in pressed] == [(302, "/accounts/password/change/")] * 2
    assert [subject for _to, subject, _text in told()] == ["Your organizer's account was changed"]
