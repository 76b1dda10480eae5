"""Whole requests only: what is slow, too long or gone holds no thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Any

import pytest

from ops.receiving.exchanges import Environ, Scope, WsgiApplication, answer_of, environ_of
from ops.receiving.receiver import Event, Limits, Receiver

SHORT = Limits(seconds=0.2, bytes_per_second=100_000, body_bytes=1_000, memory=100, piece=10)
Result = tuple[int, dict[bytes, bytes], bytes]


def scope_of(method: str = "GET", path: bytes = b"/", headers: Iterable[tuple[bytes, bytes]] = ()) -> Scope:
    return {
        "type": "http",
        "method": method,
        "raw_path": path,
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("192.0.2.7", 50000),
        "headers": list(headers),
    }


def echo(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
    """Says what it was sent, and how long that was said to be."""
    start_response("200 OK", [("X-Length", environ["CONTENT_LENGTH"])])
    yield environ["wsgi.input"].read()


class Client:
    """One connection: the pieces of a body that come, each after a wait, and what is answered."""

    def __init__(self, *pieces: tuple[float, Event]) -> None:
        self.pieces = list(pieces)
        self.events: list[Event] = []

    async def receive(self) -> Event:
        if not self.pieces:
            await asyncio.Event().wait()  # it sends no more, and does not hang up
        wait, event = self.pieces.pop(0)
        await asyncio.sleep(wait)
        return event

    async def send(self, event: Event) -> None:
        self.events.append(event)

    @property
    def answer(self) -> Result:
        body = b"".join(event.get("body", b"") for event in self.events)
        return self.events[0]["status"], dict(self.events[0]["headers"]), body


def piece(body: bytes, *, more: bool = True) -> Event:
    return {"type": "http.request", "body": body, "more_body": more}


def ask(receiver: Receiver, client: Client, **request: Any) -> Coroutine[Any, Any, None]:
    return receiver(scope_of(**request), client.receive, client.send)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await work()

    asyncio.run(bounded())


def test_body_in_pieces_arrives_whole() -> None:
    client = Client((0, piece(b"a" * 400)), (0, piece(b"b" * 400)), (0, piece(b"c", more=False)))
    receiver = Receiver(echo, threads=1, limits=SHORT)
    run(lambda: ask(receiver, client, method="POST", headers=[(b"transfer-encoding", b"chunked")]))
    assert client.answer == (200, {b"x-length": b"801"}, b"a" * 400 + b"b" * 400 + b"c")


def test_who_dribbles_holds_no_thread_and_is_sent_away() -> None:
    """Sixteen clients stop in the middle; the only thread serves the seventeenth at once, while they still wait."""
    # Long enough for the seventeenth on a busy machine.
    patient = Limits(seconds=2.0, bytes_per_second=100, body_bytes=1_000)
    receiver = Receiver(echo, threads=1, limits=patient)
    slow = [Client((0, piece(b"x"))) for _ in range(16)]
    reader = Client()

    async def all_together() -> None:
        posting = {"method": "POST", "headers": [(b"content-length", b"50")]}
        waiting = [asyncio.ensure_future(ask(receiver, one, **posting)) for one in slow]
        await asyncio.sleep(0)
        await ask(receiver, reader)
        assert [one.events for one in slow] == [[]] * 16
        await asyncio.gather(*waiting)

    run(all_together)
    assert reader.answer == (200, {b"x-length": b"0"}, b"")
    assert [one.answer[0] for one in slow] == [HTTPStatus.REQUEST_TIMEOUT] * 16
    assert {one.answer[1][b"connection"] for one in slow} == {b"close"}


def test_who_is_slow_but_comes_on_has_more_time() -> None:
    """0.25 s in all, longer than the 0.2 s that a body has which does not come."""
    steady = Limits(seconds=0.2, bytes_per_second=100, body_bytes=1_000)
    client = Client((0.15, piece(b"a" * 50)), (0.1, piece(b"b" * 50, more=False)))
    receiver = Receiver(echo, threads=1, limits=steady)
    run(lambda: ask(receiver, client, method="POST", headers=[(b"content-length", b"100")]))
    assert client.answer == (200, {b"x-length": b"100"}, b"a" * 50 + b"b" * 50)


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        ([(b"content-length", b"1001")], []),  # refused before a byte of it is awaited
        ([(b"content-length", b"9" * 5000)], []),
        ([(b"transfer-encoding", b"chunked")], [(0, piece(b"a" * 600)), (0, piece(b"b" * 600))]),
    ],
)
def test_body_that_is_too_long_is_refused(
    headers: list[tuple[bytes, bytes]], pieces: list[tuple[float, Event]]
) -> None:
    client = Client(*pieces)
    run(lambda: ask(Receiver(echo, threads=1, limits=SHORT), client, method="POST", headers=headers))
    assert client.answer[0] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    fitting = Client((0, piece(b"a" * 1000, more=False)))
    longest = [(b"content-length", b"1000")]
    run(lambda: ask(Receiver(echo, threads=1, limits=SHORT), fitting, method="POST", headers=longest))
    assert fitting.answer == (200, {b"x-length": b"1000"}, b"a" * 1000)


def test_who_hangs_up_is_not_answered_and_nothing_is_done_for_them() -> None:
    done = threading.Event()

    def note(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        done.set()
        return echo(environ, start_response)

    client = Client((0, piece(b"x")), (0, {"type": "http.disconnect"}))
    receiver = Receiver(note, threads=1, limits=SHORT)
    run(lambda: ask(receiver, client, method="POST", headers=[(b"content-length", b"50")]))
    assert (client.events, done.is_set()) == ([], False)


def big(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"x" * 25]


def test_answer_goes_in_pieces_and_who_does_not_read_it_is_left() -> None:
    receiver = Receiver(big, threads=1, limits=SHORT)
    reader, other = Client(), Client()

    async def stops_reading(event: Event) -> None:
        await other.send(event)
        if len(other.events) == 2:
            await asyncio.Event().wait()

    run(lambda: ask(receiver, reader))
    run(lambda: receiver(scope_of(), other.receive, stops_reading))
    assert reader.answer == (200, {}, b"x" * 25)
    assert [len(event.get("body", b"")) for event in reader.events] == [0, 10, 10, 5]
    assert [event["more_body"] for event in reader.events[1:]] == [True, True, False]
    assert [len(event.get("body", b"")) for event in other.events] == [0, 10]


def test_thread_is_free_while_the_answer_travels() -> None:
    receiver = Receiver(big, threads=1, limits=SHORT)
    slow, quick = Client(), Client()

    async def both() -> None:
        held, began = asyncio.Event(), asyncio.Event()

        async def reads_later(event: Event) -> None:
            began.set()
            await held.wait()
            await slow.send(event)

        first = asyncio.ensure_future(receiver(scope_of(), slow.receive, reads_later))
        await began.wait()
        await ask(receiver, quick)
        held.set()
        await first

    run(both)
    assert slow.answer == quick.answer == (200, {}, b"x" * 25)


def test_what_the_application_raises_is_for_the_server_to_tell() -> None:
    def broken(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        raise LookupError("the cause")

    client = Client()
    with pytest.raises(LookupError, match="the cause"):
        run(lambda: ask(Receiver(broken, threads=1, limits=SHORT), client))
    assert client.events == []


def test_what_is_to_be_done_at_first_is_done_once() -> None:
    done: list[int] = []
    receiver = Receiver(echo, threads=1, limits=SHORT, at_first=lambda: done.append(1))
    for _ in range(2):
        run(lambda: ask(receiver, Client()))
    assert done == [1]


def environ(*headers: tuple[bytes, bytes], path: bytes = b"/") -> Environ:
    from io import BytesIO  # the body is beside the point here

    return environ_of(scope_of(path=path, headers=headers), BytesIO(), 0)


def test_headers_become_those_of_the_gateway() -> None:
    found = environ(
        (b"host", b"forum.example.org"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"accept-language", b"ko"),
        (b"accept-language", b"en"),
        (b"content-type", b"text/plain"),
        (b"transfer-encoding", b"chunked"),
        (b"content-length", b"999"),
    )
    assert {key: value for key, value in found.items() if key.startswith(("HTTP_", "CONTENT_"))} == {
        "HTTP_HOST": "forum.example.org",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT_LANGUAGE": "ko,en",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "0",
    }
    assert (found["REMOTE_ADDR"], found["SERVER_PORT"]) == ("192.0.2.7", "8000")


def test_header_with_an_underscore_passes_for_no_other() -> None:
    vouched = environ((b"x-forwarded-proto", b"http"), (b"x_forwarded_proto", b"https"))
    assert vouched["HTTP_X_FORWARDED_PROTO"] == "http"
    assert "HTTP_X_FORWARDED_PROTO" not in environ((b"x_forwarded_proto", b"https"))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"/7whrcf/?a=b", "/7whrcf/"),
        ("/도시/".encode(), "/도시/".encode().decode("latin-1")),
        (b"/%EB%8F%84/", "/도/".encode().decode("latin-1")),
        (b"/%FF/", "/\xff/"),
    ],
)
def test_path_is_bytes_in_latin_1(path: bytes, shown: str) -> None:
    assert environ(path=path)["PATH_INFO"] == shown


def test_answer_is_closed_also_when_it_breaks_off() -> None:
    closed: list[str] = []

    class Parts:
        def __init__(self, breaks: bool) -> None:
            self.breaks = breaks

        def __iter__(self) -> Iterable[bytes]:
            yield b"a"
            if self.breaks:
                raise LookupError

        def close(self) -> None:
            closed.append("closed")

    def application(breaks: bool) -> WsgiApplication:
        def answer(environ: Environ, start_response: Callable[..., object]) -> Any:
            start_response("200 OK", [("A", "b")])
            return Parts(breaks)

        return answer

    assert answer_of(application(False), {}).body == b"a"
    with pytest.raises(LookupError):
        answer_of(application(True), {})
    assert closed == ["closed", "closed"]
