"""A participant's buttons pressed twice, one press after the other: done once, and no answer that says it failed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import Exchange, Registration, SignUp
from tests.factories import make_registration
from tests.fixtures.conferences import Agenda, signed_in

PAGE = {"csrfmiddlewaretoken": "of one page"}


def has_a(agenda: Agenda, person: Registration) -> str:
    sign_up(person, agenda.a, actor=SYSTEM)
    return "A/leave"


def waits_for_b(agenda: Agenda, person: Registration) -> str:
    sign_up(make_registration(agenda.conference), agenda.b, actor=SYSTEM)
    sign_up(person, agenda.b, actor=SYSTEM)
    return "B/leave"


def has_a_and_wants_b(agenda: Agenda, person: Registration) -> str:
    sign_up(person, agenda.a, actor=SYSTEM)
    return "B/swap"


def is_offered_b(agenda: Agenda, person: Registration) -> str:
    before = sign_up(make_registration(agenda.conference), agenda.b, actor=SYSTEM)
    sign_up(person, agenda.a, actor=SYSTEM)
    sign_up(person, agenda.b, exchange=Exchange.ASK, actor=SYSTEM)
    leave(before, actor=SYSTEM, now=timezone.now())
    return "B/take-offer"


@pytest.mark.parametrize(
    ("begin", "held"), [(has_a, {}), (waits_for_b, {}), (has_a_and_wants_b, {"B"}), (is_offered_b, {"B"})]
)
def test_pressed_twice_it_is_done_once(
    agenda: Agenda, alice: Registration, begin: Callable[[Agenda, Registration], str], held: set[str]
) -> None:
    path = f"/my/forum/sessions/{begin(agenda, alice)}/"
    client = signed_in(alice.participant)
    assert [client.post(path, PAGE).headers.get("Location") for _ in range(2)] == ["/my/forum/"] * 2
    said = [(one.level_tag, str(one)) for one in client.get("/my/forum/").context["messages"]]
    assert ([level for level, _ in said], said[-1][1]) == (
        ["success", "info"],
        "The button was pressed twice; it was done once.",
    )
    live = SignUp.objects.filter(registration=alice).exclude(state="left")
    assert {(one.session.code, one.state) for one in live} == {(code, "confirmed") for code in held}
    # What was done before is done again where the page was opened again.
    assert client.post("/my/forum/sessions/C/sign-up/", PAGE).status_code == 302
    for number in ("one", "two"):
        left = client.post("/my/forum/sessions/C/leave/", {"csrfmiddlewaretoken": number})
        assert left.headers["Location"] == "/my/forum/"
        sign_up(alice, agenda.c, actor=SYSTEM)
