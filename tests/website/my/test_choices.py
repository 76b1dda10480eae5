"""Sessions to choose from where they are many: one day at a time, and the same day after every act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from registration.domain.registrations.registering import set_interests
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.factories import at, both, make_room, make_session, publish
from tests.fixtures.conferences import Agenda, signed_in
from website.my import choices
from website.my.choices import AskedHour, Choices, asked_day, choices_of

FIRST, SECOND = "2037-06-01", "2037-06-02"
DAYS = [date(2037, 6, day) for day in (1, 2, 3)]


@pytest.fixture
def two_days(agenda: Agenda, monkeypatch: pytest.MonkeyPatch) -> Agenda:
    """A and B at 10:00 and C at 12:00 of the first day, D and E on the second; two are many."""
    monkeypatch.setattr(choices, "MANY", 2)
    room, other = agenda.room, make_room(agenda.conference)
    later = [make_session(agenda.conference, code=code, title=both(f"Session {code}")) for code in "DE"]
    starts = [at(agenda.conference, time, day=day) for time, day in (("10:00", 0), ("12:00", 0), ("10:00", 1))]
    placed = [(agenda.a, room, starts[0]), (agenda.b, agenda.single, starts[0]), (agenda.c, room, starts[1])]
    publish(agenda.conference, [*placed, (later[0], room, starts[2]), (later[1], other, starts[2])])
    return agenda


def shown(page: str) -> tuple[list[str], list[str], list[str]]:
    """The sessions of one's own, those to choose from, and the days there are tabs for, with a star at the current."""
    mine, _, rest = page.partition('id="more"')
    tabs = re.findall(r'href="\?day=([\d-]+)#more"( aria-current)?', rest)
    ids = [re.findall(r'id="session-(\w)"', part) for part in (mine, rest)]
    return ids[0], ids[1], [day + ("*" if current else "") for day, current in tabs]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", (["D"], ["A", "B"], [f"{FIRST}*", SECOND])),
        (f"?day={FIRST}", (["D"], ["A", "B"], [f"{FIRST}*", SECOND])),
        (f"?day={FIRST}T12", (["D"], ["C"], [f"{FIRST}*", SECOND])),
        (f"?day={SECOND}", (["D"], ["E"], [FIRST, f"{SECOND}*"])),
        ("?day=2037-06-03", (["D"], ["A", "B"], [f"{FIRST}*", SECOND])),
        ("?day='><script>", (["D"], ["A", "B"], [f"{FIRST}*", SECOND])),
    ],
)
def test_many_are_shown_by_day_and_what_one_has_is_shown_whole(
    two_days: Agenda, alice: Registration, query: str, found: tuple[list[str], list[str], list[str]]
) -> None:
    sign_up(alice, two_days.conference.sessions.get(code="D"), actor=SYSTEM)
    page = signed_in(alice.participant).get(f"/my/forum/{query}").content.decode()
    assert shown(page) == found
    assert "'><script>" not in page


def test_few_are_shown_all_at_once(two_days: Agenda, alice: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "MANY", 5)
    page = signed_in(alice.participant).get(f"/my/forum/?day={SECOND}").content.decode()
    assert shown(page) == ([], ["A", "B", "C", "D", "E"], [])
    assert 'name="day"' not in page


def test_the_answer_to_htmx_shows_the_same_day(two_days: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    act = {"day": SECOND}
    part = client.post("/my/forum/sessions/E/sign-up/", act, headers={"hx-request": "true"}).content.decode()
    # D is in the way of E now, and may be taken instead.
    assert shown(part) == (["E"], ["D"], [FIRST, f"{SECOND}*"])
    swapped = client.post("/my/forum/sessions/D/swap/", act, headers={"hx-request": "true"}).content.decode()
    assert shown(swapped) == (["D"], ["E"], [FIRST, f"{SECOND}*"])


@pytest.mark.parametrize(
    ("path", "data", "query"),
    [
        ("sessions/E/sign-up/", {}, f"?day={SECOND}"),
        ("sessions/A/leave/", {}, f"?day={SECOND}"),
        ("wishes/sign-up/", {}, f"?day={SECOND}"),
        ("calendar/invitations/", {"invites": "on", "first": "1"}, f"?day={SECOND}"),
        ("favourites/", {"codes": "E"}, f"?day={SECOND}&favourites=taken"),
    ],
)
def test_without_scripts_every_act_leads_back_to_the_day(
    two_days: Agenda, alice: Registration, path: str, data: dict[str, str], query: str
) -> None:
    sign_up(alice, two_days.a, actor=SYSTEM)
    set_interests(alice, [two_days.c], actor=SYSTEM)
    client = signed_in(alice.participant)
    page = client.get(f"/my/forum/?day={SECOND}").content.decode()
    assert f'action="/my/forum/{path}"' in page or f'href="/my/forum/{path}?day={SECOND}"' in page
    assert client.post(f"/my/forum/{path}", data | {"day": SECOND})["Location"] == f"/my/forum/{query}"
    assert (
        client.post(f"/my/forum/{path}", data | {"day": "//evil.example"}).headers.get("Location", "/my/forum/")[:10]
        == "/my/forum/"
    )


def test_asking_before_leaving_keeps_the_day(two_days: Agenda, alice: Registration) -> None:
    sign_up(alice, two_days.a, actor=SYSTEM)
    client, path = signed_in(alice.participant), f"/my/forum/sessions/A/leave/?day={SECOND}"
    assert f'href="/my/forum/?day={SECOND}"' in client.get(path).content.decode()
    assert client.post(path)["Location"] == f"/my/forum/?day={SECOND}"


@dataclass(frozen=True)
class Begins:
    """All that is looked at of a session."""

    start: datetime


def many(*counts: int, hours: Sequence[int] = (9,)) -> dict[date, list[Any]]:
    """So many sessions a day, which begin in these hours in turn."""
    return {
        day: [Begins(datetime(2037, 6, day.day, hours[n % len(hours)], 30, tzinfo=UTC)) for n in range(count)]
        for day, count in zip(DAYS, counts, strict=False)
    }


def chosen(by_day: dict[date, list[Any]], asked: AskedHour | None, today: date) -> Choices:
    return choices_of(by_day, asked, today=today, local=lambda instant: instant)


@pytest.mark.parametrize(
    ("counts", "asked", "today", "expected"),
    [
        ((40, 40), None, DAYS[2], [DAYS[0]]),
        ((40, 40), None, DAYS[1], [DAYS[1]]),
        ((40, 40), DAYS[0], DAYS[1], [DAYS[0]]),
        ((40, 40), DAYS[2], DAYS[1], [DAYS[1]]),
        ((30, 30), DAYS[1], DAYS[0], [DAYS[0], DAYS[1]]),
        ((60,), None, DAYS[2], [DAYS[0]]),
        ((400,), None, DAYS[2], [DAYS[0]]),
        ((), None, DAYS[2], []),
    ],
)
def test_which_day_is_shown(counts: tuple[int, ...], asked: date | None, today: date, expected: list[date]) -> None:
    found = chosen(many(*counts), AskedHour(asked) if asked else None, today)
    assert (list(found.by_day), bool(found)) == (expected, bool(expected))


@pytest.mark.parametrize(
    ("asked", "today", "expected"),
    [
        (None, DAYS[0], "2037-06-01T09"),
        (AskedHour(DAYS[0], 14), DAYS[0], "2037-06-01T14"),
        # The last one of an hour was taken: what begins next is shown, and after all of them the first.
        (AskedHour(DAYS[0], 11), DAYS[0], "2037-06-01T14"),
        (AskedHour(DAYS[0], 22), DAYS[0], "2037-06-01T09"),
        # A day that has none, or fewer than are many.
        (AskedHour(DAYS[2], 14), DAYS[0], "2037-06-01T09"),
        (AskedHour(DAYS[1], 14), DAYS[0], "2037-06-02"),
    ],
)
def test_which_hour_of_a_day_is_shown(asked: AskedHour | None, today: date, expected: str) -> None:
    by_day = many(61, hours=(9, 10, 14)) | {DAYS[1]: many(40)[DAYS[0]]}
    found = chosen(by_day, asked, today)
    [(day, places)] = found.by_day.items()
    assert found.day == expected
    hour = expected.partition("T")[2]
    assert [place.start.hour for place in places] == ([int(hour)] * len(places) if hour else [9] * 40)
    tabs = [(tab.hour, tab.url, tab.is_current) for tab in found.hours]
    assert tabs == [
        (one, f"?day={day}T{one:02}#more", f"{day}T{one:02}" == expected) for one in ((9, 10, 14) if hour else ())
    ]
    # Nothing is out of reach: each session is in one of the hours.
    reached = [chosen(by_day, AskedHour(day, one), today).by_day[day] for one in (9, 10, 14)] if hour else [places]
    assert sorted(place.start for each in reached for place in each) == sorted(place.start for place in by_day[day])


def test_an_hour_is_one_of_the_conferences_clocks() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    found = choices_of(many(61), None, today=DAYS[0], local=lambda instant: instant.astimezone(seoul))
    assert [tab.hour for tab in found.hours] == [18]


def test_acts_keep_the_hour_that_was_looked_at(
    two_days: Agenda, alice: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three on the first day are many: A and B at ten, C at noon."""
    client, noon = signed_in(alice.participant), f"{FIRST}T12"
    page = client.get(f"/my/forum/?day={noon}").content.decode()
    assert re.findall(r'id="session-(\w)"', page) == ["C"]
    hours = re.findall(r'href="\?day=(2037-06-01T\d\d)#more"( aria-current="page")?>(\d\d:00)<', page)
    assert hours == [(f"{FIRST}T10", "", "10:00"), (noon, ' aria-current="page"', "12:00")]
    assert (
        f'<input type="hidden" name="day" value="{noon}">' in page.partition('id="choose"')[2].partition("</form>")[0]
    )
    act = {"day": noon}
    assert client.post("/my/forum/sessions/A/sign-up/", act)["Location"] == f"/my/forum/?day={FIRST}T12"
    part = client.post("/my/forum/sessions/C/sign-up/", act, headers={"hx-request": "true"}).content.decode()
    # B alone is left, which is not many any more.
    assert shown(part) == (["A", "C"], ["B"], [f"{FIRST}*", SECOND])


@pytest.mark.parametrize(
    "named", ["", "tomorrow", "2037-13-01", "2037-06-01T00:00", "2037-06-01T24", "T12", "\x00", "١٢٣٤-01-01"]
)
def test_what_is_no_date_names_no_day(named: str) -> None:
    assert asked_day(RequestFactory().get("/", {"day": named})) is None
    assert asked_day(RequestFactory().post("/", {"day": named})) is None


@pytest.mark.parametrize("number", [1, 3])
def test_many_cost_as_many_statements_as_few(
    two_days: Agenda, alice: Registration, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_interests(alice, list(two_days.conference.sessions.all()[:number]), actor=SYSTEM)
    client = signed_in(alice.participant)
    client.get("/my/forum/")
    with django_assert_num_queries(7):  # browser session, registration, sign-ups, seats, sign-ups, wishes, days
        client.get(f"/my/forum/?day={SECOND}")


def test_what_comes_next_is_said_until_there_is_a_place(agenda: Agenda, alice: Registration) -> None:
    client = signed_in(alice.participant)
    before = client.get("/my/forum/").content.decode()
    sign_up(alice, agenda.a, actor=SYSTEM)
    after = client.get("/my/forum/").content.decode()
    said = "You are registered: what comes next"
    assert [(said in page, page.count('id="next"')) for page in (before, after)] == [(True, 1), (False, 1)]
