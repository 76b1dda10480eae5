"""Which state of a conference a page shows: as long as it is the same, so is the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from schedule.models import Conference

# The journal's keys are given before their transactions end, so an entry may appear behind a newer one. Counting the
# latest entries as well as naming the newest makes such a late one show.
_REVISION = """
SELECT (SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s),
       newest.id,
       (SELECT count(*) FROM journal_entry WHERE conference_id = %(conference)s AND id > newest.id - 1000)
FROM (SELECT coalesce(max(id), 0) AS id FROM journal_entry WHERE conference_id = %(conference)s) AS newest
"""


@dataclass(frozen=True, slots=True)
class Revision:
    release_id: int | None
    journal_id: int
    recent: int

    def __str__(self) -> str:
        return f"{self.release_id or 0}-{self.journal_id}-{self.recent}"


def revision_of(conference: Conference) -> Revision:
    """The newest release and journal entry. One query on indexes alone."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, {"conference": conference.pk})
        return Revision(*cursor.fetchone())
