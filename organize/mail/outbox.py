"""Messages, what became of them, and what they say."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications.delivery.retrying import RetryRefusedError, has_failed, retry
from notifications.delivery.withholding import WAITING, WithholdRefusedError, release_message, withhold
from notifications.models import Announcement, Message
from organize.access import Desk, for_team
from organize.long_lists import page_of
from organize.mail.announcement_words import subject_of
from organize.mail.forms import OutboxForm
from organize.mail.framing import in_frame, with_frame
from organize.mail.message_words import kind_name
from organize.mail.preview import OFFERS, may_preview, preview
from organize.mail.queries import outbox_counts, outbox_rows, readable

PER_PAGE = 50
State = Message.State
# What the page counts also where there is none; of the others only those there are.
SHOWN = (State.QUEUED, State.SENT, State.FAILED)


@require_safe
@for_team()
def outbox(desk: Desk) -> HttpResponse:
    """The messages of the conference, the newest first, narrowed by what the form says."""
    form = OutboxForm(desk.request.GET, conference=desk.conference)
    rows = readable(outbox_rows(desk.conference, form.narrowed), desk.rights)
    page = page_of(rows, desk.request.GET, PER_PAGE, is_by_age=True)
    counts = outbox_counts(desk.conference)
    context = {
        "figures": [(State(state).label, counts[state]) for state in State.values if counts[state] or state in SHOWN],
        "messages_list": [_row(desk, row) for row in page],
        "form": form,
        "page_obj": page,
        "query": form.query,
    }
    return desk.page("organize/mail/outbox.html", "outbox", context)


def _row(desk: Desk, row: Message) -> dict[str, object]:
    args = [desk.conference.slug, row.uid]
    about = row.signup.session.title if row.signup else ""
    if row.announcement:
        about = subject_of(row.announcement, desk.conference)
    actions = []
    if desk.may_change and has_failed(row):
        actions.append((reverse("organize:retry", args=args), _("Send again")))
    elif desk.may_change and row.state in WAITING:
        actions.append((reverse("organize:withhold", args=args), _("Withhold")))
    elif desk.may_change and row.state == State.WITHHELD:
        actions.append((reverse("organize:release_message", args=args), _("Send after all")))
    return {
        "created_at": row.created_at,
        "recipient": row.address,
        "state": row.state,
        "subject": row.subject or kind_name(row.kind),
        "about": about,
        "last_answer": row.last_answer,
        "url": reverse("organize:message", args=args),
        "actions": actions,
    }


def _message(desk: Desk, uid: UUID) -> Message:
    rows = readable(Message.objects.for_conference(desk.conference), desk.rights)
    related = rows.select_related("participant", "user", "person", "signup__session", "announcement", "suppression")
    return get_object_or_404(related, uid=uid)


@with_frame
@require_safe
@for_team()
def message(desk: Desk, uid: UUID) -> HttpResponse:
    """One message with every try, and its text as it stands."""
    found = _message(desk, uid)
    try:
        shown = preview(found, now=timezone.now(), may_change=desk.may_change)
        problem = ""
    except ValueError as error:
        shown, problem = None, str(error)
    context = {
        "item": _row(desk, found),
        "message": found,
        "preview": shown,
        "problem": problem,
        "not_shown": _why_not_shown(desk, found),
        "kind_name": kind_name(found.kind),
        "tries": found.tries.all(),
        "others": Message.objects.told_by(found.mail_uid).count() - 1 if found.mail_uid else 0,
        "stopped": found.announcement is not None and found.announcement.state == Announcement.State.STOPPED,
    }
    return desk.page("organize/mail/message.html", "outbox", context)


def _why_not_shown(desk: Desk, found: Message) -> str:
    """Why the text of a message is not shown; empty where it is."""
    if may_preview(found, may_change=desk.may_change):
        return ""
    if found.kind in OFFERS:
        return _("What somebody is offered is shown only to those who may change things.")
    return _("This mail holds a link that signs its recipient in, so nobody else may read it.")


@in_frame
@require_safe
@for_team()
def message_html(desk: Desk, uid: UUID) -> HttpResponse:
    """The HTML of a message as it stands, for the frame."""
    try:
        shown = preview(_message(desk, uid), now=timezone.now(), may_change=desk.may_change)
    except ValueError:
        shown = None
    if shown is None:
        raise Http404
    return HttpResponse(shown.html)


@require_POST
@for_team(changing=True)
def send_again(desk: Desk, uid: UUID) -> HttpResponse:
    """Put a failed message back into the queue."""
    try:
        retry(_message(desk, uid), actor=desk.actor)
    except RetryRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("The message is on its way again."))
    return redirect("organize:outbox", desk.conference.slug)


@require_POST
@for_team(changing=True)
def keep_back(desk: Desk, uid: UUID) -> HttpResponse:
    """Withhold a message that has not been sent."""
    try:
        withhold(_message(desk, uid), actor=desk.actor)
    except WithholdRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("The message is withheld. Nothing is sent until you say so."))
    return redirect("organize:message", desk.conference.slug, uid)


@require_POST
@for_team(changing=True)
def let_go(desk: Desk, uid: UUID) -> HttpResponse:
    """Release a withheld message."""
    try:
        release_message(_message(desk, uid), actor=desk.actor, now=timezone.now())
    except WithholdRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("The message is on its way."))
    return redirect("organize:message", desk.conference.slug, uid)
