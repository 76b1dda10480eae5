"""Which state of a conference a page shows: as long as it is the same, so is the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from schedule.models import Conference

# Facts that can change what is published; sign-ups, mails and drafts cannot. The index journal_of_programme says the
# same.
PROGRAMME_VERBS = r"^(body|conference|kind|person|release|room|session)\."

# The journal's keys are given before their transactions end, so an entry may appear behind a newer one. Counting the
# latest entries as well as naming the newest makes such a late one show.
_REVISION = """
SELECT (SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s),
       newest.id,
       (SELECT count(*) FROM journal_entry WHERE conference_id = %(conference)s AND id > newest.id - 1000),
       (SELECT coalesce(max(id), 0) FROM journal_entry
        WHERE conference_id = %(conference)s AND verb ~ %(verbs)s)
FROM (SELECT coalesce(max(id), 0) AS id FROM journal_entry WHERE conference_id = %(conference)s) AS newest
"""


@dataclass(frozen=True, slots=True)
class Revision:
    release_id: int | None
    journal_id: int
    recent: int
    programme_id: int

    def __str__(self) -> str:
        return f"{self.release_id or 0}-{self.journal_id}-{self.recent}"

    @property
    def of_programme(self) -> str:
        """What stays the same while people sign up and leave. Changes of one programme take turns (they lock it)."""
        return f"{self.release_id or 0}-{self.programme_id}"


def revision_of(conference: Conference) -> Revision:
    """The newest release and journal entries. One query on indexes alone."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, {"conference": conference.pk, "verbs": PROGRAMME_VERBS})
        return Revision(*cursor.fetchone())
