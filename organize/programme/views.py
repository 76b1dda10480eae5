"""Drafts: what they hold, moving a session in one, and closing a room."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from journal.models import Entry
from organize.access import Desk, for_team
from organize.programme.conflict_rows import Checks
from organize.programme.draft.days import DraftListing
from organize.programme.forms import CloseRoomForm, MoveForm, PlaceForm
from organize.programme.step_lines import last_move, shown_steps
from organize.programme.why_not import objections
from schedule.conflicts import in_words
from schedule.domain.editing.absences import close_room
from schedule.domain.timetables.drafts import DraftPutAside, SessionsMoved, place, unplace
from schedule.domain.timetables.steps import version_in
from schedule.domain.timetables.undoing import history_of
from schedule.facts.programme import ReleasePublished
from schedule.models import Draft, Placement, Release, Session, Unavailability


@require_safe
@for_team()
def programme(desk: Desk) -> HttpResponse:
    """Drafts and releases, the newest first, and closed rooms."""
    conference = desk.conference
    published = Entry.objects.filter(conference_id=conference.pk, verb=ReleasePublished.verb)
    facts = dict(published.values_list("subject_id", "data"))
    releases = Release.objects.filter(conference=conference).order_by("-number")
    releases = releases.annotate(sessions=Count("placements"))
    # What is counted in groups has no order of its own.
    drafts = Draft.objects.filter(conference=conference).order_by("-created_at", "-pk")
    drafts = drafts.annotate(sessions=Count("placements"))
    closed = Unavailability.objects.filter(conference=conference, room__isnull=False).select_related("room")
    context = {
        "drafts": [one for one in drafts if one.archived_at is None],
        "put_aside": [one for one in drafts if one.archived_at is not None],
        "session_count": Session.objects.for_conference(conference).filter(state=Session.State.ACCEPTED).count(),
        "releases": [{"release": one, "facts": facts.get(one.pk, {})} for one in releases],
        "closed": closed,
    }
    return desk.page("organize/programme/programme.html", "programme", context)


def draft_of(desk: Desk, key: int) -> Draft:
    """A draft of this conference; Http404 for any other."""
    return get_object_or_404(Draft.objects.filter(conference=desk.conference).select_related("conference"), pk=key)


@require_safe
@for_team()
def draft(desk: Desk, draft: int) -> HttpResponse:
    """The sessions of a draft in order of time, those without a time first; a long one by `day` and by pages."""
    found = draft_of(desk, draft)
    listing = DraftListing(found, desk.request.GET.get("day", ""), desk.request.GET.get("page"))
    context = {
        "draft": found,
        "days": listing.days,
        "placements": listing.placements,
        "page_obj": listing.page_obj,
        "query": listing.query,
        "unplaced": list(listing.unplaced),
    } | _next_steps(desk, found)
    return desk.page("organize/programme/draft.html", "programme", context)


def _next_steps(desk: Desk, found: Draft) -> dict[str, Any]:
    """What the reader can undo and make again in a draft; nothing where it is not to be changed."""
    if not desk.may_change or found.archived_at is not None:
        return {"may_edit": False}
    history = history_of(found, desk.actor)
    steps = {"undo": history.undo, "redo": history.redo}
    told = {one.key: one for one in shown_steps(desk.conference, filter(None, steps.values()), desk.actor)}
    return {"may_edit": True} | {which: step and told[step.pk] for which, step in steps.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def move(desk: Desk, draft: int, code: str) -> HttpResponse:
    """Give a session another day, time and room. Answers 409 when somebody else has moved it meanwhile, and says where.

    With a place in the address, first say what speaks against it; the form then holds that place.
    """
    found = draft_of(desk, draft)
    sessions = Session.objects.for_conference(desk.conference).select_related("conference")
    # Both forms ask for the days.
    sessions = sessions.prefetch_related("conference__days")
    session = get_object_or_404(sessions, code=code)
    placement = Placement.objects.filter(draft=found, session=session).select_related("room").first()
    data = desk.request.POST if desk.request.method == "POST" else None
    query = desk.request.GET if data is None and desk.request.GET else None
    asking = PlaceForm(query, session=session, placement=placement, auto_id="ask_%s")
    against = None
    asked: dict[str, Any] = {}
    if asking.is_valid() and session.state == Session.State.ACCEPTED:
        asked = asking.cleaned_data
        against = objections(found, session, start=asking.start, room=asking.chosen_room)
    form = MoveForm(data, session=session, placement=placement, initial={"version": version_in(placement)} | asked)
    status, met = 200, None
    if data is not None and form.is_valid():
        try:
            if "unplace" in data:
                unplace(found, session, actor=desk.actor, version=form.cleaned_data["version"])
            else:
                place(
                    found,
                    session,
                    room=form.chosen_room,
                    start=form.start,
                    actor=desk.actor,
                    version=form.cleaned_data["version"],
                )
        except (SessionsMoved, DraftPutAside) as refused:
            form.add_error(None, str(refused))
            placement = Placement.objects.filter(draft=found, session=session).select_related("room").first()
            # The page shows where it is now; sending it again is then a decision, not an accident.
            form.data = data.copy()
            form.data["version"] = str(version_in(placement))
            met = last_move(found, session) if isinstance(refused, SessionsMoved) else None
            status = 409
        else:
            tell_moved(desk, found, session)
            return redirect("organize:draft", desk.conference.slug, found.pk)
    context = {
        "draft": found,
        "session": session,
        "placement": placement,
        "form": form,
        "asking": asking,
        "against": against,
        "met": met,
    }
    return desk.page("organize/programme/move.html", "programme", context, status=status)


def tell_moved(desk: Desk, found: Draft, session: Session) -> None:
    """Say what came of it: where it is now, and what is wrong with that."""
    concerned = [conflict for conflict in Checks(desk.conference).of(found) if session.code in conflict.sessions]
    if not concerned:
        messages.success(desk.request, _("“%(title)s” is moved; nothing stands against it.") % {"title": session.title})
        return
    said = ngettext(
        "“%(title)s” is moved. %(count)d conflict: %(sentence)s",
        "“%(title)s” is moved. %(count)d conflicts, the first: %(sentence)s",
        len(concerned),
    )
    text = said % {"title": session.title, "count": len(concerned), "sentence": in_words(concerned[0])}
    messages.warning(desk.request, text)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def close(desk: Desk) -> HttpResponse:
    """Say that a room cannot be used for a time. What is published stays until the next release."""
    form = CloseRoomForm(desk.request.POST if desk.request.method == "POST" else None, conference=desk.conference)
    if form.is_bound and form.is_valid():
        room, data = form.cleaned_data["room"], form.cleaned_data
        close_room(room, starts_at=data["starts_at"], ends_at=data["ends_at"], reason=data["reason"], actor=desk.actor)
        messages.success(
            desk.request, _("%(room)s is closed. The conflicts show what has to move.") % {"room": room.name}
        )
        return redirect(reverse("organize:conflicts", args=[desk.conference.slug]))
    return desk.page("organize/programme/close_room.html", "programme", {"form": form})
