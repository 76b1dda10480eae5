"""Says in words what no text may hold. Apart from the fields, so that migrations and serializers can name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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


def validate_text(value: str) -> None:
    """Refuse what cannot be kept: control characters, and marks that turn the direction of what stands after them."""
    if (found := fault(value)) is not None:
        raise ValidationError(SENTENCES[found.value], code=found.value)
