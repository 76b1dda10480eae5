"""How far an import is, for whoever waits for it."""

from __future__ import annotations

from typing import Any

from schedule.exchange.imports.runs.lifecycle import NoLongerWanted
from schedule.models import ImportRun

Phase = ImportRun.Phase


class Progress:
    """Told by the import, read by a thread beside it. Once it is stopped, whoever tells it more is to end."""

    def __init__(self) -> None:
        self.phase: str = Phase.READ
        self.dealt = self.total = 0
        self.is_stopped = False

    def begin(self, phase: str, total: int = 0) -> None:
        """A phase with this many entries begins. Raises `NoLongerWanted`."""
        self.phase, self.dealt, self.total = phase, 0, total
        self.deal(0)

    def deal(self, count: int = 1) -> None:
        """So many more are dealt with. Raises `NoLongerWanted`."""
        if self.is_stopped:
            raise NoLongerWanted
        self.dealt += count

    def stop(self) -> None:
        self.is_stopped = True

    def as_said(self) -> dict[str, Any]:
        return {"phase": self.phase, "dealt": self.dealt, "total": self.total}
