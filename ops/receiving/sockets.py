"""An answer that nobody reads must not hold its connection for ever."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

UNREAD_SECONDS = 30


def end_unread(seconds: int = UNREAD_SECONDS) -> int:
    """Have Linux end connections to this process whose other end has taken nothing for `seconds`; how many listeners.

    Granian has no such limit, and what is in its own hands no application can take back. What the
    listening sockets accept from now on inherits the option (TCP_USER_TIMEOUT, tcp(7), RFC 5482).
    """
    if sys.platform != "linux":
        return 0
    listeners = 0
    for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208  # Path would give names to take apart again
        with suppress(OSError):  # it is no socket, or gone by now
            if not Path(f"/proc/self/fd/{descriptor}").is_socket():
                continue
            with socket.socket(fileno=os.dup(descriptor)) as one:
                if one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockopt(
                    socket.SOL_SOCKET, socket.SO_ACCEPTCONN
                ):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
                    listeners += 1
    return listeners
