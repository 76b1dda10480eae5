"""That addresses belong to nobody any more, for whoever else keeps them.

Registration never imports the notifications: `settings.REGISTRATION_FORGET_ADDRESSES` names a callable that takes
addresses. It is called in the transaction that deletes their owners.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


def forget_addresses(addresses: Collection[str]) -> None:
    """Have the declared callable delete what it keeps of these addresses, unless somebody else has them."""
    forget = cast("Callable[[Collection[str]], None]", import_string(settings.REGISTRATION_FORGET_ADDRESSES))
    forget(addresses)
