"""The settings of a proxy that the documentation gives are ones that the proxy takes."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from bench.proxy import caddy, nginx


@pytest.mark.skipif(nginx.command() is None, reason="there is no nginx on this machine to ask")
def test_nginx_takes_the_documented_settings() -> None:
    found = nginx.command()
    assert found is not None
    assert nginx.complaints(found) == ""


def test_the_page_gives_one_configuration_and_only_its_ends_are_filled_in(tmp_path: Path) -> None:
    written = nginx.write(tmp_path, port=8443, upstream=8001).read_text()
    lines = [line.strip() for line in nginx.documented().splitlines() if "proxy_pass " not in line]
    assert [line for line in lines if line not in written] == []
    assert "listen 127.0.0.1:8443;" in written
    assert "proxy_pass http://127.0.0.1:8001;" in written


@pytest.mark.skipif(caddy.command() is None, reason="there is no Caddy on this machine to ask")
def test_caddy_takes_the_documented_settings() -> None:
    found = caddy.command()
    assert found is not None
    assert caddy.complaints(found) == ""


def test_the_settings_of_caddy_are_those_of_the_page(tmp_path: Path) -> None:
    written = caddy.write(tmp_path, port=8443, upstream=8001).read_text()
    changed = ("forum.example.org {", "reverse_proxy 127.0.0.1:8000 {")
    lines = [line.strip() for line in nginx.documented("reverse_proxy").splitlines() if line.strip() not in changed]
    assert [line for line in lines if line not in written] == []
    assert "http://127.0.0.1:8443 {" in written
    assert "reverse_proxy 127.0.0.1:8001 {" in written


class Echo(BaseHTTPRequestHandler):
    """Answers what it was asked: the headers that Plenary reads from a proxy, and how long the body was."""

    def do_POST(self) -> None:  # http.server names it so
        length = len(self.rfile.read(int(self.headers["Content-Length"])))
        names = ("Host", "X-Forwarded-Proto", "X-Forwarded-For")
        body = json.dumps([*(self.headers.get(name) for name in names), length]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as above
        return


@pytest.fixture
def upstream() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "caddy"])
def test_what_a_client_says_of_itself_is_not_believed(proxy: ModuleType, upstream: int) -> None:
    """`BEHIND_PROXY` takes the scheme and the last address: neither may be what a stranger wrote."""
    found = proxy.command()
    if found is None:
        pytest.skip("this proxy is not on this machine")
    forged = {"Host": "forum.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    with proxy.running(found, upstream) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        # Caddy answers for the name it has; here that is the address it listens on.
        named = forged if proxy is nginx else forged | {"Host": f"127.0.0.1:{port}"}
        connection.request("POST", "/", b"x" * 1000, named)
        host, scheme, forwarded, length = json.loads(connection.getresponse().read())
        connection.close()
        assert (host, scheme, forwarded.split(", ")[-1], length) == (named["Host"], "http", "127.0.0.1", 1000)
