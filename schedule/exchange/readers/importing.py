"""Importing a programme file: `import_programme(read_programme(path.read_bytes()), actor=...)`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from accounts.models import Team
from journal.actors import Actor
from schedule.exchange.readers import loading
from schedule.exchange.readers.refusals import ImportProblem, ImportRefused, in_words
from schedule.models import Conference
from schedule.solver.files.programme_file.plain import Programme
from schedule.solver.files.programme_file.reader import read
from schedule.solver.files.reading.finding import FileRefused, Finding
from schedule.solver.files.reading.source import load_object

__all__ = ["ImportProblem", "ImportRefused", "Programme", "import_programme", "in_words", "read_programme"]


def read_programme(data: str | bytes | dict[str, Any]) -> Programme:
    """Read and check a programme file (format "whrcf-scheduler-input", version 1): text, UTF-8 bytes or the object.

    Touches no database. Raises `ImportRefused`, holding every problem found in the language that is active. What is
    worth a look but stops nothing stands in `warnings`; `in_words` says it.
    """
    try:
        programme = read(load_object(data))
    except FileRefused as refused:
        raise ImportRefused([in_words(finding) for finding in refused.findings]) from refused
    if not programme.interests:
        return programme
    return replace(programme, warnings=(*programme.warnings, Finding("wishes_left_out", "", "interests")))


def import_programme(programme: Programme, *, team: Team | None = None, actor: Actor) -> Conference:
    """Make the conference with all its rooms, people and sessions, not public yet, in one transaction.

    Journal: conference.imported. Raises `ImportRefused` when the conference's address is taken.
    """
    return loading.load(programme, team=team, actor=actor)
