"""What organizers should look at, as far as whoever shows them their pages knows.

Notifications never import the pages: `settings.NOTIFICATIONS_ATTENTION` names a callable that takes a conference and
a moment, and returns what is pressing in the active language, the most pressing first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.rights import Area, Rights
from schedule.models import Conference


@dataclass(frozen=True)
class AttentionItem:
    """One thing to look at, for those who may see its area. `tone` is "danger", "warning" or "info"; `action` is what
    the link to `url` says.
    """

    area: Area
    tone: str
    title: str
    url: str = ""
    action: str = ""
    text: str = ""


def pressing(conference: Conference, since: datetime) -> list[AttentionItem]:
    """Ask the declared callable. `since`: mails that failed before are old news."""
    ask = cast("Callable[[Conference, datetime], list[AttentionItem]]", import_string(settings.NOTIFICATIONS_ATTENTION))
    return ask(conference, since)


def shown_to(items: Iterable[AttentionItem], rights: Rights) -> list[AttentionItem]:
    """Those of the areas that somebody with these rights may see."""
    return [item for item in items if rights.may_see(item.area)]
