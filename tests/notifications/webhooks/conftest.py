"""A receiver of webhooks, and a conference with subscriptions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from pytest_django import Settings

from journal.actors import Actor
from notifications.models import WebhookSubscription
from notifications.webhooks.editing import subscribe
from schedule.models import Conference
from tests.factories import make_conference

Subscribe = Callable[..., WebhookSubscription]


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: str


class Receiver(ThreadingHTTPServer):
    """Keeps what it gets. `answer` is a status, or raw bytes; `hold` is waited for before it answers."""

    daemon_threads = True
    request_queue_size = 64  # with five, the usual, who comes when many do waits for a second or more

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Request] = []
        self.answer: int | bytes = 200
        self.text = b"thanks"
        self.hold: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append(Request(self.path, headers, body))
        if self.server.hold is not None:
            self.server.hold.wait(20)
        if isinstance(self.server.answer, bytes):
            self.wfile.write(self.server.answer)
            return
        self.send_response(self.server.answer)
        if 300 <= self.server.answer < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(self.server.text)))
        self.end_headers()
        self.wfile.write(self.server.text)

    def log_message(self, *args: object) -> None:
        """Nothing: what came is in `got`."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_LOCAL = True
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        if server.hold is not None:
            server.hold.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def conference(db: None) -> Conference:
    return make_conference(slug="forum")


@pytest.fixture
def subscribed(conference: Conference, receiver: Receiver) -> Subscribe:
    def make(**fields: object) -> WebhookSubscription:
        given = {"name": "Site", "url": receiver.url, "verbs": ["room.closed", "session.renamed"]} | fields
        where = given.pop("conference", conference)
        return subscribe(where, actor=Actor.organizer(1), now=timezone.now(), **given)  # type: ignore[arg-type]  # as given

    return make
