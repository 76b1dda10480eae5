"""An emergency, on a phone: say what happened, look at the repair and at whom it touches, publish it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Area
from organize.access import Desk, for_team
from organize.drafts.samples.views import samples_page
from organize.emergencies.kinds import KINDS
from organize.emergencies.proposal import proposal
from organize.programme.publishing import tell_release
from schedule.domain.emergencies.asking import ask_for_repair
from schedule.domain.emergencies.remedies import ways_out
from schedule.domain.emergencies.settling import RepairOutdated, draft_of_repair, settle
from schedule.domain.emergencies.steps import Step, StepRefused
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import ReleaseRefused
from schedule.models import Release, SolverRun

NO_MORE_POLLING = 286


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def emergency(desk: Desk) -> HttpResponse:
    """What happened? Sent as it is, what is published is repaired where it breaks a rule already."""
    if desk.request.method == "POST":
        return _ask(desk, [])
    release = newest_release(desk.conference)
    context = {
        "kinds": [(code, kind.name) for code, kind in KINDS.items()],
        "release": release,
        "unsettled": SolverRun.objects.filter(release=release, settled_at__isnull=True)[:3] if release else [],
    }
    return desk.page("organize/emergencies/emergency.html", "emergency", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def choose(desk: Desk, happened: str) -> HttpResponse:
    """Whom is it about? One press asks for the repair; nothing is changed by it."""
    if happened not in KINDS:
        raise Http404
    asked, now = KINDS[happened], timezone.now()
    days = asked.choices(desk.conference, now)
    codes = {one.code for day in days for one in day.choices}
    data = desk.request.POST if desk.request.method == "POST" else None
    form = asked.form(data, conference=desk.conference, codes=codes, now=now)
    if data is not None and form.is_valid():
        return _ask(desk, [form.step])
    context = {"kind": asked, "form": form, "days": [day for day in days if day.choices]}
    return desk.page("organize/emergencies/choose.html", "emergency", context, status=422 if form.errors else 200)


def _ask(desk: Desk, steps: Sequence[Step]) -> HttpResponse:
    try:
        run = ask_for_repair(desk.conference, steps, actor=desk.actor, now=timezone.now())
    except StepRefused as refusal:
        messages.error(desk.request, str(refusal))
        return redirect("organize:emergency", desk.conference.slug)
    return redirect("organize:emergency_repair", desk.conference.slug, run.pk)


def _run(desk: Desk, key: int) -> SolverRun:
    runs = SolverRun.objects.for_conference(desk.conference).filter(purpose=SolverRun.Purpose.EMERGENCY)
    found = get_object_or_404(runs.select_related("release", "published"), pk=key)
    found.conference = desk.conference
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def proposed(desk: Desk, repair: int) -> HttpResponse:
    """The repair that was found: what moves and whom it touches. Sent, it is carried out and told at once."""
    found, status = _run(desk, repair), 200
    if desk.request.method == "POST":
        if found.state != SolverRun.State.DONE:
            raise Http404
        try:
            made = settle(found, actor=desk.actor)
        except (RepairOutdated, StepRefused, ReleaseRefused) as refusal:
            messages.error(desk.request, str(refusal))
            status = 409
        else:
            _tell(desk, made)
            return redirect("organize:emergency_repair", desk.conference.slug, found.pk)
    context = proposal(found, actor=desk.actor, names=desk.rights.may_see(Area.DESK))
    return desk.page("organize/emergencies/repair.html", "emergency", context, status=status)


def _tell(desk: Desk, made: Release | None) -> None:
    if made is None:
        messages.success(desk.request, _("Done. Whoever it concerns is told at once."))
    else:
        tell_release(desk, made, wait=0)


@require_safe
@for_team(changing=True)
def part(desk: Desk, repair: int) -> HttpResponse:
    """The part of that page that changes; polling ends with the search."""
    found = _run(desk, repair)
    status = 200 if found.is_busy else NO_MORE_POLLING
    context = proposal(found, actor=desk.actor, names=desk.rights.may_see(Area.DESK))
    return desk.page("organize/emergencies/repair_part.html", "emergency", context, status=status)


@require_safe
@for_team(changing=True)
def samples(desk: Desk, repair: int) -> HttpResponse:
    """The mails that carrying it out would send: how many of each kind, and one of each in each language."""
    found = _run(desk, repair)
    if found.state != SolverRun.State.DONE or found.settled_at is not None:
        raise Http404
    back = reverse("organize:emergency_repair", args=[desk.conference.slug, found.pk])
    return samples_page(desk, lambda: settle(found, actor=desk.actor), section="emergency", back=back)


@require_POST
@for_team(changing=True, once=True)
def another(desk: Desk, repair: int) -> HttpResponse:
    """Look again, with one of the ways out if its number is sent. What was found before stays as it is."""
    found = _run(desk, repair)
    steps: list[Any] = list(found.assumed)
    number = desk.request.POST.get("way", "")
    if number:
        ways = ways_out(found, now=timezone.now())
        if not (number.isdecimal() and len(number) < 4 and int(number) < len(ways)):
            raise Http404
        steps += [dict(step) for step in ways[int(number)]]
    return _ask(desk, steps)


@require_POST
@for_team(changing=True, once=True)
def keep(desk: Desk, repair: int) -> HttpResponse:
    """Go on with the repair as a draft; nothing is published."""
    found = _run(desk, repair)
    if found.state != SolverRun.State.DONE:
        raise Http404
    draft = draft_of_repair(found, actor=desk.actor)
    return redirect("organize:draft", desk.conference.slug, draft.pk)
