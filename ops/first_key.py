"""Saying at the start of an empty installation where its first account is made."""

from __future__ import annotations

import sys
from typing import TextIO


def announce_first_account(out: TextIO = sys.stdout) -> None:
    """Print the link that makes the first account, where nobody has one and the tables are there."""
    import django  # what only starts processes does without it

    django.setup()
    from django.conf import settings  # only now are there apps
    from django.db import connection
    from django.urls import reverse
    from django.utils import timezone

    from accounts.domain.first_account import new_key
    from accounts.models import SetupKey

    try:
        if SetupKey._meta.db_table not in connection.introspection.table_names():
            return
        key = new_key(now=timezone.now())
    finally:
        connection.close()
    if key is not None:
        link = settings.SITE_URL + reverse("first_account", args=[key])
        out.write(f"Nobody has an account here yet. Set Plenary up at\n  {link}\nThe link works once; ")
        out.write("each start of the server makes another.\n")
        out.flush()
