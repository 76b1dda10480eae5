"""Lists that have more rows than one leafs through: what is counted is bounded, and nothing is out of reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from organize import long_lists
from organize.history import views as history
from organize.mail import outbox
from organize.people import registrations
from organize.setup.rows import pages
from registration.models import Registration
from tests.factories import make_person, make_registration
from tests.organize.conftest import Desk


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rows are many, and a page has two."""
    monkeypatch.setattr(long_lists, "MOST_REACHED", 4)
    for module in (history, outbox, registrations, pages):
        monkeypatch.setattr(module, "PER_PAGE", 2)


def entries(desk: Desk, number: int) -> list[int]:
    """That many entries and no others, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_entry")
    about = {
        "conference_id": desk.conference.pk,
        "verb": "import.deleted",
        "concerns": "timetable",
        "actor": str(SYSTEM),
    }
    made = [Entry.objects.create(**about, data={"file": str(n)}) for n in range(number)]
    return [one.pk for one in reversed(made)]


def test_whatever_is_older_is_reached_from_the_last_page(desk: Desk, alice: Client, short: None) -> None:
    newest = entries(desk, 7)
    address, met = "/organize/forum/journal/", []
    first = alice.get(address)
    assert (first.context["page_obj"].paginator.num_pages, "The last page leads to what is older." in first.text) == (
        2,
        True,
    )
    assert "What is older" not in first.text
    last = alice.get(f"{address}?page=2")
    assert f'<a href="?before={newest[3]}">What is older</a>' in last.text
    older = alice.get(f"{address}?before={newest[3]}")
    assert ('<a href="?">The newest</a>' in older.text, "There are more" in older.text) == (True, False)
    assert f'href="?before={newest[3]}&page=2"' in older.text.replace("&amp;", "&")
    for page in (first, last, older, alice.get(f"{address}?before={newest[3]}&page=2")):
        met += [one.pk for one in page.context["page_obj"]]
    assert met == newest


@pytest.mark.parametrize("before", ["x", "", "-1", "9" * 40, "-" + "9" * 40, "1.5"])
def test_a_beginning_that_is_none_is_no_fault(desk: Desk, alice: Client, short: None, before: str) -> None:
    entries(desk, 3)
    assert alice.get(f"/organize/forum/journal/?before={before}").status_code == 200


def test_lists_in_another_order_say_that_they_are_cut(desk: Desk, alice: Client, short: None) -> None:
    now = timezone.now()
    for number in range(5):
        one = make_registration(desk.conference)
        Registration.objects.filter(pk=one.pk).update(created_at=now - timedelta(minutes=number))
    page = alice.get("/organize/forum/registrations/?page=99&before=1")
    assert (page.context["page_obj"].number, page.context["page_obj"].paginator.count) == (2, 4)
    assert "More than 4 registrations" in page.text
    assert "There are more than these 4." in page.text
    assert "Narrow the list to see the others." in page.text
    one.delete()
    assert "There are more" not in alice.get("/organize/forum/registrations/").text


def test_how_often_people_appear_is_counted_for_those_that_are_shown(desk: Desk, alice: Client, short: None) -> None:
    for code in "abcde":
        made = make_person(desk.conference, code=code)
        for role in ("speaker", "chair")[: "abcde".index(code)]:
            desk.talk.roles.create(person=made, role=role)
    with CaptureQueriesContext(connection) as queries:
        page = alice.get("/organize/forum/setup/people/?page=2")
    assert [one.appears for one in page.context["page_obj"]] == [2, 2]
    [counting] = [one["sql"] for one in queries if "COUNT(*)" in one["sql"] and "schedule_person" in one["sql"]]
    assert ("LIMIT 5" in counting, "schedule_role" in counting) == (True, False)
