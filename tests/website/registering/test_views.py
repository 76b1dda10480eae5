"""Registering in three steps, from the first page to one's own."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.registrations import limits, tokens
from registration.domain.registrations.limits import MailPace
from registration.domain.registrations.registering import cancel
from registration.models import MagicLink, Registration
from schedule.domain.programme.conference_texts import publish_text
from schedule.models import Conference
from tests.factories import make_registration
from tests.fixtures.conferences import Agenda, signed_in
from tests.registration.steps import AGREED, about, reviewed
from tests.responses import squeezed


def fill_in(client: Client, *, needs: dict[str, object] | None = None, **fields: object) -> None:
    assert client.post("/forum/register/", about(**fields)).headers["Location"] == "/forum/register/needs/"
    sent = client.post("/forum/register/needs/", {"wishes": ["A", "C"], "wishes-rank-C": "1"} | (needs or {}))
    assert sent.headers["Location"] == "/forum/register/review/"


def newest_link() -> str:
    link = MagicLink.objects.latest("created_at")
    return f"/my/link/{tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)}/"


def test_registering_from_first_page_to_own_page(agenda: Agenda, client: Client) -> None:
    assert client.get("/forum/register/").status_code == 200
    fill_in(client)
    page = client.get("/forum/register/review/").content.decode()
    assert "dana@example.org" in page
    assert reviewed(client, "/forum/register/review/").headers["Location"] == "/forum/register/sent/"
    assert "dana@example.org" in client.get("/forum/register/sent/").content.decode()
    registration = Registration.objects.get()
    assert (registration.state, registration.display_name) == ("draft", "")

    assert "dana@example.org" in client.get(newest_link()).content.decode()
    registration.refresh_from_db()
    assert registration.state == "draft"  # a mail scanner that opens the link confirms nothing

    before = client.session.session_key
    assert reviewed(client, newest_link(), **AGREED).headers["Location"] == "/my/forum/"
    assert client.session.session_key != before
    registration.refresh_from_db()
    assert (registration.state, registration.display_name, registration.country) == ("accepted", "Dana", "KR")
    wished = registration.interests.order_by("rank").values_list("session__code", flat=True)
    assert list(wished) == ["C", "A"]
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True))[-5:] == [
        "link.requested",
        "registration.answered",
        "registration.consents_changed",
        "interests.changed",
        "registration.confirmed",
    ]
    assert dict(client.session) == {"participant": str(registration.participant.uid)}
    page = client.get("/my/forum/").content.decode()
    assert "Dana, registered with dana@example.org" in page


def test_registering_where_organizers_decide(agenda: Agenda, client: Client) -> None:
    Conference.objects.filter(pk=agenda.conference.pk).update(approves_registrations=True, capacity=0)
    said = "The organizers decide about each registration and write to you."
    assert said in client.get("/forum/register/").content.decode()
    fill_in(client)
    reviewed(client, "/forum/register/review/")
    opened = client.get(newest_link()).content.decode()
    assert (said in opened, "Hand in my registration" in opened) == (True, True)
    assert reviewed(client, newest_link(), **AGREED).headers["Location"] == "/my/forum/"
    assert Registration.objects.get().state == "submitted"
    page = client.get("/my/forum/").content.decode()
    assert "It is with the organizers. They decide about it and write to you" in page
    assert "Sign me up for my wishes" not in page
    assert [f"/my/forum/{path}/" in page for path in ("wishes", "details", "mails", "cancel", "calendar")] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert client.get("/forum/register/").headers["Location"] == "/my/forum/"


def test_errors_name_their_fields_and_nothing_typed_is_lost(agenda: Agenda, client: Client) -> None:
    response = client.post("/forum/register/", about(email="nonsense", country=""))
    page = squeezed(response.content.decode())
    assert response.status_code == 422
    assert re.findall(r'<a href="#(id_[a-z]+)">([^<]*)<', page) == [
        ("id_email", "Enter your e-mail address, like name@example.org."),
        ("id_country", "Choose a country or region."),
    ]
    assert 'value="Dana"' in page
    assert 'value="nonsense"' in page
    assert "<title>Error:" in page


def test_steps_are_saved_and_can_be_gone_back_to(agenda: Agenda, client: Client) -> None:
    fill_in(client, needs={"diet": "vegan", "access_note": "a ramp"})
    assert 'value="dana@example.org"' in client.get("/forum/register/").content.decode()
    page = squeezed(client.get("/forum/register/needs/").content.decode())
    assert "a ramp" in page
    assert re.findall(r'value="(\w)" id="id_wishes_\d" checked', page) == ["A", "C"]
    assert "Vegan" in client.get("/forum/register/review/").content.decode()


def test_fields_tell_the_browser_what_they_are(agenda: Agenda, client: Client) -> None:
    page = client.get("/forum/register/").content.decode()
    assert re.findall(r'autocomplete="([a-z-]+)"', page) == ["name", "email", "country", "organization"]


@pytest.mark.parametrize("step", ["needs", "review"])
def test_a_later_step_without_the_first_leads_back(agenda: Agenda, client: Client, step: str) -> None:
    assert client.get(f"/forum/register/{step}/").headers["Location"] == "/forum/register/"


def test_an_unknown_step_is_not_found(agenda: Agenda, client: Client) -> None:
    fill_in(client)
    assert client.get("/forum/register/payment/").status_code == 404


@pytest.mark.parametrize("path", ["/forum/register/", "/forum/register/review/", "/forum/register/sent/"])
def test_a_conference_that_is_not_public_is_not_found(agenda: Agenda, client: Client, path: str) -> None:
    fill_in(client)
    Conference.objects.update(is_public=False)
    hidden, missing = client.get(path), client.get(path.replace("forum", "nowhere"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert b"The Forum" not in hidden.content


def test_a_closed_registration_says_so(agenda: Agenda, client: Client) -> None:
    fill_in(client)
    Conference.objects.update(registration_open=False)
    assert "Registration is closed" in client.get("/forum/register/").content.decode()
    assert "Registration is closed" in reviewed(client, "/forum/register/review/").content.decode()
    assert Registration.objects.count() == 0


def says_full(client: Client, path: str) -> list[str]:
    return re.findall(r"are then number (\d+) in line", client.get(path).content.decode())


def test_a_full_conference_says_so_and_keeps_the_place_in_line(agenda: Agenda, client: Client) -> None:
    other = make_registration(agenda.conference)
    assert says_full(client, "/forum/register/") == []
    Conference.objects.update(capacity=1)
    assert says_full(client, "/forum/register/") == ["1"]
    fill_in(client)
    reviewed(client, "/forum/register/review/")
    assert says_full(client, newest_link()) == ["1"]
    reviewed(client, newest_link(), **AGREED)
    page = client.get("/my/forum/").content.decode()
    assert "You are number 1 in line; when a place comes free" in squeezed(page)
    assert re.search(r'notice-title">\s*You are number 1 in line\s*<', page)
    assert "Leave the line" in page
    assert says_full(Client(), "/forum/register/") == ["2"]
    asked = client.get("/my/forum/cancel/").content.decode()
    assert "Leave the line for The Forum?" in asked
    cancel(other, actor=SYSTEM)
    assert "You are number" not in client.get("/my/forum/").content.decode()
    assert Registration.objects.get(participant__email="dana@example.org").state == "accepted"


def test_who_leaves_the_line_is_told_so(agenda: Agenda, client: Client) -> None:
    make_registration(agenda.conference)
    Conference.objects.update(capacity=1)
    fill_in(client)
    reviewed(client, "/forum/register/review/")
    reviewed(client, newest_link(), **AGREED)
    page = client.post("/my/forum/cancel/", follow=True)
    assert [str(one) for one in page.context["messages"]][-1:] == ["You have left the line."]
    assert Registration.objects.get(participant__email="dana@example.org").state == "cancelled"


@pytest.mark.parametrize(
    ("needs", "boxes"),
    [
        ({}, ["consent_privacy", "code_of_conduct"]),
        ({"access_needs": ["captions"]}, ["consent_privacy", "consent_sensitive", "code_of_conduct"]),
        ({"access_note": "a ramp"}, ["consent_privacy", "consent_sensitive", "code_of_conduct"]),
        ({"diet": "halal"}, ["consent_privacy", "consent_meals", "code_of_conduct"]),
    ],
)
def test_agreements_are_asked_where_the_link_leads_and_belong_to_what_was_typed(
    agenda: Agenda, client: Client, needs: dict[str, object], boxes: list[str]
) -> None:
    fill_in(client, needs=needs)
    shown = client.get("/forum/register/review/").content.decode()
    assert "consent_" not in shown
    # A stranger may send what they like: nothing is agreed to by it.
    reviewed(client, "/forum/register/review/", **dict.fromkeys(boxes, "on"))
    opened = Client()
    page = opened.get(newest_link()).content.decode()
    assert "Dana" in page
    assert re.findall(r'type="checkbox" name="(\w+)"', page) == boxes
    assert "checked" not in page
    for missing in boxes:
        refused = reviewed(opened, newest_link(), **{box: "on" for box in boxes if box != missing})
        assert (refused.status_code, re.findall(r'<a href="#id_([a-z_]+)">', refused.content.decode())) == (
            422,
            [missing],
        )
    registration = Registration.objects.get()
    assert (registration.state, registration.consents) == ("draft", {})
    assert reviewed(opened, newest_link(), **dict.fromkeys(boxes, "on")).status_code == 302
    registration.refresh_from_db()
    agreed = {
        "consent_privacy": "privacy",
        "consent_sensitive": "access",
        "consent_meals": "meals",
        "code_of_conduct": "conduct",
    }
    assert {purpose: one["version"] for purpose, one in registration.consents.items()} == {
        agreed[box]: 1 for box in boxes
    }
    assert registration.consented_at == datetime.fromisoformat(registration.consents["privacy"]["at"])


def test_what_another_tab_changed_is_read_before_it_is_sent(agenda: Agenda, client: Client) -> None:
    fill_in(client)
    tab = re.search(r'name="reviewed" value="(\w+)"', client.get("/forum/register/review/").content.decode())
    assert tab is not None
    fill_in(client, email="mallory@example.org")  # in another tab of the same browser
    refused = client.post("/forum/register/review/", {"reviewed": tab[1]})
    assert (refused.status_code, MagicLink.objects.count()) == (409, 0)
    said = refused.content.decode()
    assert "Please look again: nothing was sent" in said
    assert "mallory@example.org" in said
    assert reviewed(client, "/forum/register/review/").status_code == 302
    assert MagicLink.objects.get().participant.email == "mallory@example.org"


def test_a_text_that_changed_meanwhile_is_read_before_it_is_agreed_to(agenda: Agenda, client: Client) -> None:
    fill_in(client)
    reviewed(client, "/forum/register/review/")
    shown = re.search(r'name="reviewed" value="(\w+)"', client.get(newest_link()).content.decode())
    assert shown is not None
    words = {"en": "We keep it longer.", "ko": "더 오래 보관합니다."}
    publish_text(agenda.conference, "privacy", words, seen=1, actor=SYSTEM, now=timezone.now())
    assert client.post(newest_link(), AGREED | {"reviewed": shown[1]}).status_code == 409
    assert Registration.objects.get().state == "draft"
    assert reviewed(client, newest_link(), **AGREED).status_code == 302
    assert Registration.objects.get().consents["privacy"]["version"] == 2


def answers_to(client: Client, email: str) -> list[tuple[int, str, str]]:
    """What somebody sees who registers with this address, with the address itself taken out."""
    fill_in(client, email=email)
    seen = []
    for response in (reviewed(client, "/forum/register/review/"), client.get("/forum/register/sent/")):
        text = re.sub(
            r'value="([A-Za-z0-9]{64}|[\w.:-]{100,})"', "", response.content.decode().replace(email, "ADDRESS")
        )
        seen.append((response.status_code, response.headers.get("Location", ""), text))
    return seen


def test_the_answer_is_the_same_for_known_and_unknown_addresses(agenda: Agenda, alice: Registration) -> None:
    known, unknown = answers_to(Client(), "alice@example.org"), answers_to(Client(), "nobody@example.org")
    assert known == unknown
    assert "alice" not in "".join(text for _status, _location, text in known)


CROWD = MailPace("mails-per-network", 2, timedelta(minutes=2), timedelta(minutes=4))


def test_a_whole_university_behind_one_address_registers(
    agenda: Agenda, alice: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the first mails they leave in turn, and the page says when; nobody is refused who can wait."""
    monkeypatch.setattr(limits, "MAILS_PER_NETWORK", CROWD)
    told = []
    for number in range(4):
        client = Client()
        fill_in(client, email="alice@example.org" if number == 3 else f"student{number}@example.org")
        assert reviewed(client, "/forum/register/review/").status_code == 302
        page = squeezed(client.get("/forum/register/sent/").content.decode())
        told.append(re.findall(r"leaves in (\d+) minute", page))
    assert told == [[], [], ["2"], ["4"]]
    take_in()
    mails = Message.objects.order_by("pk")
    assert [round((one.due_at - one.created_at) / timedelta(minutes=1)) for one in mails] == [0, 0, 2, 4]


def test_who_would_wait_too_long_keeps_what_was_typed_and_others_wait_for_nobody(
    agenda: Agenda, alice: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAILS_PER_NETWORK", CROWD)
    for number in range(6):
        client = Client()
        fill_in(client, email=f"flood{number}@example.org")
        sent = reviewed(client, "/forum/register/review/")
    assert (sent.status_code, sent.headers["Retry-After"]) == (429, "120")
    assert "from your network that yours would take more than an hour" in squeezed(sent.content.decode())
    assert "flood5@example.org" in client.get("/forum/register/review/").content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    fill_in(elsewhere)
    assert reviewed(elsewhere, "/forum/register/review/").headers["Location"] == "/forum/register/sent/"
    assert Client().post("/my/sign-in/", {"email": "alice@example.org"}).headers["Location"] == "/my/sign-in/sent/"


def test_the_next_link_for_one_address_waits_a_little_known_or_not(agenda: Agenda, alice: Registration) -> None:
    for email in ("alice@example.org", "nobody@example.org"):
        statuses = []
        for _ in range(6):
            client = Client()
            fill_in(client, email=email)
            sent = reviewed(client, "/forum/register/review/")
            statuses.append(sent.status_code)
        assert statuses == [302] * 5 + [429]
        assert (
            sent.headers["Retry-After"],
            "Wait 1 second, then try again. What" in squeezed(sent.content.decode()),
        ) == ("1", True)
    assert MagicLink.objects.count() == 2  # asked for again within a minute, each is the same


def test_whoever_is_signed_in_needs_no_mail(agenda: Agenda, charlie: Registration) -> None:
    client = signed_in(charlie.participant)
    assert 'name="email"' not in client.get("/forum/register/").content.decode()
    fill_in(client)
    assert reviewed(client, "/forum/register/review/", **AGREED).headers["Location"] == "/my/forum/"
    mine = Registration.objects.get(conference=agenda.conference)
    assert (mine.participant, mine.state, mine.display_name) == (charlie.participant, "accepted", "Dana")
    assert MagicLink.objects.count() == 0


def test_whoever_is_registered_is_sent_to_their_own_page(alice: Registration) -> None:
    client = signed_in(alice.participant)
    assert client.get("/forum/register/").headers["Location"] == "/my/forum/"


def test_the_form_refuses_a_post_without_its_token(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/forum/register/", about()).status_code == 403
    client.get("/forum/register/")
    with_token = about(csrfmiddlewaretoken=client.cookies["csrftoken"].value)
    assert client.post("/forum/register/", with_token).status_code == 302
