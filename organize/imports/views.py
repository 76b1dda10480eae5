"""The pages of an import: upload a file, say how it is read, look at what it would do, import all or some of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from organize.access import Desk, for_team
from organize.imports.forms import ReadingForm, UploadForm
from organize.imports.shown import chosen_context, preview_context
from organize.imports.words import ABOUT
from schedule.exchange.imports import formats, habits, uploads
from schedule.exchange.imports.entries.choosing import choice_of
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.incoming.records import Unreadable
from schedule.exchange.incoming.words import refusal_in_words
from schedule.exchange.readers.tables.sheets import Sheets, sheets_of
from schedule.models import Draft, ImportRun, ProgrammeUpload
from values.instants import seconds_between

SECTION = "setup"
_LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def imports(desk: Desk) -> HttpResponse:
    """Upload a file; below it are those that were uploaded before."""
    request = desk.request
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.keep(
                desk.conference, name=file.name, content=file.read(), user=desk.user, actor=desk.actor
            )
        except Unreadable as refused:
            form.add_error("file", refusal_in_words(refused))
        else:
            is_known = bool(upload.asked) and "new" not in upload.asked
            name = "import_reading" if upload.format == formats.TABLE and not is_known else "import_preview"
            return redirect(f"organize:{name}", desk.conference.slug, upload.pk)
    earlier = ProgrammeUpload.objects.filter(conference=desk.conference).defer("content").select_related("uploaded_by")
    context = {
        "form": form,
        "earlier": [(one, formats.NAMES.get(one.format, one.format)) for one in earlier[:_LISTED]],
        "formats": list(formats.NAMES.values()),
        "days": uploads.KEEP_UPLOADS.days,
    }
    return desk.page("organize/imports/imports.html", SECTION, context, status=422 if form.errors else 200)


def _upload(desk: Desk, pk: int) -> ProgrammeUpload:
    upload = get_object_or_404(ProgrammeUpload, pk=pk, conference=desk.conference)
    upload.conference = desk.conference
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def reading(desk: Desk, pk: int) -> HttpResponse:
    """Say how a file is to be read: what its columns hold, and what is assumed where it says nothing."""
    upload = _upload(desk, pk)
    refusal = ""
    try:
        table = _table(upload)
    except Unreadable as refused:  # as when another encoding was chosen that its letters are not in
        refusal, upload.asked = refusal_in_words(refused), {}
        table = _table(upload)
    posted = desk.request.POST if desk.request.method == "POST" else None
    form = ReadingForm(posted, conference=desk.conference, asked=upload.asked, table=table)
    if form.is_bound and form.is_valid():
        uploads.ask(upload, form.asked)
        return redirect("organize:import_preview", desk.conference.slug, upload.pk)
    context = {"upload": upload, "form": form, "format": formats.NAMES.get(upload.format, ""), "refusal": refusal}
    return desk.page("organize/imports/reading.html", SECTION, context, status=422 if form.errors else 200)


def _table(upload: ProgrammeUpload) -> Sheets | None:
    if upload.format != formats.TABLE:
        return None
    return sheets_of(bytes(upload.content), habits.asked_of(upload.conference, upload.asked))


def _reading_of(upload: ProgrammeUpload) -> str:
    return reverse("organize:import_reading", args=[upload.conference.slug, upload.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def preview(desk: Desk, pk: int) -> HttpResponse:
    """What the import would do, and how the last one ended; sent, a worker does all of it, or what is chosen.

    With what is chosen that comes which it names: it is shown first, and agreed to. Sent "back" from there, what was
    ticked still is.
    """
    upload = _upload(desk, pk)
    sent = desk.request.POST if desk.request.method == "POST" else None
    which = sent.get("which", "") if sent is not None else ""
    if sent is not None and which in ("all", "agreed"):
        return _asked_for(desk, upload, sent.getlist("entry") if which == "agreed" else None)
    last = upload.runs.first()
    if last is not None and last.is_busy:
        return redirect("organize:import_progress", desk.conference.slug, upload.pk)
    try:
        look = uploads.look_at(upload)
    except Unreadable as refused:
        context = {"upload": upload, "refusal": refusal_in_words(refused)}
        return desk.page("organize/imports/unreadable.html", SECTION, context, status=422)
    is_old = sent is not None and sent.get("version") != look.preview.version
    ticked = sent.getlist("entry") if sent is not None else _ticked_before(last)
    if which == "chosen" and not is_old:
        choice = choice_of(look.preview, ticked)
        if choice.along:
            context = {"upload": upload, **chosen_context(look, choice)}
            return desk.page("organize/imports/along.html", SECTION, context)
        if choice.entries:
            return _asked_for(desk, upload, ticked)
    shown = preview_context(desk.request.GET, look, reading=_reading_of(upload), ticked=ticked)
    context = {"upload": upload, "last": last, "is_old": is_old, "is_none": which == "chosen" and not is_old, **shown}
    return desk.page("organize/imports/preview.html", SECTION, context, status=422 if which == "chosen" else 200)


def _asked_for(desk: Desk, upload: ProgrammeUpload, chosen: Sequence[str] | None) -> HttpResponse:
    """Have a worker import all of it, or what is chosen, as the preview said that was agreed to."""
    try:
        runs.ask(upload, version=desk.request.POST.get("version", ""), chosen=chosen, actor=desk.actor)
    except runs.AlreadyImporting as refused:
        notices.info(desk.request, str(refused))
    return redirect("organize:import_progress", desk.conference.slug, upload.pk)


def _ticked_before(last: ImportRun | None) -> Sequence[str]:
    return (last.chosen or ()) if last is not None and last.state != ImportRun.State.DONE else ()


@require_safe
@for_team(changing=True)
def progress(desk: Desk, pk: int) -> HttpResponse:
    """How far an import is; where it has ended, on to what came of it. With `part`, that part of the page alone."""
    upload = get_object_or_404(ProgrammeUpload.objects.defer("content"), pk=pk, conference=desk.conference)
    run = upload.runs.first()
    if run is None or not run.is_busy:
        is_done = run is not None and run.state == ImportRun.State.DONE
        address = reverse(
            f"organize:import_{'result' if is_done else 'preview'}", args=[desk.conference.slug, upload.pk]
        )
        # A part of a page that is fetched follows a redirection by itself, and would show a page within the page.
        return HttpResponseClientRedirect(address) if "part" in desk.request.GET else redirect(address)
    template = "import_progress.html" if "part" in desk.request.GET else "importing.html"
    context = {"upload": upload, "run": run, "seconds": round(seconds_between(run.asked_at, timezone.now()))}
    return desk.page(f"organize/imports/{template}", SECTION, context)


@require_POST
@for_team(changing=True)
def cancel(desk: Desk, pk: int) -> HttpResponse:
    """Cancel the import of a file; nothing of it is kept, unless it has ended already."""
    run = _upload(desk, pk).runs.first()
    if run is None or not runs.cancel(run, actor=desk.actor):
        notices.info(desk.request, _("The import had ended already."))
    return redirect("organize:import_progress", desk.conference.slug, pk)


@require_safe
@for_team()
def result(desk: Desk, pk: int) -> HttpResponse:
    """What was imported, and where one goes on."""
    upload = _upload(desk, pk)
    outcome = upload.outcome
    context = {
        "upload": upload,
        "counts": [
            (label, outcome.get("made", {}).get(what, 0), outcome.get("changed", {}).get(what, 0))
            for what, label in ABOUT.items()
            if outcome.get("made", {}).get(what) or outcome.get("changed", {}).get(what)
        ],
        "placed": outcome.get("placed", 0),
        "draft": Draft.objects.filter(conference=desk.conference, pk=outcome.get("draft") or 0).first(),
    }
    return desk.page("organize/imports/result.html", SECTION, context)


@require_POST
@for_team(changing=True, once=True)
def delete_upload(desk: Desk, pk: int) -> HttpResponse:
    """Delete an uploaded file."""
    upload = _upload(desk, pk)
    uploads.delete(upload, actor=desk.actor)
    notices.success(desk.request, _("“%(name)s” is deleted.") % {"name": upload.file_name})
    return redirect("organize:imports", desk.conference.slug)
