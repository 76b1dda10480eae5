"""Names of hosts in the letters that the net knows, by IDNA 2008 (RFC 5891). Pure Python: calendar files use it too.

Python's own codec is IDNA 2003: it makes "strasse" of "straße", which is another host. What people type is mapped first
as browsers do it (UTS 46, not transitional): capitals, full-width letters and ideographic full stops.
"""

from __future__ import annotations

import re
import string
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import idna

_ENCODED = "xn--"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_JOINERS = "\u200c\u200d"
# A label of a host's name (RFC 1123, section 2.1); "_" is no letter of hosts, though some names of services have it.
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_LONGEST_HOST = 253
_PORTS: dict[str, int] = {"http": 80, "https": 443}
# Hosts under which one provider keeps the same names, and what it does not read in a name: "a.b" and "ab" are one
# mailbox at Google (support.google.com/mail/answer/7436150); at Proton "a-b" and "a_b" are too.
MAILBOX_HOSTS: dict[str, str] = {
    "googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me",
    "me.com": "icloud.com", "mac.com": "icloud.com",
    "ya.ru": "yandex.ru", "yandex.com": "yandex.ru", "yandex.by": "yandex.ru", "yandex.kz": "yandex.ru",
}  # fmt: skip
MAILBOX_UNREAD: dict[str, str] = {"gmail.com": ".", "proton.me": ".-_"}
# The letters that PostgreSQL makes small whatever its collation; those of the host are small already.
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def ascii_host(name: str) -> str:
    """A host's name in ASCII, in small letters; one that is ASCII already, and an IP address, stays what it is.

    Raises ValueError for a name that no host can have.
    """
    if name.isascii():
        return name.lower()
    try:
        return idna.encode(name, uts46=True, transitional=False, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{name!r} is not the name of a host") from error


def ascii_netloc(netloc: str) -> str:
    """The part of a web address with its host, in ASCII; names, passwords and ports stay. Raises ValueError."""
    if netloc.isascii():
        return netloc
    before, at, host = netloc.rpartition("@")
    name, colon, port = host.partition(":")
    return f"{before}{at}{ascii_host(name)}{colon}{port}"


def own_address(address: str) -> tuple[str, str]:
    """Where an installation answers, as browsers name it in what they send, and its host: (scheme://host:port, host).

    The host is in ASCII and small letters, without a dot at its end; an IPv6 address in brackets; the port is named
    only where it is not the scheme's own. Raises ValueError, saying why, for what no browser can ask for.
    """
    site = urlsplit(address)
    if site.scheme not in _PORTS or not site.hostname:
        raise ValueError("is not a web address")
    if site.path or any(mark in address for mark in "?#@"):
        raise ValueError("has more than a scheme, a host and perhaps a port")
    try:
        port = site.port
    except ValueError as error:
        raise ValueError(f"has no port that there is: {error}") from error
    if port == 0:
        raise ValueError("has no port that there is: nothing answers at 0")
    try:
        host = _browsers_host(site.hostname)
    except ValueError as error:
        raise ValueError(f"has no host: {error}") from error
    named = f":{port}" if port not in (None, _PORTS[site.scheme]) else ""
    return f"{site.scheme}://{host}{named}", host


def _browsers_host(name: str) -> str:
    if ":" in name and "%" not in name:  # no browser names a network of its machine
        return f"[{IPv6Address(name).compressed}]"
    host = ascii_host(name).removesuffix(".")
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.match, labels)):
        raise ValueError(f"nothing can be called {name!r}")
    if labels[-1].isdecimal():  # what ends with a number is an address of IPv4 (WHATWG URL, section 3.5)
        return str(IPv4Address(host))
    return host


def ascii_mailbox(address: str) -> str:
    """A mail address with its domain in the letters mail servers know; the part before @ stays. Raises ValueError."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}{at}{ascii_host(domain)}"


def one_mailbox(address: str) -> str:
    """A mail address as it is kept: a domain in other letters than ASCII in its own, however it was typed or encoded.

    So are small letters, where those before the @ are not all of ASCII: programs and databases do not agree which
    capital is whose, so no address may depend on it. A domain that no host can have stays as it is; whoever checks the
    address says so.
    """
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        local = unicodedata.normalize("NFC", local.lower())
        address = f"{local}{at}{domain}"
    if domain.isascii() and _ENCODED not in domain.lower():
        return address
    try:
        return f"{local}{at}{idna.decode(ascii_host(domain))}"
    except (ValueError, idna.IDNAError):
        return address


def is_mailbox_of_ascii(address: str) -> bool:
    """Whether the part before @ has letters of ASCII alone; only servers that speak SMTPUTF8 take others (RFC 6531)."""
    return address.rpartition("@")[0].isascii()


def ascii_stand_in(address: str) -> str:
    """An address in which "x" stands for everything before the @ that is not ASCII, for rules that are about the rest.

    Raises ValueError where something of it is no letter, accent, digit or sign: blanks and what nobody sees would make
    two addresses out of one. Joiners are taken where they shape letters (RFC 5892, appendices A.1 and A.2).
    """
    local, at, domain = address.rpartition("@")
    for place, letter in enumerate(local):
        if letter.isascii() or unicodedata.category(letter)[0] in "LMNPS":
            continue
        if letter not in _JOINERS or not idna.valid_contextj(local, place):
            raise ValueError(f"{address!r} is no mail address")
    return f"{_NOT_ASCII.sub('x', local)}{at}{domain}"


def mailbox_key(address: str) -> str:
    """What the addresses of one mailbox have in common: without capitals, "+tag", and what its provider does not read.

    Only to compare by: no mail goes there, and two people may have it where a provider gives "+" no meaning. Its twin
    in SQL is `registration.domain.mailboxes.key_of`.
    """
    local, at, host = one_mailbox(address).translate(_SMALL).rpartition("@")
    host = MAILBOX_HOSTS.get(host, host)
    # A "+" at the beginning has no name before it that it could tag.
    name = local.partition("+")[0] or local
    return f"{name.translate(dict.fromkeys(map(ord, MAILBOX_UNREAD.get(host, ''))))}{at}{host}"
