"""A mail server for tests: it takes mails into a list and answers what a test tells it to.

`running()` runs it in a thread. `python -m tests.smtp_sink [FOLDER [PORT]]` runs it as a process: it prints its port,
then, given a folder, writes each mail into a file there and prints the file's name. A line of its standard input is
what the next mail is answered (an SMTP line, or one of the words below). It ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPT = "250 OK"
CLOSE = "close"
HANG = "hang"
# Takes the mail and closes before it says so.
TAKE_AND_CLOSE = "take and close"
# Closes when it should take the mail, before or after the first bytes of it.
CLOSE_AT_DATA = "close at data"
CLOSE_IN_DATA = "close in data"


@dataclass(frozen=True)
class Taken:
    """One mail as it arrived."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


def _cut_off(server: SMTP) -> None:
    """End the connection without a word."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


def _content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes), "it is a str only with decode_data"
    return envelope.content


def _port_of(controller: Controller) -> int:
    assert isinstance(controller.server, asyncio.Server), "it has started"
    port: int = controller.server.sockets[0].getsockname()[1]
    return port


class _Handler:
    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.answers: deque[str] = deque()
        self.refused_recipients: dict[str, str] = {}
        self.refused_sender = ""
        self.arrived = threading.Condition()
        self.connections = 0
        self.utf8 = False

    async def handle_EHLO(  # noqa: N802  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refused_sender:
            return self.refused_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return ACCEPT

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.refused_recipients.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return ACCEPT

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        answer = self.answers.popleft() if self.answers else ACCEPT
        if answer == CLOSE:
            _cut_off(server)
            return "421 closing"
        if answer == HANG:
            await asyncio.sleep(60)
        if answer.startswith("250") or answer == TAKE_AND_CLOSE:
            with self.arrived:
                self.taken.append(Taken(envelope.mail_from or "", envelope.rcpt_tos[0], _content(envelope)))
                self.arrived.notify_all()
        if answer == TAKE_AND_CLOSE:
            _cut_off(server)
        return answer


class SmtpSink:
    """A running mail server. `answers` are given to the next mails, one each; after them every mail is accepted."""

    def __init__(self, controller: Controller, handler: _Handler) -> None:
        self._handler = handler
        self.host: str = controller.hostname
        self.port = _port_of(controller)

    @property
    def taken(self) -> list[Taken]:
        return self._handler.taken

    @property
    def connections(self) -> int:
        return self._handler.connections

    def answer(self, *answers: str) -> None:
        """What the next mails are answered after their data: an SMTP line, CLOSE or HANG."""
        self._handler.answers.extend(answers)

    def refuse(self, recipient: str, answer: str) -> None:
        """Answer this to RCPT TO of one address."""
        self._handler.refused_recipients[recipient] = answer

    def refuse_nobody(self) -> None:
        """Take mails for every address again."""
        self._handler.refused_recipients.clear()

    def speak_utf8(self, *, speaks: bool) -> None:
        """Whether the next connections are offered SMTPUTF8 (RFC 6531)."""
        self._handler.utf8 = speaks

    def refuse_sender(self, answer: str) -> None:
        """Answer this to every MAIL FROM."""
        self._handler.refused_sender = answer

    def wait_for(self, count: int, timeout: float) -> bool:
        """Wait until `count` mails have arrived; False when they have not within `timeout` seconds."""
        with self._handler.arrived:
            return self._handler.arrived.wait_for(lambda: len(self.taken) >= count, timeout)


@contextmanager
def running() -> Iterator[SmtpSink]:
    """A mail server on a free port of this machine, for the length of the block."""
    handler = _Handler()
    controller = _FreePort(handler, hostname="127.0.0.1", port=0, ready_timeout=10)
    controller.start()
    try:
        yield SmtpSink(controller, handler)
    finally:
        controller.stop()


class _FreePort(Controller):
    """aiosmtpd proves that it runs by connecting to the port it was given; a free one is known only once it runs."""

    def _trigger_server(self) -> None:
        self.port = _port_of(self)
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped

    def factory(self) -> Any:
        return _Server(
            self.handler,
            hostname="sink.example.org",
            data_size_limit=10_000_000,
            enable_SMTPUTF8=getattr(self.handler, "utf8", False),
        )


class _Server(SMTP):
    """Can end a connection in the middle of a mail."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd names its commands so
        answers = getattr(self.event_handler, "answers", None)
        if not answers or answers[0] not in (CLOSE_AT_DATA, CLOSE_IN_DATA):
            await super().smtp_DATA(arg)
            return
        if answers.popleft() == CLOSE_IN_DATA:
            await self.push("354 go on")
            await self._reader.read(100)
        _cut_off(self)


class FolderHandler:
    """Writes each mail into a file of its own, and only then answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = sum(1 for _ in folder.iterdir())
        self.answers: deque[str] = deque()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        answer = self.answers.popleft() if self.answers else ACCEPT
        if answer == CLOSE:
            _cut_off(server)
        if answer == HANG:
            await asyncio.sleep(60)
        if answer in (ACCEPT, TAKE_AND_CLOSE):
            self._keep(_content(envelope))
        if answer == TAKE_AND_CLOSE:
            _cut_off(server)
        return answer

    def _keep(self, content: bytes) -> None:
        self.count += 1
        file = self.folder / f"{self.count:06}.eml"
        # Whoever looks into the folder sees a whole mail or none.
        partial = file.with_suffix(".partial")
        partial.write_bytes(content)
        partial.rename(file)
        sys.stdout.write(f"{file.name}\n")
        sys.stdout.flush()


class CountingHandler:
    """Accepts and forgets."""

    answers: deque[str] = deque()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        return ACCEPT


def main() -> None:
    """Serve until standard input is closed, so that the server never outlives whoever started it."""
    handler = FolderHandler(Path(sys.argv[1])) if len(sys.argv) > 1 else CountingHandler()
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    controller = _FreePort(handler, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        sys.stdout.write(f"{controller.port}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            handler.answers.append(line.strip())
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
