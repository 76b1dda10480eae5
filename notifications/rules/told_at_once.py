"""Which entries of the journal are told without waiting for further changes."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from journal.models import Entry
from schedule.facts.programme import ReleasePublished
from schedule.facts.timetables import ProgrammeRepaired


class ToldAtOnce:
    """What was published to be told at once, and emergencies, among the entries from these on. One query, none without
    entries.
    """

    def __init__(self, entries: Collection[Entry]) -> None:
        # Of a conference's release: the key of the entry about it.
        self._releases: dict[tuple[int | None, int], int] = {}
        # Of a conference: from which entry to which one what an emergency changed is told.
        self._emergencies: list[tuple[int | None, int, int]] = []
        if not entries:
            return
        rows = Entry.objects.filter(
            Q(verb=ReleasePublished.verb, data__at_once=True) | Q(verb=ProgrammeRepaired.verb),
            conference_id__in={entry.conference_id for entry in entries},
            pk__gte=min(entry.pk for entry in entries),
        )
        for conference, verb, pk, data in rows.values_list("conference_id", "verb", "pk", "data"):
            if verb == ReleasePublished.verb:
                self._releases[conference, data["number"]] = pk
            else:
                self._emergencies.append((conference, data["since"], pk))

    def has(self, entry: Entry) -> bool:
        """Whether an entry is among them. What a release changed is recorded before the release itself; what was edited
        since, after it.
        """
        release = entry.data.get("release", entry.data.get("number"))
        if entry.pk <= self._releases.get((entry.conference_id, release), 0):
            return True
        return any(
            entry.conference_id == conference and since < entry.pk <= until
            for conference, since, until in self._emergencies
        )
