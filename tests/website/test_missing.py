"""Pages that are not there lead on, and tell nobody what only the team may see."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_conference
from tests.fixtures.conferences import Agenda

EVERYWHERE = ["/my/", "/"]
OF_FORUM = ["/forum/?day=all", "/forum/speakers/"]


def ways(path: str, language: str = "en") -> tuple[int, str, list[str]]:
    """Status, heading, and where the content leads."""
    answer = Client().get(path, headers={"accept-language": language})
    main = re.findall(r"<main.*?</main>", answer.content.decode(), re.S)[0]
    return answer.status_code, re.findall(r"<h1>(.*?)</h1>", main)[0], re.findall(r'(?:href|action)="([^"]+)"', main)


@pytest.mark.parametrize(
    "path",
    [
        "/forum/sessions/NO/",
        "/forum/nowhere/",
        "/forum/speakers/2c1f1a57-9a53-4b3a-9f0d-6d1a4f9a2a11/",
        "/forum/schedule/day/1999-01-01.ics",
        "/forum/privacy/99/",
    ],
)
def test_of_a_conference_they_lead_to_its_programme(agenda: Agenda, path: str) -> None:
    assert ways(path) == (404, "There is no such page", ["/forum/", *OF_FORUM, *EVERYWHERE])


def test_they_are_in_the_readers_language(agenda: Agenda) -> None:
    status, heading, found = ways("/forum/nowhere/", "ko")
    assert (status, heading.isascii(), found) == (404, False, ["/forum/", *OF_FORUM, *EVERYWHERE])


@pytest.mark.parametrize("path", ["/hidden/", "/hidden/sessions/A/", "/nowhere/", "/my/link/x/y/z/", "/a%20b/", "/-/"])
def test_elsewhere_they_lead_home_and_tell_nothing(agenda: Agenda, path: str) -> None:
    make_conference(slug="hidden", is_public=False)
    assert ways(path) == (404, "There is no such page", EVERYWHERE)


def test_a_page_that_is_not_there_costs_little(
    agenda: Agenda, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get("/forum/no/where/")
