"""Asking a recursive name server for one kind of record (RFC 1035). Bounded: no question outlives its deadline.

The standard library knows addresses only. This asks, and takes apart what comes back, for the handful of questions that
`check_mail` has; it keeps nothing and follows nothing by itself, as the server it asks does that.
"""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from time import monotonic

import idna

TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
PORT = 53
TRIES = 2
_IN = 1
_HEADER = struct.Struct("!6H")
_NO_SUCH_NAME = 3
_TRUNCATED, _ANSWER = 0x0200, 0x8000
_RECURSION_WANTED = 0x0100
# A name in a name (RFC 1035 4.1.4); more than this many jumps is a loop.
_POINTER, _MOST_JUMPS = 0xC0, 32
# No name server is asked for it (RFC 6761 6.3).
_LOCALHOST = "127.0.0.1"
_LONGEST_LABEL, _LONGEST_NAME = 63, 253


class NoAnswerError(Exception):
    """Nobody said whether there is such a record: no server answered in time, or one could not find out."""


def servers_of_this_machine() -> list[str]:
    """The name servers of /etc/resolv.conf; the machine itself where it names none (resolv.conf(5))."""
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = [
        words[1].partition("%")[0] for line in lines if (words := line.split())[:1] == ["nameserver"] and words[1:]
    ]
    return named or ["127.0.0.1"]


@dataclass(frozen=True)
class Resolver:
    """Who is asked, one after the other, and how long all that one question costs may take, in seconds."""

    servers: list[str]
    port: int = PORT
    seconds: float = 5.0

    def ask(self, name: str, kind: str) -> list[str]:
        """The records of a kind (`TYPES`) at a name, as text; none where there are none, or where nothing can be.

        A TXT is its strings joined, as SPF, DKIM and DMARC read it (RFC 7208 3.3), an MX "10 host". Strangers write
        them, and they are shown on a terminal: a sign that is none to read is U+FFFD. Raises `NoAnswerError`.
        """
        try:
            question = _question(name, TYPES[kind])
        except ValueError:
            return []
        until = monotonic() + self.seconds
        each = self.seconds / (TRIES * len(self.servers))
        said = "nobody answered in time"
        for server in self.servers * TRIES:
            left = min(each, until - monotonic())
            if left <= 0:
                break
            try:
                return _records(self._exchange(server, question, left), question, TYPES[kind])
            except (OSError, _RefusedError, struct.error, IndexError, ValueError) as error:
                said = f"{server}: {error}" if str(error) else f"{server}: no answer that can be read"
        raise NoAnswerError(f"{kind} of {name}: {said}")

    def addresses(self, host: str) -> list[IPv4Address | IPv6Address]:
        """Every address of a host, which may be one itself. Raises as `ask` does."""
        try:
            return [ip_address(_LOCALHOST if host.lower() == "localhost" else host)]
        except ValueError:
            pass
        return [ip_address(found) for kind in ("A", "AAAA") for found in self.ask(host, kind)]

    def name_of(self, address: IPv4Address | IPv6Address) -> list[str]:
        """What an address is called, the other way round (RFC 1035 3.5)."""
        return self.ask(address.reverse_pointer, "PTR")

    def _exchange(self, server: str, question: bytes, seconds: float) -> bytes:
        family = socket.AF_INET6 if ":" in server else socket.AF_INET
        number = secrets.token_bytes(2)
        until = monotonic() + seconds
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            # Connected, so that only this server is heard.
            line.connect((server, self.port))
            line.settimeout(seconds)
            line.send(number + question)
            answer = line.recv(65535)
            # What is no answer to this very question is somebody else's, or somebody's guess (RFC 5452 9). Some servers
            # write names in small letters, whatever they were asked (RFC 4343 4.1).
            while answer[:2] != number or answer[12 : len(question) + 2].lower() != question[10:].lower():
                line.settimeout(_left(until))
                answer = line.recv(65535)
        if not _HEADER.unpack_from(answer)[1] & _TRUNCATED:
            return answer
        with socket.create_connection((server, self.port), _left(until)) as line:
            line.sendall(struct.pack("!H", len(question) + 2) + number + question)
            length = struct.unpack("!H", _exactly(line, 2, until))[0]
            return _exactly(line, length, until)


class _RefusedError(Exception):
    """A server answered that it cannot say."""


def _left(until: float) -> float:
    """Seconds that are left; raises TimeoutError when there are none."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def _exactly(line: socket.socket, size: int, until: float) -> bytes:
    found = b""
    while len(found) < size:
        line.settimeout(_left(until))
        more = line.recv(size - len(found))
        if not more:
            raise ConnectionResetError("the answer broke off")
        found += more
    return found


def _question(name: str, kind: int) -> bytes:
    """A query without its number."""
    ascii_name = name.rstrip(".") if name.isascii() else idna.encode(name.rstrip("."), uts46=True).decode("ascii")
    labels = [label.encode("ascii") for label in ascii_name.split(".")]
    if len(ascii_name) > _LONGEST_NAME or not all(0 < len(label) <= _LONGEST_LABEL for label in labels):
        raise ValueError(f"{name!r} is no name of a host")
    written = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!5H", _RECURSION_WANTED, 1, 0, 0, 0) + written + struct.pack("!2H", kind, _IN)


def _records(answer: bytes, question: bytes, kind: int) -> list[str]:
    _, flags, _, count, _, _ = _HEADER.unpack_from(answer)
    code = flags & 0xF
    if not flags & _ANSWER or code not in (0, _NO_SUCH_NAME):
        raise _RefusedError(f"the server says that it cannot answer (code {code})")
    spans = _answers(answer, len(question) + 2, count, kind)
    return [_visible(_text(answer, start, end, kind)) for start, end in spans]


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _answers(answer: bytes, at: int, count: int, kind: int) -> Iterator[tuple[int, int]]:
    """Where the data of each answer of this kind begins and ends; a CNAME on the way there is of another kind."""
    for _ in range(count):
        _name, at = _read_name(answer, at)
        found, of, _ttl, length = struct.unpack_from("!2HIH", answer, at)
        at += 10
        if at + length > len(answer):
            raise IndexError("a record ends after the answer")
        if (found, of) == (kind, _IN):
            yield at, at + length
        at += length


def _text(answer: bytes, start: int, end: int, kind: int) -> str:
    if kind == TYPES["TXT"]:
        strings, at = [], start
        while at < end:
            strings.append(answer[at + 1 : at + 1 + answer[at]])
            at += 1 + answer[at]
        return b"".join(strings).decode("utf-8", "replace")
    if kind == TYPES["MX"]:
        return f"{struct.unpack_from('!H', answer, start)[0]} {_read_name(answer, start + 2)[0]}"
    if kind == TYPES["PTR"]:
        return _read_name(answer, start)[0]
    family = socket.AF_INET if kind == TYPES["A"] else socket.AF_INET6
    return socket.inet_ntop(family, answer[start:end])


def _read_name(answer: bytes, at: int) -> tuple[str, int]:
    """A name, and where what follows it begins."""
    labels, after, jumps = [], None, 0
    while length := answer[at]:
        if length & _POINTER == _POINTER:
            after = at + 2 if after is None else after
            at = struct.unpack_from("!H", answer, at)[0] & 0x3FFF
            jumps += 1
            if jumps > _MOST_JUMPS:
                raise IndexError("a name that leads to itself")
            continue
        labels.append(answer[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    return ".".join(labels), after if after is not None else at + 1
