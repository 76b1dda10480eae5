"""The language switch takes along what is typed in the forms of a page, without scripts and without keeping it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from registration.models import Registration
from tests.factories import make_team, make_user
from tests.fixtures.conferences import Agenda
from tests.ops.backends.test_signed_out import BACKEND, DETAILS, ROOMS, TYPED, fields, signed_out, signs_in
from tests.responses import Response

HERE = {"Origin": "http://testserver"}


def in_korean(form_id: str = "left-1", **typed: str) -> dict[str, str]:
    """What a browser sends that switches from a form with this typed in it."""
    return typed | {"in_language": f"ko {form_id}"}


def values(page: Response) -> dict[str, str]:
    """What stands in the inputs of a page, and what is chosen in its lists, by name."""
    said = page.content.decode()
    inputs = [tag for tag in re.findall(r"<input [^>]*>", said) if not re.search(r"checkbox|radio", tag)]
    found = {name: value for tag in inputs for name, value in re.findall(r' name="([^"]+)".* value="([^"]*)"', tag)}
    found |= dict(re.findall(r'<select name="([^"]+)"(?:(?!</select>).)*?value="([^"]*)" selected', said, re.DOTALL))
    return {name: unescape(value) for name, value in found.items()}


def organizes(client: Client, agenda: Agenda) -> None:
    """An owner of the conference is signed in."""
    user, team = make_user(), make_team()
    team.memberships.create(user=user, role="owner")
    agenda.conference.team = team
    agenda.conference.save(update_fields=["team"])
    client.force_login(user, BACKEND)


def test_what_a_participant_typed_is_there_in_another_language(alice: Registration, client: Client) -> None:
    signs_in(client, alice)
    opened = client.get(DETAILS).content.decode()
    assert ('<form id="left-1" class="form" method="post"' in opened, 'value="ko left-1"' in opened) == (True, True)
    kept_before = dict(client.session.items())
    page = client.post(DETAILS, in_korean(**TYPED | {"reviewed": "what it was written from"}))
    said = page.content.decode()
    assert (page.status_code, '<html lang="ko">' in said, "data-error-summary" in said) == (200, True, False)
    kept = values(page)
    # What another tab changed meanwhile is still seen: the form says what it was written from.
    assert {name: kept[name] for name in ("display_name", "country", "reviewed")} == {
        "display_name": "Alice <b> Kim",
        "country": "KR",
        "reviewed": "what it was written from",
    }
    # Nothing is done, and nothing is kept, in no cache either.
    alice.refresh_from_db()
    assert (alice.display_name, dict(client.session.items())) == ("Alice", kept_before)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<html lang="ko">' in client.get(DETAILS).content.decode()


def test_what_an_organizer_typed_is_there_right_or_wrong_and_is_saved_then(agenda: Agenda, client: Client) -> None:
    organizes(client, agenda)
    kept = values(client.post(ROOMS, in_korean(code="T99", name_en="Hall", capacity="many")))
    assert (kept["code"], kept["name_en"], kept["capacity"]) == ("T99", "Hall", "many")
    assert agenda.conference.rooms.filter(code="T99").count() == 0
    assert client.post(ROOMS, kept | {"capacity": "70"}).status_code == 302
    assert agenda.conference.rooms.get(code="T99").capacity == 70


def test_each_form_of_a_page_has_a_switch_and_keeps_its_own(agenda: Agenda, client: Client) -> None:
    organizes(client, agenda)
    address = f"/organize/forum/sign-ups/{agenda.a.code}/"
    said = client.get(address).content.decode()
    assert re.findall(r'<button type="submit" form="(left-\d)" formaction="([^"]+)"', said) == [
        ("left-1", address),
        ("left-2", address),
    ]
    # Scripts take along both.
    [without_scripts] = re.findall(r"<noscript>(.*?)</noscript>\s*</form>", said, re.DOTALL)
    assert 'value="ko left-2"' in without_scripts
    page = values(client.post(address, in_korean("left-2", **{"closing-minutes": "typed"})))
    assert page["closing-minutes"] == "typed"


def test_a_page_that_answers_a_form_and_is_never_opened_has_it_sent_again(agenda: Agenda, client: Client) -> None:
    organizes(client, agenda)
    closing = f"/organize/forum/sign-ups/{agenda.a.code}/closing/"
    said = client.post(closing, in_korean("left-2", minutes="typed")).content.decode()
    assert ('<html lang="ko">' in said, f'method="post" action="{closing}"' in said) == (True, True)
    assert re.findall(r'<input type="hidden" name="(minutes|in_language)" value="([^"]*)">', said) == [
        ("minutes", "typed")
    ]


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/my/forum/?day=2037-06-01", "/my/forum/?day=2037-06-01"),
        ("https://evil.example/my/forum/", "/my/forum/sessions/A/sign-up/"),
    ],
)
def test_what_answers_a_form_with_nothing_typed_leads_back_to_its_page(agenda: Agenda, referer: str, back: str) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/my/forum/sessions/A/sign-up/", {}, headers={"Referer": referer})
    assert refused.status_code == 403
    [switch] = re.findall(r'<form class="language-switch".*?</form>', refused.content.decode(), re.DOTALL)
    assert re.findall(r'name="next" value="([^"]*)"', switch) == [back]


def test_passwords_and_codes_are_typed_anew(db: None, client: Client) -> None:
    page = client.post("/accounts/login/", in_korean(login="a@example.org", password="hunter2 secret"))
    assert (values(page)["login"], "hunter2" in page.content.decode()) == ("a@example.org", False)


def test_nobody_elsewhere_fills_in_a_form_for_somebody(alice: Registration) -> None:
    client = Client(enforce_csrf_checks=True)
    signs_in(client, alice)
    token = fields(client.get(DETAILS))["csrfmiddlewaretoken"]
    foreign = client.post(DETAILS, in_korean(display_name="Mallory"), headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, "Mallory" in foreign.content.decode()) == (403, False)
    assert '<html lang="en">' in client.get(DETAILS).content.decode()
    # From a page of hers that was open when she signed in anew the same press is offered again, with what was typed.
    client.cookies["csrftoken"] = "n" * 32
    mine = in_korean(display_name="Alice Kim", csrfmiddlewaretoken=token)
    said = client.post(DETAILS, mine, headers=HERE).content.decode()
    assert ('name="in_language" value="ko left-1"' in said, "<li>ko left-1</li>" in said) == (True, False)


def test_whoever_was_signed_out_meanwhile_has_it_after_signing_in(alice: Registration, client: Client) -> None:
    signs_in(client, alice)
    client.get(DETAILS)
    signed_out(client)
    assert client.post(DETAILS, in_korean(**TYPED)).headers["Location"].startswith("/my/sign-in/?next=")
    signs_in(client, alice)
    again = {name: value for name, value in values(client.get(DETAILS)).items() if name != "next"}
    assert again["in_language"] == "ko left-1"
    assert values(client.post(DETAILS, again))["display_name"] == "Alice <b> Kim"
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


def test_what_a_page_offers_to_send_again_stands_in_its_form_in_the_other_language(alice: Registration) -> None:
    client = Client(enforce_csrf_checks=True)
    signs_in(client, alice)
    token = fields(client.get(DETAILS))["csrfmiddlewaretoken"]
    client.cookies["csrftoken"] = "n" * 32
    refused = client.post(DETAILS, TYPED | {"csrfmiddlewaretoken": token}, headers=HERE)
    assert f'form="left-1" formaction="{DETAILS}"' in refused.content.decode()
    carried = {name: unescape(value) for name, value in fields(refused).items()}
    page = client.post(DETAILS, carried | in_korean(), headers=HERE)
    assert (page.status_code, '<html lang="ko">' in page.content.decode()) == (200, True)
    assert (values(page)["display_name"], values(page)["country"]) == ("Alice <b> Kim", "KR")


@pytest.mark.parametrize("said", ["xx left-1", "", " "])
def test_no_language_of_ours_is_a_field_like_any_other(alice: Registration, client: Client, said: str) -> None:
    signs_in(client, alice)
    client.post(DETAILS, TYPED | {"in_language": said})
    alice.refresh_from_db()
    assert alice.display_name == "Alice <b> Kim"


def test_what_one_visitor_typed_is_shown_to_no_other(agenda: Agenda) -> None:
    first, second = Client(), Client()
    page = first.post("/forum/", in_korean(q="mine alone"))
    assert (page.headers["Cache-Control"], "mine alone" in second.get("/forum/").content.decode()) == (
        "private, no-store",
        False,
    )


def test_a_search_that_is_not_sent_yet_is_made_in_the_other_language(agenda: Agenda, client: Client) -> None:
    said = client.get("/forum/?q=old&lang=en").content.decode()
    [address] = re.findall(r'<button type="submit" form="left-1" formaction="([^"]+)"', said)
    assert (address, '<form id="left-1" class="filter-bar"' in said) == ("/language/?next=%2Fforum%2F%3Fq%3Dold", True)
    # A filter has the name that the switch has elsewhere.
    typed = {"q": "water & more", "language": "en", "kind": "", "in_language": "ko left-1"}
    page = client.post(unescape(address), typed)
    assert page.headers["Location"] == "/forum/?q=water+%26+more&language=en"
    assert '<html lang="ko">' in client.get("/forum/").content.decode()


@pytest.mark.parametrize(
    ("address", "typed", "leads_to"),
    [
        ("/forum/?day=2037-06-02", {"q": "", "kind": ""}, "/forum/?day=2037-06-02"),
        ("/forum/?day=2037-06-02&q=sea", {"q": "sea", "kind": ""}, "/forum/?day=2037-06-02&q=sea"),
        ("/forum/?day=2037-06-02&q=sea", {"q": "", "kind": ""}, "/forum/?back=2037-06-02"),
        ("/forum/?day=2037-06-02", {"q": "sea", "kind": ""}, "/forum/?back=2037-06-02&q=sea"),
    ],
)
def test_a_search_leads_where_its_button_does_and_without_one_the_page_is_the_same(
    client: Client, db: None, address: str, typed: dict[str, str], leads_to: str
) -> None:
    fields = {"back": "2037-06-02", **typed, "in_language": "ko left-1"}
    response = client.post("/language/", fields, query_params={"next": address})
    assert response.headers["Location"] == leads_to


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", ""])
def test_the_switch_leads_nowhere_else(client: Client, db: None, address: str) -> None:
    page = client.post(f"/language/?next={address}", {"q": "x", "in_language": "ko left-1"})
    assert page.headers["Location"].startswith(("/", "?"))
    assert not page.headers["Location"].startswith("//")
