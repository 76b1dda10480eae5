"""A name server for tests: answers over UDP and TCP from a table, or badly."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from ipaddress import ip_address

from ops.sender.dns import TYPES

# {(name, kind): records}; a text is split into strings of 255 as long ones are.
Zone = dict[tuple[str, str], list[str]]


class NameServer:
    """`manners`: "" answers, "silent" does not, "fails" says SERVFAIL, "cuts" truncates over UDP, "forged" first sends
    an answer with another number, "loops" sends a name that leads to itself, "small" repeats the question in small
    letters.
    """

    def __init__(self, zone: Zone, manners: str = "") -> None:
        self.zone = zone
        self.manners = manners
        self.asked: list[tuple[str, str]] = []
        self.port = 0

    def answer(self, query: bytes, *, datagram: bool) -> list[bytes]:
        name, kind, question = _read(query)
        self.asked.append((name, kind))
        flags = 0x8180
        if self.manners == "silent":
            return []
        if self.manners == "fails":
            return [query[:2] + struct.pack("!5H", flags | 2, 1, 0, 0, 0) + question]
        if self.manners == "cuts" and datagram:
            return [query[:2] + struct.pack("!5H", flags | 0x0200, 1, 0, 0, 0) + question]
        found, records = self._found(name, kind)
        if self.manners == "small":
            question = question.lower()
        known = any(at == name for at, _ in self.zone)
        head = struct.pack("!5H", flags | (0 if known else 3), 1, len(found), 0, 0)
        whole = query[:2] + head + question + b"".join(records)
        forged = bytes([query[0] ^ 1]) + whole[1:]
        return [forged, whole] if self.manners == "forged" and datagram else [whole]

    def _found(self, name: str, kind: str) -> tuple[list[str], list[bytes]]:
        """With an alias before them, as behind a CNAME."""
        alias = self.zone.get((name, "CNAME"), [])
        found = self.zone.get((alias[0] if alias else name, kind), [])
        here = b"\xc0\x0c" if self.manners != "loops" else b"\xc0\x1d"
        records = [here + struct.pack("!2HIH", 5, 1, 60, len(_name(one))) + _name(one) for one in alias]
        for one in found:
            data = _data(kind, one)
            records.append(here + struct.pack("!2HIH", TYPES[kind], 1, 60, len(data)) + data)
        return [*alias, *found], records


def _name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def _data(kind: str, text: str) -> bytes:
    if kind == "TXT":
        raw = text.encode()
        return b"".join(bytes([len(raw[at : at + 255])]) + raw[at : at + 255] for at in range(0, len(raw), 255))
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return struct.pack("!H", int(preference)) + _name(host)
    return _name(text) if kind == "PTR" else ip_address(text).packed


def _read(query: bytes) -> tuple[str, str, bytes]:
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode())
        at += 1 + length
    kind = struct.unpack_from("!H", query, at + 1)[0]
    return ".".join(labels), {number: name for name, number in TYPES.items()}[kind], query[12 : at + 5]


@contextlib.contextmanager
def serving(zone: Zone, manners: str = "") -> Iterator[NameServer]:
    """A name server on a free port of 127.0.0.1, for the length of the block."""
    server = NameServer(zone, manners)

    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, line = self.request
            for answer in server.answer(query, datagram=True):
                line.sendto(answer, self.client_address)

    class Stream(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            line: socket.socket = self.request
            size = struct.unpack("!H", line.recv(2))[0]
            for answer in server.answer(line.recv(size), datagram=False):
                # In two pieces, as networks do it.
                line.sendall(struct.pack("!H", len(answer)) + answer[:5])
                line.sendall(answer[5:])

    with contextlib.ExitStack() as stack:
        while not server.port:
            streams = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Stream)
            # The number that is free for the one may be taken for the other.
            with contextlib.suppress(OSError):
                datagrams = stack.enter_context(socketserver.ThreadingUDPServer(streams.server_address, Datagram))
                server.port = streams.server_address[1]
            stack.enter_context(streams)
        for one in (datagrams, streams):
            threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(one.shutdown)
        yield server
