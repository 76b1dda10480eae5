from __future__ import annotations

import pytest
from django.http import QueryDict

from tests.factories import make_session
from tests.fixtures.conferences import Agenda
from tests.registration.steps import about
from website.registering.forms import AboutYouForm, NeedsForm


def wishes(agenda: Agenda, query: str) -> list[str]:
    form = NeedsForm(QueryDict(query), conference=agenda.conference)
    assert form.is_valid(), form.errors
    chosen: list[str] = form.saved()["wishes"]
    return chosen


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("wishes=A&wishes=C", ["A", "C"]),
        ("wishes=A&wishes=C&wishes-rank-C=1", ["C", "A"]),
        ("wishes=A&wishes=B&wishes=C&wishes-rank-C=1&wishes-rank-B=2", ["C", "B", "A"]),
        ("wishes-rank-B=3", ["B"]),
        ("wishes=C&wishes-rank-C=1&wishes-rank-A=1", ["A", "C"]),
        ("wishes=A&wishes-rank-A=99", ["A"]),
        ("wishes=A&wishes-rank-A=-1&wishes-rank-B=zz", ["A"]),
        ("", []),
    ],
)
def test_wishes_are_ordered_by_rank_then_by_the_list(agenda: Agenda, query: str, order: list[str]) -> None:
    assert wishes(agenda, query) == order


def test_a_session_that_cannot_be_wished_for_is_refused(agenda: Agenda) -> None:
    make_session(agenda.conference, code="CLOSED", signup="invitation")
    form = NeedsForm(QueryDict("wishes=A&wishes=CLOSED"), conference=agenda.conference)
    assert list(form.errors) == ["wishes"]
    assert "CLOSED" not in NeedsForm(conference=agenda.conference).as_p()


@pytest.mark.parametrize("name", ["Dana", "김하늘", "Ana María", "O’Brien-Łukasz", "محمد علي", "D. J. (Dee)"])
def test_names_in_any_script_are_taken(agenda: Agenda, name: str) -> None:
    assert AboutYouForm(about(display_name=name), conference=agenda.conference).is_valid()


@pytest.mark.parametrize("name", ["a\x00b", "a\x1bb", "\u202egnp.exe", "\u2067a", "\u200b", "x" * 121])
def test_names_that_nobody_can_read_or_that_turn_a_line_round_are_refused(agenda: Agenda, name: str) -> None:
    form = AboutYouForm(about(display_name=name), conference=agenda.conference)
    assert list(form.errors) == ["display_name"]


@pytest.mark.parametrize(
    ("name", "kept"), [("a\r\nBcc: x@example.org", "a Bcc: x@example.org"), ("a\vb", "a b"), ("e\u0301\u200b", "é")]
)
def test_a_name_is_one_line(agenda: Agenda, name: str, kept: str) -> None:
    form = AboutYouForm(about(display_name=name), conference=agenda.conference)
    assert form.is_valid()
    assert form.saved()["display_name"] == kept


@pytest.mark.parametrize("email", ["", "dana", "dana@", "dana@example.org\r\nBcc: x@example.org", "a b@example.org"])
def test_addresses_that_are_none_are_refused(agenda: Agenda, email: str) -> None:
    assert list(AboutYouForm(about(email=email), conference=agenda.conference).errors) == ["email"]
