"""The bundled servers: shared by processes, stopped by the last, apart for each state folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ops import embedded
from ops.embedded import BASE_DIR
from tests.ops.waiting import wait_for

# Holds the servers until its standard input closes.
USER = """
import sys
from ops import embedded
with embedded.servers(database={database}, broker=True):
    print("in", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "state"
    monkeypatch.setenv("PLENARY_STATE", str(folder))
    home = embedded.places().home
    yield folder
    assert not redis_answers()
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def user(*, database: bool = False) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", USER.format(database=database)]
    with subprocess.Popen(command, cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        yield process
        process.communicate(timeout=60)
        assert process.returncode in (0, -9)


def client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(embedded.places().redis_socket), retry=Retry(NoBackoff(), 0))


def redis_answers() -> bool:
    with client() as connection:
        try:
            return bool(connection.ping())
        except redis.RedisError:
            return False


def run_id() -> str:
    with client() as connection:
        return str(connection.info("server")["run_id"])


def test_a_state_folder_that_was_removed_takes_its_data_with_it(state: Path) -> None:
    kept = embedded.places().home / "kept"
    with user():
        kept.touch()
    with user():
        assert kept.exists()
    shutil.rmtree(state)
    with user():
        assert not kept.exists()


@pytest.mark.usefixtures("state")
def test_redis_has_a_bound_and_forgets_what_runs_out_anyway() -> None:
    with user(), client() as connection:
        limits = connection.config_get("maxmemory*")
    assert (limits["maxmemory"], limits["maxmemory-policy"]) == (str(256 * 2**20), "volatile-lru")


@pytest.mark.usefixtures("state")
def test_the_last_user_stops_what_the_first_started() -> None:
    assert not redis_answers()
    with user():
        started = run_id()
        with user():
            assert run_id() == started
        assert run_id() == started  # the second one left; the first goes on
    assert not redis_answers()


@pytest.mark.usefixtures("state")
def test_a_user_that_is_killed_takes_nothing_from_the_others() -> None:
    with user() as first:
        started = run_id()
        with user():
            first.kill()
            first.wait(timeout=10)
            assert run_id() == started
        assert not redis_answers()  # the one that was killed is not waited for


def test_every_state_folder_has_servers_of_its_own(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with user():
        here, started = embedded.places(), run_id()
        monkeypatch.setenv("PLENARY_STATE", str(tmp_path / "other"))
        there = embedded.places()
        assert here.home != there.home
        assert here.state == state
        assert not redis_answers()
        with user():
            assert run_id() != started
        shutil.rmtree(there.home)
        monkeypatch.setenv("PLENARY_STATE", str(state))
        assert run_id() == started


@pytest.mark.usefixtures("state")
def test_sockets_are_in_a_folder_of_this_user_and_short_enough() -> None:
    with user():
        where = embedded.places()
        assert where.home.stat().st_uid == os.geteuid()
        assert where.home.stat().st_mode & 0o022 == 0  # nobody else writes there
        assert where.redis_socket.stat().st_mode & 0o077 == 0
        assert len(str(where.sockets / ".s.PGSQL.5432")) < 107


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = os.geteuid()
    monkeypatch.setenv("PLENARY_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    home = embedded.places().home
    home.mkdir()  # it belongs to who we really are, not to who we say
    try:
        with (
            pytest.raises(embedded.EmbeddedServerError) as refusal,
            embedded.servers(database=False, broker=True),
        ):
            pytest.fail("the servers must not start")
    finally:
        home.rmdir()
    assert str(refusal.value) == f"{home} belongs to somebody else; remove it or set PLENARY_STATE."


def test_everything_is_forgotten_but_never_while_it_is_used(state: Path) -> None:
    with user():
        started = run_id()
        with pytest.raises(embedded.EmbeddedServerError) as refusal:
            embedded.forget()
        assert str(refusal.value) == "Something still uses the bundled servers; stop it first."
        assert run_id() == started
    embedded.forget()
    assert [path.exists() for path in (state, embedded.places().home)] == [False, False]
    embedded.forget()  # and again, with nothing there


@pytest.mark.slow
@pytest.mark.usefixtures("state")
def test_the_database_keeps_its_rows_and_comes_back_after_a_crash() -> None:
    def query(sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(embedded.database_url(), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    with user(database=True):
        query("CREATE TABLE kept (word text)")
        query("INSERT INTO kept VALUES ('자리')")
        ((encoding,),) = query("SHOW server_encoding")
        assert encoding == "UTF8"
        ((listening,),) = query("SHOW listen_addresses")
        assert listening == ""  # never on the network
        pid = int((embedded.places().postgres_data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 9)
        wait_for(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text())
    with user(database=True):
        assert query("SELECT word FROM kept") == [("자리",)]
    with pytest.raises(psycopg.OperationalError):
        query("SELECT 1")
