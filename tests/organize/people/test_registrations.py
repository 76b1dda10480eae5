"""The list of registrations, one of them, and deciding about them."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from notifications.models import Message
from notifications.rules.intake import take_in
from organize.people import registrations as views
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.deciding import set_approval
from registration.domain.registrations.registering import register
from registration.domain.registrations.tokens import TokenPurpose, token_for
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration, SignUp
from tests.factories import at, make_conference, make_participant, make_registration, make_room, make_session, publish
from tests.organize.conftest import Desk
from tests.registration.steps import AGREED, reviewed
from tests.responses import Response, squeezed

HOME = "/organize/forum/registrations/"


class People:
    """Four who registered for the forum, one whose address nobody proved, and Zoe, who registered elsewhere."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ann = self.person("Ann", "submitted", country="KR", affiliation="City Hall")
        self.ben = self.person("Ben", "submitted", country="DE", affiliation="Universität Łódź")
        self.cleo = self.person("Cleo", "accepted", country="KR", access_note="A ramp")
        self.dan = self.person("Dan", "waitlisted")
        unproved = make_participant(email="unproved@example.org")
        make_registration(
            desk.conference, participant=unproved, state="draft", consented_at=None, display_name="Unproved"
        )
        zoe = make_participant(email="zoe@example.org")
        self.zoe = make_registration(
            desk.elsewhere, participant=zoe, state="submitted", display_name="Zoe", country="FR"
        )

    def person(self, name: str, state: str, **fields: str) -> Registration:
        participant = make_participant(email=f"{name.lower()}@example.org")
        return make_registration(
            self.desk.conference, participant=participant, state=state, display_name=name, **fields
        )

    def states(self) -> dict[str, str]:
        return dict(Registration.objects.exclude(state="draft").values_list("display_name", "state"))


@pytest.fixture
def people(desk: Desk) -> People:
    return People(desk)


def shown(client: Client, query: str = "") -> list[str]:
    return [row.display_name for row in client.get(HOME + query).context["rows"]]


def says(response: Response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Dan", "Cleo", "Ben", "Ann"]),
        ("?state=submitted", ["Ann", "Ben"]),  # who came first is decided about first
        ("?state=accepted", ["Cleo"]),
        ("?state=declined", []),
        ("?state=nonsense", ["Dan", "Cleo", "Ben", "Ann"]),
        ("?country=KR", ["Cleo", "Ann"]),
        ("?country=FR", ["Dan", "Cleo", "Ben", "Ann"]),  # where nobody comes from is no choice
        ("?q=city+h", ["Ann"]),
        ("?q=BEN%40", ["Ben"]),
        ("?q=lodz+UNIVERSITÄT", ["Ben"]),
        ("?q=zoe", []),
        ("?q=unproved", []),
        ("?q=ann&state=accepted", []),
    ],
)
def test_the_list_is_narrowed(people: People, alice: Client, query: str, names: list[str]) -> None:
    assert shown(alice, query) == names


def test_states_are_counted_and_countries_offered_of_this_conference_only(people: People, alice: Client) -> None:
    context = alice.get(HOME).context
    assert [(str(label), number) for label, number in context["figures"]] == [
        ("Submitted", 2),
        ("On the waiting list", 1),
        ("Accepted", 1),
    ]
    assert [code for code, _name in context["form"].fields["country"].choices] == ["", "DE", "KR"]
    assert context["room"] is None


def test_the_room_left_is_told(people: People, alice: Client) -> None:
    people.desk.conference.capacity = 3
    people.desk.conference.save()
    assert "There is room for 2 more." in alice.get(HOME).content.decode()


def test_a_long_list_has_pages_that_keep_what_narrows_it(
    people: People, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 1)
    assert [shown(alice, f"?state=submitted&page={page}") for page in (1, 2, 9)] == [["Ann"], ["Ben"], ["Ben"]]
    assert "?state=submitted&amp;page=2" in alice.get(f"{HOME}?state=submitted").content.decode()


def decide(client: Client, decision: str, *chosen: Registration, back: str = "") -> Response:
    data = {"decision": decision, "chosen": [one.uid for one in chosen], "back": back}
    return client.post(f"{HOME}decide/", data, follow=True)


@pytest.mark.parametrize(
    ("decision", "state", "said"),
    [
        ("approve", "accepted", "2 registrations are accepted."),
        ("decline", "declined", "2 registrations are declined."),
        ("waitlist", "waitlisted", "2 registrations are on the waiting list."),
    ],
)
def test_several_are_decided_about_after_asking(
    people: People, alice: Client, decision: str, state: str, said: str
) -> None:
    before = people.states()
    query = f"?decision={decision}&chosen={people.ann.uid}&chosen={people.ben.uid}&chosen={people.zoe.uid}"
    asked = alice.get(f"{HOME}decide/{query}")
    assert [one.display_name for one in asked.context["concerned"]] == ["Ann", "Ben"]
    assert (" 2 registrations" in asked.content.decode(), people.states()) == (True, before)
    response = decide(alice, decision, people.ann, people.ben, people.zoe)
    assert (response.redirect_chain, says(response)) == ([(HOME, 302)], [said])
    assert people.states() == before | {"Ann": state, "Ben": state}
    verb = {"approve": "approved", "decline": "declined", "waitlist": "waitlisted"}[decision]
    assert list(
        Entry.objects.filter(verb__startswith="registration.").order_by("pk").values_list("verb", "actor", "subject_id")
    ) == [(f"registration.{verb}", f"organizer:{people.desk.alice.pk}", one.pk) for one in (people.ann, people.ben)]
    take_in()
    assert list(Message.objects.order_by("pk").values_list("kind", "participant__email")) == [
        (f"registration_{verb}", f"{name}@example.org") for name in ("ann", "ben")
    ]


def test_those_that_cannot_be_decided_like_this_are_named_and_left(people: People, alice: Client) -> None:
    query = f"?decision=waitlist&chosen={people.ann.uid}&chosen={people.cleo.uid}"
    context = alice.get(f"{HOME}decide/{query}").context
    assert ([str(one) for one in context["concerned"]], [str(one) for one in context["others"]]) == (["Ann"], ["Cleo"])
    response = decide(alice, "waitlist", people.ann, people.cleo)
    assert (says(response), people.states()["Cleo"]) == (["1 registration is on the waiting list."], "accepted")
    assert says(decide(alice, "waitlist", people.cleo)) == ["Nothing was left to decide."]


def test_a_full_conference_takes_those_who_came_first(people: People, alice: Client) -> None:
    people.desk.conference.capacity = 2
    people.desk.conference.save()
    page = alice.get(f"{HOME}decide/?decision=approve&chosen={people.ben.uid}&chosen={people.ann.uid}")
    assert "The conference takes 1 more. Those who registered first get the places" in page.content.decode()
    assert says(decide(alice, "approve", people.ben, people.ann)) == [
        "1 registration is accepted.",
        "1 registration stays as it was: The conference is full. Put the registration on the waiting list.",
    ]
    assert (people.states()["Ann"], people.states()["Ben"]) == ("accepted", "submitted")


def test_places_of_a_declined_one_go_to_whoever_waits(people: People, alice: Client) -> None:
    conference = people.desk.conference
    booth, session = make_room(conference, capacity=1), make_session(conference)
    publish(conference, [(session, booth, at(conference, "15:00"))])
    eve = people.person("Eve", "accepted")
    held, waiting = (sign_up(one, session, actor=SYSTEM) for one in (people.cleo, eve))
    decide(alice, "decline", people.cleo)
    assert dict(SignUp.objects.values_list("pk", "state")) == {held.pk: "left", waiting.pk: "confirmed"}


def test_afterwards_one_is_where_one_was_on_these_pages_only(people: People, alice: Client) -> None:
    kept = f"{HOME}?state=submitted"
    ends = [
        decide(alice, "waitlist", people.ann, back=back).redirect_chain[0][0]
        for back in (kept, f"{HOME}{people.ann.uid}/", "/accounts/logout/", "https://example.org/", "//example.org")
    ]
    assert ends == [kept, f"{HOME}{people.ann.uid}/", HOME, HOME, HOME]


def test_nothing_ticked_leads_back_and_says_so(people: People, alice: Client) -> None:
    for chosen in ("", f"&chosen={people.zoe.uid}"):
        response = alice.get(f"{HOME}decide/?decision=approve{chosen}", follow=True)
        assert says(response) == ["Tick the registrations that you want to decide about."]


@pytest.mark.parametrize("query", ["", "?decision=delete", "?decision=approve&chosen=1"])
def test_what_no_page_sends_is_not_found(people: People, alice: Client, query: str) -> None:
    assert alice.get(f"{HOME}decide/{query}").status_code == 404


def test_no_other_team_decides(people: People, charlie: Client, bob: Client) -> None:
    before = people.states()
    data = {"decision": "decline", "chosen": [people.ann.uid, people.cleo.uid]}
    charlie.post("/organize/elsewhere/registrations/decide/", data)
    answers = [one.post(f"{HOME}decide/", data).status_code for one in (charlie, bob)]
    assert (answers, people.states()) == ([404, 404], before)
    assert [charlie.get(f"/organize/elsewhere/registrations/{people.ann.uid}/").status_code] == [404]
    page = squeezed(charlie.get("/organize/elsewhere/registrations/").content.decode())
    assert [name for name in ("Ann", "Ben", "Cleo", "Dan", "Zoe") if f">{name}<" in page] == ["Zoe"]


def test_one_registration_shows_what_concerns_it_alone(people: People, alice: Client, bob: Client) -> None:
    for one in (people.cleo, people.ann):
        Registration.objects.filter(pk=one.pk).update(state="accepted")
        sign_up(one, people.desk.talk, actor=Actor.participant(one.uid))
    take_in()
    page = alice.get(f"{HOME}{people.cleo.uid}/")
    assert [one.registration_id for one in page.context["signups"]] == [people.cleo.pk]
    assert [one.registration_id for one, _kind in page.context["mails"]] == [people.cleo.pk]
    assert [one.sentence for one in page.context["changes"]] == ["Place in “Talk” confirmed"]
    words = html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode()))
    assert [one in words for one in ("cleo@example.org", "A ramp", "Ann")] == [True, True, False]
    assert "A ramp" not in bob.get(f"{HOME}{people.cleo.uid}/").content.decode()


def test_a_draft_that_nobody_agreed_to_has_no_page(people: People, alice: Client) -> None:
    draft = Registration.objects.get(display_name="Unproved")
    assert alice.get(f"{HOME}{draft.uid}/").status_code == 404


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("submitted", ["approve", "waitlist", "decline"]),
        ("waitlisted", ["approve", "decline"]),
        ("accepted", ["decline"]),
        ("declined", ["approve"]),
        ("cancelled", []),
    ],
)
def test_only_what_can_be_decided_is_offered(
    people: People, alice: Client, bob: Client, state: str, buttons: list[str]
) -> None:
    Registration.objects.filter(pk=people.ann.pk).update(state=state)
    offered = [
        re.findall(r'name="decision" value="(\w+)"', squeezed(one.get(f"{HOME}{people.ann.uid}/").content.decode()))
        for one in (alice, bob)
    ]
    assert [sorted(one) for one in offered] == [sorted(buttons), []]


def test_the_rule_is_changed_by_those_who_may(people: People, alice: Client, bob: Client) -> None:
    conference, path = people.desk.conference, f"{HOME}rule/"
    other = make_conference()
    assert alice.get(path).context["awaiting"] == 3
    answers = [(one.post(path, {"approves": value}).status_code) for one, value in ((alice, "yes"), (bob, "no"))]
    conference.refresh_from_db()
    other.refresh_from_db()
    assert (answers, conference.approves_registrations, other.approves_registrations) == ([302, 404], True, False)
    assert alice.post(path, {"approves": "perhaps"}).status_code == 422
    alice.post(path, {"approves": "no"})
    conference.refresh_from_db()
    assert conference.approves_registrations is False


def test_the_overview_says_who_awaits_a_decision(people: People, alice: Client) -> None:
    def titles() -> list[tuple[str, str]]:
        items = alice.get("/organize/forum/").context["attention"]
        return [(item.title, item.url) for item in items if "registration" in item.title]

    awaits = ("2 registrations await a decision", f"{HOME}?state=submitted")
    assert titles() == [awaits, ("There is room for 1 registration that waits", f"{HOME}?state=waitlisted")]
    people.desk.conference.capacity = 1
    people.desk.conference.save()
    assert titles() == [awaits]


@pytest.mark.parametrize("more", [1, 3])
def test_deciding_asks_as_much_for_one_as_for_three(people: People, alice: Client, more: int) -> None:
    chosen = [people.person(f"More {n}", "submitted") for n in range(more)]
    query = "&".join(f"chosen={one.uid}" for one in chosen)
    with CaptureQueriesContext(connection) as queries:
        assert len(alice.get(f"{HOME}decide/?decision=approve&{query}").context["concerned"]) == more
    assert len(queries) == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_one_costs_the_same_for_one_and_three_of_everything(
    people: People, alice: Client, number: int
) -> None:
    desk = people.desk
    desk.add_sessions(number - 1)
    for session in desk.conference.sessions.all():
        sign_up(people.cleo, session, actor=Actor.participant(people.cleo.uid))
    take_in()
    with CaptureQueriesContext(connection) as queries:
        context = alice.get(f"{HOME}{people.cleo.uid}/").context
    assert (len(context["signups"]), len(context["mails"]), len(context["changes"])) == (number, number, number)
    assert len(queries) == 10


def test_handing_in_is_answered_by_mail_and_so_is_the_decision(desk: Desk, alice: Client) -> None:
    set_approval(desk.conference, wanted=True, actor=Actor.organizer(1))
    link = register(desk.conference, email="dana@example.org", answers=Answers(display_name="Dana"))
    reviewed(Client(), f"/my/link/{token_for(TokenPurpose.MAGIC_LINK, link.uid)}/", **AGREED)
    dana = Registration.objects.get()
    decide(alice, "waitlist", dana)
    decide(alice, "approve", dana)
    take_in()
    mails = Message.objects.filter(participant=dana.participant).order_by("pk")
    assert [(one.kind, one.state) for one in mails] == [
        ("confirm_address", "queued"),
        ("registration_received", "superseded"),
        ("registration_waitlisted", "superseded"),
        ("registration_approved", "queued"),
    ]
