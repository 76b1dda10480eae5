"""What single fields accept. Apart from the models, so that migrations can name it without importing those."""

from __future__ import annotations

import re
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from schedule.solver.files.programme_file.vocabulary import RESERVED_SLUGS


def validate_timezone(value: str) -> None:
    """Refuses what is no name of the tz database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Use a name such as Asia/Seoul."), params={"value": value}
        )


def validate_slug_is_free(value: str) -> None:
    """Refuses the first words of the site's own addresses."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("“%(value)s” is kept for pages of the site. Choose another."), params={"value": value})


# What `code_validator` takes, for those who only ask.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z",
    _("A code has letters, digits, hyphens and underscores, and starts with a letter or digit."),
)
