"""Undoing one's own changes of a draft and making them again, and the whole history of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from journal.actors import Actor
from organize.access import Desk, for_team
from organize.drafts.forms import TurnForm
from organize.history.sentences import names_of
from organize.programme.step_lines import shown_steps
from organize.programme.views import draft_of
from schedule.domain.timetables import undoing
from schedule.domain.timetables.drafts import DraftPutAside
from schedule.domain.timetables.undoing import UndoRefused, steps_of, with_moves
from schedule.models import Draft, DraftStep

PER_PAGE = 50


_TURNS: Mapping[str, tuple[Callable[..., DraftStep], Promise]] = {
    "undo": (undoing.undo, gettext_lazy("Undone.")),
    "redo": (undoing.redo, gettext_lazy("Made again.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def draft_history(desk: Desk, draft: int) -> HttpResponse:
    """Every change of a draft that stands or can be made again, with whose it is; one's own can be undone here.

    Posted, `turn` says whether the step that a page offered is undone or made again. Answers 409 where it cannot be,
    with the history, where other steps are.
    """
    found = draft_of(desk, draft)
    if desk.request.method != "POST":
        return _history(desk, found)
    form, turn = TurnForm(desk.request.POST), _TURNS.get(desk.request.POST.get("turn", ""))
    if turn is None or not form.is_valid():
        return _history(desk, found, refusal=_("This change is not there any more."))
    act, done = turn
    try:
        act(found, form.cleaned_data["step"], actor=desk.actor)
    except UndoRefused as refused:
        return _history(desk, found, refusal=f"{refused}{_by(refused, desk.actor)}")
    except DraftPutAside as refused:
        return _history(desk, found, refusal=str(refused))
    notices.success(desk.request, str(done))
    page = "organize:draft_history" if "stay" in desk.request.POST else "organize:draft"
    return redirect(page, desk.conference.slug, found.pk)


def _by(refused: UndoRefused, reader: Actor) -> str:
    """Who has changed it since, where that is somebody else."""
    if refused.by is None or refused.by == reader:
        return ""
    return " " + _("It was changed by: %(who)s.") % {"who": names_of([str(refused.by)])[str(refused.by)]}


def _history(desk: Desk, found: Draft, *, refusal: str = "") -> HttpResponse:
    page = Paginator(with_moves(steps_of(found)), PER_PAGE).get_page(desk.request.GET.get("page"))
    context = {
        "draft": found,
        "steps": shown_steps(desk.conference, page, desk.actor),
        "page_obj": page,
        "refusal": refusal,
    }
    return desk.page("organize/drafts/history.html", "programme", context, status=409 if refusal else 200)
