"""What a conference publishes about itself: privacy notice, code of conduct, contact, imprint."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from schedule.domain.access import conference_for
from schedule.domain.programme.conference_texts import text_of
from schedule.domain.programme.rich_text import on_page
from schedule.models import ConferenceText
from website.pages import page


@cache_control(private=True, no_cache=True)
@require_safe
def text(request: HttpRequest, slug: str, kind: str, version: int | None = None) -> HttpResponse:
    """One text: the newest version, or the one that somebody agreed to. Two queries."""
    conference = conference_for(request, slug)
    found = text_of(conference, kind, version)
    # An address for questions is a contact, also where nothing more was written.
    only_address = found is None and version is None and kind == ConferenceText.Kind.CONTACT
    if found is None and not (only_address and conference.contact_email):
        raise Http404
    context = {
        "kind": ConferenceText.Kind(kind),
        "text": found,
        "body": on_page(str(found.body)) if found else "",
        "newest": found is None or version is None or text_of(conference, kind) == found,
    }
    return page(request, "website/site/text.html", context, conference=conference)
