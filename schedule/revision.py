"""Which state of a conference a page, file or feed shows: as long as it is the same, so is what is shown.

What each of them shows is told by what facts concern (`journal.facts.Concern`): files and feeds the programme, pages
for everybody the places as well, pages of somebody who is signed in also what is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from journal.facts import Concern
from schedule.models import Conference

# Entries are never deleted, and what others see of them only grows: their number alone tells two states apart, in
# whatever order their transactions end. Of places there are too many to count; there it is the newest key, and how many
# there are among the latest keys, as a key is given before its transaction ends and may appear behind a newer one.
_REVISION = """
SELECT (SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s),
       (SELECT count(*) || '.' || coalesce(max(id), 0) FROM journal_entry
        WHERE conference_id = %(conference)s AND concerns = %(programme)s),
       (SELECT (SELECT count(*) FROM journal_entry
                WHERE conference_id = %(conference)s AND concerns = %(place)s AND id > newest.id - 1000)
               || '.' || newest.id
        FROM (SELECT coalesce(max(id), 0) AS id FROM journal_entry
              WHERE conference_id = %(conference)s AND concerns = %(place)s) AS newest),
       (SELECT (SELECT count(*) FROM journal_entry
                WHERE conference_id = %(conference)s AND concerns = %(person)s AND id > newest.id - 1000)
               || '.' || newest.id
        FROM (SELECT coalesce(max(id), 0) AS id FROM journal_entry
              WHERE conference_id = %(conference)s AND concerns = %(person)s) AS newest)
"""


@dataclass(frozen=True, slots=True)
class Revision:
    """One state, as far as the parts of it are shown somewhere. Parts are compared, and say nothing else."""

    release_id: int | None
    programme: str
    places: str
    people: str

    @property
    def of_programme(self) -> str:
        """What files and feeds are keyed by: stays the same while people sign up and leave."""
        return f"{self.release_id or 0}-{self.programme}"

    @property
    def for_everybody(self) -> str:
        """What pages are keyed by that show places, but nobody's own."""
        return f"{self.of_programme}-{self.places}"

    @property
    def for_somebody(self) -> str:
        """What pages are keyed by that show somebody's own."""
        return f"{self.for_everybody}-{self.people}"


def revision_of(conference: Conference) -> Revision:
    """The newest release and journal entries, as one snapshot. One query on indexes alone."""
    concerns = {str(one): str(one) for one in (Concern.PROGRAMME, Concern.PLACE, Concern.PERSON)}
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, {"conference": conference.pk, **concerns})
        return Revision(*cursor.fetchone())
