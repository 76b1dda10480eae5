"""Writing the journal. Call inside the transaction that makes the change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from journal.models import Entry
from journal.wakeup import wake_after_commit

SYSTEM = "system"
_WRITTEN = """
WITH written AS ({}), noted AS (
    INSERT INTO journal_entry (at, conference_id, verb, actor, subject_id, data)
    SELECT %s, %s, %s, %s, written.id, %s FROM written
)
SELECT id FROM written
"""


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
    _check_transaction()
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


def record_written(statement: str, parameters: Sequence[Any], fact: Fact, *, actor: str) -> int | None:
    """Write one row and the entry about it in one statement, where every trip to the database keeps others waiting.

    `statement` writes at most one row and ends with RETURNING id, which becomes the entry's subject. Returns that key;
    None, and there is no entry, when nothing was written.
    """
    _check_transaction()
    noted: list[Any] = [timezone.now(), fact.conference_id, fact.verb, actor, json.dumps(dict(fact.data))]
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN.format(statement), [*parameters, *noted])
        row: tuple[int] | None = cursor.fetchone()
    if row is None:
        return None
    wake_after_commit()
    return row[0]


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction("journal.record() was called outside transaction.atomic().")
