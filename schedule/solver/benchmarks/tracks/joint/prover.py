"""The joint model in a process of its own (`python -m` this module): HiGHS cannot be told to stop.

A pickled `ProofQuestion` comes in on standard input; JSON lines go out on standard output: {"bound": ...} whenever a
better one is proved, with {"contents": ...} of a schedule where one was found.
"""

from __future__ import annotations

import json
import pickle
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from schedule.solver.benchmarks.tracks.instance import TracksInstance
from schedule.solver.jobs.parent import end_with_parent

from .model import JointModel, whole
from .plan import contents_of

SHARE_OF_RELAXATION = 0.25
"""Of the seconds, at most, for the first bound."""

SOON = 0.12
"""How far above the bound the first plan may be."""

GROWTH = 2
"""The first question is about schedules that cost less than the first bound so many times; then as many times more.

A limit makes the model small: whatever alone would cost more than is left below it, is out of the question.
"""

PROGRESS = re.compile(r"^ ?[A-Za-z]? +\d+ +\d+ +\d+ +[\d.]+% +(?P<bound>-?[\d.]+(?:e[+-]?\d+)?) ")
"""A line of the table that HiGHS writes while it works: nodes done, open, leaves, explored, and the bound so far."""


@dataclass(frozen=True, slots=True)
class ProofQuestion:
    """What to prove: a bound for schedules of this instance that cost less than `best`, within `seconds`."""

    instance: TracksInstance
    seconds: float
    best: int
    seed: int


class Teller:
    """Says what is new."""

    def __init__(self) -> None:
        self.bound = -1
        self.limit = 0

    def say(self, bound: int, contents: dict[int, list[int]] | None = None) -> None:
        if bound > self.bound or contents is not None:
            self.bound = max(self.bound, bound)
            print(json.dumps({"bound": self.bound} | ({"contents": contents} if contents else {})), flush=True)

    def read(self, messages: Sequence[str]) -> None:
        for message in messages:
            line = PROGRESS.match(message)
            if line is not None:
                self.say(min(self.limit, whole(float(line["bound"]))))


def answer(question: ProofQuestion) -> None:
    """Say better and better bounds, until the best known schedule is proved to be that or the time is over.

    The first plan near the bound ends a question, so that there is one soon; from then on only cheaper ones count.
    """
    began, teller, best, gap = monotonic(), Teller(), question.best, SOON
    teller.say(JointModel(question.instance, best).relaxed(seconds=SHARE_OF_RELAXATION * question.seconds))
    while teller.bound < best:
        teller.limit = min(best, GROWTH * max(1, teller.bound))
        model = JointModel(question.instance, teller.limit)
        left = question.seconds - (monotonic() - began)
        if left <= 0:
            return
        found = model.ask(seconds=left, seed=question.seed, gap=gap, on_message=teller.read)
        teller.say(found.bound, None if found.plan is None else contents_of(question.instance, found.plan))
        if not found.finished:
            return
        if found.plan is not None:
            best, gap = found.cost, 0


def main() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and decides what to do
    question: ProofQuestion = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
    answer(question)


if __name__ == "__main__":
    main()
