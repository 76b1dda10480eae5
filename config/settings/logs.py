"""Logs: one handler, one line an event, nothing secret in any."""

from __future__ import annotations

from ops import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "ops.backends.log_lines.SecretsLeftOut",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"scanners": {"()": "ops.backends.log_lines.ScannersAreNoErrors"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scanners"]}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL") or "WARNING"},
}
