"""Names of hosts and mail addresses by IDNA 2008."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError

from values.forms import EmailFormField
from values.hosts import ascii_host, ascii_mailbox, ascii_netloc, one_mailbox, own_address


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("STRASSE.example", "strasse.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ﾃｽﾄ。example", "xn--zckzah.example"),
        ("한국.kr", "xn--3e0b707e.kr"),
        ("example.org", "example.org"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_a_host_is_the_one_that_was_typed(name: str, known: str) -> None:
    assert ascii_host(name) == known
    assert ascii_netloc(f"{name}:8443") == (f"{known}:8443" if not name.isascii() else f"{name}:8443")
    assert ascii_mailbox(f"user@{name}") == (f"user@{known}" if not name.isascii() else f"user@{name}")


@pytest.mark.parametrize("name", ["-é.example", "é..example", "é" * 64 + ".example", "a_é.example", "☃\u2028.example"])
def test_what_no_host_is_called_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a host"):
        ascii_host(name)


@pytest.mark.parametrize("typed", ["user@straße.example", "user@STRAßE.example", "user@xn--strae-oqa.example"])
def test_one_mailbox_has_one_form(typed: str) -> None:
    assert one_mailbox(typed) == "user@straße.example"
    assert EmailFormField().clean(f"\u200b{typed}\r\n") == "user@straße.example"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("jürgen@example.org", "before the @"),
        ("김@example.org", "before the @"),
        ("user@-é.example", "no e-mail address"),
        ("user@", "no e-mail address"),
        ("user", "no e-mail address"),
    ],
)
def test_what_cannot_be_written_to_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        EmailFormField().clean(typed)


@pytest.mark.parametrize(
    ("given", "answers", "host"),
    [
        ("https://forum.example.org", "https://forum.example.org", "forum.example.org"),
        ("HTTPS://Forum.Example.ORG:443", "https://forum.example.org", "forum.example.org"),
        ("http://forum.example.org.:8000", "http://forum.example.org:8000", "forum.example.org"),
        ("https://forum.example.org:80", "https://forum.example.org:80", "forum.example.org"),
        ("https://forum.example.org:", "https://forum.example.org", "forum.example.org"),
        ("https://straße.example", "https://xn--strae-oqa.example", "xn--strae-oqa.example"),
        ("http://[0:0:0:0:0:0:0:1]:8000", "http://[::1]:8000", "[::1]"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1"),
        ("http://localhost", "http://localhost", "localhost"),
    ],
)
def test_an_installation_is_named_as_browsers_name_it(given: str, answers: str, host: str) -> None:
    assert own_address(given) == (answers, host)


MORE, NO_HOST, NO_PORT = "has more than", "has no host: ", "has no port that there is: "
PATHS = ["example.org/forum", "example.org//", "example.org?x=1", "example.org#x", "me:pw@example.org"]
PORTS = ["0", "0x", "99999", "-1", "80,81"]
NAMES = [
    "exa mple.org", "example.org\\evil", "*.example.org", "a.example,b.example", "a..example", ".", "-a.example",
    "a-.example", "a_b.example", "'a'.example", "%41.example", "999.1.1.1", "1.2.3", "[::1%eth0]", "ü..example",
    "a" * 64 + ".example", "a." * 127 + "example", "אa.example",
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "why"),
    [
        *((address, "is not a web address") for address in ("forum.example.org", "ftp://example.org", "https://", "")),
        *((f"https://{path}", MORE) for path in PATHS),
        *((f"https://example.org:{port}", NO_PORT) for port in PORTS),
        *((f"https://{name}", NO_HOST) for name in NAMES),
    ],
)
def test_what_no_browser_can_ask_for_is_no_address_of_an_installation(given: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        own_address(given)
