"""What must be there before anything starts. Every refusal is one line that names the setting and says what to do."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeVar
from urllib.parse import urlsplit

Answer = TypeVar("Answer")

SECONDS = 5.0
PYTHON = (3, 11)


class StartRefused(RuntimeError):  # a word of the product: nothing failed, the start was refused
    """Plenary does not start. The message is one line."""


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Refuse a Python older than the oldest one supported."""
    if version < PYTHON:
        raise StartRefused(
            f"Plenary needs Python {PYTHON[0]}.{PYTHON[1]} or newer; this is Python {version[0]}.{version[1]}."
        )


def check_servers(*, seconds: float = SECONDS) -> None:
    """Refuse when the database or the broker of the settings does not answer within `seconds` each."""
    check_database(seconds=seconds)
    check_redis(seconds=seconds)


def check_database(*, seconds: float = SECONDS) -> None:
    """Refuse when PostgreSQL does not let us in, or is older than what the constraints need (15)."""
    import psycopg  # the module is read before anybody knows whether there is a Django to set up
    from django.conf import settings
    from django.db import connections

    database = settings.DATABASES["default"]
    where = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}, database {database['NAME']}"
    parameters = connections["default"].get_connection_params()

    def ask() -> int:
        keywords = {key: value for key, value in parameters.items() if key not in _DJANGO_ONLY}
        with psycopg.connect(**keywords) as connection:
            return connection.info.server_version

    try:
        version = _within(seconds, ask)
    except (psycopg.Error, TimeoutError) as error:
        raise StartRefused(f"DATABASE_URL: PostgreSQL does not answer at {where} ({_one_line(error)}).") from error
    if version < 150_000:
        raise StartRefused(f"DATABASE_URL: PostgreSQL {version // 10_000} is too old; Plenary needs 15 or newer.")


def check_redis(*, seconds: float = SECONDS) -> None:
    """Refuse when Redis does not answer a ping."""
    import redis  # as above
    from django.conf import settings
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    url: str = settings.REDIS_URL
    parts = urlsplit(url)
    where = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"

    def ask() -> None:
        limits = {"socket_timeout": seconds, "socket_connect_timeout": seconds, "retry": Retry(NoBackoff(), 0)}
        with redis.Redis.from_url(url, **limits) as client:
            client.ping()

    try:
        _within(seconds, ask)
    except (redis.RedisError, OSError, ValueError) as error:
        raise StartRefused(f"REDIS_URL: Redis does not answer at {where} ({_one_line(error)}).") from error


# What Django adds to the parameters of libpq for its own connection class.
_DJANGO_ONLY = frozenset({"cursor_factory", "context", "prepare_threshold"})


def _within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """`ask()`, or TimeoutError. The limits of the drivers are per address and leave out the look-up of names."""
    outcome: Future[Answer] = Future()

    def run() -> None:
        try:
            outcome.set_result(ask())
        except BaseException as error:  # noqa: BLE001  # handed on whole to the thread that asked
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return outcome.result(timeout=seconds)
    except FutureTimeout:
        raise TimeoutError(f"no answer within {seconds:.0f} s") from None


def _one_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__).rstrip(".")
