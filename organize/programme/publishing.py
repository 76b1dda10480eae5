"""Publishing a draft, and what a release has changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Area
from journal.models import Entry
from journal.retrying import retried
from notifications.rules.timing import quiet_of
from organize.access import Desk, for_team
from organize.programme.attendance.between import attendance_between
from organize.programme.conflict_rows import Checks, subject_name
from organize.programme.filters.changes import ChangeList
from organize.programme.filters.conflicts import in_short
from organize.programme.forms import PublishForm
from organize.programme.from_release import FromReleaseForm
from organize.programme.rehearsal import rehearse
from organize.programme.views import draft_of
from organize.queries import people_waiting, people_with_places
from schedule.domain.problem import timetables_and_spots
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.drafts import DraftChanged, DraftPutAside, lock_draft
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import ReleaseRefused
from schedule.domain.timetables.releasing import release as publish_draft
from schedule.facts.programme import ReleasePublished
from schedule.models import Conference, Draft, Release
from values.presses import SAME_PRESS


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def publish(desk: Desk, draft: int) -> HttpResponse:
    """Ask first: what stands in the way, what changes, how many people it concerns. Then publish just that."""
    found = draft_of(desk, draft)
    if found.archived_at is not None:
        messages.error(desk.request, str(DraftPutAside()))
        return redirect("organize:draft", desk.conference.slug, found.pk)
    form = PublishForm(desk.request.POST if desk.request.method == "POST" else None, initial={"version": found.version})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            made = _publish(desk, found, form)
        except (ReleaseRefused, DraftChanged, DraftPutAside) as refusal:
            form = PublishForm(initial=form.cleaned_data | {"version": draft_of(desk, draft).version})
            messages.error(desk.request, str(refusal))
            status = 409
        else:
            tell_release(desk, made, wait=0 if form.cleaned_data["at_once"] else desk.conference.gather_seconds)
            return redirect("organize:release", desk.conference.slug, made.number)
    context = {"draft": found, "form": form} | _outlook(desk, found)
    return desk.page("organize/programme/publish.html", "programme", context, status=status)


def _outlook(desk: Desk, draft: Draft) -> dict[str, Any]:
    """What stands in the way, what changes and whom it concerns. Both timetables are read once."""
    checks, previous = Checks(desk.conference), newest_release(desk.conference)
    was = [previous.placements.all()] if previous else []
    (new, after), *earlier = timetables_and_spots(desk.conference, draft.placements.all(), *was)
    old, before = earlier[0] if earlier else ((), {})
    changes = changes_between(previous, draft, (before, after))
    found = in_short(checks, checks.wrong_with(new), draft)
    attendance = attendance_between(checks.known, old if previous else None, new) if changes else None
    return {
        "found": found,
        "blocked": bool(found.blocking),
        "attendance": attendance and attendance.table(subject_name(previous) if previous else "", subject_name(draft)),
        "previous": previous,
        "affected": people_with_places([one.session.pk for one in changes if one.old]),
        "waiting": people_waiting([one.session.pk for one in changes if one.new is None]),
        **ChangeList(desk.conference, changes, desk.request.GET).context(),
    }


@require_safe
@for_team(changing=True)
def rehearsal(desk: Desk, draft: int) -> HttpResponse:
    """What publishing would do to people. An address of its own: it is found by publishing, and taking that back."""
    found = draft_of(desk, draft)
    if found.archived_at is not None:
        raise Http404
    names = desk.rights.may_see(Area.DESK)
    told = rehearse(found, newest_release(desk.conference), actor=desk.actor, names=names)
    samples = reverse("organize:publish_samples", args=[desk.conference.slug, found.pk])
    context = {"draft": found, "rehearsal": told, "samples": samples}
    return desk.page("organize/programme/publishing/people.html", "programme", context)


@retried
@transaction.atomic
def _publish(desk: Desk, draft: Draft, form: PublishForm) -> Release:
    """Publish the draft as it was when the page was read; pressed twice, once.

    Raises `DraftChanged`, `ReleaseRefused`.
    """
    lock_draft(draft, form.cleaned_data["version"])  # of two presses at once the later one waits here
    given = form.cleaned_data
    if (made := _just_made(desk, draft, given["note"])) is not None:
        return made
    return publish_draft(draft, actor=desk.actor, note=given["note"], at_once=given["at_once"])


def _just_made(desk: Desk, draft: Draft, note: str) -> Release | None:
    """What the same press has published before: the newest release, where another would only repeat it."""
    newest = newest_release(desk.conference)
    if newest is None or newest.note != note or newest.published_at < timezone.now() - SAME_PRESS:
        return None
    mine = Entry.objects.filter(
        conference_id=desk.conference.pk, verb=ReleasePublished.verb, subject_id=newest.pk, actor=str(desk.actor)
    )
    return newest if mine.exists() and not changes_between(newest, draft) else None


def tell_release(desk: Desk, made: Release, *, wait: int) -> None:
    """Say how many people are told, and after how many seconds the mails leave."""
    affected = _affected(made)
    said = ngettext(
        "Release %(number)d is out. %(count)d person is told that a place has changed.",
        "Release %(number)d is out. %(count)d people are told that a place has changed.",
        affected,
    )
    text = (
        said % {"number": made.number, "count": affected}
        if affected
        else _("Release %(number)d is out.") % {"number": made.number}
    )
    if affected and wait:
        leave = ngettext(
            "Mails about it leave in %(seconds)d second, so that a further change goes into the same mail.",
            "Mails about it leave in %(seconds)d seconds, so that a further change goes into the same mail.",
            wait,
        )
        text = f"{text} {leave % {'seconds': wait}}"
    quiet = said_of_quiet_hours(desk.conference, now=timezone.now()) if affected else ""
    messages.success(desk.request, f"{text} {quiet}".rstrip())


def said_of_quiet_hours(conference: Conference, *, now: datetime) -> str:
    """That some mails wait, where nobody is written to at this moment; else empty."""
    quiet = quiet_of(conference)
    until = quiet.over(now) if quiet else now
    if until <= now:
        return ""
    clock = conference.local(until).strftime("%H:%M")
    return _("These are quiet hours: whom it is early enough to tell at %(until)s is told then.") % {"until": clock}


def _affected(made: Release) -> int:
    entry = Entry.objects.filter(
        conference_id=made.conference_id, verb=ReleasePublished.verb, subject_id=made.pk
    ).first()
    return int(entry.data.get("affected", 0)) if entry else 0


@require_safe
@for_team()
def release(desk: Desk, number: int) -> HttpResponse:
    """What a release changed against the one before it."""
    releases = Release.objects.filter(conference=desk.conference)
    found = get_object_or_404(releases, number=number)
    previous = releases.filter(number__lt=number).first()
    changes = changes_between(previous, found) if previous else []
    context = {
        "release": found,
        "previous": previous,
        **ChangeList(desk.conference, changes, desk.request.GET).context(),
        "affected": _affected(found),
        "form": FromReleaseForm(),
    }
    return desk.page("organize/programme/release.html", "programme", context)
