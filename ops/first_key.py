"""Saying at the start of an empty installation where its first account is made."""

from __future__ import annotations


def announce_first_account() -> None:
    """Print the link that makes the first account, where nobody has one and the tables are there."""
    import django  # what only starts processes does without it

    django.setup()
    from django.db import connection  # only now are there apps

    try:
        link = link_to_first_account()
    finally:
        connection.close()
    if link:
        print(f"Nobody has an account here yet. Set Plenary up at\n  {link}")
        print("The link works once; each start of the server makes another.", flush=True)


def link_to_first_account() -> str:
    """A new link, in place of an earlier one; empty where there is an account, or no table yet."""
    from django.conf import settings  # as above
    from django.db import connection
    from django.urls import reverse
    from django.utils import timezone

    from accounts.domain.first_account import new_key
    from accounts.models import SetupKey

    if SetupKey._meta.db_table not in connection.introspection.table_names():
        return ""
    key = new_key(now=timezone.now())
    return settings.SITE_URL + reverse("first_account", args=[key]) if key else ""
