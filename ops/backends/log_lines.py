"""Log lines without secrets and without what people wrote.

Django logs the path of every refused request, and some paths are keys. PostgreSQL and mail servers quote in their
refusals what they refuse: rows, values, addresses. No line of ours needs them, so whatever brings them is cut here.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

from registration.domain.registrations.secret_paths import without_keys

# What Django logs of requests that look like attempts: foreign host names, too many fields, broken sessions.
_OF_SCANNERS = "django.security"
_COME_BACK = HTTPStatus.SERVICE_UNAVAILABLE
# Begins where nothing of an address can stand before it, so that a long text is gone through once.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\]{}\"',;:=/|@])[^\s<>()\[\]{}\"',;:=/|@]+@[^\s<>()\[\]{}\"',;:=/|@]+")
# What PostgreSQL adds to an error: the row or key it is about, and the statement with its values. A value may have
# lines of its own, so the detail ends where psycopg or Python begins a sentence of theirs.
_DETAIL = re.compile(
    r"(DETAIL:).*?(?=\n(?:CONTEXT|HINT):|\n\n?The above exception|\n\n?During handling|\nTraceback \(|\Z)", re.DOTALL
)
_STATEMENT = re.compile(r"((?:LINE \d{1,9}|STATEMENT|QUERY):).*")
_VALUE = re.compile(r"((?:invalid input (?:syntax|value) for [a-z]|malformed |value )[a-z ]{0,60}:? ?\").*")


class ScannersAreNoErrors(logging.Filter):
    """Lines that any stranger can cause are warnings: errors are for what somebody here has to mend.

    So is whoever was asked to come back soon (503): what keeps us from answering has a line of its own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        is_theirs = record.name.startswith(_OF_SCANNERS) or getattr(record, "status_code", 0) == _COME_BACK
        if is_theirs and record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


class SecretsLeftOut(logging.Formatter):
    """Writes a line, its traceback included, with an ellipsis for the secret part of addresses, for mail addresses, and
    for the rows, statements and values that PostgreSQL quotes.
    """

    def format(self, record: logging.LogRecord) -> str:
        text = without_keys(super().format(record))
        for quoted in (_DETAIL, _STATEMENT, _VALUE):
            text = quoted.sub(r"\1 …", text)
        return _ADDRESS.sub("…@…", text)
