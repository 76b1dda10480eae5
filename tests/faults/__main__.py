"""`python -m tests.faults [--people 2000] [--releases 3] [--seed N] [--json FILE]`: break everything, count every mail.

People register over HTTP, a share of them during each fault, which strikes at a random moment; releases move sessions
in between. Ends with the table, and with status 1 when a mail was lost, doubled without cause, or a word was not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedule.models import Conference, Room, Session
    from tests.faults.catalogue import Fault
    from tests.faults.house import House
    from tests.faults.ledger import Row, Window

RECOVERY_SECONDS = 60.0
# After this long nobody waits for a fault's consequences any more; what is then not there is lost.
SETTLE_SECONDS = 180.0
SESSIONS = 4


class Play:
    """One conference, its people, and what is done to the house meanwhile."""

    def __init__(self, house: House, people: int, chance: random.Random, *, impatient: bool) -> None:
        from tests.factories import make_conference, make_room, make_session  # Django is set up by now, and only now
        from tests.faults.crowd import Crowd

        self._house, self._chance, self._impatient = house, chance, impatient
        self.conference: Conference = make_conference(slug="faults", gather_seconds=0)
        self._room: Room = make_room(self.conference, capacity=people)
        self._sessions: list[Session] = [make_session(self.conference) for _ in range(SESSIONS)]
        self._moved = 0
        self.release()
        codes = [session.code for session in self._sessions]
        self.crowd = Crowd(slug=self.conference.slug, codes=codes, port=house.port, folder=house.mails)

    def release(self) -> None:
        """Publish, as soon as the database answers; each release begins a day an hour later than the one before."""
        from django.db.utils import OperationalError  # Django is set up by now, and only now

        from tests.factories import at, publish
        from tests.faults.ledger import forget_connection

        starts = [at(self.conference, f"{9 + self._moved + number:02}:00") for number in range(SESSIONS)]
        placed = [(one, self._room, start) for one, start in zip(self._sessions, starts, strict=True)]

        def published() -> bool:
            try:
                publish(self.conference, placed)
            except OperationalError:
                forget_connection()
                return False
            return True

        assert wait(published), f"no release within {SETTLE_SECONDS} seconds"
        self._moved += 1

    def suffer(self, fault: Fault, people: range, *, releasing: bool) -> Window:
        """Let people register while the fault strikes, and wait until everything is sent."""
        # Django is set up by now, and only now.
        from tests.faults.ledger import Window, forget_connection, is_settled, mark

        forget_connection()
        since, recovery = mark(), Recovery(self._impatient)
        striking = self._chance.randint(1, max(len(people) * 2 // 3, 1))

        def strike() -> None:
            try:
                fault.strike(self._house)
                recovery.watch()
            finally:
                forget_connection()

        def each(done: int) -> None:
            if done == striking:
                thread.start()

        thread = threading.Thread(target=strike, daemon=True)
        self.crowd.register(people, each)
        if not people:
            thread.start()
        if releasing:
            forget_connection()
            self.release()
        thread.join(2 * SETTLE_SECONDS)
        forget_connection()
        wait(lambda: is_settled(impatient=self._impatient))
        return Window(fault.name, since, mark(), recovery.seconds)


class Recovery:
    """How long it takes from the end of a fault until everything that was due by then is sent."""

    seconds = SETTLE_SECONDS

    def __init__(self, impatient: bool) -> None:
        self._impatient = impatient

    def watch(self) -> None:
        from tests.faults.ledger import is_settled, mark  # Django is set up by now, and only now

        began = time.monotonic()
        until = mark()
        if wait(lambda: is_settled(until, impatient=self._impatient)):
            self.seconds = time.monotonic() - began


@contextmanager
def nobody_waits() -> Iterator[None]:
    """Inside, what the retry ladder keeps for later is due within a second."""
    from tests.faults.ledger import forget_connection, hurry  # Django is set up by now, and only now

    over = threading.Event()

    def hurrying() -> None:
        while not over.wait(1):
            hurry()
        forget_connection()

    thread = threading.Thread(target=hurrying, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait(condition: Callable[[], bool]) -> bool:
    """Look again and again until it is so; False when it is not within SETTLE_SECONDS."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while not (so := condition()) and time.monotonic() < deadline:
        threading.Event().wait(0.25)
    return so


def play(
    people: int, releases: int, chance: random.Random, folder: Path, only: str, *, impatient: bool
) -> tuple[list[Row], list[str]]:
    """The whole run; returns the table's rows and what went wrong."""
    from tests.faults.house import house  # Django is set up by now, and only now

    with house(folder) as built, nobody_waits() if impatient else nullcontext():
        from tests.faults.catalogue import FAULTS  # Django is set up by now, and only now
        from tests.faults.ledger import broken_promises, count, hurry, is_settled

        faults = [fault for fault in FAULTS if only in fault.name]
        stage = Play(built, people, chance, impatient=impatient)
        moving = set(chance.sample(range(len(faults)), min(releases, len(faults))))
        windows = []
        for number, fault in enumerate(faults):
            numbers = range(people * number // len(faults), people * (number + 1) // len(faults))
            windows.append(stage.suffer(fault, numbers, releasing=number in moving))
            print(f"{fault.name}: {windows[-1].seconds:.1f} s", file=sys.stderr, flush=True)
        hurry()
        wait(lambda: is_settled(impatient=impatient))
        rows = [count(window, built.mails) for window in windows]
        problems = broken_promises(stage.crowd, sum(fault.refused for fault in faults))
        if not built.is_watched:
            problems.append("a process ended again and again")
    for row in rows:
        problems += [f"{row.fault}: {remark}" for remark in row.remarks]
        if max(row.seconds, row.slowest) > RECOVERY_SECONDS:
            problems.append(f"{row.fault}: {row.seconds} s to recover, {row.slowest} s for the slowest mail")
    return rows, problems


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--releases", type=int, default=3)
    parser.add_argument("--seed", type=int, default=None, help="of the random moments; another one each time without")
    parser.add_argument("--only", default="", help="a word in the names of the faults that strike; all without")
    parser.add_argument("--impatient", action="store_true", help="do not wait for the steps of the retry ladder")
    parser.add_argument("--json", type=Path, help="write the rows there as well")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randint(0, 10**6)
    for name in ("DATABASE_URL", "REDIS_URL"):  # what they name would be killed
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["CALENDAR_DOMAIN"] = "forum.example.org"
    with tempfile.TemporaryDirectory(prefix="plenary-faults-") as name:
        folder = Path(name)
        os.environ["PLENARY_STATE"] = str(folder / "state")
        began = time.monotonic()
        try:
            chance = random.Random(seed)
            rows, problems = play(
                options.people, options.releases, chance, folder, options.only, impatient=options.impatient
            )
        finally:
            from ops import embedded  # Django is set up by now, and only now

            embedded.forget()
    from tests.faults.ledger import table  # Django is set up by now, and only now

    took = f"{time.monotonic() - began:.0f} s, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{options.people} people, {options.releases} releases, seed {seed}, {took}")
    print(table(rows))
    for problem in problems:
        print(f"WRONG: {problem}")
    if options.json:
        options.json.write_text(json.dumps({"rows": [asdict(row) for row in rows], "problems": problems}, indent=1))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
