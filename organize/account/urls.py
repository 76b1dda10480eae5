"""Addresses below /accounts/ that django-allauth does not have, or has with other rules; they come before its own."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account import views as passwords
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.domain.second_factors import changes_told
from accounts.models import User
from journal.actors import Actor
from journal.presses.once import NEVER, done_once
from organize.account import joining, views
from organize.account.proven import View, proven


def _once(view: View) -> View:
    """A page of the library that changes an account: pressed twice it does so once. A link that works once stays so."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = Actor.organizer(request.user.pk) if isinstance(request.user, User) else None
        return done_once(request, actor, lambda: view(request, *args, **kwargs), unnumbered=NEVER)

    return page


def _told(view: View) -> View:
    """A page of the library that changes second factors: once, in one transaction with the facts about it."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with changes_told(request.user):
            return view(request, *args, **kwargs)

    return _once(page)


urlpatterns = [
    path("email/", views.address, name="account_email"),
    path("email/<str:key>/", views.address_proof, name="account_address_proof"),
    path("invitation/<str:key>/", joining.invitation, name="team_invitation"),
    path("first/", joining.set_up, name="set_up"),
    path("first/<str:key>/", joining.first_account, name="first_account"),
    path("second-factor-needed/", views.factor_needed, name="account_factor_needed"),
    path("sessions/", login_required(proven(sessions.list_usersessions)), name="usersessions_list"),
    path("password/change/", _once(login_required(passwords.password_change)), name="account_change_password"),
    path("password/set/", login_required(proven(passwords.password_set)), name="account_set_password"),
    path("2fa/totp/activate/", _told(apps.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _told(apps.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/generate/", _told(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/webauthn/add/", _told(keys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", _told(keys.remove_webauthn), name="mfa_remove_webauthn"),
]
