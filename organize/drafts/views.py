"""Making, naming, putting aside and deleting drafts."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from organize.access import Desk, for_team
from organize.drafts.forms import DeleteForm, NewDraftForm, RenameForm
from organize.drafts.sources import Made, Sources
from organize.programme.views import draft_of
from schedule.domain.editing.hanging import Fate, hanging_on
from schedule.domain.timetables.drafts import DraftChanged
from schedule.domain.timetables.lifecycle import archive_draft, delete_draft, rename_draft, take_up_draft

# Codes named on the page; how many there are is said besides.
MOST_CODES = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def new_draft(desk: Desk) -> HttpResponse:
    """A draft that is empty, or begins with another timetable; `from` in the address names which is chosen."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = NewDraftForm(data, sources=Sources(desk), start=desk.request.GET.get("from", ""))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        made = form.sources.made_from(said["source"], name=said["name"], actor=desk.actor)
        _tell(desk, made)
        return redirect("organize:draft", desk.conference.slug, made.draft.pk)
    status = 422 if form.errors else 200
    return desk.page("organize/drafts/new.html", "programme", {"form": form}, status=status)


def _tell(desk: Desk, made: Made) -> None:
    notices.success(desk.request, _("Draft “%(name)s” is made.") % {"name": made.draft.name})
    brought = made.brought
    if brought is None or not brought.left_out:
        return
    for sentence, codes in (
        (_("No session here has this code: %(codes)s."), brought.no_session),
        (_("No room here has the code of the room they were in: %(codes)s."), brought.no_room),
        (_("The clocks here never show the time they began at: %(codes)s."), brought.no_time),
    ):
        if codes:
            notices.warning(desk.request, sentence % {"codes": _named(codes)})


def _named(codes: tuple[str, ...]) -> str:
    text, more = ", ".join(codes[:MOST_CODES]), len(codes) - MOST_CODES
    if more <= 0:
        return text
    said = ngettext("%(codes)s and %(count)d more", "%(codes)s and %(count)d more", more)
    return said % {"codes": text, "count": more}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def rename(desk: Desk, draft: int) -> HttpResponse:
    """Give a draft another name. Answers 409 where somebody else has renamed it meanwhile."""
    found = draft_of(desk, draft)
    data = desk.request.POST if desk.request.method == "POST" else None
    form = RenameForm(data, initial={"name": found.name, "was": found.name}, label_suffix="")
    status = 200
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            rename_draft(found, name=name, was=form.cleaned_data["was"], actor=desk.actor)
        except ValidationError as refusal:
            form.add_error("name", refusal.messages)
            # Sending it again is then a decision, not an accident.
            form.data = {"name": name, "was": draft_of(desk, draft).name}
            status = 409
        else:
            notices.success(desk.request, _("Saved: “%(name)s”.") % {"name": found.name})
            return redirect("organize:draft", desk.conference.slug, found.pk)
    elif form.is_bound:
        status = 422
    return desk.page("organize/drafts/rename.html", "programme", {"draft": found, "form": form}, status=status)


@require_POST
@for_team(changing=True)
def archive(desk: Desk, draft: int) -> HttpResponse:
    """Put a draft aside."""
    found = draft_of(desk, draft)
    archive_draft(found, actor=desk.actor)
    notices.success(desk.request, _("“%(name)s” is put aside. You find it under “Put aside”.") % {"name": found.name})
    return redirect("organize:programme", desk.conference.slug)


@require_POST
@for_team(changing=True)
def take_up(desk: Desk, draft: int) -> HttpResponse:
    """Work again on a draft that was put aside."""
    found = draft_of(desk, draft)
    take_up_draft(found, actor=desk.actor)
    notices.success(desk.request, _("“%(name)s” can be changed again.") % {"name": found.name})
    return redirect("organize:draft", desk.conference.slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def delete(desk: Desk, draft: int) -> HttpResponse:
    """Ask, with the count of what goes with it; then delete just that. Answers 409 where it was changed meanwhile."""
    found = draft_of(desk, draft)
    form = DeleteForm(desk.request.POST if desk.request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            delete_draft(found, version=form.cleaned_data["version"], actor=desk.actor)
        except (ValidationError, DraftChanged) as refused:
            refusal = " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
        else:
            notices.success(desk.request, _("“%(name)s” is deleted.") % {"name": found.name})
            return redirect("organize:programme", desk.conference.slug)
    found = draft_of(desk, draft)
    hanging = hanging_on(found)
    context = {
        "draft": found,
        "refusal": refusal,
        "goes": [one for one in hanging if one.fate is Fate.GOES],
        "lets_go": [one for one in hanging if one.fate is Fate.LETS_GO],
    }
    return desk.page("organize/drafts/delete.html", "programme", context, status=409 if form.is_bound else 200)
