"""Names of hosts and mail addresses by IDNA 2008."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from values.forms import EmailFormField
from values.hosts import ascii_host, ascii_mailbox, ascii_netloc, one_mailbox


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
