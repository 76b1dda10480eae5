"""The pages on which participants choose how their sessions reach their own calendar."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.presses.once import done_once
from notifications.feeds.my_addresses import (
    MOST_ADDRESSES,
    TooManyAddresses,
    address_from,
    addresses_of,
    free_name,
    make_address,
    programme_links,
    tokens_of,
)
from notifications.feeds.personal_feeds import change_feed, personal_file, revoke_feed
from registration.domain.registrations.access import access_registration, participant_required
from registration.domain.registrations.preferences import choose_calendar
from registration.models import Registration, SignUp
from schedule.domain.programme.closing_times import is_over
from website.calendars.forms import ContentForm, DeviceForm, NewDeviceForm, reminder_words
from website.my.choices import way_home
from website.pages import page, personal

P = ParamSpec("P")
PAGE = "website:my_calendar"
INVITES = {"on": True, "off": False}


def _secret(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For pages that show secret addresses: kept by no browser, and no other site learns that they were open.

    Once base.html's own "same-origin" is read, it replaces this header. It has to: a form on a page without any
    referrer is sent with `Origin: null`, which the protection against foreign forms refuses.
    """

    @wraps(view)
    def sending(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return personal(sending)


@_secret
@require_safe
@participant_required
def my_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The ways, and what each of them does. `?shown=` names the address that stands open."""
    return _page(request, access_registration(request, slug))


def _page(request: HttpRequest, registration: Registration, form: NewDeviceForm | None = None) -> HttpResponse:
    """The page; with a `form` that could not be accepted, what was entered and what is wrong with it."""
    addresses = addresses_of(registration)
    over = is_over(registration.conference, now=timezone.now())
    context = {
        "registration": registration,
        "addresses": [(address, reminder_words(address.alarm_minutes)) for address in addresses],
        "form": form or NewDeviceForm(initial={"name": free_name([address.name for address in addresses])}),
        "file_form": ContentForm(auto_id="file-%s"),
        "shown": request.GET.get("shown", ""),
        "most": MOST_ADDRESSES,
        "over": over,
        "may_make": not over and registration.is_active and len(addresses) < MOST_ADDRESSES,
        "places": SignUp.objects.confirmed().filter(registration=registration).count(),
        "programme": programme_links(registration),
        "section": "my",
    }
    status = 422 if form else 200
    return page(
        request, "website/my/calendar/my_calendar.html", context, conference=registration.conference, status=status
    )


@_secret
@require_POST
@participant_required
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make another secret address and show it."""
    registration = access_registration(request, slug)
    return done_once(request, registration.actor, lambda: _make(request, registration))


def _make(request: HttpRequest, registration: Registration) -> HttpResponse:
    slug = registration.conference.slug
    if not registration.is_active:
        messages.error(request, _("Only a confirmed registration can have a calendar."))
        return redirect(PAGE, slug)
    if is_over(registration.conference, now=timezone.now()):
        messages.info(request, _("The conference is over: a new address would never change."))
        return redirect(PAGE, slug)
    form = NewDeviceForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, form)
    keep, had_invitations = form.cleaned_data["keep_invitations"], registration.invites_by_mail
    try:
        token = make_address(registration, **form.settings(), keep_invitations=keep, actor=registration.actor)
    except ValidationError as refusal:
        form.add_error("name", refusal.messages)
        return _page(request, registration, form)
    except TooManyAddresses:
        messages.error(request, _("You have as many addresses as there can be. Revoke one to make another."))
        return redirect(PAGE, slug)
    messages.success(request, _("The secret address for “%(name)s” is ready.") % {"name": token.name})
    if had_invitations and not keep:
        messages.info(request, _("Your places come without invitations from now on, so that none is shown twice."))
    return redirect(f"{reverse(PAGE, args=[slug])}?{urlencode({'shown': str(token.uid)})}#address-{token.uid}")


@_secret
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def change(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Name a device anew, and choose its reminder. The address stays as it is."""
    registration = access_registration(request, slug)
    token = get_object_or_404(tokens_of(registration), uid=uid, revoked_at=None)
    form = DeviceForm(request.POST) if request.method == "POST" else DeviceForm.of(token)
    if form.is_valid():
        try:
            token = change_feed(token, **form.settings(), actor=registration.actor)
        except ValidationError as refusal:
            form.add_error("name", refusal.messages)
        else:
            said = _("“%(name)s” is changed. Its calendar shows it when it is read again.")
            messages.success(request, said % {"name": token.name})
            return redirect(f"{reverse(PAGE, args=[slug])}#address-{token.uid}")
    context = {"registration": registration, "form": form, "name": token.name, "section": "my"}
    status = 422 if form.errors else 200
    return page(
        request, "website/my/calendar/change_device.html", context, conference=registration.conference, status=status
    )


@_secret
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def revoke(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Close a secret address; asks first, and says which one."""
    registration = access_registration(request, slug)
    token = get_object_or_404(tokens_of(registration), uid=uid)
    address = address_from(token, registration)
    if address.revoked:
        messages.info(request, _("The address for “%(name)s” is revoked already.") % {"name": address.name})
        return redirect(PAGE, slug)
    if request.method == "POST":
        revoke_feed(token, actor=registration.actor)
        messages.success(request, _("The address for “%(name)s” is revoked.") % {"name": address.name})
        return redirect(PAGE, slug)
    context = {"registration": registration, "address": address, "section": "my"}
    return page(request, "website/my/calendar/confirm_revoke.html", context, conference=registration.conference)


@_secret
@require_POST
@participant_required
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """Turn invitations by mail on or off. The form says which, so that sending it twice changes nothing.

    Whoever would rather subscribe is led to where that is done, and whoever was asked at their first place back to it.
    """
    registration = access_registration(request, slug)
    wanted = INVITES.get(request.POST.get("invites", ""))
    if wanted is None:
        raise BadRequest("invites is neither on nor off")
    choose_calendar(registration, invites=wanted, actor=registration.actor)
    said = _("Invitations by mail are on.") if wanted else _("Invitations by mail are off.")
    messages.success(request, said)
    part = "subscribe" if request.POST.get("instead") == "subscribe" else "invitations"
    if "first" in request.POST and part == "invitations":
        return redirect(way_home(request, slug))
    return redirect(f"{reverse(PAGE, args=[slug])}#{part}")


@_secret
@require_safe
@participant_required
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """My sessions as a file to import once, with the reminder and the entries that were chosen."""
    registration = access_registration(request, slug)
    form = ContentForm(request.GET)
    if not form.is_valid():
        raise BadRequest("alarm is none of those that can be chosen")
    content = form.cleaned_data
    body = personal_file(registration, alarm_minutes=content["alarm"], with_conference=content["with_conference"])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    name = f"{registration.conference.slug}-my-sessions.ics"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
