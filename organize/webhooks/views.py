"""The organizers' pages about webhooks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.webhooks import editing
from notifications.webhooks.events import event_name
from notifications.webhooks.signing import headers_of, secrets_of
from organize.access import Desk, for_team
from organize.long_lists import page_of
from organize.webhooks.forms import AgainForm, WebhookForm
from organize.webhooks.queries import delivery_rows, webhook_rows

PER_PAGE = 50
SECTION = "webhooks"
State = WebhookDelivery.State


def _subscription(desk: Desk, uid: UUID) -> WebhookSubscription:
    """A webhook of this conference; Http404 for any other."""
    rows = WebhookSubscription.objects.for_conference(desk.conference).select_related("conference")
    return get_object_or_404(rows, uid=uid)


def _address(desk: Desk, subscription: WebhookSubscription) -> str:
    return reverse("organize:webhook", args=[desk.conference.slug, subscription.uid])


@require_safe
@for_team()
def webhooks(desk: Desk) -> HttpResponse:
    """The conference's webhooks."""
    return desk.page("organize/webhooks/webhooks.html", SECTION, {"rows": webhook_rows(desk.conference)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def new(desk: Desk) -> HttpResponse:
    """Make a webhook."""
    form = WebhookForm(desk.request.POST if desk.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = editing.subscribe(desk.conference, actor=desk.actor, now=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            messages.success(desk.request, _("The webhook is made. Give its secret to whoever receives the events."))
            return redirect(_address(desk, made))
    return desk.page("organize/webhooks/form.html", SECTION, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def edit(desk: Desk, uid: UUID) -> HttpResponse:
    """Change a webhook's name, address or events."""
    found = _subscription(desk, uid)
    initial = {"name": found.name, "url": found.url, "verbs": found.verbs}
    form = WebhookForm(desk.request.POST if desk.request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        editing.change(found, actor=desk.actor, **form.cleaned_data)
        messages.success(desk.request, _("The webhook is changed."))
        return redirect(_address(desk, found))
    context = {"form": form, "webhook": found}
    return desk.page("organize/webhooks/form.html", SECTION, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def remove(desk: Desk, uid: UUID) -> HttpResponse:
    """Ask before a webhook is deleted; then delete it."""
    found = _subscription(desk, uid)
    if desk.request.method == "POST":
        editing.delete(found, actor=desk.actor)
        messages.success(desk.request, _("The webhook “%(name)s” is deleted.") % {"name": found.name})
        return redirect("organize:webhooks", desk.conference.slug)
    waiting = found.deliveries.filter(state__in=[State.QUEUED, State.CLAIMED]).count()
    return desk.page("organize/webhooks/delete.html", SECTION, {"webhook": found, "waiting": waiting})


@require_safe
@for_team()
def webhook(desk: Desk, uid: UUID) -> HttpResponse:
    """One webhook: its secret, its deliveries, and what can be done with it."""
    return _page(desk, _subscription(desk, uid), AgainForm())


def _page(desk: Desk, found: WebhookSubscription, again: AgainForm, *, status: int = 200) -> HttpResponse:
    state = desk.request.GET.get("state", "")
    known = state if state in State.values else ""
    page = page_of(delivery_rows(found, state=known), desk.request.GET, PER_PAGE, is_by_age=True)
    context = {
        "webhook": found,
        "events": [(verb, event_name(verb)) for verb in found.verbs],
        # Whoever may only look must not be able to sign in our name.
        "secrets": secrets_of(found, now=timezone.now()) if desk.may_change else [],
        "deliveries": [(one, event_name(one.verb)) for one in page],
        "states": State.choices,
        "chosen": known,
        "unknown": [(_("State"), state)] if state != known else [],
        "page_obj": page,
        "query": urlencode({"state": known}) + "&" if known else "",
        "form": again,
    }
    return desk.page("organize/webhooks/webhook.html", SECTION, context, status=status)


def _act(action: Callable[[Desk, WebhookSubscription], str], *, once: bool = False) -> Callable[..., HttpResponse]:
    """A button on a webhook's page; what `action` returns is said there."""

    @require_POST
    @for_team(changing=True, once=once)
    def view(desk: Desk, uid: UUID) -> HttpResponse:
        found = _subscription(desk, uid)
        messages.success(desk.request, action(desk, found))
        return redirect(_address(desk, found))

    return view


def _tested(desk: Desk, found: WebhookSubscription) -> str:
    editing.send_test(found, actor=desk.actor, now=timezone.now())
    return _("A test event is on its way. Load the page again to see what became of it.")


def _paused(desk: Desk, found: WebhookSubscription) -> str:
    editing.pause(found, actor=desk.actor)
    return _("Nothing is sent until you resume; what happens meanwhile is sent then.")


def _resumed(desk: Desk, found: WebhookSubscription) -> str:
    editing.resume(found, actor=desk.actor)
    return _("Events are sent again, also those of the time between.")


def _rotated(desk: Desk, found: WebhookSubscription) -> str:
    editing.rotate_secret(found, actor=desk.actor, now=timezone.now())
    return _("There is a new secret. For two days both sign, so that nothing is lost while you change over.")


test, rotate = _act(_tested, once=True), _act(_rotated, once=True)
pause, resume = _act(_paused), _act(_resumed)


@require_POST
@for_team(changing=True, once=True)
def again(desk: Desk, uid: UUID) -> HttpResponse:
    """Send a range of deliveries once more."""
    found = _subscription(desk, uid)
    form = AgainForm(desk.request.POST)
    if not form.is_valid():
        return _page(desk, found, form, status=422)
    rows = WebhookDelivery.objects.filter(**form.filters())
    count = editing.send_again(rows, found, actor=desk.actor, now=timezone.now())
    _say_count(desk, count)
    return redirect(_address(desk, found))


def _say_count(desk: Desk, count: int) -> None:
    if count:
        said = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
        messages.success(desk.request, said % {"count": count})
    else:
        messages.info(desk.request, _("There is nothing of this kind to send again."))


def _delivery(desk: Desk, uid: UUID) -> WebhookDelivery:
    """A delivery of this conference; Http404 for any other."""
    rows = WebhookDelivery.objects.filter(subscription__conference=desk.conference)
    return get_object_or_404(rows.select_related("subscription"), uid=uid)


@require_safe
@for_team()
def delivery(desk: Desk, uid: UUID) -> HttpResponse:
    """One delivery: what is sent, and every try with its answer."""
    found = _delivery(desk, uid)
    headers = headers_of(found, found.subscription, now=timezone.now())
    # Made anew for each try; a viewer could send what it signs.
    del headers["webhook-timestamp"], headers["webhook-signature"]
    context = {
        "delivery": found,
        "webhook": found.subscription,
        "event": event_name(found.verb),
        "headers": headers.items(),
        "tries": found.tries.all(),
        "ended": found.state in (State.DELIVERED, State.FAILED),
    }
    return desk.page("organize/webhooks/delivery.html", SECTION, context)


@require_POST
@for_team(changing=True, once=True)
def delivery_again(desk: Desk, uid: UUID) -> HttpResponse:
    """Send one delivery once more."""
    found = _delivery(desk, uid)
    rows = WebhookDelivery.objects.filter(pk=found.pk)
    _say_count(desk, editing.send_again(rows, found.subscription, actor=desk.actor, now=timezone.now()))
    return redirect("organize:webhook_delivery", desk.conference.slug, found.uid)
