"""What those who have a place in a session may read of it, and when that was last edited: for their own calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from journal.models import Entry
from schedule.domain.published.disclosure import Standing
from schedule.domain.published.reading import Placed, labels_in, published_room, read
from schedule.domain.published.values import PublishedSession
from schedule.domain.timetables.kept import Kept, kept_name
from schedule.domain.timetables.revision import programme_state
from schedule.facts.edits import SessionEdited
from schedule.models import Conference, Release, ReleasedPlacement, Session

# What a calendar entry shows of a session besides time, place, title and status: an edit of it is a newer state of the
# entry (LAST-MODIFIED), but no new SEQUENCE (RFC 5545 3.8.7.4).
SHOWN_IN_ENTRIES = ("abstract", "kind", "theme", "languages", "roles", "host_links")
KEEP_SECONDS = 3600


@dataclass(frozen=True)
class Details:
    """A session as somebody who has a place in it may see it. `edited_at` is None where nothing was edited."""

    session: PublishedSession
    edited_at: datetime | None


@dataclass(frozen=True)
class _Shown:
    """What is kept of a session; None where nothing is shown."""

    details: Details | None

    @property
    def is_for_everybody(self) -> bool:
        return self.details is None or self.details.session.standing is Standing.OPEN


def details_for_holders(sessions: Collection[Session]) -> dict[int, Details]:
    """By key, those of these sessions whose details are for people who have a place in them.

    What was cancelled, or is not in the newest release, is for nobody: it is not there. Reads `conference` of each
    session. One query for each conference, and five more for what is not kept of it: a thousand people who hold places
    in one session are shown the same.
    """
    by_conference: dict[Conference, set[int]] = defaultdict(set)
    for session in sessions:
        by_conference[session.conference].add(session.pk)
    found: dict[int, Details] = {}
    for conference, keys in by_conference.items():
        found |= _details(conference, keys)
    return found


def _details(conference: Conference, keys: Collection[int]) -> dict[int, Details]:
    kept = Kept()
    # Asked before anything is read: what is committed meanwhile is read once more.
    state = programme_state(conference)
    names = {key: kept_name(conference.pk, "details", state, key) for key in keys}
    known = kept.get_many(names.values())
    found = {key: shown for key, name in names.items() if isinstance(shown := known.get(name), _Shown)}
    if missing := names.keys() - found.keys():
        read_now = _read(conference, missing)
        new = {key: _Shown(read_now.get(key)) for key in missing}
        # What only those with a place may read lies in no cache.
        kept.put({names[key]: shown for key, shown in new.items() if shown.is_for_everybody}, KEEP_SECONDS)
        found |= new
    return {key: shown.details for key, shown in found.items() if shown.details is not None}


def _read(conference: Conference, keys: Collection[int]) -> dict[int, Details]:
    sessions = Session.objects.select_related("kind", "theme").in_bulk(keys)
    newest = Release.objects.filter(conference=conference).order_by("-number").values("pk")[:1]
    rows = ReleasedPlacement.objects.filter(release__in=newest, session_id__in=keys).select_related("room")
    placed = [
        Placed(sessions[row.session_id], row.start, row.end, published_room(conference, row.room)) for row in rows
    ]
    shown = read(conference, placed, labels=labels_in(sessions.values()), insider_of=keys)
    shown = [session for session in shown if not session.is_off]
    if not shown:
        return {}
    edits = Entry.objects.filter(
        conference_id=conference.pk,
        concerns=SessionEdited.concerns,  # the index that finds a conference's edits has it
        verb=SessionEdited.verb,
        subject_id__in=[session.key for session in shown],
        data__changes__has_any_keys=SHOWN_IN_ENTRIES,
    )
    edited: dict[int | None, datetime] = dict(
        edits.values_list("subject_id").annotate(newest=Max("at")).values_list("subject_id", "newest")
    )
    return {session.key: Details(session, edited.get(session.key)) for session in shown}
