"""What those who have a place in a session may read of it, and when what calendars say of sessions was last edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from journal.facts import Concern
from schedule.domain.published.disclosure import Standing
from schedule.domain.published.reading import Placed, labels_in, published_room, read
from schedule.domain.published.values import PublishedSession
from schedule.domain.timetables.kept import Kept, kept_name
from schedule.domain.timetables.revision import programme_state
from schedule.models import Conference, Release, ReleasedPlacement, Session

KEEP_SECONDS = 3600
# What a calendar entry shows of a session besides time, place, title and status: an edit of it is a newer state of the
# entry (LAST-MODIFIED), but no new SEQUENCE (RFC 5545 3.8.7.4). Its kind is shown of every session, all else is a
# detail. A session that is by invitation from now on loses its details, and that is an edit of what everybody sees.
# Names of people, organisations, themes and kinds are edited for all sessions that show them.
_EDITS = """
WITH edits AS (
    SELECT verb, subject_id, at, data -> 'changes' AS changes FROM journal_entry
    WHERE conference_id = %(conference)s AND concerns = %(concerns)s AND coalesce(data ->> 'done', '') <> 'added'
), found AS (
    SELECT subject_id AS session_id, at, NOT changes ?| ARRAY['kind', 'signup'] AS is_detail FROM edits
    WHERE verb = 'session.edited'
      AND changes ?| ARRAY['kind', 'signup', 'abstract', 'theme', 'languages', 'roles', 'host_links']
    UNION ALL
    SELECT session.id, edits.at, edits.verb = 'theme.edited' FROM edits
    JOIN schedule_session session ON edits.verb = 'kind.edited' AND session.kind_id = edits.subject_id
                                     OR edits.verb = 'theme.edited' AND session.theme_id = edits.subject_id
    WHERE edits.changes ? 'name'
    UNION ALL
    SELECT role.session_id, edits.at, TRUE FROM edits
    JOIN schedule_role role ON role.person_id = edits.subject_id
    WHERE edits.verb IN ('person.taken_down', 'person.put_back')
       OR edits.verb = 'person.edited' AND edits.changes ? 'name'
    UNION ALL
    SELECT link.session_id, edits.at, TRUE FROM edits
    JOIN schedule_sessionhost link ON link.body_id = edits.subject_id AND link.is_shown
    WHERE edits.verb = 'body.edited' AND edits.changes ? 'name'
)
SELECT session_id, max(at), max(at) FILTER (WHERE NOT is_detail) FROM found
WHERE session_id = ANY(%(sessions)s) GROUP BY session_id
"""


class LastEdits(NamedTuple):
    """When a session, as calendars show it, was last edited without a release.

    `of_all` counts all edits, `of_outline` those of what is shown even where no details are; None where there is none.
    """

    of_all: datetime | None = None
    of_outline: datetime | None = None


def last_edits(conference: Conference, sessions: Collection[int]) -> dict[int, LastEdits]:
    """The last edits of those of these sessions that were edited, by key. One query."""
    values: dict[str, Any] = {"conference": conference.pk, "concerns": Concern.PROGRAMME.value}
    values["sessions"] = list(sessions)
    with connection.cursor() as cursor:
        cursor.execute(_EDITS, values)
        return {session: LastEdits(*moments) for session, *moments in cursor.fetchall()}


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
    edits = last_edits(conference, [session.key for session in shown])
    return {session.key: Details(session, edits.get(session.key, LastEdits()).of_all) for session in shown}
