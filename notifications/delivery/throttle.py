"""How many mails a second a mail provider gets from us, all workers together: token buckets in Redis.

`settings.MAIL_RATES` names the rates, by provider or by the domain of the address; "*" is every other domain, and what
it does not name is not limited. While Redis is away each process keeps a bucket of its own with a quarter of the rate:
sending never stops, and a handful of processes together do not flood anybody.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from values.hosts import one_mailbox

logger = logging.getLogger(__name__)
# Domains that one provider's servers take mail for. It counts what we send, whichever of its domains it is for.
PROVIDERS = {
    "gmail.com": "google", "googlemail.com": "google",
    "outlook.com": "microsoft", "hotmail.com": "microsoft", "live.com": "microsoft", "msn.com": "microsoft",
    "yahoo.com": "yahoo", "ymail.com": "yahoo", "rocketmail.com": "yahoo", "yahoo.co.uk": "yahoo",
    "icloud.com": "apple", "me.com": "apple", "mac.com": "apple",
    "naver.com": "naver",
    "daum.net": "kakao", "hanmail.net": "kakao", "kakao.com": "kakao",
}  # fmt: skip
ALONE_SHARE = 4
LONGEST_LINE = 3600.0
# What a second's worth of tokens can be saved up to; less than one mail is none.
BURST_SECONDS = 1.0
TIMEOUT_SECONDS = 1.0

# tokens: what may go at once. line: when the last of those who were sent away has its turn, so that each is given a
# later one and they do not all come back together. The server's clock counts; when it is set back, nothing is earned.
_TAKE = """
local rate, burst, wanted, overdraft = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'line')
local tokens, at, line = tonumber(held[1]) or burst, tonumber(held[2]) or now, tonumber(held[3]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local granted = math.max(0, math.min(wanted, math.floor(tokens + overdraft)))
tokens = tokens - granted
line = math.max(now, math.min(line, now + tonumber(ARGV[5])))
local first = line + 1 / rate - now
if overdraft > 0 then first = 1 / rate else line = line + (wanted - granted) / rate end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now),
           'line', string.format('%.6f', line))
redis.call('EXPIRE', KEYS[1], math.ceil(line - now + (burst + overdraft) / rate) + 60)
return {granted, tostring(first)}
"""


@dataclass(frozen=True)
class Admission:
    """How many may go now; the first of the others has its turn in `wait` seconds, each next one `step` later."""

    granted: int
    wait: float = 0.0
    step: float = 0.0


@dataclass
class _Bucket:
    """The same in one process."""

    tokens: float
    at: float
    line: float = field(default=0.0)

    def take(self, wanted: int, rate: float, burst: float, overdraft: float) -> Admission:
        now = time.monotonic()
        self.tokens = min(burst, self.tokens + (now - self.at) * rate)
        self.at = now
        granted = max(0, min(wanted, math.floor(self.tokens + overdraft)))
        self.tokens -= granted
        self.line = max(now, min(self.line, now + LONGEST_LINE))
        wait = 1 / rate if overdraft else self.line + 1 / rate - now
        if not overdraft:
            self.line += (wanted - granted) / rate
        return Admission(granted, wait, 1 / rate)


_alone: dict[str, _Bucket] = {}


def provider_of(address: str) -> str:
    """Whose servers an address leads to: a provider's name, or the domain itself."""
    domain = one_mailbox(address).rpartition("@")[2].lower()
    return PROVIDERS.get(domain, domain)


def admit(wanted: Mapping[str, int], *, urgent: bool = False) -> dict[str, Admission]:
    """Ask for so many mails to each provider; says how many may go now. One round trip to Redis, none without limits.

    What somebody is waiting for (`urgent`) does not stand in line: it may overdraw a bucket by a second's worth, which
    the others then pay for.
    """
    admitted = {provider: Admission(count) for provider, count in wanted.items()}
    rates: Mapping[str, float] = settings.MAIL_RATES
    elsewhere = rates.get("*")
    limited = [(one, count, rate) for one, count in wanted.items() if (rate := rates.get(one, elsewhere))]
    if limited:
        try:
            admitted |= _together(limited, urgent=urgent)
        except redis.RedisError as error:
            logger.warning("Redis is away (%s); this process sends at a quarter of each rate.", error)
            admitted |= {provider: _by_itself(provider, count, rate, urgent) for provider, count, rate in limited}
    return admitted


def _together(limited: list[tuple[str, int, float]], *, urgent: bool) -> dict[str, Admission]:
    script, client = _script()
    with client.pipeline(transaction=False) as pipeline:
        for provider, count, rate in limited:
            burst = _burst(rate)
            values = [rate, burst, count, burst if urgent else 0, LONGEST_LINE]
            script(keys=[f"plenary:mails-to:{provider}"], args=values, client=pipeline)
        answers = pipeline.execute()
    return {
        provider: Admission(int(granted), float(wait), 1 / rate)
        for (provider, _, rate), (granted, wait) in zip(limited, answers, strict=True)
    }


def _by_itself(provider: str, count: int, rate: float, urgent: bool) -> Admission:
    rate /= ALONE_SHARE
    burst = _burst(rate)
    bucket = _alone.setdefault(provider, _Bucket(burst, time.monotonic()))
    return bucket.take(count, rate, burst, burst if urgent else 0)


def _burst(rate: float) -> float:
    return max(1.0, rate * BURST_SECONDS)


@cache
def _script() -> tuple[Script, redis.Redis]:
    """The script and the connections it runs on, of this process."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    return client.register_script(_TAKE), client
