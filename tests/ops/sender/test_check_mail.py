"""`manage.py check_mail` against a name server of our own: what is published, and what should be."""

from __future__ import annotations

import base64
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.ops.sender.name_server import Zone, serving


def key(bits: int) -> str:
    return _published(rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key())


def _published(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


CURVE = _published(ec.generate_private_key(ec.SECP256R1()).public_key())
SPF = ("forum.example.org", "TXT")
DKIM = ("s1._domainkey.forum.example.org", "TXT")
DMARC = ("_dmarc.example.org", "TXT")
SERVER = ("smtp.provider.example", "A")
PTR = ("8.8.8.8.in-addr.arpa", "PTR")
GOOD: Zone = {
    SPF: ["v=spf1 include:_spf.provider.example -all", "something else"],
    ("_spf.provider.example", "TXT"): ["v=spf1 ip4:8.8.8.0/24 a:relay.provider.example ~all"],
    ("relay.provider.example", "A"): ["8.8.4.4"],
    ("open.example", "TXT"): ["v=spf1 +all"],
    DKIM: [f"v=DKIM1; k=rsa; p={key(2048)}"],
    DMARC: ["v=DMARC1; p=reject; sp=quarantine"],
    ("forum.example.org", "MX"): ["10 mx.provider.example"],
    SERVER: ["8.8.8.8"],
    PTR: ["smtp.provider.example"],
}


def said(zone: Zone, *arguments: str, manners: str = "") -> tuple[list[str], str]:
    """The lines about each finding, and how it ended."""
    out, end = StringIO(), ""
    with serving(zone, manners) as server:
        where = ["--nameserver", "127.0.0.1", "--port", str(server.port), "--seconds", "2"]
        try:
            call_command("check_mail", *where, *arguments, stdout=out)
        except CommandError as error:
            end = str(error)
    first, *lines = out.getvalue().splitlines()
    assert first == "Mails come from calendar@forum.example.org, by way of smtp.provider.example."
    return lines, end


@pytest.fixture(autouse=True)
def sender(settings: Settings) -> None:
    settings.MAIL_FROM = "calendar@forum.example.org"
    settings.EMAIL_HOST = "smtp.provider.example"


def test_a_domain_that_publishes_all_of_it() -> None:
    assert said(GOOD) == (
        [
            "ok      SPF   One record, which names smtp.provider.example.",
            "ok      DKIM  s1._domainkey.forum.example.org: a key of 2048 bits.",
            "ok      DMARC _dmarc.example.org says p=quarantine.",
            "ok      MX    Mails to calendar@forum.example.org go to mx.provider.example.",
            "ok      PTR   8.8.8.8 is smtp.provider.example, and that is 8.8.8.8.",
        ],
        "",
    )


# What is published instead, and the finding that follows.
CASES = [
    (SPF, [], "missing SPF   No record: publish one TXT record at forum.example.org"),
    (SPF, ["v=spf1 -all", "v=spf1 mx -all"], "missing SPF   2 records, which count as none"),
    (SPF, ["v=spf1 +all"], 'missing SPF   It ends in "+all"'),
    (SPF, ["v=spf1 ip4:8.8.8.8"], 'look    SPF   It does not end in "-all"'),
    (SPF, ["v=spf1 ip4:1.2.3.4 -all"], "look    SPF   It does not name 8.8.8.8"),
    (SPF, ["v=spf1 include:none.example -all"], "missing SPF   It is broken: none.example has 0 records"),
    (SPF, ["v=spf1 ipv4:8.8.8.8 -all"], "missing SPF   It is broken: ipv4 is no mechanism"),
    (SPF, ["v=spf1 ip4:8.8.8 -all"], "missing SPF   It is broken: ip4:8.8.8 is no address"),
    (SPF, ["v=spf1 " + "a:relay.provider.example " * 11 + "-all"], "missing SPF   It takes more than 10"),
    (SPF, ["v=spf1 include:forum.example.org -all"], "missing SPF   It takes more than 10"),
    (SPF, ["v=spf1 redirect=_spf.provider.example"], "ok      SPF   One record"),
    (SPF, ["v=spf1 a:smtp.provider.example/24 -all"], "ok      SPF   One record"),
    (SPF, ["v=spf1 include:open.example -all"], "missing SPF   It names every address, itself or in what it includes"),
    (SPF, ["v=spf1 ip6:::/0 ip4:8.8.8.8 -all"], "missing SPF   It names every address, itself or in what it includes"),
    (SPF, ["v=spf1 -include:_spf.provider.example -all"], "look    SPF   It does not name 8.8.8.8"),
    (DKIM, [], "look    DKIM  No key under the usual selectors"),
    (DKIM, ["v=DKIM1; p="], "missing DKIM  s1._domainkey.forum.example.org: the key is withdrawn"),
    (DKIM, ["p=AAAA"], "missing DKIM  s1._domainkey.forum.example.org: what stands there is no key"),
    (DKIM, ["k=ed25519; p=AAAA"], "missing DKIM  s1._domainkey.forum.example.org: what stands there is no key"),
    (DKIM, [f"k=ed25519; p={'A' * 43}="], "ok      DKIM  s1._domainkey.forum.example.org: a key (Ed25519)"),
    (DKIM, [f"p={CURVE}"], "missing DKIM  s1._domainkey.forum.example.org: it is no RSA key"),
    (DKIM, [f"p={key(1024)}"], "look    DKIM  s1._domainkey.forum.example.org: the key has 1024 bits"),
    (DMARC, [], "missing DMARC No record: publish a TXT record at _dmarc.forum.example.org"),
    (("_dmarc.forum.example.org", "TXT"), ["v=DMARC1; p=none"], "look    DMARC _dmarc.forum.example.org says p=none"),
    (DMARC, ["v=DMARC1; p=None; sp=Reject"], "ok      DMARC _dmarc.example.org says p=reject"),
    (DMARC, ["v=DMARC1; rua=mailto:a@b.c"], "missing DMARC _dmarc.example.org says no policy"),
    (("forum.example.org", "MX"), [], "look    MX    forum.example.org takes no mail"),
    (PTR, [], "missing PTR   8.8.8.8 (smtp.provider.example) has no name"),
    (PTR, ["other.example"], "missing PTR   8.8.8.8 (smtp.provider.example) is called other.example"),
    (SERVER, ["10.0.0.1"], "look    PTR   10.0.0.1 (smtp.provider.example) is known here alone"),
    (SERVER, [], "missing PTR   smtp.provider.example has no address"),
]


@pytest.mark.parametrize(("at", "records", "wanted"), CASES)
def test_what_is_missing_is_said_with_what_to_do(at: tuple[str, str], records: list[str], wanted: str) -> None:
    lines, end = said(GOOD | {at: records})
    assert [line for line in lines if line.startswith(wanted)] != []
    assert bool(end) == any(line.startswith("missing") for line in lines)


def test_a_selector_that_is_named_must_have_a_key() -> None:
    lines, end = said(GOOD, "--selector", "s1", "--selector", "s7")
    assert [line for line in lines if " DKIM " in line] == [
        "ok      DKIM  s1._domainkey.forum.example.org: a key of 2048 bits.",
        "missing DKIM  s7._domainkey.forum.example.org: no key. Signatures with this selector cannot be checked.",
    ]
    assert end.startswith("1 of these make mails arrive badly.")


def test_a_name_server_that_cannot_answer_is_no_verdict() -> None:
    lines, end = said(GOOD, manners="fails")
    assert [(line[:8].strip(), line[8:14].strip()) for line in lines] == [
        ("look", about) for about in ("SPF", "DKIM", "DMARC", "MX", "PTR")
    ]
    assert end == ""


@pytest.mark.parametrize(
    "option", [["--port", "99999"], ["--port", "0"], ["--port", "-1"], ["--seconds", "inf"], ["--seconds", "nan"]]
)
def test_what_is_no_port_and_no_time_is_refused_in_words(option: list[str]) -> None:
    with pytest.raises(CommandError, match=rf"^Error: argument {option[0]}: "):
        call_command("check_mail", *option, stdout=StringIO())


def test_the_stand_in_for_a_domain_is_not_looked_up(settings: Settings) -> None:
    settings.MAIL_FROM = "plenary@plenary.invalid"
    with pytest.raises(CommandError, match=r"^MAIL_FROM: plenary@plenary\.invalid leads nowhere"):
        call_command("check_mail", stdout=StringIO())
