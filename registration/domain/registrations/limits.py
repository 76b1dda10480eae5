"""How often somebody may ask for a mail.

Counted in PostgreSQL with one statement per try: the limits must hold when the cache is down, and a handful of rows
an hour needs no cache. Sources are the address asked for and the network asked from; neither is taken from a header
that a client can write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from registration.models import Tally


@dataclass(frozen=True)
class Limit:
    """At most `tries` in `window`, for each source of this kind."""

    kind: str
    tries: int
    window: timedelta


LINKS_PER_ADDRESS = Limit("links-per-address", 5, timedelta(hours=1))
# A conference registers people from behind one address of its venue.
LINKS_PER_NETWORK = Limit("links-per-network", 300, timedelta(hours=1))
# Mails that answers to our invitations cause; anybody can forge those. A person has some places at a conference.
QUESTIONS_PER_ADDRESS = Limit("questions-per-address", 10, timedelta(days=1))
LONGEST_WINDOW = max(limit.window for limit in (LINKS_PER_ADDRESS, LINKS_PER_NETWORK, QUESTIONS_PER_ADDRESS))


def allowed(limit: Limit, source: str, *, now: datetime) -> bool:
    """Count one try; False once there have been more than the limit allows. One query."""
    return Tally.count_try(limit.kind, source, window=limit.window, now=now) <= limit.tries


def forget_tallies(*, now: datetime) -> int:
    """Delete tallies whose time has passed. Returns how many."""
    deleted, _ = Tally.objects.filter(starts_at__lte=now - LONGEST_WINDOW).delete()
    return deleted


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 an IPv6 address lies in.

    Behind a proxy it is what that proxy saw, the last entry of X-Forwarded-For; the entries before it are the
    client's own words.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or seen
    try:
        address = ip_address(seen)
    except ValueError:  # a socket path, or nothing at all: one source for all of them
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
