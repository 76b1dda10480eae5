"""What tells one state of a conference from another, and what asking costs."""

from __future__ import annotations

from itertools import pairwise
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from journal.actors import SYSTEM
from journal.models import Entry
from journal.recording import record
from schedule.domain.timetables.revision import _REVISION, programme_state, revision_of
from tests.factories import make_conference, make_kind, make_theme, make_user
from tests.facts import a_fact
from tests.schedule.administration import fields


@pytest.mark.django_db
def test_each_part_follows_its_own_facts() -> None:
    conference = make_conference()
    seen = [revision_of(conference)]
    for verb in ("kind.edited", "signup.left", "registration.cancelled", "draft.created"):
        with transaction.atomic():
            record(a_fact(verb, conference_id=conference.pk), actor=SYSTEM)
        seen.append(revision_of(conference))
    changed = [
        [getattr(old, name) != getattr(new, name) for name in ("of_programme", "for_everybody", "for_somebody")]
        for old, new in pairwise(seen)
    ]
    assert programme_state(conference) == seen[-1].of_programme
    assert changed == [[True, True, True], [False, True, True], [False, False, True], [False, False, False]]


@pytest.mark.django_db
def test_asking_reads_no_more_however_long_the_journal_is() -> None:
    """Entries of others, and many since, are passed over by the index."""
    conference = make_conference()
    insert = """INSERT INTO journal_entry (at, conference_id, verb, concerns, actor, data)
        SELECT now(), %s, 'thing.done', %s, 'system', '{}' FROM generate_series(1, %s)"""
    with connection.cursor() as cursor:
        for concern, count in (("programme", 500), ("place", 9000), ("delivery", 9000)):
            cursor.execute(insert, [conference.pk, concern, count])
        cursor.execute("ANALYZE journal_entry")
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {_REVISION}"  # what is timed is what is run
        cursor.execute(explain, {"conference": conference.pk})
        [[plan]] = cursor.fetchall()
    assert sum(rows_of(plan[0]["Plan"])) < 10_000


def rows_of(node: dict[str, Any]) -> list[int]:
    """How many rows each part of a plan read or threw away."""
    found = [node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)]
    return found + [rows for child in node.get("Plans", []) for rows in rows_of(child)]


@pytest.mark.django_db(transaction=True)
def test_edits_in_the_administration_take_turns() -> None:
    """The one that was first has the smaller key, and nobody sees the other before it."""
    conference = make_conference(slug="forum")
    rows = {"kind": make_kind(conference, code="talk"), "theme": make_theme(conference, code="peace")}
    user = make_user(password=None, is_staff=True, is_superuser=True)
    ended = Event()

    def rename(model: str) -> None:
        try:
            client = Client()
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
            path = f"/admin/schedule/{model}/{rows[model].pk}/change/"
            assert client.post(path, fields(client, path) | {"name_0": "Other"}).status_code == 302
        finally:
            connection.close()
            ended.set()

    with transaction.atomic():
        # What the administration does first, and a domain function too.
        list(type(conference).objects.select_for_update(no_key=True).filter(pk=conference.pk))
        thread = Thread(target=rename, args=["theme"])
        thread.start()
        assert not ended.wait(1)
        record(a_fact("kind.edited", conference_id=conference.pk, subject_id=rows["kind"].pk), actor=SYSTEM)
    thread.join(20)
    assert ended.is_set()
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == ["kind.edited", "theme.edited"]
