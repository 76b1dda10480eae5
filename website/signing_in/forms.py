"""The form that asks for an address to send a link to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from values.forms import EmailFormField, MailboxInput

_WRONG_ADDRESS = _("Enter your e-mail address, like name@example.org.")
EMAIL_ERRORS = {"required": _WRONG_ADDRESS, "invalid": _WRONG_ADDRESS}


class SignInForm(forms.Form):
    """Where to send the link."""

    email = EmailFormField(
        label=_("E-mail"),
        max_length=254,
        error_messages=EMAIL_ERRORS,
        widget=MailboxInput({"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
