"""Announcements: writing them, seeing whom they reach, sending, watching and stopping them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.announcements import announcing
from notifications.announcements.announcing import AnnouncementChangedError, AnnouncementRefusedError
from notifications.announcements.progress import progress_of
from notifications.models import Announcement
from notifications.rules.mail_rules import ANNOUNCEMENT
from notifications.rules.segments import audience_of
from notifications.wordings.mail_placeholders import LABELS, PLACEHOLDERS
from organize.access import Desk, for_team
from organize.long_lists import page_of
from organize.mail.announcement_words import segment_words, subject_of
from organize.mail.forms import AnnouncementForm, ScheduleForm
from organize.mail.framing import in_frame, with_frame
from organize.mail.preview_data import announcement_sample
from organize.mail.queries import names_readers
from schedule.vocabulary.languages import language_name

PER_PAGE = 30
SECTION = "outbox"
State = Announcement.State


def _has_begun(announcement: Announcement, now: datetime) -> bool:
    """Whether it is being sent or was; one that is due is taken up within moments."""
    if announcement.state == State.SCHEDULED and announcement.due_at is not None:
        return announcement.due_at <= now
    return announcement.state != State.DRAFT


def _announcement(desk: Desk, uid: UUID) -> Announcement:
    rows = Announcement.objects.for_conference(desk.conference).select_related("conference")
    return get_object_or_404(rows, uid=uid)


@require_safe
@for_team()
def announcements(desk: Desk) -> HttpResponse:
    """All announcements of the conference, the newest first."""
    rows = Announcement.objects.for_conference(desk.conference).select_related("conference")
    page = page_of(rows, desk.request.GET, PER_PAGE, is_by_age=True)
    progress = progress_of(list(page))
    context = {
        "rows": [
            {"announcement": one, "subject": subject_of(one, desk.conference), "progress": progress[one.pk]}
            for one in page
        ],
        "page_obj": page,
    }
    return desk.page("organize/mail/announcements/announcements.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def write(desk: Desk) -> HttpResponse:
    """Begin an announcement."""
    form = AnnouncementForm(desk.request.POST if desk.request.method == "POST" else None, conference=desk.conference)
    if form.is_bound and form.is_valid():
        made = announcing.create_announcement(desk.conference, form.content, actor=desk.actor, now=timezone.now())
        return redirect("organize:announcement", desk.conference.slug, made.uid)
    return _form_page(desk, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def edit(desk: Desk, uid: UUID) -> HttpResponse:
    """Change a draft."""
    found = _announcement(desk, uid)
    data = desk.request.POST if desk.request.method == "POST" else None
    form = AnnouncementForm(data, conference=desk.conference, announcement=found)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            announcing.edit_announcement(found, form.content, version=form.cleaned_data["version"], actor=desk.actor)
        except AnnouncementChangedError as refusal:
            # What was typed stays; sent again with the version as it is now, it is a decision.
            status = 409
            typed = desk.request.POST.copy()
            typed["version"] = str(found.version)
            form.data = typed
            form.add_error(
                None, _("%(refusal)s Sending this form again replaces what they wrote.") % {"refusal": refusal}
            )
        except AnnouncementRefusedError as refusal:
            notices.warning(desk.request, str(refusal))
            return redirect("organize:announcement", desk.conference.slug, uid)
        else:
            return redirect("organize:announcement", desk.conference.slug, uid)
    return _form_page(desk, form, found, status=status)


def _form_page(
    desk: Desk, form: AnnouncementForm, announcement: Announcement | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "announcement": announcement,
        "placeholders": [(name, LABELS[name]) for name in PLACEHOLDERS[ANNOUNCEMENT]],
    }
    return desk.page("organize/mail/announcements/form.html", SECTION, context, status=status)


@with_frame
@require_safe
@for_team()
def announcement(desk: Desk, uid: UUID) -> HttpResponse:
    """One announcement: whom it reaches before it is sent, how far it has got afterwards."""
    return _page(desk, _announcement(desk, uid))


def _page(desk: Desk, found: Announcement, form: ScheduleForm | None = None, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "announcement": found,
        "subject": subject_of(found, desk.conference),
        "segment": segment_words(found),
        "languages": [(code, language_name(code)) for code in desk.conference.languages if code in found.texts],
    }
    if not _has_begun(found, timezone.now()):
        audience = audience_of(found)
        if not names_readers(found, desk.rights):
            audience = replace(audience, samples=[])
        context |= {
            "audience": audience,
            "readers": [(language_name(code), count) for code, count in audience.languages.items()],
            "fallback": [
                {"language": language_name(code), "shown": language_name(shown), "count": count}
                for code, (shown, count) in audience.fallback.items()
            ],
            "form": form or ScheduleForm(None, now=timezone.now(), version=found.version),
        }
    else:
        context["progress"] = progress_of([found])[found.pk]
    return desk.page("organize/mail/announcements/announcement.html", SECTION, context, status=status)


@in_frame
@require_safe
@for_team()
def announcement_html(desk: Desk, uid: UUID, language: str) -> HttpResponse:
    """The announcement as HTML in one language, for the frame."""
    found = _announcement(desk, uid)
    if language not in desk.conference.languages:
        raise Http404
    try:
        return HttpResponse(announcement_sample(found, language).html)
    except ValueError as error:
        raise Http404 from error


@require_safe
@for_team()
def progress(desk: Desk, uid: UUID) -> HttpResponse:
    """How far it has got, for the page that asks again and again."""
    found = _announcement(desk, uid)
    if not _has_begun(found, timezone.now()):
        raise Http404
    context = {"announcement": found, "progress": progress_of([found])[found.pk]}
    return desk.page("organize/mail/announcements/progress.html", SECTION, context)


@require_POST
@for_team(changing=True)
def mail_to_me(desk: Desk, uid: UUID) -> HttpResponse:
    """Send the announcement to whoever asks for it, in each of its languages."""
    try:
        count = announcing.send_test(_announcement(desk, uid), user=desk.user, actor=desk.actor, now=timezone.now())
    except AnnouncementRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        said = ngettext(
            "%(count)d mail is on its way to %(address)s.", "%(count)d mails are on their way to %(address)s.", count
        )
        notices.success(desk.request, said % {"count": count, "address": desk.user.email})
    return redirect("organize:announcement", desk.conference.slug, uid)


@with_frame
@require_POST
@for_team(changing=True)
def send(desk: Desk, uid: UUID) -> HttpResponse:
    """Send a draft, now or at the time the form names."""
    found, now = _announcement(desk, uid), timezone.now()
    form = ScheduleForm(desk.request.POST, now=now, version=found.version)
    if not form.is_valid():
        return _page(desk, found, form)
    due_at = form.cleaned_data["due_at"] if "later" in desk.request.POST else None
    try:
        announcing.schedule_announcement(
            found, due_at=due_at or now, version=form.cleaned_data["version"], actor=desk.actor
        )
    except AnnouncementRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("It is scheduled.") if due_at else _("It is on its way."))
    return redirect("organize:announcement", desk.conference.slug, uid)


@require_POST
@for_team(changing=True)
def unschedule(desk: Desk, uid: UUID) -> HttpResponse:
    """Take it off the schedule."""
    try:
        announcing.unschedule_announcement(_announcement(desk, uid), actor=desk.actor)
    except AnnouncementRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("It is a draft again; nothing has been sent."))
    return redirect("organize:announcement", desk.conference.slug, uid)


@require_POST
@for_team(changing=True)
def stop(desk: Desk, uid: UUID) -> HttpResponse:
    """Send no more of it."""
    try:
        withheld = announcing.stop_announcement(_announcement(desk, uid), actor=desk.actor, now=timezone.now())
    except AnnouncementRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        said = ngettext(
            "It is stopped. %(count)d mail that had not left is withheld.",
            "It is stopped. %(count)d mails that had not left are withheld.",
            withheld,
        )
        notices.success(desk.request, said % {"count": withheld})
    return redirect("organize:announcement", desk.conference.slug, uid)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def discard(desk: Desk, uid: UUID) -> HttpResponse:
    """Throw a draft away; asks first, with its subject."""
    found = _announcement(desk, uid)
    if desk.request.method == "POST":
        try:
            announcing.discard_announcement(found, actor=desk.actor)
        except AnnouncementRefusedError as refusal:
            notices.warning(desk.request, str(refusal))
            return redirect("organize:announcement", desk.conference.slug, uid)
        notices.success(desk.request, _("The draft is gone."))
        return redirect("organize:announcements", desk.conference.slug)
    return desk.page(
        "organize/mail/announcements/discard.html",
        SECTION,
        {"announcement": found, "subject": subject_of(found, desk.conference)},
    )
