"""Which conference's pages somebody may open. The only way from an address to a conference."""

from __future__ import annotations

from functools import cache

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
    return next(iter(Conference.objects.raw(_statement(), [slug])), None)


@cache
def _statement() -> str:
    """Look an address up. Written once for a process: every page asks this, and writing it takes longer than asking."""
    statement, _ = Conference.objects.public().filter(slug="").order_by().query.sql_with_params()
    return statement
