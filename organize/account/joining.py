"""How accounts come to be: by an invitation into a team, and the first of an installation by the key of its server."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import PasswordField
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.domain.first_account import SetupRefused, is_empty, is_key, make_first_account
from accounts.domain.invitations import (
    InvitationRefused,
    accept,
    accept_with_new_account,
    account_of,
    invitation_for,
)
from accounts.domain.teams import Granted
from accounts.facts import in_words
from accounts.models import TeamInvitation, User
from journal.presses.once import NEVER, done_once
from organize.access import private
from organize.account.tries import LONGEST, SETUPS_PER_NETWORK, TooManyTries
from registration.domain.registrations.limits import allowed, network_of
from values.forms import EmailFormField, LineFormField


class NewAccountForm(forms.Form):
    """A name and a password, twice. `address` is what the password must not resemble, where no field asks for it."""

    name = LineFormField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = PasswordField(label=gettext_lazy("Password"), autocomplete="new-password")
    again = PasswordField(label=gettext_lazy("Password (again)"), autocomplete="new-password")

    def __init__(self, data: Any, *, address: str = "") -> None:
        super().__init__(data, label_suffix="")
        self.address = address

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "password" in said and "again" in said and said["password"] != said["again"]:
            self.add_error("again", _("You must type the same password each time."))
        elif "password" in said:
            somebody = User(email=said.get("email", self.address), name=said.get("name", ""))
            try:
                get_adapter().clean_password(said["password"], user=somebody)
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return said


class FirstAccountForm(NewAccountForm):
    """Who sets the installation up, and the team they own."""

    email = EmailFormField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    team = LineFormField(
        label=gettext_lazy("Name of your team"),
        max_length=120,
        help_text=gettext_lazy("The people who run conferences together. You own it, and invite the others."),
    )
    field_order = ("name", "email", "password", "again", "team")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Where the link of an invitation leads. Looking at it does nothing: mail programs look before people do.

    Whoever has an account with the address signs in with it; for whoever has none the link is the proof of it.
    """
    return (
        done_once(request, None, lambda: _invited(request, key), unnumbered=NEVER)
        if request.method == "POST"
        else _invited(request, key)
    )


def _invited(request: HttpRequest, key: str) -> HttpResponse:
    try:
        found = invitation_for(key, now=timezone.now())
        return _known(request, found, key) if account_of(found) else _unknown(request, found, key)
    except InvitationRefused:
        return render(request, "organize/account/invitation_refused.html", {"section": "organize"}, status=404)


def _known(request: HttpRequest, found: TeamInvitation, key: str) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.email.lower() == found.email.lower() and request.method == "POST":
        accept(user, key, now=timezone.now())
        return _welcomed(request, found)
    context = {
        "invitation": found,
        "role": _role(found),
        "is_theirs": isinstance(user, User) and user.email.lower() == found.email.lower(),
        "section": "organize",
    }
    return render(request, "organize/account/invitation.html", context, status=403 if request.method == "POST" else 200)


def _unknown(request: HttpRequest, found: TeamInvitation, key: str) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None, address=found.email)
    if request.user.is_authenticated:  # whose account it is to be would be a guess
        context = {"invitation": found, "role": _role(found), "is_theirs": False, "section": "organize"}
        return render(request, "organize/account/invitation.html", context)
    if form.is_valid():
        said = form.cleaned_data
        user = accept_with_new_account(key, name=said["name"], password=said["password"], now=timezone.now())
        notices.success(request, _welcome(found))
        return _signed_in(request, user)
    context = {"invitation": found, "role": _role(found), "form": form, "section": "organize"}
    return render(request, "organize/account/new_account.html", context, status=422 if form.errors else 200)


class KeyForm(forms.Form):
    """The key that the server printed, or the whole link."""

    key = LineFormField(
        label=gettext_lazy("Link or key"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).rstrip("/").rpartition("/")[2]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first page of an empty installation: where its link is found. Later there is no such page."""
    if not is_empty():
        raise Http404
    form = KeyForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        return redirect("first_account", form.cleaned_data["key"])
    context = {"form": form, "section": "organize"}
    return render(request, "organize/account/set_up.html", context, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def first_account(request: HttpRequest, key: str) -> HttpResponse:
    """Set an empty installation up, with the key that the server has printed. Later there is no such page."""
    return done_once(request, None, lambda: _first(request, key), unnumbered=NEVER)


def _first(request: HttpRequest, key: str) -> HttpResponse:
    if not is_empty():
        raise Http404
    if not allowed(SETUPS_PER_NETWORK, network_of(request), now=timezone.now()):
        raise TooManyTries(request, LONGEST)
    if not is_key(key):
        return render(request, "organize/account/setup_refused.html", {"section": "organize"}, status=404)
    form = FirstAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            user = make_first_account(
                key, email=said["email"], name=said["name"], password=said["password"], team=said["team"]
            )
        except SetupRefused:  # somebody else was quicker
            raise Http404 from None
        notices.success(request, _("Welcome. Make your first conference, or import one."))
        return _signed_in(request, user)
    context = {"form": form, "section": "organize"}
    return render(request, "organize/account/first_account.html", context, status=422 if form.errors else 200)


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url="/organize/", signal_kwargs={}
    )
    return response


def _welcomed(request: HttpRequest, found: TeamInvitation) -> HttpResponse:
    notices.success(request, _welcome(found))
    return redirect("organize:index")


def _welcome(found: TeamInvitation) -> str:
    return _("You are in the team “%(team)s” now.") % {"team": found.team.name}


def _role(found: TeamInvitation) -> str:
    granted = Granted.of(found)
    return in_words(granted.role, granted.codes())
