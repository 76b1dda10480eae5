"""The file formats the command line offers. A new one is a `FileFormat` and one line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from schedule.solver.budget import ShouldStop
from schedule.solver.results import Check, OnProgress, Result

P = TypeVar("P")
S = TypeVar("S")
P_contra = TypeVar("P_contra", contravariant=True)


class Solve(Protocol[P_contra, S]):
    """An engine: anytime, stops within half a second of `should_stop`, keeps its best.

    It finds nothing worse than `start`, unless that breaks a rule.
    """

    def __call__(
        self,
        problem: P_contra,
        *,
        seconds: float,
        seed: int = 0,
        workers: int = 1,
        start: S | None = None,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Result[S]: ...


@dataclass(frozen=True)
class FileFormat(Generic[P, S]):
    """One kind of problem file and all that can be done with it.

    `read` and `read_timetable` raise `FormatError` for a broken file and OSError for a missing one; `write_timetable`
    returns the file's bytes. `check` shares no code with the search. `own` formats hold Plenary's own `Problem` and
    `Timetable`, so they can also be repaired and explained. `read_start` finds the timetable to begin
    with that a problem file may bring along.
    """

    name: str
    read: Callable[[Path], P]
    solve: Solve[P, S]
    read_timetable: Callable[[P, Path], S]
    write_timetable: Callable[[P, S], bytes]
    check: Callable[[P, S], Check]
    own: bool = False
    read_start: Callable[[Path], S | None] | None = None


# name -> where its Format is, so that an engine is only loaded by those who use it.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "plenary": "schedule.solver.cli.plenary:PLENARY",
        "itc2007": "schedule.solver.benchmarks.enrolment.formats:ITC2007",
        "itc2002": "schedule.solver.benchmarks.enrolment.formats:ITC2002",
        "synthetic": "schedule.solver.benchmarks.enrolment.formats:SYNTHETIC",
        "cosplib": "schedule.solver.benchmarks.tracks.format:COSPLIB",
    }
)


def load(name: str) -> FileFormat[Any, Any]:
    """The format of that name. Raises KeyError for an unknown one."""
    module, _, attribute = FORMATS[name].partition(":")
    found: FileFormat[Any, Any] = getattr(import_module(module), attribute)
    return found
