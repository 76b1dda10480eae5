"""How often somebody may ask for a mail, or try a secret; docs/adr/0019 says why like this.

Counted in PostgreSQL with one statement per try: the limits must hold when the cache is down, and a handful of rows
an hour needs no cache. Sources are the address asked for and the network asked from; neither is taken from a header
that a client can write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from registration.models import Tally

_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9a-fA-F:.]+)\](?::[0-9]+)?")
_TAKE_BACK = "UPDATE registration_tally SET count = count - 1 WHERE key = %(key)s AND count > 0"
# How long the next try must wait after the last one: a second after the free ones, then twice as long each time.
_WAIT = "least(%(longest)s, interval '1 second' * power(2, least(tally.count - %(free)s, 20)))"
_TRY = """
INSERT INTO registration_tally AS tally (key, starts_at, count) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tally.starts_at > %(since)s THEN tally.count + 1 ELSE 1 END,
    starts_at = excluded.starts_at
    WHERE tally.count < %(free)s OR tally.starts_at + {wait} <= %(now)s
RETURNING count
""".replace("{wait}", _WAIT)
_LEFT = "SELECT tally.starts_at + {wait} - %(now)s FROM registration_tally AS tally WHERE key = %(key)s".replace(
    "{wait}", _WAIT
)


# `starts_at` is when everything asked for so far will have had its turn, at one each `every`.
_TURN = """
INSERT INTO registration_tally AS tally (key, starts_at, count) VALUES (%(key)s, %(now)s + %(every)s, 1)
ON CONFLICT (key) DO UPDATE SET
    starts_at = greatest(tally.starts_at, %(now)s) + %(every)s,
    count = tally.count + 1
    WHERE greatest(tally.starts_at, %(now)s) < %(now)s + %(every)s * %(free)s + %(longest)s
RETURNING greatest(starts_at - %(every)s * %(free)s - %(now)s, interval '0')
"""


@dataclass(frozen=True)
class Delay:
    """Each try of a source after the `free` ones waits twice as long as the one before, at most `longest`.

    A delay and no wall: who mistypes is never shut out, and who guesses gets no further. Forgotten after a day.
    """

    kind: str
    free: int
    longest: timedelta


@dataclass(frozen=True)
class Limit:
    """At most `tries` in `window`, for each source of this kind."""

    kind: str
    tries: int
    window: timedelta


@dataclass(frozen=True)
class MailPace:
    """What a source asks for is done in turn: the first `free` at once, then one each `every`; a token bucket (GCRA).

    None waits longer than `longest`: what would is asked for again later.
    """

    kind: str
    free: int
    every: timedelta
    longest: timedelta


# By whoever asks from one network for one address: nobody elsewhere makes its owner wait, and each that is sent
# meanwhile is a mail to its owner, with a link that works.
LINKS_PER_ADDRESS = Delay("links-per-address", 5, timedelta(minutes=10))
# Mails to addresses that nobody has proved yet. A whole university registers from behind one address of its network.
MAILS_PER_NETWORK = MailPace("mails-per-network", 300, timedelta(seconds=1), timedelta(hours=1))
# Mails that answers to our invitations cause; anybody can forge those. A person has some places at a conference.
QUESTIONS_PER_ADDRESS = Limit("questions-per-address", 10, timedelta(days=1))
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_WINDOW = max(FORGOTTEN_AFTER, QUESTIONS_PER_ADDRESS.window)


def allowed(limit: Limit, source: str, *, now: datetime) -> bool:
    """Count one try; False once there have been more than the limit allows. One query."""
    return Tally.count_try(limit.kind, source, window=limit.window, now=now) <= limit.tries


def take_back(limit: Limit, source: str) -> None:
    """Count one try less: it was none of those that the limit is about. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"key": _key(limit, source)})


def waits(delay: Delay, source: str, *, now: datetime) -> timedelta:
    """Count one try, and zero: it may be made. Otherwise how long it must wait; then it is not counted.

    One query, two where it waits. Of tries made at once each is counted before it is made.
    """
    values: dict[str, Any] = {
        "key": _key(delay, source), "now": now, "since": now - FORGOTTEN_AFTER,
        "free": delay.free, "longest": delay.longest,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TRY, values)
        if cursor.fetchone() is not None:
            return timedelta()
        cursor.execute(_LEFT, values)
        row = cursor.fetchone()
    # Where it was forgotten between the two, the next moment will do.
    return max(row[0], timedelta(seconds=1)) if row else timedelta(seconds=1)


def turn(pace: MailPace, source: str, *, now: datetime) -> timedelta | None:
    """Count one, and say in what time its turn is: zero, at once. None, and not counted, where that is too long. One
    query.
    """
    values: dict[str, Any] = {
        "key": _key(pace, source), "now": now, "every": pace.every, "free": pace.free, "longest": pace.longest,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TURN, values)
        row = cursor.fetchone()
    return row[0] if row else None


def forget_waiting(delay: Delay, source: str) -> None:
    """Whoever proved to be the right one waits no more. One query."""
    Tally.objects.filter(key=_key(delay, source)).delete()


def _key(limit: Limit | Delay | MailPace, source: str) -> str:
    return Tally.key_of(limit.kind, source)


def forget_tallies(*, now: datetime) -> int:
    """Delete tallies whose time has passed. Returns how many."""
    deleted, _ = Tally.objects.filter(starts_at__lte=now - LONGEST_WINDOW).delete()
    return deleted


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 an IPv6 address lies in.

    Behind a proxy it is what that proxy saw, the last entry of X-Forwarded-For; the entries before it are the
    client's own words.
    """
    address = address_of(request)
    if address is None:  # one source for all of them
        return "unknown"
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address that `network_of` goes by; None where there is a socket path, or nothing at all."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        seen = _without_port(forwarded) or seen
    try:
        address = ip_address(seen)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _without_port(address: str) -> str:
    """Some proxies write the client's port too: 192.0.2.7:50000, [2001:db8::7]:50000, [2001:db8::7] (RFC 7239, 6)."""
    found = _WITH_PORT.fullmatch(address)
    return (found[1] or found[2]) if found else address
