"""Log lines without secrets. Django logs the path of every refused request, and some paths are keys."""

from __future__ import annotations

import logging

from registration.domain.registrations.secret_paths import without_keys

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
        return without_keys(super().format(record))
