"""Connections whose other end takes nothing end by themselves."""

from __future__ import annotations

import socket
import sys

import pytest

from ops.receiving.sockets import end_unread


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the option")
def test_what_a_listener_accepts_inherits_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert end_unread(7) >= 1
        with socket.create_connection(listener.getsockname()) as client, listener.accept()[0] as accepted:
            limits = [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) for one in (accepted, client)]
    assert limits == [7000, 0]
