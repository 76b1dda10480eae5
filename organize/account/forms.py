"""Forms of the account pages: those that stand in for django-allauth's, and our own."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.domain.passwords import ask_for_reset
from accounts.domain.sealing import SealBroken, seal, unseal
from accounts.facts import RecoveryCodeUsed
from accounts.models import User
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from organize.account.tries import Secret, count_try, may_ask_for_reset
from values.forms import EmailFormField, LineFormField, MailboxInput

logger = logging.getLogger(__name__)
Type = Authenticator.Type


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Asks for a link that sets a new password. Nothing about the address shows: neither in words nor in time."""

    email = EmailFormField(label=_("E-mail address"), widget=MailboxInput({"autocomplete": "email"}))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if may_ask_for_reset(request, email):
            ask_for_reset(email, now=timezone.now())
        return email


class _CodeMixin:
    """Checks a code of an authenticator app, or a recovery code; each counts once, and wrong ones are counted."""

    user: User
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        counted = count_try(context.request, Secret.CODE, str(self.user.pk))
        found = _used_up(self.user, code)
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        counted.succeeded()
        self.authenticator = found
        return code


@retried
@transaction.atomic
def _used_up(user: User, code: str) -> Authenticator | None:
    """The authenticator that this code is of; it is then used up. In PostgreSQL: signing in does not need the cache."""
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=[Type.TOTP, Type.RECOVERY_CODES])
    for row in rows.order_by("-type"):
        row.user = user
        try:
            fits = _fits_app(row, code) if row.type == Type.TOTP else row.wrap().validate_code(code)
        except SealBroken:
            logger.exception("A second factor of account %s cannot be read: it was sealed with another key.", user.pk)
            continue
        if fits:
            if row.type == Type.RECOVERY_CODES:
                row.refresh_from_db(fields=["data"])
                fact = RecoveryCodeUsed(conference_id=None, subject_id=user.pk)
                record(fact, actor=Actor.organizer(user.pk))
            return row
    return None


def _fits_app(row: Authenticator, code: str) -> bool:
    """RFC 6238, 5.2: a code is accepted once, and none of an earlier time step than the last one."""
    secret, last = unseal(row.data["secret"]), row.data.get("last_step", 0)
    for step in totp.yield_hotp_counters_from_time():
        if step > last and compare_user_code(
            actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))
        ):
            row.data["last_step"] = step
            row.save(update_fields=["data"])
            return True
    return False


class CodeForm(_CodeMixin, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """Signing in with a code."""

    code = LineFormField(label=_("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))


class CodeAgainForm(_CodeMixin, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """Proving with a code that it is still the account's owner."""

    code = LineFormField(label=_("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))


class EnrolForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """Setting up an authenticator app. Its secret waits in the session, which is kept in the database: sealed."""

    code = LineFormField(label=_("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)  # the library's own keeps the secret as it is
        self.secret = _waiting_secret(context.request, fresh=not self.is_bound)

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        counted = count_try(context.request, Secret.CODE, str(self.user.pk))
        code = str(self.cleaned_data["code"])
        if not totp.validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        counted.succeeded()
        return code


def _waiting_secret(request: HttpRequest, *, fresh: bool) -> str:
    kept = None if fresh else request.session.get(totp.SECRET_SESSION_KEY)
    if kept is not None:
        return unseal(kept)
    secret: str = totp.generate_totp_secret()
    request.session[totp.SECRET_SESSION_KEY] = seal(secret)
    return secret


class AddressForm(forms.Form):
    """The address that the account is to have."""

    address = EmailFormField(
        label=_("New e-mail address"),
        help_text=_("We mail a link there. Open it while you are signed in; until then nothing is changed."),
        widget=MailboxInput({"autocomplete": "email"}),
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, label_suffix="")
        self.user = user

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip().lower()
        if address == self.user.email:
            raise forms.ValidationError(_("This is the address you have."), code="same")
        return address
