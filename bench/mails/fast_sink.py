"""A mail server that takes everything and keeps nothing, in a process of its own: what is measured is who sends.

`python -m bench.mails.fast_sink` prints its port, and the number of mails it took once its standard input is closed.
"""

from __future__ import annotations

import asyncio
import sys


class Sink(asyncio.Protocol):
    """As much of RFC 5321 as one well-behaved client needs."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = bytearray()
        self.in_data = False
        transport.write(b"220 sink ready\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        """Take one command or one mail from the buffer; False when there is no whole one."""
        mark = b"\r\n.\r\n" if self.in_data else b"\r\n"
        end = self.buffer.find(mark)
        if end < 0:
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + len(mark)]
        if self.in_data:
            self.in_data = False
            Sink.taken += 1
            self.transport.write(b"250 taken\r\n")
            return True
        verb = line[:4].upper()
        if verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")
        return True


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)
    print(Sink.taken, flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
