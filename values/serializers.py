"""Fields of the API for text that programs send: the same form as on pages, and the same words for what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from values.text import one_form
from values.validators import SENTENCES, validate_text

# A mix-in is typed as what it is mixed into.
if TYPE_CHECKING:
    _Sent = serializers.CharField
else:
    _Sent = object


class SentText(_Sent):
    """One form for what is sent, before anything is asked of it. Mixed into DRF's fields."""

    # So that the reference of the API names these codes.
    default_error_messages = SENTENCES
    default_validators = [validate_text]

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(one_form(data) if isinstance(data, str) else data)


class CodeInputField(SentText, serializers.SlugField):
    """The code of a session, a room or another row."""
