"""The processes an installation consists of, and the commands that start them."""

from __future__ import annotations

import http.client
import smtplib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ops import embedded, env
from ops.ports import LOOPBACK
from ops.probe import answers
from ops.processes import Process


class WorkerProcess(NamedTuple):
    """A Celery worker: the queues it takes work from, comma-separated, and its processes."""

    queues: str
    processes: int


# What may take long waits for nothing but its own kind, and holds up nothing else: a search takes minutes, and how
# long other people's servers take (a mailbox, the receivers of webhooks) is not ours to say. Sign-in links, and the
# journal's intake that every mail comes through, have the first worker to themselves; confirmations have the second.
# Whoever has lost a room waits behind nobody's search.
WORKERS = {
    "worker-urgent": WorkerProcess("urgent", 1),
    "worker-bulk": WorkerProcess("bulk", 2),
    "worker-background": WorkerProcess("background", 1),
    "worker-outside": WorkerProcess("outside", 2),
    "worker-searches": WorkerProcess("searches", 2),
    "worker-repairs": WorkerProcess("repairs", 1),
}
QUEUES = ",".join(worker.queues for worker in WORKERS.values())
# Below the 1024 files that many systems let a process open.
CONNECTIONS = 900
# How long the head of a request may be on its way, and a connection may wait for its next request.
HEADER_SECONDS = 10


def web_command(*, host: str, port: int) -> list[str]:
    """Granian serving the pages: WEB_WORKERS processes (1) with WEB_THREADS threads (4) each.

    It knows asyncio only, and Django a thread for each request; ops/receiving stands between, see docs/adr/0015.
    """
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asginl",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(env.integer("WEB_WORKERS", 1, minimum=1)),
        # Connections at once, idle ones too; what each may hold is bounded by ops/receiving.
        "--backpressure",
        str(CONNECTIONS),
        "--http1-header-read-timeout",
        str(HEADER_SECONDS * 1000),
        # No access log: the addresses of personal feeds and sign-in links are secrets.
        "--http",
        "1",
        "--no-ws",
        "--no-access-log",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "10",
        "config.asgi:application",
    ]


def worker_command(*, queues: str, name: str, processes: int = 1) -> list[str]:
    """A Celery worker for `queues`, a comma-separated list."""
    return [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "config",
        "worker",
        "--queues",
        queues,
        "--hostname",
        f"{name}@%h",
        "--concurrency",
        str(processes),
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]


def beat_command() -> list[str]:
    """Celery beat, which wakes the periodic tasks; there must be exactly one."""
    schedule = embedded.state_dir() / "beat"
    schedule.parent.mkdir(parents=True, exist_ok=True)
    return [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "config",
        "beat",
        "--schedule",
        str(schedule),
        "--pidfile",
        "",
        "--loglevel",
        "WARNING",
    ]


def inbox_command(*, smtp_port: int, http_port: int, file: Path) -> list[str]:
    """The local inbox, which takes every mail and delivers none."""
    return [
        sys.executable,
        "-m",
        "ops.inbox",
        "--smtp-port",
        str(smtp_port),
        "--http-port",
        str(http_port),
        "--file",
        str(file),
    ]


def smtp_greets(port: int) -> bool:
    """Does a mail server answer on this port of the machine?"""
    try:
        with smtplib.SMTP(LOOPBACK, port, timeout=2) as connection:
            return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def page_answers(port: int, path: str, *, host: str = LOOPBACK) -> bool:
    """Does the page at `path` on this port of the machine answer 200?"""
    try:
        return answers(LOOPBACK, port, path, host=host)
    except (OSError, http.client.HTTPException):
        return False


def demo_processes(
    *, port: int, smtp_port: int, inbox_port: int, mail_file: Path, environment: Mapping[str, str] | None = None
) -> list[Process]:
    """Everything `make demo` runs, in the order of starting: inbox, web, the workers, beat.

    The servers must run already (ops.embedded.servers). `environment` is added to what every process gets; it must
    hold EMAIL_URL=smtp://127.0.0.1:<smtp_port> and SITE_URL=http://127.0.0.1:<port> unless the defaults fit.
    """
    shared = {
        "EMAIL_URL": f"smtp://{LOOPBACK}:{smtp_port}",
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        **(environment or {}),
    }
    return [
        Process(
            "inbox",
            inbox_command(smtp_port=smtp_port, http_port=inbox_port, file=mail_file),
            ready=lambda: smtp_greets(smtp_port) and page_answers(inbox_port, "/messages.json?limit=1"),
            environment=shared,
        ),
        Process(
            "web",
            web_command(host=LOOPBACK, port=port),
            ready=lambda: page_answers(port, "/healthz"),
            environment=shared,
        ),
        *(
            Process(
                name,
                worker_command(queues=worker.queues, name=name, processes=worker.processes),
                environment=shared,
            )
            for name, worker in WORKERS.items()
        ),
        Process("beat", beat_command(), environment=shared),
    ]
