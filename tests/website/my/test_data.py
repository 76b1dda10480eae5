"""What is known of me: a copy, my browsers, and erasing it."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.utils import timezone

from registration.domain.privacy.browsers import note_browser
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import sign_up
from registration.models import Participant, Registration, SignedInBrowser
from tests.fixtures.conferences import Agenda, signed_in

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
    assert ["Alice" in page, "Session A" in page, "Session C" in page] == [True, True, True]


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
