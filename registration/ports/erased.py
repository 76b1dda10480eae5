"""That an address belongs to nobody any more, for whoever else keeps it.

Registration never imports the notifications: `settings.REGISTRATION_FORGET_ADDRESS` names a callable that takes an
address. It is called in the transaction that deletes its owner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


def forget_address(email: str) -> None:
    """Have the declared callable delete what it keeps of the address, unless somebody else has it."""
    forget = cast("Callable[[str], None]", import_string(settings.REGISTRATION_FORGET_ADDRESS))
    forget(email)
