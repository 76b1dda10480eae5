"""What is kept how long, what without a term, and what was deleted because its time was over."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from journal.models import Entry
from notifications.retention import TERMS as OF_MAILS
from notifications.retention import WITHOUT_TERM
from organize.access import Desk, for_team
from organize.history.sentences import in_words
from registration.domain.privacy.retention import TERMS
from registration.privacy_facts import AnswersForgotten, ContactsForgotten, PeopleForgotten

SECTION = "registrations"
_MOST = 50
_DONE = (AnswersForgotten.verb, ContactsForgotten.verb, PeopleForgotten.verb)


@require_safe
@for_team()
def retention(desk: Desk) -> HttpResponse:
    """The tables, and what was done by the first at this conference."""
    done = Entry.objects.filter(conference_id=desk.conference.pk, verb__in=_DONE).order_by("-pk")
    context = {
        "terms": [*TERMS, *OF_MAILS],
        "without_term": WITHOUT_TERM,
        "done": in_words(desk.conference, list(done[:_MOST])),
    }
    return desk.page("organize/people/retention.html", SECTION, context)
