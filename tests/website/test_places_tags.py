from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.template import Context, Template
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.signups.signing_up import sign_up
from registration.models import Participant, Registration
from tests.fixtures.conferences import Agenda

PAGE = Template(
    "{% load places %}{% load_places conference %}{% for one in sessions %}"
    "{% my_place one as my %}"
    "{{ my.code }}:{{ my.state }}:{{ my.position|default_if_none:'' }}:{{ my.clash.code }}"
    ":{{ my.seats.left }}:{{ my.seats.waiting }} "
    "{% endfor %}{% is_registered as registered %}{{ registered }}"
)


def render(agenda: Agenda, participant: Participant | None) -> str:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    if participant:
        request.session[SESSION_KEY] = str(participant.uid)
    return PAGE.render(
        Context({"request": request, "conference": agenda.conference, "sessions": [agenda.a, agenda.b, "C", "gone"]})
    )


def test_a_visitor_sees_seats_only(agenda: Agenda, bob: Registration) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    assert render(agenda, None) == "A::::50:0 B::::0:0 C::::50:0 ::::: False"


def test_a_participant_sees_their_own_places_and_clashes(
    agenda: Agenda, alice: Registration, bob: Registration
) -> None:
    sign_up(bob, agenda.b, actor=SYSTEM)
    sign_up(alice, agenda.b, actor=SYSTEM)
    assert render(agenda, alice.participant) == "A::::50:0 B:waiting:1::0:1 C::::50:0 ::::: True"
    sign_up(alice, agenda.a, actor=SYSTEM)
    assert render(agenda, alice.participant) == "A:confirmed:::49:0 B:waiting:1:A:0:1 C::::50:0 ::::: True"
    assert render(agenda, bob.participant) == "A:::B:49:0 B:confirmed:::0:1 C::::50:0 ::::: True"


def test_somebody_registered_elsewhere_is_a_visitor(agenda: Agenda, charlie: Registration) -> None:
    assert render(agenda, charlie.participant) == "A::::50:0 B::::1:0 C::::50:0 ::::: False"


def test_two_at_once_are_no_clash_where_the_conference_allows_it(agenda: Agenda, alice: Registration) -> None:
    sign_up(alice, agenda.a, actor=SYSTEM)
    agenda.conference.overlap_rule = "off"
    agenda.conference.save()
    assert render(agenda, alice.participant) == "A:confirmed:::49:0 B::::1:0 C::::50:0 ::::: True"


def test_sessions_by_invitation_show_no_seats(agenda: Agenda) -> None:
    agenda.by_invitation(agenda.a)
    assert render(agenda, None) == "A::::: B::::1:0 C::::50:0 ::::: False"


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_costs_the_same_however_many_sessions(
    agenda: Agenda, alice: Registration, signed_in: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4 if signed_in else 1):  # participant, registration, seats, sign-ups
        render(agenda, alice.participant if signed_in else None)
