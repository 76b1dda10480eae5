"""Random numbers of compiled loops: xorshift64* (Vigna 2016), its state in an array of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiling import inlined

Seeds = NDArray[np.uint64]


def seeded(seed: int) -> Seeds:
    """A generator of its own for each whole number."""
    # Spreads small seeds over all bits; never 0, which the generator could not leave.
    return np.random.SeedSequence(seed % 2**63).generate_state(1, np.uint64) | np.uint64(1)


@inlined
def draw(rng: Seeds) -> np.uint64:
    """The next 64 random bits."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return x * np.uint64(2685821657736338717)  # type: ignore[no-any-return]  # compiled code has no Any


@inlined
def below(rng: Seeds, n: int) -> int:
    """A random whole number from 0 to n - 1; n below 2^32."""
    return np.int64(((draw(rng) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))  # type: ignore[return-value]  # an int to the compiler


@inlined
def fraction(rng: Seeds) -> float:
    """A random number from 0 up to, but not, 1."""
    return np.float64(draw(rng) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
