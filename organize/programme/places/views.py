"""Where could it go? The page of one session in a draft, what is chosen there, and the same as JSON."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organize.access import Desk, for_team
from organize.programme.places.forms import PlaceChoiceForm
from organize.programme.places.page import PlacesPage
from organize.programme.views import draft_of, tell_moved
from schedule.domain.timetables.drafts import DraftChanged
from schedule.domain.timetables.moving import PlaceMissing, exchange, move_to
from schedule.models import Draft, Session


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def places(desk: Desk, draft: int, code: str) -> HttpResponse:
    """All starts and rooms of a day (`day`, or the session's own), and exchanges; every start with `every`.

    Answers 409 when somebody else has changed the draft meanwhile, and shows it as it is now.
    """
    found, session = draft_of(desk, draft), _session(desk, code)
    status = 200
    if desk.request.method == "POST":
        form = PlaceChoiceForm(desk.request.POST, session=session, others=_others(desk, session))
        try:
            if form.is_valid():
                _move(desk, found, session, form)
                return redirect("organize:draft", desk.conference.slug, found.pk)
            said, status = " ".join(str(text) for errors in form.errors.values() for text in errors), 422
        except DraftChanged as changed:
            said, status = str(changed), 409
            found = draft_of(desk, draft)
        except PlaceMissing:
            said, status = _("Both sessions need a time before they can change places."), 409
        messages.error(desk.request, said)
    asked = desk.request.GET
    partners = _partners(desk, session)
    page = PlacesPage(found, session, day=asked.get("day", ""), fine="every" in asked, partners=partners)
    context = {"draft": found, "session": session, "page": page}
    return desk.page("organize/programme/places/places.html", "programme", context, status=status)


@require_safe
@for_team()
def places_json(desk: Desk, draft: int, code: str) -> HttpResponse:
    """The same of every start and room of the day, for programs; the members are those of `PlacesPage.as_json`."""
    found, session = draft_of(desk, draft), _session(desk, code)
    page = PlacesPage(found, session, day=desk.request.GET.get("day", ""), partners=_partners(desk, session))
    return JsonResponse(page.as_json())


def _session(desk: Desk, code: str) -> Session:
    """One that can be planned; Http404 for any other."""
    accepted = Session.objects.for_conference(desk.conference).filter(state=Session.State.ACCEPTED)
    return get_object_or_404(accepted.select_related("conference"), code=code)


def _others(desk: Desk, session: Session) -> QuerySet[Session]:
    """With what the member may have it change places: whoever has some themes moves the sessions of these alone."""
    others = Session.objects.for_conference(desk.conference).filter(state=Session.State.ACCEPTED)
    if desk.rights.themes is not None:
        others = others.filter(theme__code__in=desk.rights.themes)
    return others.exclude(pk=session.pk)


def _partners(desk: Desk, session: Session) -> frozenset[str] | None:
    """Their codes; None for all. A query for whoever has some themes."""
    if desk.rights.themes is None:
        return None
    return frozenset(_others(desk, session).values_list("code", flat=True))


def _move(desk: Desk, draft: Draft, session: Session, form: PlaceChoiceForm) -> None:
    version, other = form.cleaned_data["version"], form.cleaned_data["other"]
    if other is None:
        start, room = form.cleaned_data["place"]
        move_to(draft, session, room=room, start=start, actor=desk.actor, version=version)
        tell_moved(desk, draft, session)
        return
    exchange(draft, session, other, actor=desk.actor, version=version)
    said = _("“%(first)s” and “%(second)s” have changed places.") % {"first": session.title, "second": other.title}
    messages.success(desk.request, said)
