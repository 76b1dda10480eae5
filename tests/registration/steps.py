"""The registration form, filled in."""

from __future__ import annotations

from typing import Any

AGREED = {"consent_privacy": "on", "code_of_conduct": "on"}


def about(**fields: Any) -> dict[str, Any]:
    """Step 1."""
    return {
        "display_name": "Dana",
        "email": "dana@example.org",
        "country": "KR",
        "affiliation": "City Hall",
        "language": "en",
    } | fields
