"""When to try again what could not be sent."""

from __future__ import annotations

import random
from datetime import datetime

from values.instants import after

# How long to wait after the first, second... refusal that is not final. After the last one the message has failed.
BACK_OFF = (30, 120, 600, 3600, 6 * 3600)
# A mail that was cut off after its data goes once more, soon: its reader may be waiting for it.
ONCE_MORE = 15
# It may then have arrived twice. A third copy is for a person to decide.
CUT_OFFS = 2


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` earlier tries and the one that just failed; None when that was the last."""
    if attempts >= len(BACK_OFF):
        return None
    return _soon_after(BACK_OFF[attempts], now)


def once_more(now: datetime) -> datetime:
    """When to send again what was cut off and may have arrived."""
    return _soon_after(ONCE_MORE, now)


def _soon_after(seconds: float, now: datetime) -> datetime:
    """Up to a fifth later, so that what failed together does not come back together."""
    jitter = 1 + random.random() / 5  # noqa: S311  # spreads load; nobody gains by guessing it
    return after(now, seconds=seconds * jitter)
