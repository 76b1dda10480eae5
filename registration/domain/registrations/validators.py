"""Checks of what people enter, shared by forms and whatever else takes the same."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Invisible marks that turn the direction of the text after them: with one in a name, the rest of a line reads wrong.
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def validate_one_line(value: str) -> None:
    """Refuse line breaks and other control characters: names go into mail headers and calendar files."""
    if any(unicodedata.category(character) == "Cc" for character in value) or _DIRECTION_MARKS.search(value):
        raise ValidationError(_("Please use letters, digits and punctuation only, on one line."))
