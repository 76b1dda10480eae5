"""`python -m ops.inbox --smtp-port 1025 --http-port 1080 --file PATH`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import threading
from pathlib import Path

from ops.inbox.sink import serve_smtp
from ops.inbox.store import Inbox
from ops.inbox.web import InboxServer
from ops.ports import LOOPBACK, Port, PortInUseError, check_ports


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.inbox", description="Takes every mail, delivers none.")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=1080)
    parser.add_argument("--file", type=Path, required=True, help="the SQLite file that holds the mails")
    options = parser.parse_args(arguments)
    try:
        check_ports(
            [
                Port("mail", options.smtp_port, "--smtp-port"),
                Port("the inbox's page", options.http_port, "--http-port"),
            ]
        )
    except PortInUseError as error:
        sys.exit(str(error))
    asyncio.run(_serve(Inbox(options.file), smtp_port=options.smtp_port, http_port=options.http_port))


async def _serve(inbox: Inbox, *, smtp_port: int, http_port: int) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    with InboxServer(inbox, host=LOOPBACK, port=http_port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mails = asyncio.create_task(serve_smtp(inbox, host=LOOPBACK, port=smtp_port))
        stop = asyncio.create_task(stopped.wait())
        await asyncio.wait({mails, stop}, return_when=asyncio.FIRST_COMPLETED)
        server.shutdown()
        if mails.done():
            mails.result()  # it never ends by itself but with an error


if __name__ == "__main__":
    main()
