"""A port in use refuses the start in one line that names it and offers another."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ops.ports import Port, PortInUseError, check_ports


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another socket listens on, and that other programs could share (as the web server allows)."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def offered(error: PortInUseError) -> int:
    return int(str(error).rsplit(" ", 1)[1])


def test_free_ports_pass() -> None:
    check_ports([Port("the pages", free_port(), "--port"), Port("mail", free_port(), "--smtp-port")])


def test_a_port_in_use_is_named_and_a_free_one_offered(taken: int) -> None:
    with pytest.raises(PortInUseError) as refusal:
        check_ports([Port("the pages", taken, "--port")])
    other = offered(refusal.value)
    assert str(refusal.value) == (
        f"Port {taken} (for the pages) is in use by another program. Choose another: --port {other}"
    )
    assert other != taken
    check_ports([Port("the pages", other, "--port")])


def test_a_port_taken_on_all_addresses_is_in_use() -> None:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # every address of the machine: the case under test; nothing is served
        listener.listen()
        with pytest.raises(PortInUseError, match="is in use by another program"):
            check_ports([Port("the pages", listener.getsockname()[1], "--port")])


def test_one_port_for_two_purposes_is_refused() -> None:
    port = free_port()
    with pytest.raises(PortInUseError) as refusal:
        check_ports([Port("the pages", port, "--port"), Port("mail", port, "--smtp-port")])
    assert str(refusal.value) == (
        f"Port {port} is wanted twice, for the pages and for mail. Choose another: --smtp-port {offered(refusal.value)}"
    )


@pytest.mark.parametrize("number", [0, -1, 65_536])
def test_a_number_that_is_no_port_is_refused(number: int) -> None:
    with pytest.raises(PortInUseError) as refusal:
        check_ports([Port("the pages", number, "--port")])
    assert str(refusal.value).startswith(f"Port {number} (for the pages) is not a port; ports go from 1 to 65535. ")
