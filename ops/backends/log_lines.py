"""Log lines without secrets. Django logs the path of every refused request, and some paths are keys."""

from __future__ import annotations

import logging
import re

# Personal calendars, sign-in links, questions about places and the ends of announcements: whoever has the address gets
# in, or somebody out. See registration.domain.registrations.tokens.
_SECRET_PATHS = re.compile(
    r"(/calendar/|/my/link/(?:declined/)?|/link/(?:announcements|invitations)/)[\w-]{20,}(?:/[\w-]{20,})?"
)


# What Django logs of requests that look like attempts: foreign host names, too many fields, broken sessions.
_OF_SCANNERS = "django.security"


class ScannersAreNoErrors(logging.Filter):
    """Lines that any stranger can cause are warnings: errors are for what somebody here has to mend."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(_OF_SCANNERS) and record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


class SecretsLeftOut(logging.Formatter):
    """Writes a line, its traceback included, with the secret part of addresses replaced by an ellipsis."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET_PATHS.sub(r"\1…", super().format(record))
