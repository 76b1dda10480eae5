"""What is kept how long, and what was deleted because its time was over."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from journal.models import Entry
from notifications.retention import TERMS as OF_MAILS
from organize.access import Desk, for_team
from organize.history.sentences import in_words
from registration.domain.privacy.retention import TERMS
from registration.privacy_facts import AnswersForgotten

SECTION = "registrations"
_MOST = 50


@require_safe
@for_team()
def retention(desk: Desk) -> HttpResponse:
    """The table, and what it has done to answers of this conference."""
    done = Entry.objects.filter(conference_id=desk.conference.pk, verb=AnswersForgotten.verb).order_by("-pk")
    context = {"terms": [*TERMS, *OF_MAILS], "done": in_words(desk.conference, list(done[:_MOST]))}
    return desk.page("organize/people/retention.html", SECTION, context)
