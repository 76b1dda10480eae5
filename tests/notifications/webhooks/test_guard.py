"""Where webhooks may go, and that a connection goes nowhere but where the check looked."""

from __future__ import annotations

import socket

import pytest

from notifications.webhooks.guard import AddressRefusedError, addresses_of, may_reach, target_of
from notifications.webhooks.posting import post
from tests.notifications.webhooks.conftest import Receiver


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "203.248.252.2"])
def test_internet_may_be_reached(address: str) -> None:
    assert may_reach(address, local=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "192.0.2.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::ffff:0:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_everything_else_may_not(address: str) -> None:
    assert not may_reach(address, local=False)
    assert may_reach(address, local=True) == (address in ("127.0.0.1", "127.8.9.1", "::1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "javascript:alert(1)", "https://", "https:///x", "x",
        "https://user:secret@hooks.example.org/", "https://@hooks.example.org/", "https://hooks.example.org/#x",
        "https://hooks.example.org:22/", "https://hooks.example.org:80/", "https://hooks.example.org:99999/",
        "https://hooks.example.org:x/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/", "https://localhost/", "https://a.localhost/", "https://db.internal/",
        "https://printer.local/", "https://hooks.example.org/a b", "https://hooks.example.org\\@127.0.0.1/",
        "https://hooks.example.org/\r\nX: y", "https://höoks.example.org/", "https://hooks.example.org/" + "x" * 500,
    ],
)  # fmt: skip
def test_address_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(AddressRefusedError) as refusal:
        target_of(url, local=False)
    assert str(refusal.value).endswith(".")


def test_good_addresses_are_taken_apart() -> None:
    assert target_of("https://hooks.example.org", local=False) == ("https", "hooks.example.org", 443, "/")
    assert target_of("https://hooks.example.org:8443/a?b=c", local=False) == (
        "https",
        "hooks.example.org",
        8443,
        "/a?b=c",
    )


def test_this_machine_only_while_trying_out() -> None:
    assert target_of("http://127.0.0.1:5000/x", local=True) == ("http", "127.0.0.1", 5000, "/x")
    for url in ("http://hooks.example.org/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(AddressRefusedError):
            target_of(url, local=True)


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What names resolve to, one answer after the other."""
    answers: list[list[str]] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.mark.parametrize("answer", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
def test_name_that_leads_inside_is_refused(resolved: list[list[str]], answer: list[str]) -> None:
    resolved.extend([["1.1.1.1"], answer])
    assert addresses_of("hooks.example.org", 443, local=False) == ["1.1.1.1"]
    with pytest.raises(AddressRefusedError):
        addresses_of("hooks.example.org", 443, local=False)


def test_name_is_resolved_once_and_that_is_connected_to(
    resolved: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that points inside the second time it is asked (DNS rebinding) gains nothing."""
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    resolved.extend([["1.1.1.1", "2606:4700:4700::1111"], ["127.0.0.1"]])
    answer = post("https://hooks.example.org/", "{}", {}, local=False)
    assert (answer.status, answer.text) == (None, "ConnectionRefusedError: refused")
    assert asked == [("1.1.1.1", 443), ("2606:4700:4700::1111", 443)]
    assert resolved == [["127.0.0.1"]]


def test_refused_address_is_not_connected_to(receiver: Receiver) -> None:
    url = receiver.url.replace("http:", "https:")
    assert post(url, "{}", {}, local=False).text == "The address leads into a private network."
    assert post(receiver.url, "{}", {}, local=True).status == 200
    assert len(receiver.got) == 1


def test_certificate_is_checked(receiver: Receiver) -> None:
    answer = post(receiver.url.replace("http:", "https:"), "{}", {}, local=True)
    assert (answer.status, answer.text.partition(":")[0].startswith("SSL")) == (None, True)
