"""What is known of me: a copy, my browsers, and erasing it."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from notifications.models import FeedToken, Suppression
from registration.domain.privacy.browsers import note_browser
from registration.domain.registrations import links, registering
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import sign_up
from registration.models import Interest, MagicLink, Participant, Registration, SignedInBrowser, SignUp
from schedule.models import ConferenceText
from tests.factories import both
from tests.fixtures.conferences import Agenda, signed_in
from tests.notifications.places import make_feed

# Every table with a person's rows, and where the copy has them.
COPIED = {
    "registration.Registration": "registrations",
    "registration.MagicLink": "links",
    "registration.SignedInBrowser": "browsers",
    "registration.Interest": "registrations",
    "registration.SignUp": "registrations",
    "notifications.Message": "mails",
    "notifications.Attempt": "mails",  # the tries of a mail are summed up in its state
    "notifications.FeedToken": "calendars",
    "notifications.DeclinedPlace": "registrations",  # a question about a place that is told with it
}


def test_the_copy_has_all_tables_in_which_somebody_is() -> None:
    found: set[str] = set()
    frontier = {"registration.Participant"}
    while frontier:
        pointing = {
            model._meta.label
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.related_model is not None and field.related_model._meta.label in frontier
        }
        frontier = pointing - found
        found |= pointing
    assert found == set(COPIED)


def test_the_page_and_the_file_say_the_same(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=alice.actor)
    set_interests(alice, [agenda.c], actor=alice.actor)
    client = signed_in(alice.participant)
    page = client.get("/my/forum/data/").content.decode()
    answer = client.get("/my/forum/data/my-data.json")
    copy = json.loads(answer.content)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert set(COPIED.values()) <= set(copy)
    (registration,) = copy["registrations"]
    assert (copy["email"], registration["display_name"]) == ("alice@example.org", "Alice")
    assert [(one["session"], one["state"]) for one in registration["places"]] == [("A", "confirmed")]
    assert [(one["session"], one["rank"]) for one in registration["wishes"]] == [("C", 1)]
    assert (registration["consents"]["privacy"]["version"], copy["mails_come_back"]) == (0, [])
    assert ["Alice" in page, "Session A" in page, "Session C" in page] == [True, True, True]
    # A year after the last of their conferences they are erased by themselves.
    assert (copy["kept_until"], "after 2 June 2038, a year after" in page) == ("2038-06-02", True)


def test_a_browser_is_ended_from_another(alice: Registration, bob: Registration) -> None:
    here, there, stranger = signed_in(alice.participant), signed_in(alice.participant), signed_in(bob.participant)
    for client, person in ((here, alice), (there, alice), (stranger, bob)):
        note_browser(person.participant, client.session.session_key or "", "Firefox/1 Linux", now=timezone.now())
    shown = re.findall(r'name="browser" value="([0-9a-f-]+)"', here.get("/my/forum/data/").content.decode())
    assert len(shown) == 1
    foreign = SignedInBrowser.objects.get(participant=bob.participant)
    here.post("/my/forum/data/browsers/", {"browser": str(foreign.uid)})
    here.post("/my/forum/data/browsers/", {"browser": shown[0]})
    assert [client.get("/my/forum/").status_code for client in (here, there, stranger)] == [200, 302, 200]


@pytest.mark.parametrize(("sent", "left"), [({}, 1), ({"sure": "yes"}, 0)])
def test_erasing_asks_first(alice: Registration, sent: dict[str, str], left: int) -> None:
    client = signed_in(alice.participant)
    assert "Erase everything about me?" in client.get("/my/forum/data/erase/").content.decode()
    client.post("/my/forum/data/erase/", sent)
    assert Participant.objects.count() == left
    assert client.get("/my/forum/").status_code == (200 if left else 302)


@pytest.mark.parametrize(
    ("field", "value", "box"),
    [("access_needs", "captions", "consent_sensitive"), ("diet", "halal", "consent_meals")],
)
def test_my_details_ask_for_the_agreement_of_each_field(alice: Registration, field: str, value: str, box: str) -> None:
    Registration.objects.update(consents={})
    client = signed_in(alice.participant)
    typed: dict[str, object] = {"display_name": "Alice", "country": "KR", "language": "en", field: value}
    refused = client.post("/my/forum/details/", typed)
    assert (refused.status_code, re.findall(r'<a href="#id_(\w+)">', refused.content.decode())) == (422, [box])
    assert client.post("/my/forum/details/", typed | {box: "on"}).status_code == 302
    alice.refresh_from_db()
    assert list(alice.consents) == [{"diet": "meals"}.get(field, "access")]
    # Emptied again, the agreement goes with it.
    assert client.post("/my/forum/details/", typed | {field: []}).status_code == 302
    alice.refresh_from_db()
    assert alice.consents == {}


# What the copy does not say, and why.
OURS = {
    "id": "a key of ours", "uid": "a key of ours", "registration": "what it stands in",
    "participant": "what it stands in", "token_hash": "says nothing by itself", "session_key": "lets whoever has it in",
    "exclusive": "of the session", "room": "of the session", "title": "of the session", "online_url": "of the session",
    "room_name": "of the session", "venue": "of the session", "sequence": "counts changes of the session",
    "stood_as": "goes with the state", "line_closed": "goes with the state", "looked_before": "one look earlier",
}  # fmt: skip


def test_the_copy_has_every_column(agenda: Agenda, alice: Registration) -> None:
    """A column that is new is either copied or has its reason."""
    sign_up(alice, agenda.a, actor=alice.actor)
    set_interests(alice, [agenda.c], actor=alice.actor)
    links.request_link(alice.participant.email, now=timezone.now())
    make_feed(alice, name="Phone")
    Suppression.objects.create(address=alice.participant.email, reason="bounced", answer="550")
    client = signed_in(alice.participant)
    note_browser(alice.participant, client.session.session_key or "", "Firefox/1 Linux", now=timezone.now())
    copy = json.loads(client.get("/my/forum/data/my-data.json").content)
    (registration,) = copy["registrations"]
    rows = {
        Participant: copy, Registration: registration, SignUp: registration["places"][0],
        Interest: registration["wishes"][0], MagicLink: copy["links"][0], SignedInBrowser: copy["browsers"][0],
        FeedToken: copy["calendars"][0], Suppression: copy["mails_come_back"][0],
    }  # fmt: skip
    names = {
        "verified_at": "address_proved_at", "consented_at": "agreed_at", "during": "starts",
        "queued_at": "in_line_since", "exchange": "when_it_is_my_turn", "by_hand": "entered_by_an_organizer",
        "answers": "typed", "expires_at": "valid_until", "next_path": "leads_to",
    }  # fmt: skip
    others = {
        (Participant, "created_at"): "known_since", (SignUp, "created_at"): "signed_up_at",
        (MagicLink, "created_at"): "asked_at", (MagicLink, "registration"): "leads_to",
        (FeedToken, "created_at"): "made_at", (FeedToken, "registration"): "conference",
        (SignedInBrowser, "name"): "browser", (Suppression, "created_at"): "since",
        (Suppression, "address"): "answer",
    }  # fmt: skip
    missing = [
        (model.__name__, column.name)
        for model, row in rows.items()
        for column in model._meta.concrete_fields
        if column.name not in OURS and others.get((model, column.name), names.get(column.name, column.name)) not in row
    ]
    assert missing == []


def test_the_page_says_it_in_words(agenda: Agenda, alice: Registration) -> None:
    Registration.objects.update(diet="halal", access_needs=["captions"], country="KR")
    sign_up(alice, agenda.b, actor=alice.actor)
    registering.register(agenda.conference, email="alice@example.org", answers=Answers("Alicia", affiliation="Typed"))
    page = signed_in(alice.participant).get("/my/forum/data/", headers={"accept-language": "ko"}).content.decode()
    words = ["대한민국", "확정", "개인정보 처리 안내", "Alicia", "Typed"]
    assert [word for word in words if word not in page] == []
    assert [code for code in ("halal", "captions", "confirmed", "accepted") if f">{code}" in page] == []


@pytest.mark.parametrize("replaced", [True, False])
def test_nobody_agrees_to_a_text_they_have_not_seen(agenda: Agenda, alice: Registration, replaced: bool) -> None:
    Registration.objects.update(consents={})
    client = signed_in(alice.participant)
    typed = {"display_name": "Alicia", "country": "KR", "language": "en", "diet": "halal", "consent_meals": "on"}
    typed["reviewed"] = fingerprint(client, "/my/forum/details/")
    if replaced:
        ConferenceText.objects.create(conference=agenda.conference, kind="privacy", version=2, body=both("We sell it."))
    answer = client.post("/my/forum/details/", typed)
    alice.refresh_from_db()
    assert (answer.status_code, alice.display_name) == ((409, "Alice") if replaced else (302, "Alicia"))
    assert list(alice.consents) == ([] if replaced else ["meals"])
    if replaced:
        page = answer.content.decode()
        assert ('value="Alicia"' in page, "nothing was saved" in page) == (True, True)
        ticked = re.search(r'name="consent_meals"[^>]*', page)
        assert ticked is not None
        assert "checked" not in ticked[0]
        # Looked at again, it is sent.
        typed["reviewed"] = str(re.findall(r'name="reviewed" value="(\w+)"', page)[-1])
        assert client.post("/my/forum/details/", typed).status_code == 302
        alice.refresh_from_db()
        assert alice.consents["meals"]["version"] == 2


def test_an_agreement_to_an_older_text_is_not_ticked_for_the_newer(agenda: Agenda, alice: Registration) -> None:
    consents = {"meals": {"at": timezone.now().isoformat(), "version": 1}}
    Registration.objects.update(consents=consents, diet="halal")
    client = signed_in(alice.participant)

    def ticked() -> bool:
        box = re.search(r'name="consent_meals"[^>]*', client.get("/my/forum/details/").content.decode())
        return box is not None and "checked" in box[0]

    before = ticked()
    ConferenceText.objects.create(conference=agenda.conference, kind="privacy", version=2, body=both("We sell it."))
    assert (before, ticked()) == (True, False)


def test_an_interpretation_that_is_offered_no_more_is_kept(alice: Registration) -> None:
    Registration.objects.update(interpretation="fr")
    client = signed_in(alice.participant)
    page = client.get("/my/forum/details/").content.decode()
    assert re.findall(r'name="interpretation" value="(\w*)"[^>]*checked', page) == ["fr"]
    typed = {"display_name": "Alice", "country": "KR", "language": "en", "interpretation": "fr"}
    assert client.post("/my/forum/details/", typed).status_code == 302
    alice.refresh_from_db()
    assert alice.interpretation == "fr"


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("/my/forum/details/", {"display_name": "A", "country": "KR", "language": "en"}, {"display_name": "B"}),
        ("/my/forum/wishes/", {"wishes": ["A"]}, {"wishes": ["C"]}),
    ],
)
def test_another_tab_overwrites_nothing(
    alice: Registration, path: str, first: dict[str, object], second: dict[str, object]
) -> None:
    client = signed_in(alice.participant)
    opened = {"reviewed": fingerprint(client, path)}
    assert client.post(path, first | opened).status_code == 302
    answer = client.post(path, first | second | opened)
    assert (answer.status_code, "What is kept now" in answer.content.decode()) == (409, True)
    alice.refresh_from_db()
    wished = list(alice.interests.values_list("session__code", flat=True))
    assert (alice.display_name, wished) == (("A", []) if "details" in path else ("Alice", ["A"]))
    fresh = {"reviewed": fingerprint(client, path)}
    assert client.post(path, first | second | fresh).status_code == 302


def fingerprint(client: Client, path: str) -> str:
    found = re.search(r'name="reviewed" value="(\w+)"', client.get(path).content.decode())
    assert found is not None
    return found[1]
