from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.registrations.answers import MOST_WISHES
from registration.domain.registrations.registering import begin, cancel, set_interests
from registration.domain.signups.seats_follow import follow
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration, SignUp
from schedule.models import Conference
from tests.factories import at, make_conference, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from tests.responses import Response, squeezed

PAGES = ["", "wishes/", "details/", "mails/", "cancel/"]
ACTIONS = [
    "favourites/",
    "wishes/sign-up/",
    "take-part/",
    "cancel/",
    "details/",
    "mails/",
    "wishes/",
    "sessions/A/sign-up/",
    "sessions/A/swap/",
    "sessions/A/exchange/",
    "sessions/A/leave/",
    "sessions/A/take-offer/",
]


def says(response: Response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_my_conferences(alice: Registration, elsewhere: Conference) -> None:
    client = signed_in(alice.participant)
    assert client.get("/my/").headers["Location"] == "/my/forum/"
    make_registration(elsewhere, participant=alice.participant)
    page = client.get("/my/").content.decode()
    assert re.findall(r'href="(/my/[a-z]+/)">(.*?)<', page) == [
        ("/my/elsewhere/", "Elsewhere"),
        ("/my/forum/", "The Forum"),
    ]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_who_are_registered(
    alice: Registration, charlie: Registration, client: Client, page: str
) -> None:
    assert signed_in(alice.participant).get(f"/my/forum/{page}").status_code == 200
    foreign, missing = (signed_in(charlie.participant).get(f"/my/{slug}/{page}") for slug in ("forum", "nowhere"))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert "The Forum" not in foreign.content.decode()
    assert client.get(f"/my/forum/{page}").headers["Location"].startswith("/my/sign-in/?next=")


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_for_those_who_are_registered(
    agenda: Agenda, alice: Registration, charlie: Registration, client: Client, action: str
) -> None:
    held = sign_up(alice, agenda.a, actor=SYSTEM)
    assert signed_in(charlie.participant).post(f"/my/forum/{action}", {"name": "The Forum"}).status_code == 404
    assert client.post(f"/my/forum/{action}").headers["Location"].startswith("/my/sign-in/")
    held.refresh_from_db()
    assert held.state == "confirmed"
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_want_the_token_of_the_page(alice: Registration, action: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(alice.participant).cookies
    assert client.post(f"/my/forum/{action}", {"name": "The Forum"}).status_code == 403


@pytest.mark.parametrize("action", ["sign-up", "swap", "leave", "take-offer"])
def test_a_session_of_another_conference_is_not_found(
    agenda: Agenda, alice: Registration, elsewhere: Conference, action: str
) -> None:
    other = make_session(elsewhere, code="X")
    publish(elsewhere, [(other, make_room(elsewhere), at(elsewhere, "10:00"))])
    stranger = make_registration(elsewhere)
    sign_up(stranger, other, actor=SYSTEM)
    assert signed_in(alice.participant).post(f"/my/forum/sessions/X/{action}/").status_code == 404
    assert list(SignUp.objects.values_list("registration", flat=True)) == [stranger.pk]


def test_signing_up_and_leaving(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    page = client.post("/my/forum/sessions/A/sign-up/", follow=True)
    assert says(page) == ["You have a place in “Session A”."]
    assert re.findall(r'id="session-(\w)"', page.content.decode()) == ["A", "B", "C"]
    asked = client.get("/my/forum/sessions/A/leave/").content.decode()
    assert "Give up your place in “Session A”?" in asked
    assert "10:00–11:00" in asked
    assert SignUp.objects.get().state == "confirmed"
    assert says(client.post("/my/forum/sessions/A/leave/", follow=True)) == ["You have left “Session A”."]
    assert SignUp.objects.get().state == "left"
    assert client.post("/my/forum/sessions/A/leave/").status_code == 404


def test_a_full_session_tells_the_position_in_line_and_no_names(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    sign_up(make_registration(agenda.conference, display_name="Erin"), agenda.b, actor=SYSTEM)
    page = signed_in(alice.participant).post("/my/forum/sessions/B/sign-up/", follow=True)
    assert says(page) == ["“Session B” is full. You are on the waiting list and get a mail when a place comes free."]
    text = page.content.decode()
    assert "Waiting, number 2" in text
    assert "Bob" not in text
    assert "Erin" not in text


def test_a_clash_is_explained_before_it_happens_with_the_way_out(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    page = client.get("/my/forum/").content.decode()
    assert "At the same time you have “Session A” (10:00–11:00)." in page
    assert 'action="/my/forum/sessions/B/swap/"' in page
    assert 'action="/my/forum/sessions/B/sign-up/"' not in page
    assert 'action="/my/forum/sessions/C/sign-up/"' in page
    refused = client.post("/my/forum/sessions/B/sign-up/", follow=True)
    assert says(refused) == ["This overlaps “Session A”, where you have a place. Leave that session to take this one."]
    assert says(client.post("/my/forum/sessions/B/swap/", follow=True)) == ["You have a place in “Session B”."]
    assert dict(SignUp.objects.values_list("session__code", "state")) == {"A": "left", "B": "confirmed"}


def test_waiting_beside_a_place_in_one_step_and_thinking_again(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    bobs = sign_up(bob, agenda.b, actor=SYSTEM)
    client = signed_in(alice.participant)
    page = client.get("/my/forum/").content.decode()
    assert ("Wait and swap by itself" in page, "Wait and be asked" in page) == (True, True)
    asked = client.post("/my/forum/sessions/B/sign-up/", {"exchange": "ask"}, follow=True)
    (said,) = says(asked)
    assert said.startswith("You are on the waiting list of “Session B”. When it is your turn you are asked; until then")
    text = " ".join(asked.content.decode().split())
    assert "You are number 1 of 1 in line." in text
    assert "When it is your turn you are asked. Until you have decided you keep: “Session A” (10:00–11:00)" in text
    swaps = client.post("/my/forum/sessions/B/exchange/", {"exchange": "swap"}, follow=True)
    text = " ".join(swaps.content.decode().split())
    assert "When it is your turn you have the place here and give up by itself: “Session A” (10:00–11:00)" in text
    session = client.get("/forum/sessions/B/").content.decode()
    assert ("Ask me instead" in session, "Swap by itself instead" in session) == (True, False)
    leave(bobs, actor=SYSTEM)
    assert dict(alice.signups.values_list("session__code", "state")) == {"A": "left", "B": "confirmed"}
    late = client.post("/my/forum/sessions/B/exchange/", {"exchange": "ask"}, follow=True)
    assert says(late) == ["You are not on this waiting list any more."]


def test_a_swap_into_a_full_session_keeps_the_place(agenda: Agenda, alice: Registration, bob: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    sign_up(bob, agenda.b, actor=SYSTEM)
    client = signed_in(alice.participant)
    assert "/my/forum/sessions/B/swap/" not in client.get("/my/forum/").content.decode()
    page = client.post("/my/forum/sessions/B/swap/", follow=True)
    assert says(page) == ["This session is full. You keep the place you have."]
    assert list(alice.signups.values_list("session__code", "state")) == [("A", "confirmed")]


def test_an_offer_is_shown_with_its_end_and_can_be_taken(agenda: Agenda, alice: Registration) -> None:
    for session in (agenda.a, agenda.c):
        sign_up(alice, session, actor=SYSTEM)
    ten = at(agenda.conference, "10:00")
    publish(agenda.conference, [(agenda.a, agenda.room, ten), (agenda.c, agenda.single, ten)])
    client = signed_in(alice.participant)
    page = client.get("/my/forum/").content.decode()
    assert "A place is kept for you until" in page
    assert "Taking it gives up your place in “Session A” at the same time." in page
    assert says(client.post("/my/forum/sessions/C/take-offer/", follow=True)) == ["You have a place in “Session C”."]
    assert dict(alice.signups.values_list("session__code", "state")) == {"A": "left", "C": "confirmed"}
    assert says(client.post("/my/forum/sessions/C/take-offer/", follow=True)) == ["This offer has run out."]


def test_htmx_gets_the_list_alone(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    part = client.post("/my/forum/sessions/A/sign-up/", headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div class="sections" id="places">')
    assert "You have a place in “Session A”." in part
    assert "csrfmiddlewaretoken" in part
    assert "<html" not in part


def test_after_an_action_the_browser_goes_back_on_this_site_only(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    there = {"next": "/forum/sessions/A/"}
    assert client.post("/my/forum/sessions/A/sign-up/", there).headers["Location"] == "/forum/sessions/A/"
    away = {"next": "//evil.example"}
    assert client.post("/my/forum/sessions/A/sign-up/", away).headers["Location"] == "/my/forum/"


def test_wishes_are_edited_and_become_places(agenda: Agenda, alice: Registration) -> None:
    set_interests(alice, [agenda.c], actor=SYSTEM)
    client = signed_in(alice.participant)
    assert re.findall(
        r'value="(\w)" id="id_wishes_\d" checked', squeezed(client.get("/my/forum/wishes/").content.decode())
    ) == ["C"]
    page = client.post("/my/forum/wishes/", {"wishes": ["A", "B"], "wishes-rank-B": "1"}, follow=True)
    assert says(page) == ["Your wishes are saved."]
    assert "2 of your wishes are open for sign-up." in page.content.decode()
    assert says(client.post("/my/forum/wishes/sign-up/", follow=True)) == [
        "You have a place in 1 session.",
        "“Session A”: This overlaps “Session B”, where you have a place. Leave that session to take this one.",
    ]


@pytest.mark.parametrize(
    ("ranks", "is_said"), [({"A": "1", "B": "2"}, False), ({"A": "5", "B": "2"}, True), ({"B": "9999"}, True)]
)
def test_ranks_are_not_silently_renumbered(
    agenda: Agenda, alice: Registration, ranks: dict[str, str], is_said: bool
) -> None:
    sent = {f"wishes-rank-{code}": rank for code, rank in ranks.items()} | {"wishes": ["C"]}
    page = signed_in(alice.participant).post("/my/forum/wishes/", sent, follow=True)
    renumbered = "Your ranks left numbers out: they are now counted from 1, in the same order."
    assert says(page) == ["Your wishes are saved.", renumbered][: 1 + is_said]
    found = list(alice.interests.order_by("rank").values_list("session__code", flat=True))
    assert found == [*sorted(ranks, key=lambda code: int(ranks[code])), "C"]


def test_favourites_of_a_browser_become_wishes_in_one_act(agenda: Agenda, alice: Registration) -> None:
    set_interests(alice, [agenda.c], actor=SYSTEM)
    make_session(agenda.conference, code="CLOSED", signup="invitation")
    client, before = signed_in(alice.participant), Entry.objects.count()
    page = client.post("/my/forum/favourites/", {"codes": "B,C,GONE,CLOSED,A"}, follow=True)
    assert page.redirect_chain == [("/my/forum/?favourites=taken", 302)]
    assert says(page) == ["2 favourites are now among your wishes."]
    assert list(alice.interests.order_by("rank").values_list("session__code", flat=True)) == ["C", "B", "A"]
    facts = Entry.objects.order_by("pk")[before:]
    assert [(one.verb, one.actor) for one in facts] == [("interests.changed", str(alice.actor))]
    page = client.post("/my/forum/favourites/", {"codes": "B"}, follow=True)
    assert says(page) == ["Your favourites are among your wishes already, or nobody signs up for them."]
    assert Entry.objects.count() == before + 1


def test_favourites_for_which_there_is_no_room_stay_in_the_browser(agenda: Agenda, alice: Registration) -> None:
    """Whoever has as many wishes as there may be is told so, and the browser is told which are left."""
    many = [make_session(agenda.conference, code=f"M{number:02}") for number in range(MOST_WISHES - 1)]
    set_interests(alice, many, actor=SYSTEM)
    client = signed_in(alice.participant)
    page = client.post("/my/forum/favourites/", {"codes": ",".join([*(f"G{n}" for n in range(40)), "C", "A", "B"])})
    assert page.headers["Location"] == "/my/forum/?favourites=taken&left=A%2CB"
    stay = "2 favourites stay in this browser: there are at most 30 wishes."
    assert says(client.get("/my/forum/")) == ["1 favourite is now among your wishes.", stay]
    page = client.post("/my/forum/favourites/", {"codes": "A,B"}, follow=True)
    assert says(page) == [stay]


def test_without_a_registration_favourites_stay_where_they_are(agenda: Agenda, alice: Registration) -> None:
    cancel(alice, actor=SYSTEM)
    page = signed_in(alice.participant).post("/my/forum/favourites/", {"codes": "B"}, follow=True)
    assert page.redirect_chain == [("/my/forum/", 302)]
    assert alice.interests.count() == 0


def test_details_are_edited_and_the_address_stays(agenda: Agenda, alice: Registration) -> None:
    set_interests(alice, [agenda.c], actor=SYSTEM)
    client = signed_in(alice.participant)
    form = {"display_name": "Alice K.", "country": "KR", "language": "ko", "email": "new@example.org", "wishes": ["C"]}
    assert says(client.post("/my/forum/details/", form, follow=True)) == ["Your details are saved."]
    alice.refresh_from_db()
    found = (alice.display_name, alice.language, alice.participant.email, alice.participant.language, alice.state)
    assert found == ("Alice K.", "ko", "alice@example.org", "ko", "accepted")
    assert alice.interests.count() == 1


def test_cancelling_asks_once_and_wants_nothing_typed(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    asked = client.get("/my/forum/cancel/").content.decode()
    assert ("You give up all your places" in asked, 'type="text"' in asked) == (True, False)
    alice.refresh_from_db()
    assert alice.state == "accepted"
    page = client.post("/my/forum/cancel/", follow=True)
    assert says(page) == ["Your registration is cancelled. Your places go to those who wait."]
    assert "Take part again" in page.content.decode()
    assert list(alice.signups.values_list("state", flat=True)) == ["left"]
    assert says(client.post("/my/forum/take-part/", follow=True)) == ["You are registered."]


def test_nobody_takes_part_again_in_a_closed_conference(alice: Registration) -> None:
    Registration.objects.update(state="cancelled")
    Conference.objects.update(registration_open=False)
    page = signed_in(alice.participant).post("/my/forum/take-part/", follow=True)
    assert says(page) == ["Registration is closed."]
    alice.refresh_from_db()
    assert alice.state == "cancelled"


def test_whoever_is_not_active_is_told_why_and_offered_no_places(agenda: Agenda, alice: Registration) -> None:
    Registration.objects.update(state="under-review")
    page = signed_in(alice.participant).get("/my/forum/").content.decode()
    assert "Your registration: Under review" in page
    assert "/sign-up/" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_and_three_sessions(
    agenda: Agenda, alice: Registration, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rooms = [make_room(agenda.conference) for _ in range(number)]
    sessions = [make_session(agenda.conference) for _ in range(number)]
    starts = [at(agenda.conference, f"{9 + n:02}:00", day=1) for n in range(number)]
    publish(agenda.conference, list(zip(sessions, rooms, starts, strict=True)))
    for session in sessions:
        sign_up(alice, session, actor=SYSTEM)
    set_interests(alice, sessions, actor=SYSTEM)
    client = signed_in(alice.participant)
    client.get("/my/forum/")
    with django_assert_num_queries(8):  # browser session, registration, sign-ups, then, seats, sign-ups, wishes, days
        client.get("/my/forum/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_conferences_costs_the_same(
    alice: Registration, elsewhere: Conference, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_registration(make_conference(), participant=alice.participant)
    client = signed_in(alice.participant)
    with django_assert_num_queries(3):
        client.get("/my/")


def test_pages_of_one_person_are_kept_by_no_cache(alice: Registration) -> None:
    assert signed_in(alice.participant).get("/my/forum/").headers["Cache-Control"] == "private, no-store"


def test_times_are_on_the_clocks_of_the_conference(agenda: Agenda, alice: Registration) -> None:
    page = signed_in(alice.participant).get("/my/forum/").content.decode()
    assert '<time datetime="2037-06-01T10:00:00+09:00" data-local>10:00</time>' in page


def test_titles_are_in_the_language_of_the_page(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    client.cookies["django_language"] = "ko"
    assert "Session A (한국어)" in client.get("/my/forum/").content.decode()


def test_signing_up_costs_four_queries(
    agenda: Agenda, alice: Registration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Budget: at most eight. Transaction control is not counted."""
    client = signed_in(alice.participant)
    with django_assert_num_queries(4 + 2):  # a savepoint and its release stand for the test's missing transaction
        client.post("/my/forum/sessions/A/sign-up/")


def test_a_session_of_somebody_who_was_deleted_finds_nothing(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    alice.participant.delete()
    assert client.get("/my/forum/").status_code == 404
    assert client.get("/my/").headers["Location"] == "/my/sign-in/"
    assert client.get("/my/sign-in/").status_code == 200


def test_where_the_conference_only_warns_two_at_once_are_said_and_allowed(agenda: Agenda, alice: Registration) -> None:
    Conference.objects.update(overlap_rule="warn")
    with transaction.atomic():
        follow(Conference.objects.get(), actor=SYSTEM, now=timezone.now())
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    page = client.get("/my/forum/").content.decode()
    assert "At the same time you have “Session A” (10:00–11:00)." in page
    assert 'action="/my/forum/sessions/B/sign-up/"' in page
    assert "/swap/" not in page
    assert says(client.post("/my/forum/sessions/B/sign-up/", follow=True)) == ["You have a place in “Session B”."]
    assert client.get("/my/forum/").content.decode().count("At the same time you have") == 2


def test_a_draft_somebody_began_for_an_address_is_not_listed(alice: Registration, elsewhere: Conference) -> None:
    begin(elsewhere, email="alice@example.org", language="en")
    assert signed_in(alice.participant).get("/my/").headers["Location"] == "/my/forum/"


@pytest.mark.parametrize("state", ["submitted", "under-review", "waitlisted"])
def test_whoever_awaits_a_decision_can_take_it_back(alice: Registration, bob: Registration, state: str) -> None:
    Registration.objects.update(state=state)
    client = signed_in(alice.participant)
    page = client.post("/my/forum/cancel/", {"name": "the forum"}, follow=True)
    assert says(page) == ["Your registration is cancelled."]
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.state, bob.state) == ("cancelled", state)


def test_whoever_was_declined_has_nothing_to_take_back(alice: Registration) -> None:
    Registration.objects.update(state="declined")
    client = signed_in(alice.participant)
    assert client.post("/my/forum/cancel/", {"name": "the forum"}).headers["Location"] == "/my/forum/"
    alice.refresh_from_db()
    assert (alice.state, "/my/forum/cancel/" in client.get("/my/forum/").content.decode()) == ("declined", False)


def test_taking_part_again_where_organizers_decide_says_what_comes_next(alice: Registration) -> None:
    Conference.objects.filter(pk=alice.conference_id).update(approves_registrations=True)
    Registration.objects.update(state="cancelled")
    client = signed_in(alice.participant)
    for _ in range(2):
        assert says(client.post("/my/forum/take-part/", follow=True)) == [
            "Your registration is handed in. The organizers decide and write to you."
        ]
    assert Entry.objects.filter(verb="registration.received").count() == 1
    alice.refresh_from_db()
    assert alice.state == "submitted"
