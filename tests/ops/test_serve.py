"""The real processes, started as the demo and a server start them, against the servers of this test run."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from ops import embedded, env
from ops.embedded import BASE_DIR
from ops.inbox import Inbox
from ops.parts import WORKERS, demo_processes, page_answers, smtp_greets
from ops.processes import running
from tests.ops.waiting import alive, children_of, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real processes")]

THREADS = 4  # that the web server has where WEB_THREADS says nothing


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Name servers by address, as an installation does: the database of this run, and a broker of this test alone,
    because real workers would take the tasks of other tests."""
    monkeypatch.setenv("DATABASE_URL", env.text("DATABASE_URL") or embedded.database_url())
    monkeypatch.setenv("PLENARY_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("REDIS_URL", embedded.redis_url())
    monkeypatch.setenv("SECRET_KEY", "only for tests, and long enough to be a key")
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    with embedded.servers(database=False, broker=True):
        yield
    embedded.forget()


@pytest.mark.usefixtures("servers")
def test_all_processes_of_the_demo_run_and_none_is_left(tmp_path: Path) -> None:
    port, smtp_port, inbox_port = free_port(), free_port(), free_port()
    processes = demo_processes(
        port=port, smtp_port=smtp_port, inbox_port=inbox_port, mail_file=tmp_path / "inbox.sqlite3"
    )
    assert [process.name for process in processes] == ["inbox", "web", *WORKERS, "beat"]
    with running(processes, log_folder=tmp_path / "log") as children:
        assert smtp_greets(smtp_port)
        assert page_answers(inbox_port, "/")
        assert page_answers(port, "/healthz")
        pids = {children.pid(process.name) for process in processes}
        assert [pid for pid in pids if not alive(pid)] == []
        below = set().union(*(children_of(pid) for pid in pids))
    wait_for(lambda: [pid for pid in pids | below if alive(pid)] == [])
    assert not page_answers(port, "/healthz")
    assert Inbox(tmp_path / "inbox.sqlite3").count() == 0
    logs = [f"{name}.log" for name in ("beat", "inbox", "web", *sorted(WORKERS))]
    assert sorted(path.name for path in (tmp_path / "log").iterdir()) == logs


@pytest.mark.usefixtures("servers")
def test_a_server_that_is_given_its_servers_becomes_the_web_server() -> None:
    port = free_port()
    command = [sys.executable, "-m", "ops.serve", "web", "--port", str(port)]
    with (
        subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
        ExitStack() as at_the_end,
    ):
        at_the_end.callback(process.kill)  # a test that fails would wait for it
        wait_for(lambda: page_answers(port, "/healthz") or process.poll() is not None)
        assert b"granian" in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/readyz", headers={"Host": "127.0.0.1"})
            answered = json.loads(connection.getresponse().read())
        assert [answered[part] for part in ("database", "redis")] == ["ok", "ok"]
        with ExitStack() as slow:
            for _ in range(4 * THREADS):
                one = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
                one.sendall(b"POST /my/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n\r\nx")
            assert page_answers(port, "/healthz")  # within two seconds, while all of them are on their way
        below = children_of(process.pid)
        os.kill(process.pid, signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "GET /" not in said  # addresses are secrets: no access log
    wait_for(lambda: not any(alive(pid) for pid in below))
