"""What refuses a start, each in a process of its own, with the whole line that a person reads."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.checks import StartRefused, check_python
from ops.embedded import BASE_DIR

SERVE = ["-m", "ops.serve", "web"]
SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SITE_URL", "EMAIL_URL", "ALLOWED_HOSTS")
LIKE = "perhaps a port. It looks like https://forum.example.org: Plenary has a host of its own"
SECRET = "hunter2-not-for-logs-and-long-enough-to-be-a-key"


def start(state: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in SETTINGS and not name.endswith("_FILE") and name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**clean, "PLENARY_STATE": str(state), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(state: Path, *arguments: str, **environment: str) -> str:
    """The one line on standard error of a start that is refused."""
    done = start(state, *(arguments or SERVE), **environment)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert SECRET not in line
    return line


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_missing_secret_key_is_refused(tmp_path: Path) -> None:
    line = refusal(tmp_path, DATABASE_URL="postgresql://127.0.0.1/plenary")
    assert line == (
        "Plenary does not start: SECRET_KEY is not set. Set SECRET_KEY, or SECRET_KEY_FILE to a file holding it; "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes a good one."
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DEBUG": "ture"}, "DEBUG='ture' is not a yes or a no. Use 1 or 0."),
        (
            {"DATABASE_URL": "postgresql://127.0.0.1/", "SECRET_KEY": SECRET},
            "DATABASE_URL names no database; it looks like postgresql://user:password@host/name.",
        ),
        ({"SITE_URL": "https://forum.example.org/forum"}, f"SITE_URL has more than a scheme, a host and {LIKE}"),
        (
            {"SECRET_KEY": "swordfish"},
            "SECRET_KEY has 9 characters; it needs 32 or more. `python -c 'import secrets; ",
        ),
        (
            {"SECRET_KEY": SECRET, "SECRET_KEY_FALLBACKS": "swordfish"},
            "A key of SECRET_KEY_FALLBACKS has 9 characters; it needs 32 or more. Leave it out: everybody signs in ",
        ),
        (
            {"EMAIL_URL": "mail.example.org"},
            "EMAIL_URL must look like smtp://user:password@host:25 (or smtps://, smtp+tls://).",
        ),
        (
            {"MAIL_RETURN_PATH": "bounces@example.org"},
            (
                "MAIL_RETURN_PATH must look like bounces+*@example.org, with at most 23 characters before the @ "
                "(64 are allowed and 42 take the place of the *), or be off; without it MAIL_FROM is used, with +*. "
                "It is 'bounces@example.org'."
            ),
        ),
        (
            {"MAIL_FROM": "행사@example.org"},
            "MAIL_FROM='행사@example.org' must have no letters beyond a to z before the @.",
        ),
        # A search with wishes, which compiles its inner loops, needs three quarters of that.
        ({"SOLVER_MEMORY_MB": "512"}, "SOLVER_MEMORY_MB=512 is too small; the least is 1024."),
    ],
)
def test_a_setting_that_is_wrong_is_refused(tmp_path: Path, environment: dict[str, str], message: str) -> None:
    assert refusal(tmp_path, **environment).startswith(f"Plenary does not start: {message}")


def test_an_unreachable_database_is_named_without_its_password(tmp_path: Path, closed_port: int) -> None:
    line = refusal(
        tmp_path,
        DATABASE_URL=f"postgresql://plenary:{SECRET}@127.0.0.1:{closed_port}/forum",
        REDIS_URL=f"redis://127.0.0.1:{closed_port}/0",
        SECRET_KEY=SECRET,
    )
    assert re.sub(r"\(.*\)", "(...)", line) == (
        f"Plenary does not start: DATABASE_URL: PostgreSQL does not answer at 127.0.0.1:{closed_port}, "
        "database forum (...)."
    )
    assert "Connection refused" in line


def test_a_database_that_never_answers_is_given_up_after_five_seconds(tmp_path: Path, silent_port: int) -> None:
    began = time.monotonic()
    line = refusal(
        tmp_path,
        DATABASE_URL=f"postgresql://plenary:{SECRET}@127.0.0.1:{silent_port}/forum",
        REDIS_URL=f"redis://127.0.0.1:{silent_port}/0",
        SECRET_KEY=SECRET,
    )
    assert line.startswith(
        f"Plenary does not start: DATABASE_URL: PostgreSQL does not answer at 127.0.0.1:{silent_port}, database forum ("
    )
    assert time.monotonic() - began < 15  # five of them waiting


def test_an_unreachable_redis_is_named_without_its_password(tmp_path: Path, closed_port: int) -> None:
    code = "from ops.checks import check_redis; check_redis()"
    done = start(
        tmp_path,
        "-c",
        code,
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1:{closed_port}/0",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    last = done.stderr.splitlines()[-1]
    assert last == (
        f"ops.checks.StartRefused: REDIS_URL: Redis does not answer at 127.0.0.1:{closed_port} "
        f"(Error 111 connecting to 127.0.0.1:{closed_port}. Connection refused)."
    )
    assert SECRET not in done.stderr


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path, silent_port: int) -> None:
    line = refusal(tmp_path, *SERVE, "--port", str(silent_port))
    assert line.startswith(
        f"Plenary does not start: Port {silent_port} (for the pages) is in use by another program. "
        "Choose another: --port "
    )
    assert not (tmp_path / "servers.lock").exists()


def test_a_python_too_old_is_refused() -> None:
    check_python((3, 11))
    with pytest.raises(StartRefused) as refused:
        check_python((3, 10))
    assert str(refused.value) == "Plenary needs Python 3.11 or newer; this is Python 3.10."
