"""One reader of the robot mailbox at a time, whoever asks and however the one before ended."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from notifications.inbound import mailbox
from notifications.inbound.incoming import Incoming
from notifications.inbound.mailbox import read_mailbox
from notifications.inbound.only_reader import MailboxBusyError, only_reader
from notifications.tasks import read_mailbox as task
from tests.at_once import at_once
from tests.notifications.inbound.imap_server import serving

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"Message-ID: <1@example.org>\r\nFrom: a@example.org\r\n\r\nHello\r\n"


def by_task() -> dict[str, int]:
    return reading()


def reading() -> dict[str, int]:
    """What beat's task does."""
    return dict(task())


def by_hand() -> dict[str, int]:
    with pytest.raises(CommandError, match="Another process is reading the mailbox"):
        call_command("read_mailbox")
    return {}


@pytest.mark.parametrize("second", [by_task, by_hand])
def test_second_reader_leaves_it_to_the_first(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, second: Callable[[], dict[str, int]]
) -> None:
    handling, go_on = Event(), Event()

    def slow(incoming: Incoming) -> str:
        handling.set()
        assert go_on.wait(20)
        return "known"

    def other() -> dict[str, int]:
        assert handling.wait(20)
        try:
            return second()
        finally:
            go_on.set()

    monkeypatch.setattr(mailbox, "HANDLERS", (slow,))
    with serving(MAIL) as server:
        settings.IMAP_URL, settings.IMAP_HANDLED_FOLDER, settings.IMAP_ASIDE_FOLDER = server.url, "Handled", "Aside"
        assert at_once([reading, other]) == [{"known": 1}, {}]
        assert [asked for asked in server.asked if "LOGIN" in asked] == ["LOGIN"]
        assert read_mailbox() == {}  # nobody is at it any more


def test_reader_that_breaks_off_leaves_it_free() -> None:
    with pytest.raises(ArithmeticError), only_reader():
        raise ArithmeticError
    with only_reader(), pytest.raises(MailboxBusyError), only_reader():
        pytest.fail("there is one already")
    with only_reader():
        pass
