"""The robot mailbox: each mail is handled once, whatever it is and whatever breaks off."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from notifications.inbound import imap, mailbox
from notifications.inbound.imap import MailboxAwayError, account
from notifications.inbound.incoming import MAX_BYTES, Incoming, key_of
from notifications.inbound.mailbox import GIVE_UP_AFTER, MAX_TRIES, handle_mail, read_mailbox
from notifications.models import ReceivedMail
from notifications.tasks import read_mailbox as task
from tests.at_once import at_once
from tests.notifications.inbound.imap_server import serving


def mail(number: int = 1, body: str = "Hello") -> bytes:
    return f"Message-ID: <{number}@example.org>\r\nFrom: a@example.org\r\n\r\n{body}\r\n".encode()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the handlers. The second knows mails with "ours" in them; the third would know all."""
    seen: list[str] = []

    def second(incoming: Incoming) -> str | None:
        text = str(incoming.message.get_payload())
        seen.append(text.strip())
        return "known" if "ours" in text else None

    monkeypatch.setattr(mailbox, "HANDLERS", (lambda incoming: None, second))
    return seen


@pytest.mark.django_db
def test_first_handler_that_knows_a_mail_has_it(seen: list[str]) -> None:
    assert [handle_mail(mail(1, "ours")), handle_mail(mail(2, "theirs"))] == ["known", "unknown"]
    assert list(ReceivedMail.objects.order_by("id").values_list("outcome", "tries")) == [("known", 1), ("unknown", 1)]


@pytest.mark.django_db
def test_same_mail_is_handled_once(seen: list[str]) -> None:
    folded = mail(1, "ours").replace(b"Message-ID: <", b"message-id:\r\n <")
    assert [handle_mail(raw) for raw in (mail(1, "ours"), mail(1, "ours again"), folded)] == [
        "known",
        "duplicate",
        "duplicate",
    ]
    assert seen == ["ours"]


def test_mail_without_an_identity_is_known_by_all_of_it() -> None:
    bare = [b"From: a@example.org\r\n\r\none", b"From: a@example.org\r\n\r\ntwo"]
    in_the_body = b"From: a@example.org\r\n\r\nMessage-ID: <1@example.org>"
    assert len({key_of(raw) for raw in [*bare, in_the_body, mail(1)]}) == 4


@pytest.mark.django_db(transaction=True)
def test_same_mail_at_once_is_handled_once(seen: list[str]) -> None:
    outcomes = at_once([lambda: handle_mail(mail(1, "ours"))] * 4)
    assert (sorted(outcomes), seen) == (["duplicate"] * 3 + ["known"], ["ours"])


@pytest.mark.django_db(transaction=True)
def test_mail_whose_handling_breaks_off_is_put_aside_at_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(incoming: Incoming) -> str | None:
        raise ArithmeticError

    monkeypatch.setattr(mailbox, "HANDLERS", (broken,))
    begun = timezone.now()
    for _ in range(MAX_TRIES + 1):
        with pytest.raises(ArithmeticError):
            handle_mail(mail(), now=begun)
    later = begun + GIVE_UP_AFTER
    assert [handle_mail(mail(), now=later), handle_mail(mail(), now=later)] == ["given-up", "duplicate"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def _nested(depth: int) -> bytes:
    inner = EmailMessage()
    inner.set_content("x")
    around = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in reversed(range(depth)))
    return b"".join((b"Message-ID: <nested@example.org>\r\n", *around, inner.as_bytes()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (_nested(50), "unknown"),
        (_nested(101), "unreadable"),
        (_nested(20_000), "unreadable"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 5_000, "unreadable"),
        (mail(1, "x" * MAX_BYTES), "unreadable"),
        (b"", "unknown"),
        (b"\x00\xff" * 1000, "unknown"),
        (b"From: =?utf-8?B?!!!?= <a@b>\r\nContent-Type: text/calendar; charset=\xff\r\n\r\n\xff", "unknown"),
        (b"From: \r\nContent-Type: multipart/mixed\r\nContent-Transfer-Encoding: base64\r\n\r\nx", "unknown"),
    ],
    ids=["deep", "too-deep", "far-too-deep", "mails-in-mails", "huge", "empty", "noise", "bad-headers", "no-boundary"],
)
def test_malformed_mail_is_survived(raw: bytes, outcome: str) -> None:
    assert handle_mail(raw) == outcome


@pytest.fixture
def _folders(settings: Settings) -> None:
    settings.IMAP_HANDLED_FOLDER, settings.IMAP_ASIDE_FOLDER = "Handled", 'A "side"'.replace('"', "")


@pytest.mark.django_db
@pytest.mark.usefixtures("_folders")
@pytest.mark.parametrize("capabilities", ["IMAP4rev1 MOVE UIDPLUS", "IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_mailbox_is_emptied(seen: list[str], settings: Settings, capabilities: str) -> None:
    ours, theirs, huge = mail(1, "ours"), mail(2, "theirs"), mail(3, "ours" + "x" * MAX_BYTES)
    with serving(ours, theirs, ours, huge, capabilities=capabilities) as server:
        settings.IMAP_URL = server.url
        assert read_mailbox() == {"known": 1, "unknown": 1, "duplicate": 1, "unreadable": 1}
        assert read_mailbox() == {}
        assert (server.inside("Handled"), server.inside("A side")) == ([ours, ours], [theirs, huge])
        assert ("MOVE" in server.asked, "EXPUNGE" in server.asked) == (
            "MOVE" in capabilities,
            capabilities == "IMAP4rev1 UIDPLUS",
        )
        assert server.sent == [1, 2, 3]  # the size of the fourth is known before it would be sent
    assert seen == ["ours", "theirs"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_folders")
def test_mail_that_could_not_be_put_away_is_not_handled_again(seen: list[str], settings: Settings) -> None:
    with serving(mail(1, "ours")) as server:
        settings.IMAP_URL = server.url
        server.drops = {"MOVE"}
        with pytest.raises(MailboxAwayError):
            read_mailbox()
        server.drops = set()
        assert read_mailbox() == {"duplicate": 1}
        assert (server.inside("INBOX"), server.inside("Handled")) == ([], [mail(1, "ours")])
    assert seen == ["ours"]


@pytest.mark.django_db
@pytest.mark.parametrize("refused", ["LOGIN", "SELECT", "SEARCH", "FETCH", "MOVE"])
@pytest.mark.usefixtures("_folders")
def test_server_that_refuses_is_away(settings: Settings, refused: str) -> None:
    with serving(mail()) as server:
        settings.IMAP_URL = server.url
        server.refuses = {refused}
        with pytest.raises(MailboxAwayError):
            read_mailbox()
        assert server.inside("INBOX") == [mail()]


@pytest.mark.django_db
@pytest.mark.usefixtures("_folders")
@pytest.mark.parametrize("ignored", ["LOGIN", "SEARCH", "FETCH"])
def test_server_that_says_nothing_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch, ignored: str) -> None:
    monkeypatch.setattr(imap, "TIMEOUT_SECONDS", 0.2)
    with serving(mail()) as server:
        settings.IMAP_URL, server.ignores = server.url, {ignored}
        with pytest.raises(MailboxAwayError, match="timed out"):
            read_mailbox()


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_no_password_goes_to_a_server_without_tls(settings: Settings, scheme: str) -> None:
    with serving(mail()) as server:
        settings.IMAP_URL = server.url.replace("imap:", f"{scheme}:")
        with pytest.raises(MailboxAwayError, match=r"SSL|TLS"):
            read_mailbox()
        assert not any("LOGIN" in asked for asked in server.asked)


@pytest.mark.django_db
def test_what_a_handler_raises_is_not_the_servers_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(incoming: Incoming) -> str | None:
        raise ConnectionResetError

    monkeypatch.setattr(mailbox, "HANDLERS", (broken,))
    with serving(mail()) as server:
        settings.IMAP_URL = server.url
        with pytest.raises(ConnectionResetError):
            read_mailbox()


@pytest.mark.django_db
def test_folders_may_have_names_in_any_script(seen: list[str], settings: Settings) -> None:
    settings.IMAP_HANDLED_FOLDER, settings.IMAP_ASIDE_FOLDER = "처리함", "Aside"
    with serving(mail(1, "ours")) as server:
        settings.IMAP_URL = server.url
        assert read_mailbox() == {"known": 1}
        assert server.inside("&zJi5rNVo-") == [mail(1, "ours")]  # RFC 3501 5.1.3


@pytest.mark.django_db
def test_mail_that_somebody_took_away_is_no_mail() -> None:
    with serving() as server, imap.Mailbox.at(account(server.url), handled="Handled", aside="Aside") as box:
        assert (box.waiting(10), box.fetch("7")) == ({}, b"")


@pytest.mark.django_db
def test_no_server_is_away(settings: Settings) -> None:
    settings.IMAP_URL = "imap://robot:secret@127.0.0.1:1/INBOX"
    with pytest.raises(MailboxAwayError, match="ConnectionRefusedError"):
        read_mailbox()


def test_addresses_of_mailboxes() -> None:
    assert account("imaps://robot%40x.example:p%2Fw@imap.example.org") == imap.Account(
        "imap.example.org", 993, "robot@x.example", "p/w", "INBOX", "imaps"
    )
    assert account("imap+tls://a:b@imap.example.org:1143/Robot%20mail").folder == "Robot mail"


@pytest.mark.parametrize(
    "url", ["https://a:b@x.example", "imaps://x.example", "imaps://a@x.example", "imap://a:b@x.example", "imaps://a:b@"]
)
def test_bad_address_of_a_mailbox_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IMAP_URL"):
        account(url)


def test_task_without_a_mailbox_does_nothing(settings: Settings) -> None:
    settings.IMAP_URL = None
    assert task() == {}  # without a database: a query would raise


@pytest.mark.django_db
def test_command_handles_files(seen: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.eml").write_bytes(mail(number, "ours"))
    call_command("read_mailbox", str(tmp_path / "1.eml"), str(tmp_path / "2.eml"))
    assert capsys.readouterr().out == "2 known\n"


@pytest.mark.django_db
def test_command_says_what_is_missing(settings: Settings) -> None:
    settings.IMAP_URL = None
    with pytest.raises(CommandError, match="IMAP_URL is not set"):
        call_command("read_mailbox")
