"""From an ASGI request to a WSGI one (PEP 3333), and from the WSGI answer back to an ASGI one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Scope = dict[str, Any]
Headers = list[tuple[str, str]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# The body is here, whole, and its length is known: how it travelled is over. RFC 9110 7.6.1 calls these hop by hop.
_OF_THE_WAY = frozenset({b"transfer-encoding", b"content-length", b"connection", b"keep-alive", b"te", b"upgrade"})


@dataclass(frozen=True)
class Answer:
    """A whole answer: nothing of it is still to be made, so that no thread waits for whoever reads it."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


def environ_of(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The environment of a request (PEP 3333, RFC 3875 4.1) whose body of `length` bytes waits in `body`."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # Bytes in latin-1, as PEP 3333 wants them. The raw path: what is no UTF-8 is for Django to refuse.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"].partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str((scope.get("client") or ("", 0))[0]),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # With an underscore it would pass for another header, such as the one that a proxy vouches for.
        if name in _OF_THE_WAY or b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text
    return environ


def answer_of(application: WsgiApplication, environ: Environ) -> Answer:
    """What the application answers, read to its end. Raises what the application raises."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: ExcInfo | None = None) -> Callable[[bytes], object]:
        del exc_info  # nothing has been sent yet: an answer that is begun again replaces the first
        started[:] = [(status, headers)]
        return parts.append

    parts: list[bytes] = []
    answered = application(environ, start_response)
    try:
        parts.extend(answered)
    finally:
        close = getattr(answered, "close", None)
        if close is not None:
            close()
    status, headers = started[0]
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Answer(int(status.split(" ", 1)[0]), encoded, b"".join(parts))
