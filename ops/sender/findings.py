"""What is published for the domain that mails come from, and what somebody should do about it.

Large mailbox providers refuse or hide mails whose sender's domain does not say who may send for it: SPF (RFC 7208)
names the servers, DKIM (RFC 6376) the key that signs, DMARC (RFC 7489) what holds where both fail.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ops.sender.dns import NoAnswerError, Resolver
from ops.sender.spf import MOST_LOOKUPS, read_spf

# Looked for where nobody names the selector: what the usual servers and providers sign with.
USUAL_SELECTORS = (
    "default", "dkim", "mail", "plenary", "s1", "s2", "k1", "google", "selector1", "selector2",
)  # fmt: skip
# RFC 8301 3.2: signers use at least this; shorter ones can be computed.
SHORTEST_KEY = 1024
GOOD_KEY = 2048


class Verdict(StrEnum):
    """`look`: it works, or cannot be told, and should be looked at."""

    FINE = "ok"
    LOOK = "look"
    BROKEN = "missing"


@dataclass(frozen=True)
class SenderFinding:
    """One thing that was looked up. `about` names it as its standard does."""

    about: str
    verdict: Verdict
    text: str


def look(resolver: Resolver, *, sender: str, server: str, selectors: Iterable[str] = ()) -> list[SenderFinding]:
    """All findings about the address `sender` and the mail server that takes its mails, in the order of reading.

    What nobody answers is a finding too. Raises ValueError for a sender without a domain.
    """
    local, _, domain = sender.rpartition("@")
    if not local or "." not in domain:
        raise ValueError(f"{sender!r} is no address of a domain")
    if domain.rpartition(".")[2] == "invalid":
        raise ValueError(f"{sender} leads nowhere (RFC 2606); set it to an address of a domain of yours")
    found: list[SenderFinding] = []
    for about, findings in (
        ("SPF", _spf(resolver, domain, server)),
        ("DKIM", _dkim(resolver, domain, list(selectors))),
        ("DMARC", _dmarc(resolver, domain)),
        ("MX", _mx(resolver, sender, domain)),
        ("PTR", _reverse(resolver, server)),
    ):
        try:
            found += findings
        except NoAnswerError as error:
            found.append(SenderFinding(about, Verdict.LOOK, f"It cannot be told: {error}."))
    return found


def _spf(resolver: Resolver, domain: str, server: str) -> Iterator[SenderFinding]:
    read = read_spf(resolver, domain)
    if read.count != 1:
        said = "No record" if not read.count else f"{read.count} records, which count as none (RFC 7208 4.5)"
        advice = f'publish one TXT record at {domain}, such as "v=spf1 mx {_named(server)} -all"'
        yield SenderFinding("SPF", Verdict.BROKEN, f"{said}: {advice}.")
        return
    problems = [f"It is broken: {one}." for one in read.broken]
    if read.lookups > MOST_LOOKUPS:
        problems.append(f"It takes more than {MOST_LOOKUPS} look-ups, so that receivers give up (RFC 7208 4.6.4).")
    if read.ends == "+":
        problems.append('It ends in "+all": everybody may send for the domain.')
    elif read.names_everybody:
        problems.append("It names every address, itself or in what it includes: everybody may send for the domain.")
    yield from (SenderFinding("SPF", Verdict.BROKEN, problem) for problem in problems)
    if read.ends not in ("-", "~", "+"):
        yield SenderFinding("SPF", Verdict.LOOK, 'It does not end in "-all" or "~all", so it excludes nobody.')
    strangers = [str(address) for address in resolver.addresses(server) if not read.names(address)]
    if strangers:
        said = f"It does not name {', '.join(strangers)} ({server}). That is right only if this server hands mails on."
        yield SenderFinding("SPF", Verdict.LOOK, said)
    elif not problems:
        yield SenderFinding("SPF", Verdict.FINE, f"One record, which names {server}.")


def _named(server: str) -> str:
    """The mechanism for a server: it may be given by its address."""
    try:
        address = ip_address(server)
    except ValueError:
        return f"a:{server}"
    return f"ip{address.version}:{address}"


def _dkim(resolver: Resolver, domain: str, selectors: list[str]) -> Iterator[SenderFinding]:
    some = False
    for selector in selectors or USUAL_SELECTORS:
        name = f"{selector}._domainkey.{domain}"
        keys = [tags for record in resolver.ask(name, "TXT") if "p" in (tags := _tags(record))]
        some = some or bool(keys)
        for tags in keys:
            verdict, said = _key(tags)
            yield SenderFinding("DKIM", verdict, f"{name}: {said}")
        if selectors and not keys:
            yield SenderFinding(
                "DKIM", Verdict.BROKEN, f"{name}: no key. Signatures with this selector cannot be checked."
            )
    if not some and not selectors:
        yield SenderFinding(
            "DKIM",
            Verdict.LOOK,
            "No key under the usual selectors. Name the one your mail server signs with: --selector NAME "
            '(it is the "s=" of the header DKIM-Signature in a mail it has sent).',
        )


def _key(tags: dict[str, str]) -> tuple[Verdict, str]:
    if not tags["p"]:
        return Verdict.BROKEN, "the key is withdrawn (RFC 6376 3.6.1)."
    try:
        data = base64.b64decode("".join(tags["p"].split()), validate=True)
        if tags.get("k", "rsa").lower() == "ed25519":
            Ed25519PublicKey.from_public_bytes(data)
            return Verdict.FINE, "a key (Ed25519). Have an RSA key as well: few receivers check this kind."
        key = load_der_public_key(data)
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return Verdict.BROKEN, "what stands there is no key."
    size = key.key_size if isinstance(key, RSAPublicKey) else 0
    if size < SHORTEST_KEY:
        said = f"the key has {size} bits, which receivers refuse (RFC 8301 3.2)." if size else "it is no RSA key."
        return Verdict.BROKEN, said
    if size < GOOD_KEY:
        return Verdict.LOOK, f"the key has {size} bits; {GOOD_KEY} are usual."
    return Verdict.FINE, f"a key of {size} bits."


def _dmarc(resolver: Resolver, domain: str) -> Iterator[SenderFinding]:
    labels = domain.split(".")
    # Its own record, else the nearest of a domain above it that has one.
    for start in range(len(labels) - 1):
        at = ".".join(labels[start:])
        records = [text for text in resolver.ask(f"_dmarc.{at}", "TXT") if _tags(text).get("v") == "DMARC1"]
        if len(records) > 1:
            yield SenderFinding(
                "DMARC", Verdict.BROKEN, f"_dmarc.{at} has {len(records)} records, which count as none."
            )
            return
        if records:
            yield _policy(at, domain, _tags(records[0]))
            return
    advice = f'publish a TXT record at _dmarc.{domain}, such as "v=DMARC1; p=quarantine; rua=mailto:you@{domain}"'
    yield SenderFinding("DMARC", Verdict.BROKEN, f"No record: {advice}.")


def _policy(at: str, domain: str, tags: dict[str, str]) -> SenderFinding:
    # Values are read in small and capital letters alike (RFC 5234 2.3).
    policy = ((tags.get("sp") if at != domain else None) or tags.get("p", "")).lower()
    if policy not in ("none", "quarantine", "reject"):
        return SenderFinding("DMARC", Verdict.BROKEN, f"_dmarc.{at} says no policy (p=none, quarantine or reject).")
    if policy == "none":
        return SenderFinding("DMARC", Verdict.LOOK, f"_dmarc.{at} says p=none: forged mails are let through.")
    return SenderFinding("DMARC", Verdict.FINE, f"_dmarc.{at} says p={policy}.")


def _mx(resolver: Resolver, sender: str, domain: str) -> Iterator[SenderFinding]:
    hosts = [host for entry in resolver.ask(domain, "MX") if (host := entry.partition(" ")[2])]
    if hosts:
        yield SenderFinding("MX", Verdict.FINE, f"Mails to {sender} go to {', '.join(sorted(hosts))}.")
    else:
        said = f"{domain} takes no mail: what comes back, and answers of calendars, reach nobody."
        yield SenderFinding("MX", Verdict.LOOK, said)


def _reverse(resolver: Resolver, server: str) -> Iterator[SenderFinding]:
    addresses = resolver.addresses(server)
    if not addresses:
        yield SenderFinding("PTR", Verdict.BROKEN, f"{server} has no address.")
    for address in addresses:
        if not address.is_global:
            said = f"{address} ({server}) is known here alone. Look at the address your mails leave from."
            yield SenderFinding("PTR", Verdict.LOOK, said)
            continue
        names = resolver.name_of(address)
        if any(address in resolver.addresses(name) for name in names):
            yield SenderFinding("PTR", Verdict.FINE, f"{address} is {', '.join(names)}, and that is {address}.")
        else:
            said = "has no name" if not names else f"is called {', '.join(names)}, which is not {address}"
            yield SenderFinding("PTR", Verdict.BROKEN, f"{address} ({server}) {said}; ask whoever runs the server.")


def _tags(record: str) -> dict[str, str]:
    """The tags of a record (RFC 6376 3.2); of a repeated one the first."""
    tags: dict[str, str] = {}
    for part in record.split(";"):
        name, is_tag, value = part.partition("=")
        if is_tag:
            tags.setdefault(name.strip(), value.strip())
    return tags
