"""Writing the journal. Call inside the transaction that makes the change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils import timezone

from journal.actors import Actor
from journal.acts import current_act
from journal.facts import Fact, UnknownFact
from journal.models import Entry
from journal.wakeup import wake_after_commit

_WRITTEN = """
WITH written AS ({}), noted AS (
    INSERT INTO journal_entry (at, conference_id, verb, concerns, actor, subject_id, data, act)
    SELECT %s, %s, %s, %s, %s, written.id, %s, %s FROM written
)
SELECT id FROM written
"""


class OutsideTransaction(RuntimeError):
    """A journal entry was about to be written outside a transaction: it could survive a change that did not happen."""


def record(fact: Fact, *, actor: Actor) -> Entry:
    """Write one entry. Costs one INSERT. Raises `OutsideTransaction` when no transaction is open."""
    return record_all([fact], actor=actor)[0]


def record_all(facts: Iterable[Fact], *, actor: Actor) -> list[Entry]:
    """Write many entries with one INSERT per thousand; order is kept.

    Raises `OutsideTransaction`; TypeError for an actor that is none; `UnknownFact` for what is no declared fact;
    ValueError where a subject is missing or not meant.
    """
    facts = list(facts)
    _check(facts, actor)
    entries = [
        Entry(
            verb=fact.verb,
            concerns=fact.concerns,
            actor=str(actor),
            conference_id=fact.conference_id,
            subject_id=fact.subject_id,
            data=fact.data(),
            act=current_act(),
        )
        for fact in facts
    ]
    Entry.objects.bulk_create(entries, batch_size=1000)
    _wake_for(facts)
    return entries


def record_written(statement: str, parameters: Sequence[Any], fact: Fact, *, actor: Actor) -> int | None:
    """Write one row and the entry about it in one statement, where every trip to the database keeps others waiting.

    `statement` writes at most one row and ends with RETURNING id, which becomes the entry's subject. Returns that key;
    None, and there is no entry, when nothing was written. Raises as `record_all`.
    """
    _check([replace(fact, subject_id=0)], actor)
    noted = [
        timezone.now(),
        fact.conference_id,
        fact.verb,
        fact.concerns,
        str(actor),
        json.dumps(fact.data()),
        current_act(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN.format(statement), [*parameters, *noted])
        row: tuple[int] | None = cursor.fetchone()
    if row is None:
        return None
    _wake_for([fact])
    return row[0]


def _check(facts: Sequence[Fact], actor: Actor) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction("journal.record() was called outside transaction.atomic().")
    if not isinstance(actor, Actor):
        raise TypeError(f"{actor!r} is no Actor")
    for fact in facts:
        # A verb that is inherited belongs to the class that declared it.
        if not vars(type(fact)).get("verb"):
            raise UnknownFact(f"{type(fact).__qualname__} is not the class of the verb {fact.verb!r}")
        if (fact.subject is None) != (fact.subject_id is None):
            raise ValueError(f"{fact.verb} has {'a' if fact.subject is None else 'no'} subject")


def _wake_for(facts: Sequence[Fact]) -> None:
    """Nobody is woken for what nobody is told of; the sweep marks such entries as handled."""
    if any(fact.wakes() for fact in facts):
        wake_after_commit()
