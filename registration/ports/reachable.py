"""Whether mails to an address arrive at all, as far as whoever sends them knows.

Registration never imports the notifications: `settings.REGISTRATION_UNREACHABLE` names a callable that takes an
address. What it says is about the mailbox, not about anybody: it is the same whoever registered with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


def is_unreachable(email: str) -> bool:
    """Ask the declared callable. One query, the same for every address."""
    ask = cast("Callable[[str], bool]", import_string(settings.REGISTRATION_UNREACHABLE))
    return ask(email)
