"""The page of one session: what it shows in each state, and to whom."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Registration
from schedule.domain.programme.people import take_down
from schedule.domain.programme.sessions import cancel_session, reinstate_session
from schedule.domain.published.identities import person_identity
from schedule.models import Session
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_room,
    make_session,
    make_theme,
    publish,
)
from tests.fixtures.conferences import Agenda, signed_in
from tests.responses import squeezed

pytestmark = pytest.mark.django_db
PATH = "/forum/sessions/A/"


@pytest.fixture
def session(agenda: Agenda) -> Session:
    """A, with every detail there is; released in the big room at 10:00."""
    cache.clear()
    session = agenda.a
    session.theme = make_theme(agenda.conference, name=both("Peace"))
    session.abstract, session.languages, session.sign_languages = both("What it is about"), ["ko"], ["KSL"]
    session.save()
    session.roles.create(person=make_person(agenda.conference, name=both("Kim")), role="speaker")
    session.host_links.create(body=make_body(agenda.conference, name=both("City")))
    session.host_links.create(body=make_body(agenda.conference, name=both("Hush")), is_shown=False, position=1)
    agenda.room.features = ["wheelchair"]
    agenda.room.save()
    return session


def html_of(client: Client) -> str:
    response = client.get(PATH)
    assert response.status_code == 200
    return response.content.decode()


def details(client: Client) -> list[str]:
    """The details that the page shows."""
    html = html_of(client)
    assert "Hush" not in html
    return [text for text in ALL if text in html]


ALL = ["What it is about", "Kim", "City", "Peace", "Language</dt>", "Korean Sign Language", "Wheelchair access"]
OF_THE_ROOM = ["Wheelchair access"]


def test_everything_is_shown_of_a_session_that_is_open(session: Session, client: Client) -> None:
    assert details(client) == ALL
    assert "<dt>Theme</dt><dd>Peace</dd>" in squeezed(html_of(client))


def test_by_invitation_only_those_with_a_place_see_the_details(
    session: Session, agenda: Agenda, alice: Registration, bob: Registration, client: Client
) -> None:
    signup = sign_up(alice, session, actor=SYSTEM)
    agenda.by_invitation(session)
    insider, outsider = signed_in(alice.participant), signed_in(bob.participant)
    assert details(insider) == ALL
    assert (details(outsider), details(client)) == (OF_THE_ROOM, OF_THE_ROOM)
    assert details(insider) == ALL  # nobody's page was kept for somebody else
    before = insider.get(PATH)
    assert before["Cache-Control"] == "private, no-cache"
    leave(signup, actor=SYSTEM)
    assert details(insider) == OF_THE_ROOM
    assert insider.get(PATH, headers={"if-none-match": before["ETag"]}).status_code == 200


def test_cancelled_and_withdrawn_nobody_sees_the_details(
    session: Session, agenda: Agenda, alice: Registration, client: Client
) -> None:
    sign_up(alice, session, actor=SYSTEM)
    publish(agenda.conference, [(session, agenda.single, at(agenda.conference, "11:00"))])
    cancel_session(session, actor=SYSTEM)
    for reader in (client, signed_in(alice.participant)):
        assert details(reader) == []
        html = html_of(reader)
        assert [text in html for text in ("has been cancelled", "11:00", "Moved from")] == [True, True, False]
    reinstate_session(session, actor=SYSTEM)
    assert details(client) == [text for text in ALL if text not in OF_THE_ROOM]
    assert "Moved from" in html_of(client)
    publish(agenda.conference, [(agenda.c, agenda.room, at(agenda.conference, "12:00"))])
    assert details(client) == []
    html = html_of(client)
    assert "This session is no longer in the programme." in html
    assert [text for text in ("When</dt>", "Where</dt>", "Moved from") if text in html] == []


def test_nobody_is_invited_to_a_break_but_its_details_stay_inside(
    session: Session, agenda: Agenda, client: Client
) -> None:
    session.kind = make_kind(agenda.conference, is_break=True)
    session.save()
    agenda.by_invitation(session)
    assert details(client) == OF_THE_ROOM
    assert "By invitation" not in html_of(client)


def test_what_no_release_ever_had_is_unknown_to_page_and_sign_up(
    agenda: Agenda, alice: Registration, client: Client
) -> None:
    hidden = Session.objects.create(
        conference=agenda.conference, kind=agenda.a.kind, code="HIDDEN", title=both("Secret"), duration_minutes=60
    )
    mine = signed_in(alice.participant)
    for code in (hidden.code, "NOWHERE"):
        assert client.get(f"/forum/sessions/{code}/").status_code == 404
        for act in ("sign-up", "swap"):
            assert mine.post(f"/my/forum/sessions/{code}/{act}/").status_code == 404
        answer = mine.post("/api/v1/conferences/forum/signups/", {"session": code}, "application/json")
        assert answer.status_code == 404
    assert mine.post("/my/forum/sessions/A/sign-up/").status_code == 302


def test_what_it_is_about_and_who_speaks_come_before_places_and_details(session: Session, client: Client) -> None:
    html = squeezed(html_of(client))
    order = ["What it is about</p>", ">Kim</a>", 'id="place"', "<dt>Theme</dt>"]
    where = [html.index(one) for one in ["<h1", *order]]
    assert where == sorted(where)


def test_neighbours_are_the_sessions_before_and_after_in_the_programme(agenda: Agenda, client: Client) -> None:
    conference = agenda.conference
    lunch = make_session(conference, code="LUNCH", kind=make_kind(conference, code="lunch", is_break=True))
    early, late = (make_session(conference, code=code, title=both(code.title())) for code in ("EARLY", "LATE"))
    other = make_room(conference, code="OTHER", position=agenda.room.position + 1)
    start = at(conference, "10:00")
    times = [(early, agenda.room, at(conference, "08:00")), (agenda.a, agenda.room, start), (late, other, start)]
    publish(conference, [*times, (lunch, other, at(conference, "09:00"))])
    hidden = make_session(conference, code="HIDDEN", title=both("Hidden"))
    publish(make_conference(slug="else"), [])
    assert hidden.title

    def around(code: str) -> list[tuple[str, str]]:
        html = squeezed(client.get(f"/forum/sessions/{code}/").content.decode())
        return re.findall(r'href="/forum/sessions/(\w+)/" rel="(\w+)"', html)

    assert around("EARLY") == [("A", "next")]
    assert around("A") == [("EARLY", "prev"), ("LATE", "next")]
    assert around("LATE") == [("A", "prev")]


def test_speakers_have_pages_with_what_everybody_may_see(session: Session, agenda: Agenda, client: Client) -> None:
    conference = agenda.conference
    kim = conference.people.get()
    secret = make_person(conference, name=both("Hidden Han"))
    agenda.b.roles.create(person=kim, role="speaker")
    agenda.b.roles.create(person=secret, role="speaker")
    Session.objects.filter(pk=agenda.b.pk).update(signup="invitation")
    cache.clear()
    html = client.get("/forum/speakers/").content.decode()
    address = f"/forum/speakers/{person_identity(conference, kim.code)}/"
    assert re.findall(r'<a href="(/forum/speakers/[^"]+)"\s*>(.*?)</a>', html) == [(address, "Kim")]
    html = client.get(address).content.decode()
    assert re.findall(r'href="/forum/sessions/(\w+)/"', html) == ["A"]
    assert "{{" not in html
    assert re.findall(r"</time>–(\d\d:\d\d)</span>", html) == ["11:00"]
    assert client.get(f"/forum/speakers/{person_identity(conference, secret.code)}/").status_code == 404
    assert client.get(f"/forum/speakers/{session.uid}/").status_code == 404
    take_down(kim, actor=SYSTEM)
    cache.clear()
    assert client.get(address).status_code == 404


def test_pages_of_speakers_have_their_queries(
    session: Session, agenda: Agenda, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/forum/speakers/{person_identity(agenda.conference, agenda.conference.people.get().code)}/"
    with django_assert_num_queries(4):
        client.get("/forum/speakers/")
    with django_assert_num_queries(10):
        client.get(address)


@pytest.mark.parametrize("others", [0, 3])
def test_the_page_of_a_session_reads_no_others(
    agenda: Agenda, alice: Registration, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    room, conference = make_room(agenda.conference), agenda.conference
    starts = [at(conference, f"{13 + number}:00") for number in range(others)]
    ten = at(conference, "10:00")
    more = [(make_session(conference), room, start) for start in starts]
    publish(conference, [(agenda.a, agenda.room, ten), (agenda.b, agenda.single, ten), *more])
    sign_up(alice, agenda.a, actor=SYSTEM)
    client = signed_in(alice.participant)
    with django_assert_num_queries(14):
        page = client.get("/forum/sessions/B/").content.decode()
    # What is in the way is known all the same.
    assert "At the same time you have another session" in page
    assert 'action="/my/forum/sessions/B/swap/"' in page
