"""The mails that publishing would send, on a page of their own: to find them takes as long as publishing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rights import Area
from organize.access import Desk, for_team
from organize.drafts.samples.finding import MailsOfKind, sample_mails
from organize.programme.views import draft_of
from schedule.domain.emergencies.settling import RepairOutdated
from schedule.domain.emergencies.steps import StepRefused
from schedule.domain.timetables.drafts import DraftPutAside
from schedule.domain.timetables.releasing import ReleaseRefused, release

REFUSALS = (ReleaseRefused, DraftPutAside, RepairOutdated, StepRefused)


@require_safe
@for_team(changing=True)
def of_draft(desk: Desk, draft: int) -> HttpResponse:
    """The mails that publishing a draft would send: how many of each kind, and one of each in each language."""
    found = draft_of(desk, draft)
    back = reverse("organize:publish", args=[desk.conference.slug, found.pk])
    return samples_page(desk, lambda: release(found, actor=desk.actor), section="programme", back=back)


def samples_page(desk: Desk, publish: Callable[[], object], *, section: str, back: str) -> HttpResponse:
    """What calling `publish` would send. Who may not see registrations is shown an invented reader's mails."""
    kinds: list[MailsOfKind] = []
    names, refused = desk.rights.may_see(Area.REGISTRATIONS), ""
    try:
        kinds = sample_mails(desk.conference, publish, now=timezone.now(), names=names)
    except REFUSALS as refusal:
        refused = str(refusal)
    context = {"kinds": kinds, "names": names, "refused": refused, "back": back}
    return desk.page("organize/programme/publishing/samples.html", section, context)
