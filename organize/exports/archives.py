"""Archives of everything, for owners: asked for, watched, taken away, deleted. Each is written down in the journal.

Asking and taking want the password or the second factor again: an archive holds what everybody said of themselves.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.presses.once import done_once
from organize.access import Desk, for_team
from organize.account.proven import proven
from schedule.exchange.everything import asking
from schedule.models import WholeArchive

SECTION = "exports"
# What htmx takes for an end of polling.
NO_MORE_POLLING = 286


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(owning=True)
def archives(desk: Desk) -> HttpResponse:
    """The archives there are; sending the page asks for another."""
    if desk.request.method == "POST":
        return proven(lambda request: done_once(request, desk.actor, lambda: _ask(desk)))(desk.request)
    now = timezone.now()
    found = WholeArchive.objects.filter(conference=desk.conference).defer("content").select_related("asked_by")
    listed = [_shown(one) for one in found]
    context = {
        "archives": listed,
        "is_making": any(one.state == WholeArchive.State.ASKED and not one.is_lost(now) for one in found),
        "hours": asking.KEEP_ARCHIVES.days * 24,
    }
    return desk.page("organize/exports/archives.html", SECTION, context)


def _ask(desk: Desk) -> HttpResponse:
    try:
        asking.ask(desk.conference, user=desk.user, actor=desk.actor)
    except asking.ArchiveBeingMade as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("The archive is being made. You need not wait here."))
    return redirect("organize:archives", desk.conference.slug)


def _shown(archive: WholeArchive) -> dict[str, object]:
    """What a row of the page shows: `done` of `of` tables while it is made, `until` when it is kept."""
    is_made = archive.state != WholeArchive.State.ASKED
    is_lost = archive.is_lost(timezone.now())
    done = None if is_made or is_lost else asking.progress_of(archive)
    return {
        "archive": archive,
        "state": WholeArchive.State.FAILED if is_lost else WholeArchive.State(archive.state),
        "done": done[0] if done else None,
        "of": done[1] if done else None,
        "until": archive.asked_at + asking.KEEP_ARCHIVES,
    }


def _archive(desk: Desk, uid: UUID) -> WholeArchive:
    return get_object_or_404(WholeArchive.objects.defer("content"), uid=uid, conference=desk.conference)


@require_safe
@for_team(owning=True)
def progress(desk: Desk, uid: UUID) -> HttpResponse:
    """The row of an archive, read again while it is made."""
    row = _shown(_archive(desk, uid))
    status = 200 if row["state"] == WholeArchive.State.ASKED else NO_MORE_POLLING
    return desk.page("organize/exports/archive_row.html", SECTION, {"row": row}, status=status)


@require_POST
@for_team(owning=True)
def take_archive(desk: Desk, uid: UUID) -> HttpResponse:
    """The archive as a file."""
    archive = _archive(desk, uid)

    def take(_request: HttpRequest) -> HttpResponse:
        try:
            content = asking.take(archive, actor=desk.actor)
        except WholeArchive.DoesNotExist as gone:
            raise Http404 from gone
        response = HttpResponse(content, content_type="application/zip")
        name = f"{desk.conference.slug}-everything-{archive.asked_at.astimezone(desk.conference.zone):%Y-%m-%d}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return proven(take)(desk.request)


@require_POST
@for_team(owning=True, once=True)
def delete_archive(desk: Desk, uid: UUID) -> HttpResponse:
    """Delete an archive before its time is over."""
    asking.delete(_archive(desk, uid), actor=desk.actor)
    notices.success(desk.request, _("The archive was deleted."))
    return redirect("organize:archives", desk.conference.slug)
