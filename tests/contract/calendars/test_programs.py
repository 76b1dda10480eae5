"""Programs that fetch a feed and keep it: vdirsyncer sees no change in an unchanged one, Radicale takes it as it is."""

from __future__ import annotations

import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from notifications.calendars.files import feed
from notifications.feeds.personal_feeds import feed_url
from tests.contract.calendars.parsers import parse_vobject
from tests.contract.calendars.test_text import INJECTIONS, TEXTS
from tests.notifications.calendars.factories import make_entry, make_info
from tests.notifications.places import Stage, make_feed

SECONDS = 60
VDIRSYNCER = """
[general]
status_path = "{folder}/status"

[pair plenary]
a = "theirs"
b = "mine"
collections = null

[storage theirs]
type = "http"
url = "{url}"

[storage mine]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["personal", "public"])
def test_vdirsyncer_sees_no_change_in_an_unchanged_feed_and_each_change_once(
    which: str, programs: Path, tmp_path: Path, live_server: LiveServer, settings: Settings
) -> None:
    settings.SITE_URL = live_server.url
    cache.clear()
    stage = Stage()
    place = stage.place()
    personal = feed_url(make_feed(place.registration, alarm_minutes=15, with_conference=True))
    url = personal if which == "personal" else f"{live_server.url}/{stage.conference.slug}/schedule.ics"
    (tmp_path / "calendar").mkdir()
    config = tmp_path / "config"
    config.write_text(VDIRSYNCER.format(folder=tmp_path, url=url))

    def run(command: str) -> list[str]:
        """The items that were copied, updated or deleted."""
        done = subprocess.run(
            [programs / "vdirsyncer", "-c", config, command, "plenary"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            input="y\n",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = (done.stdout + done.stderr).splitlines()
        return [line.split()[0] for line in said if line.startswith(("Copying", "Deleting"))]

    run("discover")
    entries = 2 if which == "personal" else 1
    assert run("sync") == ["Copying"] * entries
    kept = {path: path.read_bytes() for path in (tmp_path / "calendar").iterdir()}
    assert run("sync") == []
    assert {path: path.read_bytes() for path in (tmp_path / "calendar").iterdir()} == kept
    stage.move("11:00", stage.other_room)
    # It knows entries of a web calendar by their content, so a changed one is another.
    assert sorted(run("sync")) == ["Copying", "Deleting"]
    assert run("sync") == []
    assert len(list((tmp_path / "calendar").iterdir())) == entries


@pytest.fixture
def radicale(programs: Path, tmp_path: Path) -> Iterator[int]:
    """The port of a running Radicale without accounts."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    command: list[str | Path] = [
        programs / "radicale",
        "--config",
        "",
        "--hosts",
        f"127.0.0.1:{port}",
        "--auth-type",
        "none",
        "--storage-filesystem-folder",
        tmp_path / "radicale",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + SECONDS
            while _status(port, "GET", "/.web/") >= 400:
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def _ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        account = b64encode(b"somebody:").decode()
        headers = {"Content-Type": "text/calendar; charset=utf-8", "Authorization": f"Basic {account}"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _status(port: int, method: str, path: str) -> int:
    try:
        return _ask(port, method, path)[0]
    except OSError:
        return 599


def test_radicale_takes_a_feed_and_gives_the_same_entries(radicale: int) -> None:
    texts = [*TEXTS.values(), *(hostile for hostile, _inert in INJECTIONS.values())]
    entries = [
        make_entry(
            uid=f"{number}@example.org",
            summary=text,
            description=text,
            location=text,
            alarm_minutes=10,
            timezone=zone,
            start=start,
            end=start + timedelta(days=number % 3, hours=3),
            status="CANCELLED" if number % 4 == 0 else "CONFIRMED",
            conference_url="https://meet.example.org/a",
        )
        for number, text in enumerate(texts)
        for zone in [("Asia/Seoul", "Europe/Berlin", "America/New_York")[number % 3]]
        for start in [make_entry().start + timedelta(days=9 * number)]
    ]
    body = feed(entries, make_info(name="인권도시포럼", color="teal")).body
    status, said = _ask(radicale, "PUT", "/somebody/programme/", body)
    assert status == 201, said
    status, kept = _ask(radicale, "GET", "/somebody/programme/")
    assert status == 200
    assert parse_vobject(kept).events == parse_vobject(body).events
