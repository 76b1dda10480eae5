"""The few questions that are asked of a name server, against one that answers, or does not."""

from __future__ import annotations

from ipaddress import ip_address
from time import monotonic

import pytest

from ops.sender.dns import NoAnswerError, Resolver, servers_of_this_machine
from tests.ops.sender.name_server import NameServer, Zone, serving

LONG = "v=DKIM1; p=" + "A" * 700
ZONE: Zone = {
    ("example.org", "TXT"): ["v=spf1 mx -all", LONG],
    ("example.org", "MX"): ["10 mx.example.org", "20 mx2.example.org"],
    ("mx.example.org", "A"): ["192.0.2.1"],
    ("mx.example.org", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mx.example.org"],
    ("s1._domainkey.example.org", "CNAME"): ["key.provider.example"],
    ("key.provider.example", "TXT"): ["v=DKIM1; p="],
    ("xn--hq1bm8jm9l.xn--3e0b707e", "TXT"): ["here"],
}


def asking(server: NameServer, seconds: float = 3.0) -> Resolver:
    return Resolver(["127.0.0.1"], server.port, seconds)


@pytest.mark.parametrize("manners", ["", "cuts", "forged"])
def test_records_are_read(manners: str) -> None:
    with serving(ZONE, manners) as server:
        resolver = asking(server)
        assert resolver.ask("example.org", "TXT") == ["v=spf1 mx -all", LONG]
        assert resolver.ask("example.org.", "MX") == ["10 mx.example.org", "20 mx2.example.org"]
        assert resolver.addresses("mx.example.org") == [ip_address("192.0.2.1"), ip_address("2001:db8::1")]
        assert resolver.name_of(ip_address("192.0.2.1")) == ["mx.example.org"]
        assert resolver.ask("s1._domainkey.example.org", "TXT") == ["v=DKIM1; p="]
        assert resolver.ask("도메인.한국", "TXT") == ["here"]
        assert resolver.ask("nowhere.example.org", "TXT") == []
        assert resolver.ask("mx.example.org", "TXT") == []


def test_a_server_may_repeat_the_question_in_small_letters() -> None:
    with serving({("Example.ORG", "TXT"): ["here"]}, "small") as server:
        assert asking(server).ask("Example.ORG", "TXT") == ["here"]


def test_what_strangers_publish_is_nothing_but_text() -> None:
    zone = {
        ("a.example", "TXT"): ["v=spf1\x1b[2J\x1b]0;gotcha\x07 \N{RIGHT-TO-LEFT OVERRIDE}-all\r\nok      DKIM  fine"],
        ("1.2.0.192.in-addr.arpa", "PTR"): ["mx\x1b[1A.example"],
    }
    with serving(zone) as server:
        assert asking(server).ask("a.example", "TXT") == ["v=spf1�[2J�]0;gotcha� �-all��ok      DKIM  fine"]
        assert asking(server).name_of(ip_address("192.0.2.1")) == ["mx�[1A.example"]


def test_what_is_no_name_or_is_an_address_is_not_asked_about() -> None:
    with serving(ZONE) as server:
        resolver = asking(server)
        assert [resolver.ask(name, "TXT") for name in ("", "a..b", "a" * 64, "a." * 130)] == [[], [], [], []]
        assert resolver.addresses("127.0.0.1") == resolver.addresses("localhost") == [ip_address("127.0.0.1")]
        assert server.asked == []


@pytest.mark.parametrize("manners", ["silent", "fails", "loops"])
def test_whoever_does_not_answer_is_not_waited_for(manners: str) -> None:
    with serving(ZONE, manners) as server:
        began = monotonic()
        with pytest.raises(NoAnswerError, match=r"^TXT of example\.org: "):
            asking(server, 0.3).ask("example.org", "TXT")
        assert (monotonic() - began < 1, len(server.asked)) == (True, 2)


def test_another_server_is_asked_where_one_is_silent() -> None:
    with serving(ZONE) as server:
        # Nothing listens at the first of them.
        resolver = Resolver(["127.0.0.2", "127.0.0.1"], server.port, 3)
        assert resolver.ask("mx.example.org", "A") == ["192.0.2.1"]


def test_the_machine_knows_a_name_server() -> None:
    assert servers_of_this_machine() != []
