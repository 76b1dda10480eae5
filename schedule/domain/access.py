"""Which conference's pages somebody may open. The only way from an address to a conference."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.models import User
from schedule.models import Conference


def public_conference(slug: str) -> Conference:
    """The conference at this address, if anybody may see it. One query.

    Raises Http404 alike for one that does not exist and one that is not public.
    """
    found = _public(slug)
    if found is None:
        raise Http404
    return found


def conference_for(request: HttpRequest, slug: str) -> Conference:
    """The conference at this address: public, or of the viewer's own team.

    Raises Http404 alike for one that does not exist and one that is not theirs. One query, two for organizers.
    """
    found = _public(slug)
    if found is None and isinstance(request.user, User):
        found = Conference.objects.for_user(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _public(slug: str) -> Conference | None:
    return Conference.objects.public().filter(slug=slug).first()
