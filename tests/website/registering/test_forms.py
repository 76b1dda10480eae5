from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.utils import timezone

from tests.factories import at, make_session, publish
from tests.fixtures.conferences import Agenda
from tests.registration.steps import about
from tests.responses import squeezed
from website.registering.forms import AboutYouForm, NeedsForm, WishesForm


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
        ("wishes=C&wishes=A&wishes-rank-C=7&wishes-rank-B=12", ["C", "B", "A"]),
        ("wishes=A&wishes-rank-A=99", ["A"]),
        ("", []),
    ],
)
def test_wishes_are_ordered_by_rank_then_by_the_list(agenda: Agenda, query: str, order: list[str]) -> None:
    assert wishes(agenda, query) == order


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "wishes-rank-A=1&wishes-rank-C=1",
            "Several sessions have rank 1: “Session A”, “Session C”. Give each another one.",
        ),
        ("wishes=A&wishes-rank-A=-1", "The rank of “Session A” is no number from 1."),
        ("wishes-rank-B=zz", "The rank of “Session B” is no number from 1."),
        ("wishes-rank-B=0", "The rank of “Session B” is no number from 1."),
        ("wishes-rank-B=²", "The rank of “Session B” is no number from 1."),
    ],
)
def test_no_rank_is_changed_silently(agenda: Agenda, query: str, says: str) -> None:
    form = NeedsForm(QueryDict(query), conference=agenda.conference)
    assert form.errors["wishes"] == [says]
    # What was typed is still there.
    typed = {name.rpartition("-")[2]: rank for name, rank in QueryDict(query).items() if "rank" in name}
    shown = dict(re.findall(r'name="wishes-rank-(\w)"\s+value="([^"]+)"', str(form["wishes"])))
    assert shown == typed


def test_every_wish_keeps_its_rank_however_many_there_are(agenda: Agenda) -> None:
    codes = [f"W{number}" for number in range(9)]
    for code in codes:
        make_session(agenda.conference, code=code)
    publish(
        agenda.conference,
        [
            (one, agenda.room, at(agenda.conference, f"{8 + n:02}:00"))
            for n, one in enumerate(agenda.conference.sessions.all())
        ],
    )
    wanted = [*reversed(codes), "A"]
    html = str(WishesForm(conference=agenda.conference, initial={"wishes": wanted})["wishes"])
    shown = re.findall(r'name="wishes-rank-(\w+)"\s+value="(\d+)"', html)
    again = WishesForm(
        QueryDict("&".join(f"wishes-rank-{code}={rank}" for code, rank in shown)), conference=agenda.conference
    )
    assert again.is_valid()
    assert again.saved()["wishes"] == wanted


def test_a_wish_says_when_where_and_how_many_seats(agenda: Agenda) -> None:
    with timezone.override(agenda.conference.zone):
        html = squeezed(str(WishesForm(conference=agenda.conference)["wishes"]))
    row = html[html.index("Session B") :]
    row = row[: row.index("Session C")]
    assert "Mon 1, 10:00–11:00" in row
    assert str(agenda.single.name) in row
    assert "1 seat left" in row
    assert 'href="/forum/sessions/B/"' in row


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
