"""How often a password or a code may be tried: counted in PostgreSQL, so that it holds while the cache is away.

Nobody may shut another out. A browser that the account was used with before has a count of its own; others share one
for each pair of account and network, which makes them wait longer each time, and wide limits for each network and each
account. Where an account's limit is reached by strangers, its owner comes in by a known browser, or by the link for a
new password, after which the browser is known. No count goes by a header that a client can write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from organize.account.browsers import browser_of
from registration.domain.registrations.limits import (
    Delay,
    Limit,
    allowed,
    forget_waiting,
    network_of,
    take_back,
    waits,
)

HOUR, LONGEST = timedelta(hours=1), timedelta(minutes=15)


class Secret(StrEnum):
    """What is tried."""

    PASSWORD = "password"  # noqa: S105  # the name of a kind, not one
    CODE = "code"


@dataclass(frozen=True)
class TryCounts:
    pair: Delay
    network: Limit
    account: Limit


COUNTS = {
    secret: TryCounts(
        Delay(f"wrong-{secret}-pair", 5, LONGEST),
        # A conference's office works behind one address.
        Limit(f"wrong-{secret}-network", 300, HOUR),
        Limit(f"wrong-{secret}-account", 100, HOUR),
    )
    for secret in Secret
}
# Mails that set a new password, or prove a new address. Somebody else's share of them costs nobody their own.
RESETS_PER_PAIR = Limit("resets-per-pair", 5, HOUR)
RESETS_PER_NETWORK = Limit("resets-per-network", 300, HOUR)
RESETS_PER_ACCOUNT = Limit("resets-per-account", 10, HOUR)
PROOFS_PER_ACCOUNT = Limit("proofs-per-account", 5, HOUR)
# Mails into a team: a whole one on its first day, and no more.
INVITATIONS_PER_ACCOUNT = Limit("invitations-per-account", 60, HOUR)
# The key is 256 bits long; this spares the database, and shuts nobody out who has it at hand.
SETUPS_PER_NETWORK = Limit("setups-per-network", 60, HOUR)


class TooManyTries(ImmediateHttpResponse):  # type: ignore[misc]  # allauth ships no types
    """Answers 429 and says when to try again."""

    def __init__(self, request: HttpRequest, wait: timedelta) -> None:
        response = render(request, "429.html", {"seconds": _seconds(wait)}, status=429)
        response["Retry-After"] = str(_seconds(wait))
        response["Cache-Control"] = "private, no-store"
        super().__init__(response)


@dataclass(frozen=True)
class CountedTry:
    """A try that was counted before it is made; `succeeded` takes it back."""

    secret: Secret
    pair: str
    network: str
    account: str

    def succeeded(self) -> None:
        counts = COUNTS[self.secret]
        forget_waiting(counts.pair, self.pair)
        if self.network:
            take_back(counts.network, self.network)
            take_back(counts.account, self.account)


def count_try(request: HttpRequest, secret: Secret, account: str) -> CountedTry:
    """Count a try of a secret of an account, known or not. Raises `TooManyTries`. Two to five queries."""
    counts, now = COUNTS[secret], timezone.now()
    browser, network = browser_of(request, account), network_of(request)
    pair = f"{account}|{browser or network}"
    if wait := waits(counts.pair, pair, now=now):
        raise TooManyTries(request, wait)
    if browser:
        return CountedTry(secret, pair, "", account)
    within = allowed(counts.network, network, now=now), allowed(counts.account, account, now=now)
    if not all(within):
        raise TooManyTries(request, LONGEST)
    return CountedTry(secret, pair, network, account)


def may_ask_for_reset(request: HttpRequest, address: str) -> bool:
    """Count a request for a new password; whether a mail may go to the address. Raises `TooManyTries`.

    The same for known and unknown addresses.
    """
    now, network = timezone.now(), network_of(request)
    if not (
        allowed(RESETS_PER_PAIR, f"{address}|{network}", now=now) and allowed(RESETS_PER_NETWORK, network, now=now)
    ):
        raise TooManyTries(request, LONGEST)
    # Asked for from many networks: it has a link already, and whoever asks is told what everybody is told.
    return allowed(RESETS_PER_ACCOUNT, address, now=now)


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))
