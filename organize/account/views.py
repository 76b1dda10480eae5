"""Pages about an organizer's own account that are not the library's: another address, and a missing second factor."""

from __future__ import annotations

from typing import cast

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.addresses import AddressRefused, ask_for_address, change_for, confirm_address
from accounts.models import User
from journal.actors import Actor
from journal.presses.once import NEVER, done_once
from organize.access import private
from organize.account.forms import AddressForm
from organize.account.proven import proven
from organize.account.tries import LONGEST, PROOFS_PER_ACCOUNT, TooManyTries
from registration.domain.registrations.limits import allowed
from schedule.models import Conference


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def address(request: HttpRequest) -> HttpResponse:
    """Ask for another address. The answer is the same whoever has it."""
    user, now = cast("User", request.user), timezone.now()  # login_required has seen to it
    form = AddressForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if not allowed(PROOFS_PER_ACCOUNT, str(user.pk), now=now):
            raise TooManyTries(request, LONGEST)
        ask_for_address(user, form.cleaned_data["address"], now=now)
        said = _("We mail a link to %(address)s. Open it within 24 hours, while you are signed in.")
        notices.success(request, said % {"address": form.cleaned_data["address"]})
        return redirect("organize:index")
    context = {"form": form, "section": "organize"}
    return render(request, "organize/account/address.html", context, status=422 if form.errors else 200)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_proof(request: HttpRequest, key: str) -> HttpResponse:
    """Where the mailed link leads: the button gives the account its new address.

    Only its owner can use it. Somebody with a mistyped address must not be able to take the account, and the address is
    kept as it is while mail programs look at links before people do.
    """
    return done_once(
        request, Actor.organizer(cast("User", request.user).pk), lambda: _proof(request, key), unnumbered=NEVER
    )


def _proof(request: HttpRequest, key: str) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()  # login_required has seen to it
    try:
        if request.method == "POST":
            confirm_address(user, key, now=now)
            notices.success(request, _("Your address was changed. You sign in with it from now on."))
            return redirect("organize:index")
        change = change_for(user, key, now=now)
    except AddressRefused:
        return render(request, "organize/account/address_refused.html", {"section": "organize"}, status=404)
    return render(request, "organize/account/address_proof.html", {"change": change, "section": "organize"})


@private
@login_required
@require_safe
def factor_needed(request: HttpRequest) -> HttpResponse:
    """Which conferences wait until the account has a second factor, and how to set one up."""
    user = cast("User", request.user)  # login_required has seen to it
    conferences = list(Conference.objects.awaiting_second_factor(user))
    if not conferences:
        return redirect("organize:index")
    context = {"conferences": conferences, "section": "organize"}
    return render(request, "organize/account/factor_needed.html", context)
