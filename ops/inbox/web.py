"""The page server: addresses, security headers, JSON. For this machine only."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from ops.inbox import pages
from ops.inbox.reading import read
from ops.inbox.store import Inbox, StoredMail

OWN_HOSTS = {"127.0.0.1", "localhost"}
_STYLE = Path(__file__).with_name("inbox.css")
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# The sandbox stands here too: the address may be opened outside of the frame.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
_NOTHING_POLICY = "sandbox; default-src 'none'"


@dataclass(frozen=True)
class InboxResponse:
    """What goes back: body, type and the headers beside the ones that every answer gets."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    policy: str = _PAGE_POLICY
    status: HTTPStatus = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)


def answer(inbox: Inbox, target: str, host: str) -> InboxResponse:
    """The answer to GET `target`. `host` is the Host header; a foreign one is refused, so that no web page that
    points its own name at this machine (DNS rebinding) can read the sign-in links in here."""
    if host.rsplit(":", 1)[0] not in OWN_HOSTS:
        return _message(HTTPStatus.MISDIRECTED_REQUEST, "Not here", "Open this page as http://127.0.0.1.")
    address = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(address.query).items()}
    if address.path == "/":
        return _list(inbox, query)
    if address.path == "/messages.json":
        return _json(inbox, query)
    if address.path == "/inbox.css":
        return InboxResponse(_STYLE.read_bytes(), "text/css; charset=utf-8")
    if match := re.fullmatch(r"/mail/(\d{1,18})/(|html|source|parts/\d{1,4})", address.path):
        mail = inbox.get(int(match[1]))
        if mail is not None:
            return _mail(mail, match[2])
    return _message(HTTPStatus.NOT_FOUND, "Not found", "There is no such page or mail in this inbox.")


def _list(inbox: Inbox, query: dict[str, str]) -> InboxResponse:
    words, page = query.get("q", "").strip(), max(1, _number(query, "page", 1))
    total = inbox.count(words)
    mails = inbox.newest(words, limit=pages.PAGE_SIZE, offset=(page - 1) * pages.PAGE_SIZE)
    return InboxResponse(pages.list_page(mails, words=words, page=page, total=total).encode())


def _json(inbox: Inbox, query: dict[str, str]) -> InboxResponse:
    """{"messages": [...]} in the order of arrival: of `to`, after the id `after`, at most `limit` (1,000)."""
    limit = min(1000, max(0, _number(query, "limit", 1000)))
    rows: list[dict[str, object]] = []
    for mail in inbox.messages(to=query.get("to"), after=_number(query, "after", 0)):
        if len(rows) == limit:
            break
        rows.append(_summary(mail))
    return InboxResponse(
        json.dumps({"messages": rows}, ensure_ascii=False).encode(), "application/json", _NOTHING_POLICY
    )


def _summary(mail: StoredMail) -> dict[str, object]:
    reading = read(mail)
    text = reading.first("text/plain")
    return {
        "id": mail.id,
        "received": mail.received.isoformat(),
        "sender": mail.sender,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "text": text.text if text else "",
        "calendars": [part.text for part in reading.calendars],
    }


def _mail(mail: StoredMail, view: str) -> InboxResponse:
    if view == "source":
        return InboxResponse(mail.raw, "text/plain; charset=utf-8", _NOTHING_POLICY)
    reading = read(mail)
    if view == "":
        return InboxResponse(pages.mail_page(mail, reading).encode())
    if view == "html":
        part = reading.first("text/html")
        if part is None:
            return _message(HTTPStatus.NOT_FOUND, "Not found", "This mail has no HTML part.")
        # Links open beside the inbox; in the frame itself nothing may load.
        return InboxResponse(b'<base target="_blank">' + part.text.encode(), policy=_MAIL_POLICY)
    number = int(view.removeprefix("parts/"))
    if number >= len(reading.parts):
        return _message(HTTPStatus.NOT_FOUND, "Not found", "This mail has no such part.")
    part = reading.parts[number]
    calendar = part in reading.calendars
    name = part.file_name or ("invite.ics" if calendar else f"part-{number}")
    return InboxResponse(
        part.content,
        "text/calendar; charset=utf-8" if calendar else "application/octet-stream",
        _NOTHING_POLICY,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


def _message(status: HTTPStatus, title: str, text: str) -> InboxResponse:
    return InboxResponse(pages.message_page(title, text).encode(), status=status)


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, "")
    return int(value) if re.fullmatch(r"[0-9]{1,15}", value) else default


class _Handler(BaseHTTPRequestHandler):
    server: InboxServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._send(answer(self.server.inbox, self.path, self.headers.get("Host", "")))

    do_HEAD = do_GET  # noqa: N815  # the name http.server looks for

    def _send(self, result: InboxResponse) -> None:
        self.send_response(result.status)
        self.send_header("Content-Type", result.content_type)
        self.send_header("Content-Length", str(len(result.body)))
        self.send_header("Content-Security-Policy", result.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        for name, value in result.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(result.body)

    def version_string(self) -> str:
        return "Plenary inbox"

    def log_message(self, *arguments: object) -> None:
        """Nothing: the addresses asked for are nobody's business."""


class InboxServer(ThreadingHTTPServer):
    """Serves one inbox until `shutdown()`."""

    daemon_threads = True

    def __init__(self, inbox: Inbox, *, host: str, port: int) -> None:
        self.inbox = inbox
        super().__init__((host, port), _Handler)
