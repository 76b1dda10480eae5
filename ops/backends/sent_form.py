"""A form that was sent and not taken, so that a page can offer to send it again: all but secrets and files."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

from website.left_forms import SWITCH

# Where passwords and codes are typed; elsewhere a "code" is that of a session or a room.
_DOORS = ("/accounts/", "/admin/")
_PASSWORD = re.compile("password", re.IGNORECASE)
_ONCE = re.compile(r"(^|_)(code|token|secret|key)$", re.IGNORECASE)
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
# What pages put into their own forms, and nobody typed.
_OURS = ("carried", "reviewed", "seen", "version", "next", "consented", SWITCH)
_TICKED = "on"


@dataclass(frozen=True)
class SentForm:
    """Where it went, its fields in the order they were sent, and what of it cannot be sent again."""

    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    # It held some that are typed anew: they are neither kept nor shown.
    has_secret: bool = False
    # A browser hands over a file only when somebody chooses it.
    has_file: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> SentForm:
        """What this request sent."""
        path = request.get_full_path()
        pairs = [(name, str(value)) for name, values in request.POST.lists() for value in values if name != _TOKEN]
        kept = [(name, value) for name, value in pairs if not _is_secret(path, name)]
        return cls(path, kept, has_secret=len(kept) < len(pairs), has_file=bool(request.FILES))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> SentForm:
        """What `as_data` made, read back."""
        return cls(**data | {"fields": [(name, value) for name, value in data["fields"]]})

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @property
    def typed(self) -> list[str]:
        """What somebody wrote or chose, to be recognised by them; without ticks, and what the page itself put in."""
        own = [value.strip() for name, value in self.fields if name not in _OURS]
        return [value for value in own if value and value != _TICKED]


def _is_secret(path: str, name: str) -> bool:
    return bool(_PASSWORD.search(name) or (path.startswith(_DOORS) and _ONCE.search(name)))
