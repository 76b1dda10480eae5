"""What can go wrong: how each fault begins, and how it ends where it does not end by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.faults.house import RESTART_SECONDS, House


@dataclass(frozen=True)
class Fault:
    """`strike` returns when the fault is over: what was killed is started, what hung goes on."""

    name: str
    strike: Callable[[House], None]
    # How many mails may be refused for good because of it.
    refused: int = 0


def pause(seconds: float) -> None:
    """How long a fault lasts; nothing is waited for."""
    threading.Event().wait(seconds)


def killed(name: str) -> Fault:
    return Fault(f"kill -9 {name}", lambda house: house.kill(name))


def _redis_killed(house: House) -> None:
    house.kill_redis()
    pause(RESTART_SECONDS)
    house.start_redis()


def _postgres_killed(house: House) -> None:
    house.kill_postgres()
    pause(RESTART_SECONDS)
    house.start_postgres()


def _sink_killed(house: House) -> None:
    house.sink.kill()
    pause(RESTART_SECONDS)
    house.sink.start_again()


def _sink_hangs(house: House) -> None:
    house.sink.process.send_signal(signal.SIGSTOP)
    pause(12)
    house.sink.process.send_signal(signal.SIGCONT)


def answers(name: str, *given: str, refused: int = 0) -> Fault:
    return Fault(name, lambda house: house.sink.answer(*given), refused)


def _redis_flushed(house: House) -> None:
    with house.redis() as client:
        client.flushall()


def _broker_full(house: House) -> None:
    """Nothing more fits in: every write that needs room is refused, as with a full disk or a full memory."""
    with house.redis() as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1mb")
        pause(8)
        client.config_set("maxmemory", "0")


def _clock_jumps(hours: int) -> Callable[[House], None]:
    """Processes have no clock that could be set from outside, so the rows move instead: what was written before a jump
    is off by it afterwards.
    """

    def strike(_house: House) -> None:
        from django.db.models import F  # the table of faults is read before Django is set up

        from notifications.models import Message

        jump = timedelta(hours=-hours)
        waiting = Message.objects.filter(state__in=Message.OPEN)
        waiting.update(
            due_at=F("due_at") + jump, created_at=F("created_at") + jump, claimed_until=F("claimed_until") + jump
        )

    return strike


FAULTS = (
    Fault("nothing", lambda house: None),
    killed("web"),
    killed("worker-urgent"),
    killed("worker-bulk"),
    killed("beat"),
    Fault("kill -9 Redis", _redis_killed),
    Fault("kill -9 PostgreSQL", _postgres_killed),
    Fault("kill -9 mail server", _sink_killed),
    Fault("mail server hangs 12 s", _sink_hangs),
    answers("mail server says 421", *["421 4.3.2 closing"] * 2),
    answers("mail server says 451", *["451 4.3.0 later"] * 5),
    answers("mail server says 550", *["550 5.7.1 no"] * 3, refused=3),
    answers("closes in the middle", "close at data", "close in data", "close"),
    answers("takes and closes", *["take and close"] * 2),
    Fault("Redis flushed", _redis_flushed),
    Fault("broker full 8 s", _broker_full),
    Fault("clock 2 h ahead", _clock_jumps(2)),
    Fault("clock 2 h back", _clock_jumps(-2)),
)
