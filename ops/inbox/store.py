"""The mails in one SQLite file: a row per recipient of the envelope, as a mailbox would have it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32, default
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    raw BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS mail_by_recipient ON mail (recipient COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS mail_by_message_id ON mail (message_id);
"""
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_COLUMNS = "id, received, sender, recipient, subject, message_id, raw"


@dataclass(frozen=True)
class StoredMail:
    """One mail to one recipient: the envelope, two decoded headers, and the bytes as they came."""

    id: int
    received: datetime
    sender: str
    recipient: str
    subject: str
    message_id: str
    raw: bytes

    def parsed(self) -> EmailMessage:
        """The whole message; costs about a millisecond."""
        message = BytesParser(policy=default).parsebytes(self.raw)
        if not isinstance(message, EmailMessage):
            raise TypeError("the default policy makes EmailMessage objects")
        return message

    def text(self, kind: str) -> str:
        """The first part of a type such as "text/plain", decoded; empty where there is none. Faster than `parsed`."""
        for part in BytesParser(policy=compat32).parsebytes(self.raw).walk():
            body = part.get_payload(decode=True) if part.get_content_type() == kind else None
            if isinstance(body, bytes):
                return body.decode(part.get_content_charset("utf-8"), "replace")
        return ""


class Inbox:
    """The store. Every call opens a connection of its own, so one object serves any number of threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # mails hold sign-in links
        with closing(self.connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    def connect(self) -> sqlite3.Connection:
        """A connection that commits each statement. A commit survives a crash of the program, not of the power."""
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def add(self, connection: sqlite3.Connection, *, sender: str, recipients: Iterable[str], raw: bytes) -> None:
        """Store one message for each recipient, all or none; it is stored when this returns."""
        # The parser would read the body line by line to ignore it.
        headers = BytesHeaderParser(policy=compat32).parsebytes(_END_OF_HEADERS.split(raw, maxsplit=1)[0])
        row = (_decoded(str(headers["Subject"] or "")), str(headers["Message-ID"] or "").strip(), raw)
        received = datetime.now(UTC).isoformat(timespec="milliseconds")
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            connection.executemany(
                "INSERT INTO mail (received, sender, recipient, subject, message_id, raw) VALUES (?, ?, ?, ?, ?, ?)",
                [(received, sender, recipient, *row) for recipient in recipients],
            )

    def messages(self, *, to: str | None = None, after: int = 0) -> Iterator[StoredMail]:
        """Every mail in the order of arrival, of one recipient if `to` is given, with an id above `after`."""
        where, values = "id > ?", [str(after)]
        if to is not None:
            where, values = "recipient = ? COLLATE NOCASE AND id > ?", [to, str(after)]
        with closing(self.connect()) as connection:
            for row in connection.execute(f"SELECT {_COLUMNS} FROM mail WHERE {where} ORDER BY id", values):  # noqa: S608  # one of the two texts above
                yield _mail(row)

    def count(self, words: str = "") -> int:
        """How many mails have every one of `words` in their recipient or subject."""
        where, values = _search(words)
        with closing(self.connect()) as connection:
            return int(connection.execute(f"SELECT count(*) FROM mail WHERE {where}", values).fetchone()[0])  # noqa: S608  # placeholders only

    def newest(self, words: str = "", *, limit: int = 50, offset: int = 0) -> list[StoredMail]:
        """A page of the mails that have every one of `words` in their recipient or subject, newest first."""
        where, values = _search(words)
        query = f"SELECT {_COLUMNS} FROM mail WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608  # placeholders only
        with closing(self.connect()) as connection:
            return [_mail(row) for row in connection.execute(query, [*values, limit, offset])]

    def get(self, number: int) -> StoredMail | None:
        """The mail of this id."""
        with closing(self.connect()) as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM mail WHERE id = ?", [number]).fetchone()  # noqa: S608  # a constant
        return _mail(row) if row else None

    def clear(self) -> None:
        """Forget every mail; ids go on rising."""
        with closing(self.connect()) as connection:
            connection.execute("DELETE FROM mail")


def _mail(row: tuple[int, str, str, str, str, str, bytes]) -> StoredMail:
    return StoredMail(row[0], datetime.fromisoformat(row[1]), *row[2:])


def _search(words: str) -> tuple[str, list[str]]:
    # instr, not LIKE: the characters % and _ in an address mean themselves.
    terms = words.casefold().split()
    return " AND ".join(["instr(lower(recipient || ' ' || subject), ?) > 0"] * len(terms)) or "1", terms


def _decoded(value: str) -> str:
    """A header as people read it, on one line; what is not decodable stays as it came."""
    try:
        text = str(make_header(decode_header(value)))
    except (UnicodeError, LookupError, ValueError):
        text = value
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
