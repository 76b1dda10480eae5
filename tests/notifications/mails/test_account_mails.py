"""Mails about organizers' accounts: in the account's language, with this site's address, whole in text and HTML."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.domain.addresses import ask_for_address, replace_address
from accounts.domain.invitations import invite
from accounts.domain.teams import Granted, found_team
from accounts.facts import ACCOUNT
from accounts.models import AddressChange, Team, User
from journal.actors import SYSTEM
from journal.recording import record
from notifications.mails.account_mails import SAID, SUBJECTS
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.account_mails import KINDS, RULES, AccountRule
from notifications.rules.intake import take_in
from tests.factories import make_user
from tests.facts import a_fact
from tests.responses import mail_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]


def cause(user: User, verb: str) -> Message:
    """The message that an entry of this verb makes."""
    if verb == "address.changed":
        replace_address(user, "new@example.org", actor=SYSTEM)
    elif verb == "member.link_asked":
        founder = make_user(name=user.name, password=None)
        invite_into(found_team("Plenary", founder, actor=SYSTEM), founder, user.language)
    elif verb == "address.link_asked":
        ask_for_address(user, "new@example.org", now=timezone.now())
    else:
        with transaction.atomic():
            record(a_fact(verb, conference_id=None, subject_id=user.pk), actor=SYSTEM)
    take_in()
    return Message.objects.latest("journal_entry_id")


def invite_into(team: Team, giver: User, language: str) -> None:
    granted, now = Granted("owner"), timezone.now()
    invite(team, "new@example.org", granted, language=language, giver=giver, actor=SYSTEM, now=now)


def test_every_row_has_its_words() -> None:
    assert set(SUBJECTS) == set(KINDS)
    assert set(SAID) == {rule.fact.verb for rule in RULES if rule.kind == "account_notice"}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.fact.verb)
def test_mail_is_whole_and_in_the_language_of_the_account(rule: AccountRule, language: str) -> None:
    verb = rule.fact.verb
    user = make_user(
        email="alice@example.org", name="민준" if language == "ko" else "Alice", language=language, password=None
    )
    message = cause(user, verb)
    [given] = gather([message.pk])
    mail = compose([given], timezone.now())
    to = "new@example.org" if verb.endswith("link_asked") else "alice@example.org"
    whose = None if verb == "member.link_asked" else user.pk  # who is invited has no account
    assert (mail.recipient, mail.method, message.queue, message.user_id) == (to, "", "urgent", whose)
    headers = {key: str(value) for key, value in mail.message.items()}
    assert headers["From"] == "Plenary <calendar@forum.example.org>"
    assert (headers["Content-Language"], headers["Auto-Submitted"]) == (language, "auto-generated")
    assert (user.name in headers["To"]) is not verb.endswith("link_asked")
    text, html = mail_text(mail.message), mail_text(mail.message, "html")
    for body in (text, html):
        assert re.findall(r"\{[{%#]|%\(|None|&amp;amp;", body) == []
        links = re.findall(r"https?://[^/\"<\s]+", body)
        assert set(links) == {"https://forum.example.org"}
    ours = re.sub(r"https?://\S+|Plenary|UTC|\S+@\S+|Alice|민준", "", text + headers["Subject"])
    assert re.findall(r"[가-힣]+" if language == "en" else r"[A-Za-z]{2,}", ours) == []


def test_whose_account_is_gone_is_not_written_to() -> None:
    user = make_user(password=None)
    subject = {rule.fact.verb: rule.fact.subject for rule in RULES}
    with transaction.atomic():
        for verb, thing in subject.items():
            key = user.pk if thing is ACCOUNT else 77  # of no change and no invitation
            record(a_fact(verb, conference_id=None, subject_id=key), actor=SYSTEM)
    user.delete()
    assert (take_in(), Message.objects.count(), AddressChange.objects.count()) == (0, 0, 0)
