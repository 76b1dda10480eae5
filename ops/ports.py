"""Is a port free? Asked before anything starts, so that a start is refused in words and not by a child's traceback."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
HIGHEST = 65_535


class PortInUseError(RuntimeError):
    """A port cannot be had. The message names it and offers another."""


@dataclass(frozen=True)
class Port:
    """A port that is about to be listened on: what for, and the option that chooses another."""

    purpose: str
    number: int
    option: str
    host: str = LOOPBACK


def check_ports(ports: Iterable[Port]) -> None:
    """Raise PortInUseError for the first port that is taken, asked for twice, or not open to this user."""
    wanted: dict[int, Port] = {}
    for port in ports:
        if port.number in wanted:
            raise PortInUseError(
                f"Port {port.number} is wanted twice, for {wanted[port.number].purpose} and for {port.purpose}. "
                f"Choose another: {port.option} {_free_near(port, set(wanted))}"
            )
        if reason := _refusal(port.host, port.number):
            raise PortInUseError(
                f"Port {port.number} (for {port.purpose}) {reason}. "
                f"Choose another: {port.option} {_free_near(port, set(wanted))}"
            )
        wanted[port.number] = port


def _refusal(host: str, number: int) -> str | None:
    if not 0 < number <= HIGHEST:
        return f"is not a port; ports go from 1 to {HIGHEST}"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: what a stopped server left in TIME_WAIT is no obstacle, a listening one is. The web server
        # itself would share a port (SO_REUSEPORT) and take every second request of another one without a word.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is in use by another program"
            if error.errno == errno.EACCES:
                return "is not open to this user"
            return f"cannot be used ({error.strerror})"
    return None


def _free_near(port: Port, taken: set[int]) -> int:
    base = port.number if 1024 <= port.number < HIGHEST - 1000 else 8000
    for number in range(base + 10, base + 1000, 10):
        if number not in taken and _refusal(port.host, number) is None:
            return number
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((port.host, 0))
        return int(probe.getsockname()[1])
