"""The page at which whoever appears in the programme ends, or has again, the calendar entries of mails to them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from journal.actors import Actor
from notifications.mails.unsubscribing import person_for
from schedule.domain.programme.people import set_entries
from website.pages import page, personal


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def entries(request: HttpRequest, uid: UUID, token: str) -> HttpResponse:
    """Ask, and take the answer. Opening the page changes nothing: mail scanners open links too. It names nobody."""
    person = person_for(uid, token)
    if person is None:
        raise Http404
    if request.method == "POST":
        set_entries(person, wanted=request.POST.get("entries") == "on", actor=Actor.person(person.pk))
    context = {"wanted": person.entries_by_mail}
    response = page(request, "website/links/entries.html", context, conference=person.conference)
    # The address is a secret: no other site learns it from a link that is followed.
    response["Referrer-Policy"] = "no-referrer"
    return response
