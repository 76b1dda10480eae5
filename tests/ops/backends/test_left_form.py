"""The language switch takes along what is typed in the forms of a page, without scripts and without keeping it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from journal.models import Entry
from registration.models import Registration
from tests.factories import make_team, make_user
from tests.fixtures.conferences import Agenda
from tests.ops.backends.test_signed_out import BACKEND, DETAILS, ROOMS, TYPED, signed_out, signs_in
from tests.responses import Response

HERE = {"Origin": "http://testserver"}
SIGNUPS = "/organize/forum/sessions/A/signups/"


def in_korean(form_id: str = "left-1", **typed: str) -> dict[str, str]:
    """What a browser sends that switches from a form with this typed in it."""
    return typed | {"in_language": f"ko {form_id}"}


def values(page: Response) -> dict[str, str]:
    """What stands in the inputs and text areas of a page, and what is chosen, by name."""
    said = page.content.decode()
    found = [
        (name, value)
        for tag in re.findall(r"<input [^>]*>", said)
        for name in re.findall(r' name="([^"]+)"', tag)
        for value in re.findall(r' value="([^"]*)"', tag)
        if "checkbox" not in tag or " checked" in tag
    ]
    found += re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', said, re.DOTALL)
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', said, re.DOTALL):
        found += [(name, value) for value in re.findall(r'<option value="([^"]*)" selected>', options)]
    return {name: unescape(value) for name, value in found}


def organizes(client: Client, agenda: Agenda) -> None:
    """An owner of the conference is signed in."""
    user, team = make_user(), make_team()
    team.memberships.create(user=user, role="owner")
    agenda.conference.team = team
    agenda.conference.save(update_fields=["team"])
    client.force_login(user, BACKEND)


def test_a_participant_reads_on_in_another_language_with_all_that_was_typed(
    alice: Registration, client: Client
) -> None:
    signs_in(client, alice)
    opened = client.get(DETAILS)
    assert '<form id="left-1" class="form" method="post"' in opened.content.decode()
    version = values(opened)["reviewed"]
    typed = TYPED | {"affiliation": 'One "two" <b>', "reviewed": version + "x"}
    page = client.post(DETAILS, in_korean(**typed))
    said = page.content.decode()
    assert (page.status_code, page.headers["Cache-Control"], '<html lang="ko">' in said) == (200, "private, no-store", True)
    kept = values(page)
    # What the form was written from goes with it: what another tab changed meanwhile is still seen.
    assert {name: kept[name] for name in typed} == typed
    # Nothing of it is saved, not even in the session, and nothing is said to be wrong.
    alice.refresh_from_db()
    assert (alice.display_name, Entry.objects.filter(verb="registration.changed").count()) == ("Alice", 0)
    assert [Session.objects.get().get_decoded().keys()] == [client.session.keys()]
    assert ("Alice &lt;b&gt;" in str(client.session.items()), "error-summary" in said) == (False, False)
    assert '<html lang="ko">' in client.get(DETAILS).content.decode()


def test_an_organizer_reads_on_and_saves_then(agenda: Agenda, client: Client) -> None:
    organizes(client, agenda)
    page = client.post(ROOMS, in_korean(code="T99", name_0="Hall", capacity="many"))
    kept = values(page)
    assert (kept["code"], kept["name_0"], kept["capacity"]) == ("T99", "Hall", "many")
    assert client.post(ROOMS, {name: kept[name] for name in kept if name != "next"}).status_code == 422
    assert client.post(ROOMS, kept | {"capacity": "70"}).status_code == 302
    assert agenda.conference.rooms.get(code="T99").capacity == 70


def test_each_form_of_a_page_has_its_own_switch_and_keeps_its_own(agenda: Agenda, client: Client) -> None:
    organizes(client, agenda)
    said = client.get(SIGNUPS).content.decode()
    switches = re.findall(r'<(\w+)[^<>]*>[^<>]*(?:<[^<>]*>[^<>]*)?<button type="submit" form="(left-\d)"', said)
    assert [form for _before, form in switches] == ["left-1", "left-2"]
    [second] = re.findall(r"<noscript>(.*?)</noscript>", said, re.DOTALL)
    assert 'value="ko left-2"' in second
    names = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', said[said.index('id="left-2"') :])
    assert names
    first = re.findall(r'name="(\w+)"', said[said.index('id="left-1"') : said.index('id="left-2"')])
    typed = {name: "typed" for name in first if name not in ("csrfmiddlewaretoken", "in_language")}
    page = values(client.post(SIGNUPS, in_korean(**typed)))
    assert {name: page[name] for name in typed if name in page} == {name: typed[name] for name in typed if name in page}
