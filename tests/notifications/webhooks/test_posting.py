"""What receivers can do wrong, and that it costs neither time nor memory."""

from __future__ import annotations

import socket
import threading

import pytest

from notifications.webhooks import posting
from notifications.webhooks.posting import MAX_ANSWER_BYTES, post
from tests.notifications.webhooks.conftest import Receiver


def test_request_arrives_as_it_was_signed(receiver: Receiver) -> None:
    answer = post(receiver.url, '{"a":"도시"}', {"webhook-id": "msg_1"}, local=True)
    assert (answer.status, answer.text, answer.is_taken) == (200, "thanks", True)
    [got] = receiver.got
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/hook?key=1", '{"a":"도시"}', "msg_1")
    assert got.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = status
    answer = post(receiver.url, "{}", {}, local=True)
    assert (answer.status, answer.is_taken, len(receiver.got)) == (status, False, 1)


@pytest.mark.parametrize(("status", "taken", "gone"), [(204, True, False), (400, False, False), (410, False, True)])
def test_what_a_status_means(receiver: Receiver, status: int, taken: bool, gone: bool) -> None:
    receiver.answer, receiver.text = status, b""
    answer = post(receiver.url, "{}", {}, local=True)
    assert (answer.is_taken, answer.is_gone) == (taken, gone)


def test_only_the_beginning_of_an_answer_is_kept(receiver: Receiver) -> None:
    receiver.text = b"\x00\xff" + b"x" * 3_000_000
    answer = post(receiver.url, "{}", {}, local=True)
    assert (answer.status, answer.text) == (200, "\ufffd\ufffd" + "x" * (MAX_ANSWER_BYTES - 2))


@pytest.mark.parametrize(
    "raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, b"HTTP/1.1 200 " + b"x" * 70_000]
)
def test_answer_that_is_none(receiver: Receiver, raw: bytes) -> None:
    receiver.answer = raw
    answer = post(receiver.url, "{}", {}, local=True)
    assert (answer.status, answer.is_taken, bool(answer.text)) == (None, False, True)


def test_answer_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; all of them never would."""
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.3)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not ended.wait(0.02):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        answer = post(f"http://127.0.0.1:{server.getsockname()[1]}/", "{}", {}, local=True)
        ended.set()
        thread.join()
    assert 250 <= answer.milliseconds <= 5000
    assert (answer.status, len(answer.text) < 1000) == (200, True)  # the receiver has said that it took it


def test_receiver_that_says_nothing_is_cut_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.3)
    receiver.hold = threading.Event()
    answer = post(receiver.url, "{}", {}, local=True)
    assert (answer.status, answer.text.endswith("(took too long)")) == (None, True)


def test_nobody_there() -> None:
    answer = post("http://127.0.0.1:1/", "{}", {}, local=True)
    assert (answer.status, answer.text.partition(":")[0]) == (None, "ConnectionRefusedError")
