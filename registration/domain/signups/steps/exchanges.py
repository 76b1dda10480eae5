"""Exchanges of places between people who each hold what another waits for: which one is carried out next.

Sessions are the points of a graph. Somebody who waits for B, lets it swap by itself and has A at the same time is an
arrow from A to B. A round of arrows is an exchange: everybody in it gets what they wait for, and no place comes free.
In each session of the round the place goes to the first in its line of those who can be in any exchange at all (top
trading cycles: Shapley and Scarf 1974; Abdulkadiroglu and Sonmez 2003, with the line as the priority). What is fair
about it stands in docs/adr/0018-swaps-and-exchanges.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SwapWish:
    """A place in line that swaps by itself: who takes a place in `session` leaves those in `gives`."""

    signup: int
    registration: int
    session: int
    gives: frozenset[int]


def next_exchange(wishes: Sequence[SwapWish], together: Callable[[int, int], bool]) -> list[SwapWish]:
    """The wishes that are fulfilled with one another now; empty where nobody can.

    `wishes` come in order of the time in line. `together` says whether somebody may have places in both sessions. Each
    fulfils another's: its session is among what the next one gives. Takes time linear in the number of wishes for each
    round that would give one person two sessions at once, which is tried without their later wish.
    """
    left = list(wishes)
    while True:
        firsts = _firsts(left)
        if not firsts:
            return []
        exchange = _round(firsts)
        pair = _two_at_once(exchange, together)
        if pair is None:
            return exchange
        left.remove(max(pair, key=left.index))


def _firsts(wishes: Iterable[SwapWish]) -> dict[int, tuple[SwapWish, int]]:
    """For every session that a round of arrows passes: the first in its line who is in one, and what they give there.

    What they give is in the same dictionary: a round leads into it.
    """
    wishes = list(wishes)
    into: dict[int, set[int]] = defaultdict(set)
    for wish in wishes:
        for given in wish.gives:
            into[given].add(wish.session)
    ring = _rings(into)
    firsts: dict[int, tuple[SwapWish, int]] = {}
    for wish in wishes:
        back = [given for given in wish.gives if wish.session in ring and ring.get(given) == ring[wish.session]]
        if back and wish.session not in firsts:
            firsts[wish.session] = (wish, min(back))
    return firsts


def _round(firsts: dict[int, tuple[SwapWish, int]]) -> list[SwapWish]:
    """A round of the arrows of those who are first; there is one, for each of them leads on to another."""
    session = next(iter(firsts))
    walked: dict[int, SwapWish] = {}
    while session not in walked:
        walked[session], session = firsts[session]
    sessions = list(walked)
    return [walked[one] for one in sessions[sessions.index(session) :]]


def _two_at_once(
    exchange: Collection[SwapWish], together: Callable[[int, int], bool]
) -> tuple[SwapWish, SwapWish] | None:
    """Two wishes of one person that would give them two places at the same time in one round."""
    mine: dict[int, list[SwapWish]] = defaultdict(list)
    for wish in exchange:
        for other in mine[wish.registration]:
            if not together(wish.session, other.session):
                return other, wish
        mine[wish.registration].append(wish)
    return None


def _rings(arrows: dict[int, set[int]]) -> dict[int, int]:
    """A number for each point, the same for points that can be reached from each other (Tarjan 1972, without
    recursion).
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    ring: dict[int, int] = {}
    open_points: list[int] = []
    for start, ends in arrows.items():
        if start in index:
            continue
        index[start] = low[start] = len(index)
        open_points.append(start)
        path = [(start, iter(sorted(ends)))]
        while path:
            point, rest = path[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    open_points.append(other)
                    path.append((other, iter(sorted(arrows.get(other, ())))))
                    break
                if other not in ring:
                    low[point] = min(low[point], index[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[point])
                if low[point] == index[point]:
                    while True:
                        last = open_points.pop()
                        ring[last] = point
                        if last == point:
                            break
    return ring
