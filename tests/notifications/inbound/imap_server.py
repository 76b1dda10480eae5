"""A mailbox server for tests: enough IMAP to be emptied, and to misbehave on request."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ImapServer(socketserver.ThreadingTCPServer):
    """`folders` holds the mails of each folder. `refuses` are commands answered NO, `drops` ones that end the line,
    `ignores` ones never answered; `sent` are the numbers of the mails that were given away.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *mails: bytes, capabilities: str = "IMAP4rev1 MOVE UIDPLUS") -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": dict(enumerate(mails, 1))}
        self.capabilities, self.refuses, self.drops = capabilities, set[str](), set[str]()
        self.ignores: set[str] = set()
        self.deleted: set[int] = set()
        self.asked: list[str] = []
        self.sent: list[int] = []

    @property
    def url(self) -> str:
        return f"imap://robot:secret@127.0.0.1:{self.server_address[1]}/INBOX"

    def inside(self, folder: str) -> list[bytes]:
        return list(self.folders.get(folder, {}).values())


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        self._say(f"* OK [CAPABILITY {self.server.capabilities}] ready")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            words = re.findall(r'"([^"]*)"|(\([^)]*\)|\S+)', rest)
            arguments = [quoted or bare for quoted, bare in words]
            name = arguments.pop(0).upper()
            if name == "UID":
                name = arguments.pop(0).upper()
            self.server.asked.append(name)
            if name in self.server.drops:
                return
            if name in self.server.ignores:
                continue
            if name in self.server.refuses:
                self._say(f"{tag} NO not now")
                continue
            getattr(self, f"_{name.lower()}")(*arguments)
            self._say(f"{tag} OK done")
            if name == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _capability(self) -> None:
        self._say(f"* CAPABILITY {self.server.capabilities}")

    def _login(self, user: str, password: str) -> None:
        assert (user, password) == ("robot", "secret")

    def _select(self, folder: str) -> None:
        self._say(f"* {len(self.server.folders[folder])} EXISTS")

    def _create(self, folder: str) -> None:
        self.server.folders.setdefault(folder, {})

    def _search(self, *criteria: str) -> None:
        left = sorted(self.server.folders["INBOX"].keys() - self.server.deleted)
        if larger := re.search(r"LARGER (\d+)", " ".join(criteria)):
            left = [number for number in left if len(self.server.folders["INBOX"][number]) > int(larger[1])]
        self._say(" ".join(["* SEARCH", *map(str, left)]))

    def _fetch(self, number: str, what: str) -> None:
        assert "BODY.PEEK[]" in what
        mail = self.server.folders["INBOX"].get(int(number))
        if mail is None:
            return
        self.server.sent.append(int(number))
        self._say(f"* 1 FETCH (UID {number} BODY[] {{{len(mail)}}}")
        self.wfile.write(mail)
        self._say(")")

    def _move(self, number: str, folder: str) -> None:
        self.server.folders[folder][int(number)] = self.server.folders["INBOX"].pop(int(number))

    def _copy(self, number: str, folder: str) -> None:
        self.server.folders[folder][int(number)] = self.server.folders["INBOX"][int(number)]

    def _store(self, number: str, *_: str) -> None:
        self.server.deleted.add(int(number))

    def _expunge(self, number: str) -> None:
        del self.server.folders["INBOX"][int(number)]

    def _logout(self) -> None:
        self._say("* BYE")


@contextmanager
def serving(*mails: bytes, **options: str) -> Iterator[ImapServer]:
    with ImapServer(*mails, **options) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
