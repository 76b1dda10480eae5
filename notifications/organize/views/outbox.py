"""Messages, what became of them, and what they say."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Message
from notifications.organize.gates import Desk, for_team
from notifications.organize.message_words import KIND_NAMES, kind_name
from notifications.organize.preview import may_preview, preview
from notifications.queries import outbox_counts, outbox_rows
from notifications.retrying import RetryRefusedError, retry
from notifications.verbs import KINDS

PER_PAGE = 50


@require_safe
@for_team()
def outbox(desk: Desk) -> HttpResponse:
    """The messages of the conference, the newest first; `state` and `kind` narrow them."""
    asked = {name: desk.request.GET.get(name, "") for name in ("state", "kind")}
    chosen = {
        "state": asked["state"] if asked["state"] in Message.State.values else "",
        "kind": asked["kind"] if asked["kind"] in KINDS else "",
    }
    rows = outbox_rows(desk.conference, state=chosen["state"] or None, kind=chosen["kind"] or None)
    page = Paginator(rows, PER_PAGE).get_page(desk.request.GET.get("page"))
    counts = outbox_counts(desk.conference)
    context = {
        "figures": [(Message.State(state).label, counts[state]) for state in Message.State.values],
        "messages_list": [_row(desk, row) for row in page],
        "states": Message.State.choices,
        "kinds": [(kind, KIND_NAMES[kind]) for kind in KINDS],
        "chosen": chosen,
        "page_obj": page,
        "query": urlencode({name: value for name, value in chosen.items() if value}) + "&",
    }
    return desk.page("organize/outbox.html", "outbox", context)


def _row(desk: Desk, row: Message) -> dict[str, object]:
    args = [desk.conference.slug, row.uid]
    can_retry = desk.may_change and row.state == Message.State.FAILED
    return {
        "created_at": row.created_at, "recipient": row.recipient.email, "state": row.state,
        "subject": row.subject or kind_name(row.kind), "about": row.signup.session.title if row.signup else "",
        "last_answer": row.last_answer, "url": reverse("organize:message", args=args),
        "retry_url": reverse("organize:retry", args=args) if can_retry else "",
    }  # fmt: skip


def _message(desk: Desk, uid: object) -> Message:
    rows = Message.objects.for_conference(desk.conference).select_related(
        "participant", "user", "person", "signup__session"
    )
    return get_object_or_404(rows, uid=uid)


@require_safe
@for_team()
def message(desk: Desk, uid: object) -> HttpResponse:
    """One message with every try, and its text as it stands."""
    found = _message(desk, uid)
    try:
        shown = preview(found, now=timezone.now())
        problem = ""
    except ValueError as error:
        shown, problem = None, str(error)
    context = {
        "item": _row(desk, found), "message": found, "preview": shown, "problem": problem,
        "secret": not may_preview(found), "kind_name": kind_name(found.kind), "tries": found.tries.all(),
    }  # fmt: skip
    return desk.page("organize/message.html", "outbox", context)


@require_POST
@for_team(changing=True)
def send_again(desk: Desk, uid: object) -> HttpResponse:
    """Put a failed message back into the queue."""
    try:
        retry(_message(desk, uid), actor=desk.actor)
    except RetryRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("The message is on its way again."))
    return redirect("organize:outbox", desk.conference.slug)
