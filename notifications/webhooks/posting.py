"""One signed request, and what came of it. A receiver can neither hold us longer nor fill us more than the limits."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from functools import cache
from time import monotonic

from notifications.webhooks.guard import AddressRefusedError, addresses_of, target_of

CONNECT_SECONDS = 5.0
# From the first connection to the last byte of the answer, however slowly it drips.
TOTAL_SECONDS = 10.0
MAX_ANSWER_BYTES = 2000
AGENT = "Plenary-Webhooks/1"


@dataclass(frozen=True)
class ReceiverResponse:
    """What came of one request. Without a `status` there was no answer, and `text` says why."""

    status: int | None
    text: str
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants no more of this kind (Standard Webhooks: 410)."""
        return self.status == http.client.GONE


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that has been checked, whatever its name would be resolved to now."""

    def __init__(self, host: str, port: int, addresses: list[str], *, tls: bool) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        # The standard port is left out of the Host header.
        self.default_port = 443 if tls else 80
        self._addresses, self._tls = addresses, tls

    def connect(self) -> None:
        *others, last = self._addresses
        for address in others:
            try:
                raw = socket.create_connection((address, self.port), CONNECT_SECONDS)
                break
            except OSError:
                continue
        else:
            raw = socket.create_connection((last, self.port), CONNECT_SECONDS)
        self.sock = raw
        if self._tls:
            self.sock = _tls().wrap_socket(raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread: whoever reads gets an error at once."""
        sock = self.sock
        if isinstance(sock, socket.socket):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # an SSLSocket's own would wait for the other side
            except OSError:
                return  # it is over already


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, body: str, headers: dict[str, str], *, local: bool) -> ReceiverResponse:
    """Send one request and read the answer's beginning. Follows no redirect. Never raises for what others do wrong."""
    began = monotonic()
    try:
        scheme, host, port, path = target_of(url, local=local)
        addresses = addresses_of(host, port, local=local)
    except AddressRefusedError as error:
        return ReceiverResponse(None, str(error), _since(began))
    connection = _Pinned(host, port, addresses, tls=scheme == "https")
    deadline = threading.Timer(TOTAL_SECONDS, connection.cut)
    deadline.daemon = True
    deadline.start()
    try:
        connection.request("POST", path, body.encode(), headers | {"User-Agent": AGENT, "Connection": "close"})
        response = connection.getresponse()
        text = response.read(MAX_ANSWER_BYTES).decode("utf-8", "replace").replace("\x00", "\ufffd")
        return ReceiverResponse(response.status, text, _since(began))
    except (OSError, http.client.HTTPException) as error:
        late = " (took too long)" if monotonic() - began >= TOTAL_SECONDS else ""
        return ReceiverResponse(
            None, f"{type(error).__name__}: {error}{late}"[:500].replace("\x00", "\ufffd"), _since(began)
        )
    finally:
        deadline.cancel()
        connection.close()


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
