#!/usr/bin/env python
"""Plenary's command line. Starts bundled PostgreSQL and Redis where no address is given (see ops/embedded.py)."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an old one must still be told
    sys.exit("Plenary needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031  # it must parse this

# Commands that touch no server: they must work where none can be started, as in the build of an image.
WITHOUT_SERVERS = {"help", "version", "--help", "--version", "collectstatic", "makemessages", "compilemessages"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings  # imported here, so that importing this file loads nothing
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from ops import embedded, env
    from ops.checks import StartRefused
    from ops.demo import alone

    # `demo --exit` runs itself again on servers of its own.
    runs_elsewhere = sys.argv[1:2] == ["demo"] and "--exit" in sys.argv and not alone.is_alone()
    wanted = len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS and not runs_elsewhere
    try:
        if wanted:
            _ = settings.SECRET_KEY  # reads them all: wrong ones are said before a server starts
        with embedded.servers(
            database=wanted and env.text("DATABASE_URL") is None, broker=wanted and env.text("REDIS_URL") is None
        ):
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, embedded.EmbeddedServerError, StartRefused) as error:
        sys.exit(f"Plenary does not start: {error}")


if __name__ == "__main__":
    main()
