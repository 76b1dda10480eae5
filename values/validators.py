"""Says in words what no text may hold. Apart from the fields, so that migrations and serializers can name it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from values.hosts import ascii_mailbox, ascii_stand_in, is_mailbox_of_ascii
from values.instants import is_near
from values.text import TextFault, fault

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# By the code of the refusal.
SENTENCES: dict[str, _StrOrPromise] = {
    TextFault.NOT_SHOWN.value: _(
        "This has characters that cannot be shown. Please remove them, or type the text anew."
    ),
    TextFault.TURNS_DIRECTION.value: _(
        "This has invisible marks that turn the direction of writing. Please remove them, or type the text anew."
    ),
}


_validate_ascii = EmailValidator()


def validate_mailbox(value: str) -> None:
    """Refuse what is no e-mail address, by IDNA 2008, and one that our mails cannot be sent to, saying so.

    Letters beyond ASCII before the @ are for mail servers that speak SMTPUTF8 (RFC 6531). Whether ours does,
    `settings.VALUES_ANY_LETTERS_BEFORE_AT` knows: a callable without arguments, of a room above this one.
    """
    if "@" in value and not is_mailbox_of_ascii(value):
        _validate_address(value)
        if not import_string(settings.VALUES_ANY_LETTERS_BEFORE_AT)():
            raise ValidationError(
                _("Mails cannot be sent to an address with letters beyond a to z before the @. Please give another."),
                code="not_ascii_mailbox",
            )
    else:
        _validate_address(value)


def validate_sender(value: str) -> None:
    """Refuse an address that not everybody's mail program can answer: it stands in mails to servers of all kinds.

    With other letters before the @ a mail reaches only those whose servers all speak SMTPUTF8 (RFC 6531 3.3).
    """
    if not is_mailbox_of_ascii(value):
        raise ValidationError(
            _("Not everybody's mail program can write to an address with letters beyond a to z before the @."),
            code="not_everybodys_mailbox",
        )


def _validate_address(value: str) -> None:
    try:
        address = ascii_stand_in(ascii_mailbox(value))
    except ValueError as error:
        raise ValidationError(_validate_ascii.message, code=_validate_ascii.code) from error
    _validate_ascii(address)


def validate_day(value: date) -> None:
    """Refuse a day that calendars cannot tell of: programmes, mails and files reckon from it to others."""
    if not is_near(value):
        raise ValidationError(_("This is too far away."), code="far_away")


def validate_text(value: str) -> None:
    """Refuse what cannot be kept: control characters, and marks that turn the direction of what stands after them."""
    if (found := fault(value)) is not None:
        raise ValidationError(SENTENCES[found.value], code=found.value)
