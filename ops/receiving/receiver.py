"""An ASGI application that receives a whole request, with a deadline, before a WSGI application takes a thread for it.

Whoever sends slowly, or stops, holds a connection and a few kilobytes, and nothing that others need: threads, and the
database connections that belong to them, work on requests that are complete and are free again before the answer
travels. See docs/adr/0015.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from ops.receiving.exchanges import Answer, Scope, WsgiApplication, answer_of, environ_of

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True)
class Limits:
    """How long a body, or an answer, may be on its way, and how long it may be.

    It has `seconds`, and one more for every `bytes_per_second` that have come or gone: a slow line gets through, who
    only pretends to send does not. A body beyond `memory` bytes waits in a file.
    """

    seconds: float = 15.0
    bytes_per_second: int = 8_000
    body_bytes: int = 10_000_000
    memory: int = 256_000
    piece: int = 1_000_000


class RequestRefused(Exception):
    """The request is answered here, and its connection ends: the rest of it is not waited for."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class ClientGone(Exception):
    """Nobody is there any more to answer."""


class Receiver:
    """The ASGI application for a server; `threads` is how many requests the WSGI application works on at once.

    `at_first` is called once, with the first request: the server then listens.
    """

    def __init__(
        self,
        application: WsgiApplication,
        *,
        threads: int,
        limits: Limits = Limits(),
        at_first: Callable[[], object] | None = None,
    ) -> None:
        self._application, self._limits, self._at_first = application, limits, at_first
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, from its first byte to the last of its answer.

        Raises what the application raises instead of answering; the server logs it and answers 500.
        """
        if self._at_first is not None:
            self._at_first()
            self._at_first = None
        try:
            with SpooledTemporaryFile(max_size=self._limits.memory) as body:
                length = await self._received(scope, receive, body)
                environ = environ_of(scope, body, length)
                loop = asyncio.get_running_loop()
                answer = await loop.run_in_executor(self._threads, answer_of, self._application, environ)
        except RequestRefused as refusal:
            answer = _plain(refusal.status)
        except ClientGone:
            return
        await self._sent(answer, send)

    async def _received(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int:
        """Write all of the body into `body`, wound back to its beginning; returns its length."""
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared in (b"0", b"") and b"transfer-encoding" not in headers:
            return 0
        if declared.isdigit() and int(declared[:20]) > self._limits.body_bytes:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        began, length, more = asyncio.get_running_loop().time(), 0, True
        while more:
            try:
                async with asyncio.timeout_at(self._deadline(began, length)):
                    event = await receive()
            except TimeoutError:
                raise RequestRefused(HTTPStatus.REQUEST_TIMEOUT) from None
            if event["type"] == "http.disconnect":
                raise ClientGone
            piece = event.get("body", b"")
            length += len(piece)
            if length > self._limits.body_bytes:
                raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            body.write(piece)
            more = event.get("more_body", False)
        body.seek(0)
        return length

    def _deadline(self, began: float, done: int) -> float:
        return began + self._limits.seconds + done / self._limits.bytes_per_second

    async def _sent(self, answer: Answer, send: Send) -> None:
        """Send the answer piece by piece. Whoever does not read it in time is left: the server ends the connection."""
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        began, whole, size = asyncio.get_running_loop().time(), answer.body, self._limits.piece
        with suppress(TimeoutError):
            for start in range(0, len(whole), size) or (0,):
                piece, more = whole[start : start + size], start + size < len(whole)
                async with asyncio.timeout_at(self._deadline(began, start + len(piece))):
                    await send({"type": "http.response.body", "body": piece, "more_body": more})


def _plain(status: HTTPStatus) -> Answer:
    text = f"{status.phrase}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    return Answer(status, headers, text)
