"""Log lines without secrets. Django logs the path of every refused request, and some paths are keys."""

from __future__ import annotations

import logging

from registration.domain.registrations.secret_paths import without_keys


class SecretsLeftOut(logging.Formatter):
    """Writes a line, its traceback included, with the secret part of addresses replaced by an ellipsis."""

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))
