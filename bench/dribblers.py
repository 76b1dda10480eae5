"""Slow strangers beside a reader: sixteen connections that dribble a body to every address there is, and other ways.

Every address of the URL configuration, because what a server does before Django knows the address must hold for all.
Where nginx or Caddy is installed they come through it too, with the settings that the documentation gives.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from bench.proxy import caddy, nginx
from bench.stages import programme, web_server

NEEDS_DATABASE = True
DRIBBLERS = 16
EACH_SECONDS = 0.25
BEAT_SECONDS = 0.05
SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "crowd", "str": "a", "path": "a"}
SAMPLES |= {"export_extension": "json", "text_kind": "privacy"}
# What stands for a group of a regular expression, tried in this order.
WORDS = ("1", "a", "1-a", "1:a")
POST = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HEADS = {
    "bodies": POST + "Content-Length: 20000\r\n\r\n",
    "bodies in chunks": POST + "Transfer-Encoding: chunked\r\n\r\n4e20\r\n",
    "heads": "GET {path} HTTP/1.1\r\nX-Slow: ",
    "nothing at all": "",
}
UNREAD = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def addresses() -> list[str]:
    """A path for every pattern of the URL configuration. Raises ValueError for one that no path is found for."""
    return sorted(set(_paths(get_resolver(), "/", is_regex=False)))


def _paths(resolver: URLResolver, before: str, *, is_regex: bool) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        regex = is_regex or not isinstance(one.pattern, RoutePattern)
        if isinstance(one, URLPattern):
            yield _path(route, is_regex=regex)
        else:
            yield from _paths(one, route, is_regex=regex)


def _path(route: str, *, is_regex: bool) -> str:
    plain = re.sub(r"(?<!P)<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "a"), route)
    if is_regex:
        plain = re.sub(r"[$^]|\\[ZA]|\?P<\w+>", "", plain).replace("/?", "/")
    for word in WORDS:
        path = re.sub(r"\([^()]*\)", word, plain).replace("\\", "")
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    raise ValueError(f"No path is known for the pattern {route}.")


@contextmanager
def strangers(port: int, head: str, *, dribbling: bool = True) -> Iterator[None]:
    """DRIBBLERS connections that begin with `head` and go on with a byte every BEAT_SECONDS, or with none."""
    over = threading.Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(DRIBBLERS)]

        def send() -> None:
            for one in connections:
                one.sendall(head.encode())
            while dribbling and not over.wait(BEAT_SECONDS):
                for one in connections:
                    try:
                        one.sendall(b"x")
                    except OSError:  # the server has had enough of it: it has answered already, or its time is over
                        continue

        thread = threading.Thread(target=send)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def waited(port: int, path: str) -> float:
    """The milliseconds a reader waits for a page, over a connection of their own."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answers {response.status}")
    return (time.perf_counter() - began) * 1000


def beside(port: int, path: str, head: str, seconds: float, *, dribbling: bool = True) -> list[float]:
    """What a reader of `path` waits while the strangers are there; at least one page."""
    with strangers(port, head, dribbling=dribbling):
        ends = time.monotonic() + seconds
        times = [waited(port, path)]
        while time.monotonic() < ends:
            times.append(waited(port, path))
    return times


def figure(name: str, times: list[float]) -> dict[str, Any]:
    at = sorted(times)[len(times) * 99 // 100]
    return {"name": name, "value": round(at, 1), "unit": "ms", "budget": 1000}


def run() -> list[dict[str, Any]]:
    conference = programme("crowd", days=1, rooms=4, slots=5, releases=1)
    page = f"/{conference.slug}/"
    paths = addresses()
    with web_server() as port:
        waited(port, page)  # each process reads its templates once
        times = [one for path in paths for one in beside(port, page, HEADS["bodies"].format(path=path), EACH_SECONDS)]
        figures = [figure(f"a page beside {DRIBBLERS} slow bodies, at {len(paths)} addresses, 99 of 100 within", times)]
        for kind, head in HEADS.items():
            if kind != "bodies":
                figures.append(figure(f"  slow {kind}", beside(port, page, head.format(path=page), 5)))
        unread = UNREAD.format(path=page) * 4
        figures.append(figure("  answers that nobody reads", beside(port, page, unread, 5, dribbling=False)))
        for name, proxy in (("nginx", nginx), ("Caddy", caddy)):
            if found := proxy.command():
                with proxy.running(found, port) as before:
                    figures += _behind(name, before, page)
    return figures


def _behind(name: str, port: int, page: str) -> list[dict[str, Any]]:
    """The same with a proxy in between, at a port of this machine."""
    return [
        figure(f"  behind {name} as documented: slow {kind}", beside(port, page, head.format(path=page), 5))
        for kind, head in HEADS.items()
    ]
