"""Importing a programme file: `import_programme(read_programme(path.read_bytes()), actor=...)`."""

from __future__ import annotations

from typing import Any

from accounts.models import Team
from journal.actors import Actor
from schedule.exchange.readers import loading, programme_file, source
from schedule.exchange.readers.plain import Programme
from schedule.exchange.readers.refusals import ImportRefused, Problem
from schedule.models import Conference

__all__ = ["ImportRefused", "Problem", "Programme", "import_programme", "read_programme"]


def read_programme(data: str | bytes | dict[str, Any]) -> Programme:
    """Read and check a programme file (format "whrcf-scheduler-input", version 1): text, UTF-8 bytes or the object.

    Touches no database. Raises `ImportRefused`, holding every problem found in the language that is active.
    """
    return programme_file.read(source.load_object(data))


def import_programme(programme: Programme, *, team: Team | None = None, actor: Actor) -> Conference:
    """Make the conference with all its rooms, people and sessions, not public yet, in one transaction.

    Journal: conference.imported. Raises `ImportRefused` when the conference's address is taken.
    """
    return loading.load(programme, team=team, actor=actor)
