"""SPF (RFC 7208): which servers a domain lets send for it, as far as its record says so without macros."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from ops.sender.dns import Resolver

# RFC 7208 4.6.4: receivers that have had to ask more often give up, and the record counts for nothing.
MOST_LOOKUPS = 10
_SIZE = re.compile(r"[0-9]{1,3}\Z")
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
_EVERY_ADDRESS = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@dataclass
class SpfRead:
    """A record with all that it includes.

    `count` is how many records there are at the domain (there must be one), `lookups` what it costs a receiver, and
    `ends` the qualifier of its "all": "-", "~", "?", "+", or nothing where it has none.
    """

    count: int = 0
    lookups: int = 0
    ends: str = ""
    networks: list[IPv4Network | IPv6Network] = field(default_factory=list)
    # What could not be read: a broken term, or one that includes a domain without a record.
    broken: list[str] = field(default_factory=list)

    def names(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether a server at this address may send."""
        return any(address in network for network in self.networks)

    @property
    def names_everybody(self) -> bool:
        """Whether every server may send, by "+all" or by a network of all addresses."""
        return any(network in _EVERY_ADDRESS for network in self.networks)


def read_spf(resolver: Resolver, domain: str) -> SpfRead:
    """What a domain publishes. Asks no more often than a receiver would. Raises `NoAnswerError`."""
    read = SpfRead()
    _follow(resolver, domain, read, outermost=True)
    return read


def _follow(resolver: Resolver, domain: str, read: SpfRead, *, outermost: bool) -> None:
    records = [text for text in resolver.ask(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if outermost:
        read.count = len(records)
    if len(records) != 1:
        if not outermost:
            read.broken.append(f"{domain} has {len(records)} records, not one")
        return
    redirect = ""
    for term in records[0].split()[1:]:
        qualifier, mechanism = (term[0], term[1:]) if term[0] in "+-~?" else ("+", term)
        name, _, value = mechanism.partition(":")
        if mechanism.lower() == "all":
            # What an included record ends in says nothing about the one that includes it, unless it lets everybody
            # pass: then the inclusion does so (RFC 7208 5.2).
            read.ends = qualifier if outermost else read.ends
            read.networks += _EVERY_ADDRESS if qualifier == "+" else ()
            return
        if mechanism.lower().startswith("redirect="):
            redirect = mechanism.partition("=")[2]
        elif "=" not in name:
            _take(resolver, domain, name.lower(), value, read, permits=qualifier == "+")
    if redirect and "%" not in redirect and _may_ask(read):
        _follow(resolver, redirect, read, outermost=outermost)


def _take(  # where, what, of which value, into what: the order of reading
    resolver: Resolver, domain: str, name: str, value: str, read: SpfRead, *, permits: bool
) -> None:
    """One mechanism. What has a macro in it is counted and not followed."""
    name, _, length = name.partition("/")
    if name in ("ip4", "ip6"):
        try:
            networks = [ip_network(value, strict=False)]
        except ValueError:
            read.broken.append(f"{name}:{value} is no address")
            return
    elif name in _ASKING:
        if not _may_ask(read) or "%" in value:
            return
        target, _, given = value.partition("/")
        known = len(read.networks)
        networks = _asked(resolver, name, target or domain, given or length, read)
        if not permits:  # whoever an included record lets pass is refused by one that includes it so
            del read.networks[known:]
    else:
        read.broken.append(f"{name} is no mechanism")
        return
    read.networks += networks if permits else []


def _may_ask(read: SpfRead) -> bool:
    read.lookups += 1
    return read.lookups <= MOST_LOOKUPS


def _asked(resolver: Resolver, name: str, target: str, length: str, read: SpfRead) -> list[IPv4Network | IPv6Network]:
    if name == "include":
        _follow(resolver, target, read, outermost=False)
        return []
    hosts = [target] if name == "a" else []
    if name == "mx":
        hosts = [host for entry in resolver.ask(target, "MX") if (host := entry.partition(" ")[2])][:MOST_LOOKUPS]
    # "a/24" narrows IPv4 and "a//64" IPv6 (RFC 7208 5.6).
    four, _, six = length.partition("/")
    found = [address for host in hosts for address in resolver.addresses(host)]
    given = {4: int(four) if _SIZE.match(four) else 32, 6: int(six) if _SIZE.match(six) else 128}
    sizes = [(address, min(given[address.version], address.max_prefixlen)) for address in found]
    return [ip_network(f"{address}/{size}", strict=False) for address, size in sizes]
