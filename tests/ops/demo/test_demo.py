"""The whole demonstration with real processes, and running a command on servers of its own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ops import embedded
from ops.demo import alone, summary
from ops.management.commands import demo
from ops.management.commands.demo import Command

BASE = Path(__file__).resolve().parents[3]
# What others read from the last line of output: these keys at least.
KEYS = {
    "sessions",
    "placed",
    "hard_conflicts",
    "registrations",
    "signups_confirmed",
    "signups_waiting",
    "oversold",
    "double_booked",
    "messages_due",
    "messages_sent",
    "messages_lost",
    "messages_doubled",
    "invites_attached",
    "change",
    "seconds",
}
CHANGE_KEYS = {"room", "moved", "people_affected", "people_told", "told_without_cause"}


def environment(state: Path) -> dict[str, str]:
    """The environment of a command of its own: none of the test run's servers or settings."""
    kept = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL", alone.MARK)
    return {key: value for key, value in os.environ.items() if key not in kept} | {"PLENARY_STATE": str(state)}


def processes_of(state: Path) -> list[str]:
    """Command lines of the processes that were started with this state folder (or one below it)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"PLENARY_STATE={state}".encode() in (folder / "environ").read_bytes()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended, or is somebody else's
            continue
        if mine or str(state) in words:
            found.append(words)
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demonstration_does_its_work_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "demo", "--exit", "--people", "30", "--solve-seconds", "2"]
    done = subprocess.run(
        command, cwd=BASE, env=environment(tmp_path), capture_output=True, text=True, timeout=240, check=False
    )
    assert "Not held" not in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-4000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (KEYS - result.keys(), CHANGE_KEYS - result["change"].keys()) == (set(), set())
    assert {name: result[name] for name in summary.MUST_BE_ZERO} == dict.fromkeys(summary.MUST_BE_ZERO, 0)
    change = result["change"]
    assert (change["told_without_cause"], change["told_twice"]) == (0, 0)
    assert (result["sessions"], result["placed"], result["registrations"]) == (30, 30, 30)
    assert result["messages_sent"] == result["messages_due"] > 30
    assert 0 < result["signups_confirmed"] <= result["invites_attached"]
    assert change["people_told"] == change["people_affected"] > 0
    assert change["moved"] > 0
    steps = {name: seconds for name, seconds in result["seconds"].items() if name != "total"}
    assert 0 < sum(steps.values()) <= result["seconds"]["total"]
    assert summary.failures(result, people=30) == []
    assert processes_of(tmp_path) == []
    assert [one.name for one in tmp_path.iterdir()] == ["secret-key"]  # the checkout's own, made by any command


@pytest.mark.slow
def test_a_command_alone_has_servers_of_its_own_and_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_STATE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/not-this-one")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    note = tmp_path / "note.json"
    code = (
        "import json, os, pathlib\n"
        "from django.db import connection\n"
        "from ops import embedded\n"
        "connection.ensure_connection()\n"
        "state = embedded.state_dir()\n"
        f"pathlib.Path({str(note)!r}).write_text(json.dumps("
        "[str(state), str(embedded.places().home), state.exists(), 'DATABASE_URL' in os.environ]))\n"
        "raise SystemExit(3)\n"
    )
    assert alone.run_alone(["shell", "-c", code]) == 3
    state, home, existed, given = json.loads(note.read_text())
    assert (existed, given) == (True, False)
    assert (Path(state).parent, Path(state).exists(), Path(home).exists()) == (tmp_path, False, False)
    assert processes_of(Path(state)) == []


def test_a_command_knows_that_it_runs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(alone.MARK, raising=False)
    assert not alone.is_alone()
    monkeypatch.setenv(alone.MARK, "1")
    assert alone.is_alone()


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", alone.free_port()))
        listener.listen()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("option", "purpose"),
    [("--port", "the pages"), ("--inbox-port", "the inbox's pages"), ("--smtp-port", "the inbox's mail server")],
)
def test_a_port_in_use_is_said_before_anything_starts(
    taken: int, option: str, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the command, as `make demo` calls it; nothing of the work begins."""

    def work(*_: object) -> None:
        raise AssertionError("the work has begun")

    monkeypatch.setattr(demo.Command, "work", work)
    ports = {name: alone.free_port() for name in ("--port", "--inbox-port", "--smtp-port")} | {option: taken}
    with pytest.raises(CommandError) as caught:
        call_command("demo", *[f"{name}={number}" for name, number in ports.items()])
    pattern = rf"Port {taken} \(for {re.escape(purpose)}\) is in use by another program. Choose another: {option} (\d+)"
    assert re.fullmatch(pattern, str(caught.value))


def test_the_organizers_password_is_made_once_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_STATE", str(tmp_path))
    first = Command().password()
    assert (Command().password(), len(first)) == (first, 16)
    assert (embedded.state_dir() / "organizer-password").stat().st_mode & 0o777 == 0o600
