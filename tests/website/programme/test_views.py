"""The programme and session pages: what they show, and to whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import Membership
from journal.actors import SYSTEM
from registration.domain.signups.queries import SeatsLeft
from registration.domain.signups.signing_up import sign_up
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Placement, Role, SessionHost
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_team,
    make_theme,
    make_user,
    publish,
)
from tests.responses import squeezed
from tests.website.showing import Words, forum, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]
PAYLOAD = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'"


def put_in_draft(conference: Conference, code: str, title: str) -> None:
    """A session that only a draft has."""
    session = make_session(conference, code=code, title=both(title))
    draft = create_draft(conference, name=f"Draft of {code}", actor=SYSTEM)
    start = at(conference, "15:00")
    Placement.objects.create(
        draft=draft, session=session, room=conference.rooms.all()[0], start=start, end=start + timedelta(hours=1)
    )


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_programme_lists_the_sessions_of_a_day_in_order_of_time(client: Client) -> None:
    forum(3)
    assert titles(client, "/forum/") == ["Talk 0", "Talk 1", "Talk 2"]
    assert titles(client, "/forum/?day=2037-06-02") == []


def test_session_after_midnight_belongs_to_the_evening_before(client: Client) -> None:
    conference = make_conference(slug="forum", days=1)
    day = conference.days.get()
    day.closes_at = day.closes_at + timedelta(hours=9)
    day.save()
    session = make_session(conference, title=both("Night"))
    publish(conference, [(session, make_room(conference), at(conference, "01:00", day=1))])
    assert titles(client, "/forum/?day=2037-06-01") == ["Night"]


def test_theme_is_a_filter_and_is_found_where_it_is_shown(client: Client) -> None:
    conference = forum(3)
    water, peace = (make_theme(conference, code=code, name=both(code.title())) for code in ("water", "peace"))
    for code, theme, signup in (("A0", peace, "open"), ("A1", water, "open"), ("A2", peace, "invitation")):
        conference.sessions.filter(code=code).update(theme=theme, signup=signup)
    assert [titles(client, f"/forum/?theme={code}") for code in ("peace", "water")] == [["Talk 0"], ["Talk 1"]]
    assert (titles(client, "/forum/?q=peace"), titles(client, "/forum/?q=water")) == (["Talk 0"], ["Talk 1"])
    html = squeezed(client.get("/forum/").content.decode())
    # In the order that organizers gave them.
    assert '<option value="water">Water</option><option value="peace">Peace</option></select>' in html
    conference.sessions.update(theme=None)
    cache.clear()
    assert "id_theme" not in client.get("/forum/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=sweden", ["Policy"]),
        ("q=POLICY", ["Policy"]),
        ("q=인권", ["Policy"]),
        ("q=kim+sweden", ["Policy"]),
        ("q=host+policy", ["Policy"]),
        ("q=ghost", []),
        ("q=%25", []),
        ("room=SMALL", ["Other"]),
        ("language=ko", ["Other"]),
        ("access=sign", ["Other"]),
        ("access=wheelchair", ["Policy"]),
        ("room=NONE", ["Policy", "Other"]),
        ("kind=talk&room=SMALL", ["Other"]),
    ],
)
def test_filters_and_search(client: Client, query: str, expected: list[str]) -> None:
    conference = make_conference(slug="forum")
    hall = make_room(conference, code="HALL", features=["wheelchair"])
    small = make_room(conference, code="SMALL")
    policy = make_session(
        conference, title=both("Policy"), abstract=LazyI18nString({"en": "About Sweden", "ko": "인권정책"})
    )
    other = make_session(conference, title=both("Other"), languages=["ko"], sign_languages=["KSL"])
    Role.objects.create(session=policy, person=make_person(conference, name=both("Kim")), role="speaker")
    SessionHost.objects.create(session=policy, body=make_body(conference, name=both("Host")))
    SessionHost.objects.create(session=policy, body=make_body(conference, name=both("Ghost")), is_shown=False)
    publish(conference, [(policy, hall, at(conference, "09:00")), (other, small, at(conference, "10:00"))])
    assert titles(client, f"/forum/?day=2037-06-01&{query}") == expected


def test_search_tells_of_other_days(client: Client) -> None:
    conference = make_conference(slug="forum")
    room = make_room(conference)
    first, second = make_session(conference, title=both("Alpha")), make_session(conference, title=both("Beta"))
    publish(conference, [(first, room, at(conference, "09:00")), (second, room, at(conference, "09:00", day=1))])
    html = squeezed(client.get("/forum/?day=2037-06-01&q=beta").content.decode())
    assert Words(html).titles == []
    assert re.findall(r"Other days:(.*?)</p>", html) == ['<a href="?day=2037-06-02&amp;q=beta#days">Tue 2 (1)</a>']


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("day=2037-06-01", ["at-0601-0900-KST"]),
        ("day=all", ["on-0601 at-0601-0900-KST", "on-0602 at-0602-0900-KST"]),
    ],
)
def test_the_same_hour_of_several_days_is_called_by_its_day_too(client: Client, query: str, labels: list[str]) -> None:
    conference = make_conference(slug="forum")
    room, sessions = make_room(conference), [make_session(conference) for _ in range(2)]
    publish(conference, [(one, room, at(conference, "09:00", day=day)) for day, one in enumerate(sessions)])
    html = client.get(f"/forum/?{query}").content.decode()
    assert re.findall(r'<section class="slot" aria-labelledby="([^"]+)"', html) == labels
    assert [one for label in labels for one in label.split() if html.count(f'id="{one}"') != 1] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha"]),
        ("q=beta", ["Beta"]),
        ("back=2037-06-01&q=beta", ["Beta"]),
        ("back=2037-06-02", ["Beta"]),
        ("day=2037-06-01&q=beta", []),
        ("day=all", ["Alpha", "Beta"]),
        ("back=all", ["Alpha", "Beta"]),
        ("back=all&kind=talk", ["Alpha", "Beta"]),
        ("q=attic", ["Beta"]),
        ("q=b2", ["Beta"]),
        ("q=speker", ["Beta"]),
        ("q=인권을", ["Beta"]),
        ("q=beta+attic", ["Beta"]),
        ("q=alpha+attic", []),
    ],
)
def test_search_looks_through_all_days_rooms_codes_and_people(client: Client, query: str, expected: list[str]) -> None:
    conference = make_conference(slug="forum")
    hall, attic = make_room(conference, name=both("Hall")), make_room(conference, code="X", name=both("Attic"))
    first = make_session(conference, code="A1", title=both("Alpha"))
    second = make_session(conference, code="B2", title=LazyI18nString({"en": "Beta", "ko": "인권"}))
    Role.objects.create(session=second, person=make_person(conference, name=both("Speaker")), role="speaker")
    publish(conference, [(first, hall, at(conference, "09:00")), (second, attic, at(conference, "09:00", day=1))])
    assert titles(client, f"/forum/?{query}") == expected


def test_tabs_keep_filters_and_the_form_the_day(client: Client) -> None:
    forum(1)
    html = squeezed(client.get("/forum/?back=2037-06-02&kind=talk").content.decode())
    assert re.findall(r'<a [^>]*href="(\?day=[^"]*)"', html)[:3] == [
        "?day=2037-06-01&amp;kind=talk#days",
        "?day=2037-06-02&amp;kind=talk#days",
        "?day=all&amp;kind=talk#days",
    ]
    assert 'name="back" value="2037-06-02"' in html
    html = squeezed(client.get("/forum/?back=2037-06-02&q=talk").content.decode())
    assert 'name="back" value="2037-06-02"' in html
    assert "All days</h2>" in html


def test_what_the_address_names_and_is_not_there_is_said(client: Client) -> None:
    forum(1)
    html = client.get("/forum/?day=2036-01-01&room=GONE&theme=gone&kind=talk").content.decode()
    assert re.findall(r"<li>(.*?) is not there", html) == ["Day: “2036-01-01”", "Theme: “gone”", "Room: “GONE”"]
    assert "is not there" not in client.get("/forum/?day=2037-06-01&kind=talk").content.decode()
    assert "\0" not in client.get("/forum/", {"day": "\0own0 A0\0", "kind": "\0own0 A0\0"}).content.decode()


@pytest.mark.parametrize(
    ("taken", "says", "level"),
    [(0, "20 seats left", ""), (14, "6 seats left", ""), (15, "Only 5 seats left", "few"), (20, "Full", "full")],
)
def test_few_seats_look_few(taken: int, says: str, level: str) -> None:
    html = squeezed(render_to_string("components/session/seats_meter.html", {"seats": SeatsLeft(20, taken, 0)}))
    assert re.findall(r'data-level="(\w+)"', html) == [level] * bool(level)
    assert re.findall(r"(?:Only )?\d+ seats left|Full", html) == [says]
    assert ("icon-warning" in html) == (level == "few")


@pytest.mark.parametrize(
    ("capacity", "taken", "is_few"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (3, 0, True), (6, 0, False), (6, 1, True), (100, 89, False)],
)
def test_few_seats_look_few_in_small_rooms_too(capacity: int, taken: int, is_few: bool) -> None:
    seats = SeatsLeft(capacity, taken, waiting=0)
    html = render_to_string("components/session/seats_meter.html", {"seats": seats})
    assert ('data-level="few"' in html, "seats-few" in html, "Only" in html) == (is_few, is_few, is_few)


def test_programme_before_the_first_release_says_so_and_no_more(client: Client) -> None:
    conference = make_conference(slug="forum")
    make_room(conference)
    put_in_draft(conference, "SECRET", "Hidden plan")
    html = client.get("/forum/").content.decode()
    assert "The programme is not out yet" in html
    assert "Hidden" not in html


def test_cancelled_and_invited_sessions_say_so(client: Client) -> None:
    conference = make_conference(slug="forum")
    room = make_room(conference)
    gone, closed = make_session(conference, code="GONE"), make_session(conference, code="CLOSED", signup="invitation")
    publish(conference, [(gone, room, at(conference, "09:00")), (closed, room, at(conference, "10:00"))])
    cancel_session(gone, actor=SYSTEM)
    html = client.get("/forum/").content.decode()
    assert re.findall(r"</svg>(Cancelled|By invitation)</span>", html) == ["Cancelled", "By invitation"]
    assert "This session has been cancelled." in client.get("/forum/sessions/GONE/").content.decode()
    assert "Only invited people take part" in client.get("/forum/sessions/CLOSED/").content.decode()


def test_session_that_moved_says_from_where_and_the_changes_page_lists_it(client: Client) -> None:
    conference = make_conference(slug="forum")
    room, other = make_room(conference, name=both("Hall")), make_room(conference, name=both("Attic"))
    session = make_session(conference, code="A", title=both("Talk"))
    publish(conference, [(session, room, at(conference, "09:00"))])
    publish(conference, [(session, other, at(conference, "10:00"))])
    page = client.get("/forum/sessions/A/").content.decode()
    assert "Mon 1, 09:00–10:00, Hall" in page
    changes = client.get("/forum/changes/").content.decode()
    assert "Hall" in changes
    assert "Attic" in changes


def test_first_release_has_no_changes_and_none_no_page(client: Client) -> None:
    forum(1)
    assert "This is the first release" in client.get("/forum/changes/").content.decode()
    make_conference(slug="empty")
    assert client.get("/empty/changes/").status_code == 404


def test_session_taken_out_again_keeps_its_page(client: Client) -> None:
    conference = forum(1)
    publish(conference, [])
    assert "This session is no longer in the programme." in client.get("/forum/sessions/A0/").content.decode()
    assert titles(client, "/forum/") == []


def test_now_and_next_while_the_conference_runs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    conference = forum(2)
    monkeypatch.setattr(timezone, "now", lambda: at(conference, "09:30").astimezone(UTC))
    html = client.get("/forum/").content.decode()
    assert re.findall(r"<h2>(Now|Next)</h2>", html) == ["Now", "Next"]
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 1, tzinfo=UTC))
    assert re.findall(r"<h2>(Now|Next)</h2>", client.get("/forum/").content.decode()) == []


# --- languages -------------------------------------------------------------------------------------------------------


def test_korean_page_is_korean_and_marks_what_is_not(client: Client) -> None:
    conference = make_conference(slug="forum")
    session = make_session(conference, code="A", title=LazyI18nString({"en": "English only"}))
    publish(conference, [(session, make_room(conference), at(conference, "09:00"))])
    html = client.get("/forum/", headers={"accept-language": "ko"}).content.decode()
    assert '<html lang="ko">' in html
    assert '<h4 class="entry-title" lang="en">' in html
    assert "월요일" in html
    assert "Conference" not in re.sub(r"<[^>]+>", "", html).replace("(한국어)", "") or "(한국어)" in html


def test_language_is_chosen_without_a_cookie_for_forgery(client: Client) -> None:
    forum(1)
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/language/", {"language": "ko", "next": "/forum/"})
    assert (response.status_code, response["Location"]) == (302, "/forum/")
    assert '<html lang="ko">' in strict.get("/forum/").content.decode()
    assert strict.post("/language/", {"language": "ko", "next": "//evil.example/"})["Location"] == "/"
    assert strict.get("/language/").status_code == 405


# --- leaks -----------------------------------------------------------------------------------------------------------


def test_drafts_and_other_conferences_never_show(client: Client) -> None:
    conference = forum(1)
    put_in_draft(conference, "DRAFT", "Hidden plan")
    other = make_conference(slug="other")
    publish(other, [(make_session(other, code="B0", title=both("Elsewhere")), make_room(other), at(other, "09:00"))])
    for address in ("/forum/", "/forum/?q=hidden", "/forum/?q=elsewhere", "/sitemap.xml", "/forum/changes/"):
        html = client.get(address).content.decode().replace("hidden plan", "")
        assert "Hidden plan" not in html
        assert "DRAFT" not in html
    assert titles(client, "/forum/") == ["Talk 0"]
    assert titles(client, "/forum/?q=hidden") == []
    assert titles(client, "/forum/?q=elsewhere") == []
    assert client.get("/forum/sessions/DRAFT/").status_code == 404
    assert client.get("/forum/sessions/B0/").status_code == 404
    assert client.get("/other/sessions/A0/").status_code == 404


def test_conference_that_is_not_public_is_there_for_its_team_alone(client: Client) -> None:
    team = make_team()
    conference = forum(1, is_public=False, team=team)
    insider, outsider = make_user(), make_user()
    Membership.objects.create(team=team, user=insider, role=Membership.Role.VIEWER)
    addresses = ["/forum/", "/forum/sessions/A0/", "/forum/changes/"]
    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]
    client.force_login(outsider, "allauth.account.auth_backends.AuthenticationBackend")
    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]
    client.force_login(insider, "allauth.account.auth_backends.AuthenticationBackend")
    assert [client.get(one).status_code for one in addresses] == [200, 200, 200]
    assert conference.slug not in Client().get("/sitemap.xml").content.decode()


def test_hostile_text_stays_text(client: Client) -> None:
    bad = both(PAYLOAD)
    conference = make_conference(slug="forum", name=bad, theme=bad, venue=bad, sample_note=bad)
    kind = conference.kinds.create(code="k", name=bad)
    room = make_room(conference, name=bad)
    session = make_session(conference, code="A", title=bad, abstract=bad, kind=kind, languages=[PAYLOAD[:12]])
    Role.objects.create(
        session=session, person=make_person(conference, name=bad, affiliation=PAYLOAD), role=PAYLOAD[:60]
    )
    SessionHost.objects.create(session=session, body=make_body(conference, name=bad))
    publish(conference, [(session, room, at(conference, "09:00"))])
    publish(conference, [(session, make_room(conference, name=bad), at(conference, "10:00"))])
    addresses = ["/forum/", "/forum/sessions/A/", "/forum/changes/", f"/forum/?q={PAYLOAD}", "/"]
    make_conference(slug="second", name=bad)
    for address in addresses:
        html = client.get(address).content.decode()
        assert "<img" not in html
        assert "<script>" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html


# --- people ----------------------------------------------------------------------------------------------------------


def test_visitors_page_has_seats_and_participants_page_their_place(client: Client) -> None:
    conference = forum(1)
    registration = make_registration(conference)
    session = conference.sessions.get()
    sign_up(registration, session, actor=SYSTEM)
    visitor = client.get("/forum/").content.decode()
    assert "49 seats left" in visitor
    assert "Confirmed" not in visitor
    own = client.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    client.cookies["sessionid"] = own.session_key or ""
    response = client.get("/forum/")
    assert "Confirmed" in response.content.decode()
    assert response["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in client.get("/forum/", headers={"accept-encoding": "gzip"})
    page = client.get("/forum/sessions/A0/").content.decode()
    assert "/my/forum/sessions/A0/leave/" in page
    assert "/my/forum/sessions/A0/sign-up/" not in page


def test_clash_is_told_before_it_happens_with_the_way_out(client: Client) -> None:
    conference = make_conference(slug="forum")
    held, wanted = make_session(conference, code="HELD", title=both("Held")), make_session(conference, code="WANTED")
    start = at(conference, "09:00")
    publish(conference, [(held, make_room(conference), start), (wanted, make_room(conference), start)])
    registration = make_registration(conference)
    sign_up(registration, held, actor=SYSTEM)
    own = client.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    client.cookies["sessionid"] = own.session_key or ""
    page = client.get("/forum/sessions/WANTED/").content.decode()
    assert "At the same time you have another session" in page
    assert 'action="/my/forum/sessions/WANTED/swap/"' in page
    assert 'action="/my/forum/sessions/WANTED/sign-up/"' not in page


# --- the site --------------------------------------------------------------------------------------------------------


def test_start_page_leads_to_the_only_conference_or_lists_them(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/first/", "nobody has an account"
    make_user(password=None)
    assert "No conference yet" in client.get("/").content.decode()
    make_conference(slug="hidden", is_public=False)
    make_conference(slug="one")
    assert client.get("/")["Location"] == "/one/"
    make_conference(slug="two")
    html = client.get("/").content.decode()
    assert re.findall(r'<h2><a href="(.*?)">', html) in (["/one/", "/two/"], ["/two/", "/one/"])


def test_robots_and_sitemap_name_released_public_pages_only(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://forum.example.org"
    conference = forum(1)
    put_in_draft(conference, "DRAFT", "Hidden plan")
    make_conference(slug="empty")
    xml = client.get("/sitemap.xml", headers={"host": "127.0.0.1"}).content.decode()
    assert re.findall(r"<loc>(.*?)</loc>", xml) == [
        "https://forum.example.org/forum/",
        "https://forum.example.org/forum/sessions/A0/",
    ]
    robots = client.get("/robots.txt").content.decode()
    assert robots.splitlines()[0] == "User-agent: *"
    assert "Sitemap: https://forum.example.org/sitemap.xml" in robots
