"""Writing the journal. Call inside the transaction that makes the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from journal.models import Entry
from journal.wakeup import wake_after_commit

SYSTEM = "system"


class OutsideTransaction(RuntimeError):
    """A journal entry was about to be written outside a transaction: it could survive a change that did not happen."""


@dataclass(frozen=True)
class Fact:
    """What happened: `verb` reads "thing.verb", `subject_id` is the thing's key, `data` has codes and numbers only."""

    verb: str
    conference_id: int | None = None
    subject_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def record(
    verb: str, *, actor: str, conference_id: int | None = None, subject_id: int | None = None, **data: Any
) -> Entry:
    """Write one entry. Costs one INSERT. Raises `OutsideTransaction` when no transaction is open."""
    return record_all([Fact(verb, conference_id, subject_id, data)], actor=actor)[0]


def record_all(facts: Iterable[Fact], *, actor: str) -> list[Entry]:
    """Write many entries with one INSERT per thousand; order is kept."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("journal.record() was called outside transaction.atomic().")
    entries = [
        Entry(
            verb=fact.verb,
            actor=actor,
            conference_id=fact.conference_id,
            subject_id=fact.subject_id,
            data=dict(fact.data),
        )
        for fact in facts
    ]
    Entry.objects.bulk_create(entries, batch_size=1000)
    if entries:
        wake_after_commit()
    return entries
