"""Addresses that are keys: whoever has one gets in, or somebody out. What is shown or logged has none of them.

No Django here: the log needs it before there are apps.
"""

from __future__ import annotations

import re

# Personal calendars, sign-in links, questions about places, ends of announcements and of calendar entries (see
# `tokens`); organizers' links for a new password, proofs of a new address, invitations into teams and the link for the
# first account (uid and key of django-allauth, what a Signer makes, and a random one).
_SECRET_PATHS = re.compile(
    r"(/calendar/|/my/link/(?:declined/)?|/link/(?:announcements|invitations|entries)/"
    r"|/accounts/(?:password/reset/key|confirm-email|email|invitation|first)/)[\w:-]{20,}(?:/[\w-]{20,})?"
)


def without_keys(text: str) -> str:
    """A text with the secret part of every such address replaced by an ellipsis."""
    return _SECRET_PATHS.sub(r"\1…", text)
