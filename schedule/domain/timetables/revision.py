"""Which state of a conference a page, file or feed shows: as long as it is the same, so is what is shown.

What each of them shows is told by what facts concern (`journal.facts.Concern`): files and feeds the programme, pages
for everybody the places as well, pages of somebody who is signed in also what is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from journal.facts import Concern
from schedule.models import Conference

# The newest key, and how many of the latest keys there are: a key is given before its transaction ends, so an entry may
# appear behind a newer one. Whoever changes a programme locks the conference first, so there the newest is enough.
# The order by a column that has one value keeps the planner on the index by concern, however many entries of others
# there are since.
_LATEST = """
(SELECT (SELECT count(*) FROM journal_entry WHERE conference_id = %(conference)s AND concerns = '{0}'
         AND id BETWEEN newest.id - 999 AND newest.id) || '.' || newest.id
 FROM (SELECT coalesce((SELECT id FROM journal_entry
                        WHERE conference_id = %(conference)s AND concerns BETWEEN '{0}' AND '{0}'
                        ORDER BY concerns, id DESC LIMIT 1), 0) AS id) AS newest)
"""
_PARTS = (
    "(SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s)",
    *(_LATEST.format(one.value) for one in (Concern.PROGRAMME, Concern.PLACE, Concern.PERSON)),
)
_REVISION = "SELECT " + ", ".join(_PARTS)
_PROGRAMME = "SELECT " + ", ".join(_PARTS[:2])


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
        return _programme(self.release_id, self.programme)

    @property
    def for_everybody(self) -> str:
        """What pages are keyed by that show places, but nobody's own."""
        return f"{self.of_programme}-{self.places}"

    @property
    def for_somebody(self) -> str:
        """What pages are keyed by that show somebody's own."""
        return f"{self.for_everybody}-{self.people}"


def _programme(release_id: int | None, programme: str) -> str:
    return f"{release_id or 0}-{programme}"


def programme_state(conference: Conference) -> str:
    """`Revision.of_programme` alone, for whoever shows no places: the latest thousand are not counted. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMME, {"conference": conference.pk})
        return _programme(*cursor.fetchone())


def state_of(conference: Conference, *concerns: Concern) -> str:
    """What is compared to know whether nothing of these concerns has happened since. One query on an index."""
    statement = "SELECT " + ", ".join(_LATEST.format(one.value) for one in concerns)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"conference": conference.pk})
        return "-".join(cursor.fetchone())


def revision_of(conference: Conference) -> Revision:
    """The newest release and journal entries, as one snapshot. One query on indexes alone."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION, {"conference": conference.pk})
        return Revision(*cursor.fetchone())
