"""An empty installation with everything that belongs to one: servers, pages, workers, and an inbox for its mails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import embedded
from ops.demo.alone import free_port
from ops.inbox.store import Inbox, StoredMail
from ops.parts import QUEUES, beat_command, inbox_command, page_answers, smtp_greets, worker_command
from ops.processes import Process, running

# A machine that does other things as well takes its time.
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.05
_LINK = re.compile(r"http://\S+/accounts/first/\S+")
# What names another installation, or comes from whoever runs the tests.
_NOT_PASSED_ON = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PLENARY_DEMO_ALONE")


@dataclass(frozen=True)
class Installation:
    """Where it is, and what its server has printed for whoever sets it up."""

    site: str
    setup_link: str
    inbox: Inbox
    inbox_site: str

    def mails_to(self, address: str, count: int) -> list[StoredMail]:
        """The first `count` mails to an address, the oldest first; waits for them, and raises `TimeoutError`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(mails := [one for one in self.inbox.messages() if one.recipient == address]) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(mails)} of {count} mails to {address} came.")
            time.sleep(LOOK_SECONDS)
        return mails[:count]


@contextmanager
def installed(state: Path, *, tell: Callable[[str], None] = print) -> Iterator[Installation]:
    """Start everything on an empty database below `state`, and stop everything, however the block ends.

    One worker does the work of all of them: nothing here waits for anything else.
    """
    kept = {name: os.environ.get(name) for name in ("PLENARY_STATE", *_NOT_PASSED_ON)}
    for name in _NOT_PASSED_ON:
        os.environ.pop(name, None)
    os.environ["PLENARY_STATE"] = str(state)
    try:
        with embedded.servers(database=True, broker=True, durable=False):
            subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=embedded.BASE_DIR, check=True)
            pages, smtp, inbox_pages = free_port(), free_port(), free_port()
            inbox = Inbox(state / "inbox.sqlite")
            processes = _processes(pages, smtp, inbox_pages, inbox.path)
            with running(processes, log_folder=state / "log", tell=tell):
                site = f"http://127.0.0.1:{pages}"
                printed = (state / "log" / "server.log").read_text(encoding="utf-8")
                yield Installation(site, _LINK.findall(printed)[0], inbox, f"http://127.0.0.1:{inbox_pages}")
    finally:
        embedded.forget()
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _processes(pages: int, smtp: int, inbox_pages: int, mails: Path) -> list[Process]:
    environment = {
        "SITE_URL": f"http://127.0.0.1:{pages}",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
        "LOG_LEVEL": "WARNING",
    }
    return [
        Process(
            "inbox",
            inbox_command(smtp_port=smtp, http_port=inbox_pages, file=mails),
            ready=lambda: smtp_greets(smtp) and page_answers(inbox_pages, "/messages.json?limit=1"),
            environment=environment,
        ),
        Process("worker", worker_command(queues=QUEUES, name="worker", processes=3), environment=environment),
        Process("beat", beat_command(), environment=environment),
        # As whoever runs the server starts it: this prints the link that makes the first account.
        Process(
            "server",
            [sys.executable, "-m", "ops.serve", "web", "--port", str(pages)],
            ready=lambda: page_answers(pages, "/healthz"),
            environment=environment,
        ),
    ]
