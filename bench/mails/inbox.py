"""How many mails a second the local inbox stores over SMTP; it must not be what limits delivery."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from ops.embedded import BASE_DIR
from ops.inbox import Inbox
from ops.parts import inbox_command, smtp_greets

SENDERS, EACH = 2, 1500


def _letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "forum@example.org", "ana@example.org", "자리가 확정되었습니다"
    message["Message-ID"] = "<1@example.org>"
    message.set_content("You have a place.\n" * 40)
    message.add_alternative("<p>You have a place.</p>\n" * 40, subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 50, maintype="text", subtype="calendar")
    return message.as_bytes(policy=SMTP)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run() -> list[dict[str, object]]:
    """Two connections, each sending as fast as it is answered."""
    smtp_port, raw = _free_port(), _letter()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", smtp_port, timeout=30) as connection:
            for number in range(EACH):
                connection.sendmail("forum@example.org", [f"p{number}@example.org"], raw)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "inbox.sqlite3"
        command = inbox_command(smtp_port=smtp_port, http_port=_free_port(), file=file)
        with subprocess.Popen(command, cwd=BASE_DIR) as server:
            try:
                while not smtp_greets(smtp_port):
                    time.sleep(0.05)
                threads = [threading.Thread(target=send) for _ in range(SENDERS)]
                began = time.perf_counter()
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                seconds = time.perf_counter() - began
                kept = Inbox(file).count()
            finally:
                server.terminate()
    if kept != SENDERS * EACH:
        raise RuntimeError(f"{kept} mails were kept, not {SENDERS * EACH}")
    return [{"name": "inbox: mails stored over SMTP", "value": round(kept / seconds), "unit": "mails/s", "budget": 400}]
