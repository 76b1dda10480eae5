"""Which entries of an import go together: those that somebody chose, and what these name that is not there yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from schedule.exchange.imports.entries.entry import ImportEntry, ImportPreview, State


@dataclass(frozen=True)
class ImportChoice:
    """`entries` is all that would be imported, in the order of the preview. `along` are those of them that are new,
    that nobody chose and that the chosen ones need."""

    entries: list[ImportEntry]
    along: list[ImportEntry]


class Needs:
    """What each entry of a preview needs: the new entries that it names, what those name, and so on."""

    def __init__(self, preview: ImportPreview) -> None:
        self._new = {(one.record.what, one.record.key): one for one in preview.entries if one.state is State.NEW}

    def of(self, entries: Sequence[ImportEntry]) -> list[ImportEntry]:
        """New entries, each once, in the order in which they are met; none of `entries` themselves."""
        met = {id(one) for one in entries}
        found: list[ImportEntry] = []
        ahead = list(entries)
        while ahead:
            for key in ahead.pop().names:
                named = self._new.get(key)
                if named is not None and id(named) not in met:
                    met.add(id(named))
                    found.append(named)
                    ahead.append(named)
        return found


def choice_of(preview: ImportPreview, ids: Collection[str] | None) -> ImportChoice:
    """What is imported where these entries are chosen (`ImportEntry.id`); None is everything that is not wrong."""
    ready = preview.ready
    if ids is None:
        return ImportChoice(ready, [])
    wanted = set(ids)
    chosen = [one for one in ready if one.id in wanted]
    needed = {id(one) for one in Needs(preview).of(chosen)}
    entries = [one for one in ready if one.id in wanted or id(one) in needed]
    return ImportChoice(entries, [one for one in entries if id(one) in needed])
