"""Log lines without secrets. Django logs the path of every refused request, and some paths are keys."""

from __future__ import annotations

import logging
import re

# Personal calendars, sign-in links, questions about places, ends of announcements, and organizers' accounts: whoever
# has the address gets in, or somebody out. See registration.domain.registrations.tokens and accounts.domain.
_SECRET_PATHS = re.compile(
    r"(/calendar/|/my/link/(?:declined/)?|/link/(?:announcements|invitations)/"
    # Links for a new password, proofs of a new address: uid and key of django-allauth, and what a Signer makes.
    r"|/accounts/(?:password/reset/key|confirm-email|email)/)[\w:-]{20,}(?:/[\w-]{20,})?"
)


class SecretsLeftOut(logging.Formatter):
    """Writes a line, its traceback included, with the secret part of addresses replaced by an ellipsis."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET_PATHS.sub(r"\1…", super().format(record))
