"""People who come at the same time, each on a database connection as a visitor of the site would be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
R = TypeVar("R")
TOGETHER = 3


def at_once(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Do `work` for each item, begun in their order, a few at a time. Returns the results in no particular order.

    Raises what the first failing one raised, after the others have ended.
    """
    left = iter(list(items))
    taking = threading.Lock()
    done: list[R] = []

    def run() -> None:
        try:
            while True:
                with taking:
                    item = next(left, left)
                if item is left:
                    return
                done.append(work(item))  # type: ignore[arg-type]  # the iterator itself stands for the end
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TOGETHER) as pool:
        for ended in [pool.submit(run) for _ in range(TOGETHER)]:
            ended.result()
    return done
