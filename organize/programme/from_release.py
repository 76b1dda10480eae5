"""A draft that begins with what was published, and what has become of that since."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from journal.retrying import retried
from organize.access import Desk, for_team
from organize.programme.conflict_rows import Checks
from organize.programme.forms import PlaceForm
from organize.programme.why_not import objections
from schedule.conflicts import Level, in_words
from schedule.domain.timetables.drafts import draft_from_release, place
from schedule.models import Draft, Release, Session
from values.forms import LineFormField

# More are not named one by one.
MOST_NAMED = 5


class FromReleaseForm(forms.Form):
    """What the draft is called."""

    name = LineFormField(
        label=gettext_lazy("Name of the draft"),
        required=False,
        max_length=Draft._meta.get_field("name").max_length,
        help_text=gettext_lazy("Empty: it is called after the release."),
    )


@require_POST
@for_team(changing=True, once=True)
def draft_from(desk: Desk, number: int) -> HttpResponse:
    """A new draft with the times and rooms of a release, the newest or an older one."""
    release = get_object_or_404(Release.objects.filter(conference=desk.conference), number=number)
    form = FromReleaseForm(desk.request.POST)
    if not form.is_valid():
        for error in form.errors.get("name", []):
            messages.error(desk.request, str(error))
        return redirect("organize:release", desk.conference.slug, number)
    draft = draft_from_release(release, actor=desk.actor, name=form.cleaned_data["name"])
    said = _("Draft “%(name)s” has the times and rooms of release %(number)d.")
    messages.success(desk.request, said % {"name": draft.name, "number": number})
    for sentence in _since(desk, draft):
        messages.warning(desk.request, sentence)
    return redirect("organize:draft", desk.conference.slug, draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def move_released(desk: Desk, number: int, code: str) -> HttpResponse:
    """What speaks against another place for a session of a release; moving it there makes a draft from the release.

    With a place in the address, first say what speaks against it; the form then holds that place.
    """
    releases = Release.objects.filter(conference=desk.conference).select_related("conference")
    release = get_object_or_404(releases, number=number)
    # Both forms ask for the days.
    sessions = Session.objects.for_conference(desk.conference).select_related("conference")
    session = get_object_or_404(sessions.prefetch_related("conference__days"), code=code, state=Session.State.ACCEPTED)
    placement = release.placements.filter(session=session).select_related("room").first()
    data = desk.request.POST if desk.request.method == "POST" else None
    query = desk.request.GET if data is None and desk.request.GET else None
    asking = PlaceForm(query, session=session, placement=placement, auto_id="ask_%s")
    against = None
    if asking.is_valid():
        against = objections(release, session, start=asking.start, room=asking.chosen_room)
    asked = asking.cleaned_data if against else {}
    form = PlaceForm(data, session=session, placement=placement, initial=asked)
    if data is not None and form.is_valid():
        draft = _moved(desk, release, session, form)
        said = _("“%(title)s” is moved in the draft “%(name)s”. What is published stays until you publish the draft.")
        messages.success(desk.request, said % {"title": session.title, "name": draft.name})
        return redirect("organize:draft", desk.conference.slug, draft.pk)
    context = {
        "release": release,
        "session": session,
        "placement": placement,
        "form": form,
        "asking": asking,
        "against": against,
    }
    page = "organize/programme/publishing/move_released.html"
    return desk.page(page, "programme", context, status=422 if form.errors else 200)


@retried
@transaction.atomic
def _moved(desk: Desk, release: Release, session: Session, form: PlaceForm) -> Draft:
    draft = draft_from_release(release, actor=desk.actor)
    place(draft, session, room=form.chosen_room, start=form.start, actor=desk.actor)
    return draft


def _since(desk: Desk, draft: Draft) -> Iterator[str]:
    """What is not any more as it was when this was published."""
    cancelled = draft.placements.filter(session__state=Session.State.CANCELLED).select_related("session")
    titles = [f"“{row.session.title}”" for row in cancelled]
    if titles:
        said = ngettext(
            "%(count)d session was cancelled since, and is not published again: %(titles)s",
            "%(count)d sessions were cancelled since, and are not published again: %(titles)s",
            len(titles),
        )
        named = ", ".join([*titles[:MOST_NAMED], *(["…"] if len(titles) > MOST_NAMED else [])])
        yield said % {"count": len(titles), "titles": named}
    blocking = [one for one in Checks(desk.conference).of(draft) if one.level is Level.BLOCK]
    if blocking:
        said = ngettext(
            "%(count)d conflict must be solved before it can be published: %(sentence)s",
            "%(count)d conflicts must be solved before it can be published, the first: %(sentence)s",
            len(blocking),
        )
        yield said % {"count": len(blocking), "sentence": in_words(blocking[0])}
