"""Personal calendars behind secret addresses."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as RedisConnectionError

from journal.models import Entry
from notifications.feeds import limits
from notifications.feeds.personal_feeds import feed_url, find_feed, note_reading, revoke_feed
from notifications.models import FeedToken
from notifications.rules.intake import take_in
from registration.domain.registrations.tokens import hash_of
from registration.domain.signups.signing_up import leave, sign_up
from registration.models import SignUp
from schedule.domain.programme.rooms import change_venue, rename_room
from schedule.domain.programme.sessions import cancel_session, change_online_address, reinstate_session
from tests.factories import at, make_session, publish
from tests.notifications.calendars.factories import unfolded
from tests.notifications.places import ACTOR, Stage, make_feed
from tests.present import present

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def path_of(token: FeedToken) -> str:
    return feed_url(token).removeprefix("https://forum.example.org")


def lines_of(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    return unfolded(response.content)


def events(lines: list[str], *names: str) -> list[tuple[str, ...]]:
    """The named properties of each event, in the file's order."""
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and (match := re.match(r"([A-Z-]+)(?:;[^:]*)?:(.*)", line)):
            found[-1].setdefault(match[1], match[2])
    return [tuple(one.get(name, "") for name in names) for one in found]


def test_feed_holds_the_places_a_person_has_and_nobody_elses(client: Client) -> None:
    stage = Stage()
    mine, _other, waiting = stage.place(language="ko"), stage.place(), stage.place()
    token = make_feed(mine.registration)
    lines = lines_of(client, path_of(token))
    assert events(lines, "UID", "SEQUENCE", "STATUS", "SUMMARY", "DTSTART", "URL") == [
        (
            f"{mine.uid}@forum.example.org",
            "0",
            "CONFIRMED",
            stage.session.title.localize("ko"),
            "20370601T100000",
            f"https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/",
        )
    ]
    assert [line for line in lines if line.startswith(("METHOD", "ORGANIZER", "ATTENDEE"))] == []
    assert lines_of(client, path_of(make_feed(waiting.registration)))[-1] == "END:VCALENDAR"
    assert events(lines_of(client, path_of(make_feed(waiting.registration))), "UID") == []


def test_feed_follows_a_move(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    path = path_of(make_feed(place.registration))
    before = client.get(path)
    stage.move("11:00", stage.other_room)
    after = client.get(path, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert events(unfolded(after.content), "UID", "SEQUENCE", "DTSTART", "LOCATION") == [
        (f"{place.uid}@forum.example.org", "1", "20370601T110000", stage.other_room.name.localize("en"))
    ]


@pytest.mark.parametrize("updates", ["each", "digest", "feed"])
def test_what_was_given_back_is_gone_and_what_is_called_off_says_so(updates: str, client: Client) -> None:
    stage = Stage()
    other = make_session(stage.conference)
    publish(
        stage.conference,
        [
            (stage.session, stage.room, at(stage.conference, "10:00")),
            (other, stage.other_room, at(stage.conference, "14:00")),
        ],
    )
    place = stage.place(updates=updates, language="ko")
    second = sign_up(place.registration, other, actor=ACTOR)
    path = path_of(make_feed(place.registration, alarm_minutes=10))

    def told() -> list[tuple[str, ...]]:
        return events(lines_of(client, path), "UID", "SEQUENCE", "STATUS", "TRANSP", "SUMMARY", "TRIGGER")

    titles = [one.session.title.localize("ko") for one in (place, second)]
    uids = [f"{one.uid}@forum.example.org" for one in (place, second)]
    assert told() == [
        (uid, "0", "CONFIRMED", "OPAQUE", title, "-PT10M") for uid, title in zip(uids, titles, strict=True)
    ]
    leave(second, actor=ACTOR)
    assert [uid for uid, *_ in told()] == uids[:1]
    cancel_session(stage.session, actor=ACTOR)
    cancel_session(other, actor=ACTOR)
    assert told() == [(uids[0], "1", "CANCELLED", "TRANSPARENT", f"취소: {titles[0]}", "")]
    # It takes place after all: they have their place in it again.
    reinstate_session(stage.session, actor=ACTOR)
    assert told() == [(uids[0], "2", "CONFIRMED", "OPAQUE", titles[0], "-PT10M")]
    leave(SignUp.objects.get(pk=place.pk), actor=ACTOR)
    cancel_session(stage.session, actor=ACTOR)
    assert told() == []


def test_session_that_vanished_stays_as_cancelled_with_its_last_time(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    path = path_of(make_feed(place.registration))
    publish(stage.conference, [(make_session(stage.conference), stage.room, at(stage.conference, "12:00"))])
    title = stage.session.title.localize("en")
    assert events(lines_of(client, path), "UID", "STATUS", "DTSTART", "SUMMARY") == [
        (f"{place.uid}@forum.example.org", "CANCELLED", "20370601T100000", f"Cancelled: {title}")
    ]


def test_calendar_is_named_after_its_owner(client: Client) -> None:
    stage = Stage()
    place = stage.place(display_name="Kim Minji\n")
    lines = lines_of(client, path_of(make_feed(place.registration)))
    name = f"{stage.conference.name.localize('en')} · Kim Minji"
    assert [line for line in lines if line.startswith(("NAME:", "X-WR-CALNAME:"))] == [
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
    ]


def test_waiting_line_that_was_left_never_was_in_the_calendar(client: Client) -> None:
    stage = Stage()
    stage.place(), stage.place()
    waiting = stage.place()
    path = path_of(make_feed(waiting.registration))
    take_in()
    leave(waiting, actor=ACTOR)
    cancel_session(stage.session, actor=ACTOR)
    assert events(lines_of(client, path), "UID") == []


def test_headers_keep_the_secret(client: Client) -> None:
    stage = Stage()
    path = path_of(make_feed(stage.place().registration))
    client.cookies["sessionid"] = "somebody"
    with mock.patch("django.contrib.sessions.backends.base.SessionBase._get_session") as session:
        response = client.get(path)
    assert session.call_count == 0
    assert response.cookies == {}
    wanted = (
        "Content-Type",
        "Cache-Control",
        "Referrer-Policy",
        "Content-Disposition",
        "Content-Language",
        "Vary",
    )
    assert [response[name] for name in wanted] == [
        "text/calendar; charset=utf-8",
        "private, max-age=300",
        "no-referrer",
        'inline; filename="calendar.ics"',
        "en",
        "Accept-Encoding, Accept-Language",
    ]


def test_secret_is_hashed_and_never_in_the_journal() -> None:
    stage = Stage()
    token = make_feed(stage.person())
    secret = path_of(token).removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) == 43
    token.refresh_from_db()
    assert token.token_hash == hash_of(secret)
    assert secret not in str(list(FeedToken.objects.values()) + list(Entry.objects.values()))
    assert list(Entry.objects.filter(verb__startswith="feed.").values_list("verb", "subject_id")) == [
        ("feed.created", token.pk)
    ]


def test_a_revoked_address_is_gone_and_an_unknown_one_was_never_there(client: Client) -> None:
    stage = Stage()
    token = make_feed(stage.place().registration)
    kept = make_feed(token.registration)
    revoke_feed(token, actor=ACTOR)
    revoke_feed(token, actor=ACTOR)
    revoked, unknown = client.get(path_of(token)), client.get(f"/calendar/{'x' * 43}.ics")
    page = f"{settings.SITE_URL}/my/"
    assert (revoked.status_code, revoked.content.decode()) == (
        410,
        f"This calendar has been withdrawn. A new address can be made here: {page}\n",
    )
    assert (unknown.status_code, unknown.content.decode()) == (
        404,
        f"There is no such calendar. Its whole address can be copied here: {page}\n",
    )
    korean = client.get(path_of(token), headers={"accept-language": "ko"})
    assert (korean.status_code, korean.content.decode()) == (
        410,
        f"이 캘린더는 폐기되었습니다. 새 주소는 여기에서 만들 수 있습니다: {page}\n",
    )
    for response in (revoked, unknown):
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert client.get(path_of(kept)).status_code == 200
    assert Entry.objects.filter(verb="feed.revoked").count() == 1


def test_the_clock_tells_what_is_new_also_where_something_has_gone(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    path = path_of(make_feed(place.registration))
    asked = {"If-Modified-Since": client.get(path)["Last-Modified"]}
    assert client.get(path, headers=asked).status_code == 304
    leave(place, actor=ACTOR)
    assert client.get(path, headers=asked).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("{now}", 304),
        ("{later}", 200),  # by a clock that is ahead: it would be told of nothing until then
        ("Fri, 31 Dec 9999 23:59:59 GMT", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 200),
        ("Sun Nov  6 08:49:37 1994", 200),
        ("2026-11-30T00:00:00Z", 200),
        ("Fri, 99 Foo 2026 99:99:99 GMT", 200),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", 200),
        ("", 200),
    ],
)
def test_asked_by_the_clock_alone(since: str, status: int, client: Client) -> None:
    path = path_of(make_feed(Stage().place().registration))
    first, now = client.get(path), timezone.now()
    asked = since.format(now=first["Last-Modified"], later=http_date((now + timedelta(hours=1)).timestamp()))
    for packing in ("identity", "gzip"):
        headers = {"If-Modified-Since": asked, "Accept-Encoding": packing}
        assert client.get(path, headers=headers).status_code == status
        # A tag is asked for first, whatever the clock says (RFC 9110 13.1.3).
        assert client.get(path, headers=headers | {"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
    ],
)
def test_conditional_requests(condition: str, status: int, client: Client) -> None:
    stage = Stage()
    path = path_of(make_feed(stage.place().registration))
    first = client.get(path)
    tag = first["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    response = client.get(path, headers={"If-None-Match": condition.format(tag=tag)})
    assert (response.status_code, response["ETag"]) == (status, tag)
    assert response["Cache-Control"] == "private, max-age=300"
    assert response["Referrer-Policy"] == "no-referrer"
    assert (response.content == b"") == (status == 304)
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"], head["Last-Modified"]) == (
        200,
        b"",
        tag,
        first["Last-Modified"],
    )
    assert client.post(path).status_code == 405


def test_same_state_gives_the_same_bytes(client: Client) -> None:
    stage = Stage()
    path = path_of(make_feed(stage.place().registration))
    assert client.get(path).content == client.get(path).content


def test_too_many_fetches_are_refused_for_a_while(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FETCHES", 2)
    stage = Stage()
    path, other = (path_of(make_feed(stage.person())) for _ in range(2))
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(path)["Retry-After"] == "300"
    assert client.get(other).status_code == 200


def test_feed_is_served_while_the_cache_is_away(client: Client) -> None:
    stage = Stage()
    path = path_of(make_feed(stage.place().registration))
    away = mock.Mock(side_effect=RedisConnectionError("away"))
    names = ("add", "incr", "get", "set", "get_many", "set_many")
    with mock.patch.multiple("django.core.cache.backends.redis.RedisCache", **dict.fromkeys(names, away)):
        assert client.get(path).status_code == 200
        assert client.get(f"/{stage.conference.slug}/schedule.ics").status_code == 200


def test_reading_is_noted_once_a_day_on_the_conferences_clocks(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    token = make_feed(Stage().person())
    secret = path_of(token).removeprefix("/calendar/").removesuffix(".ics")
    # Midnight in Seoul is 15:00 UTC.
    for moment, queries in (("00:01", 1), ("14:59", 0), ("15:00", 1)):
        found = find_feed(secret)
        with django_assert_num_queries(queries):
            note_reading(present(found), datetime.fromisoformat(f"2026-05-01T{moment}+00:00"))
    token.refresh_from_db()
    assert token.last_read_on == date(2026, 5, 2)


@pytest.mark.parametrize("places", [1, 3])
def test_number_of_queries(places: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage()
    sessions = [make_session(stage.conference) for _ in range(places)]
    publish(
        stage.conference,
        [(session, stage.room, at(stage.conference, f"{10 + n}:00")) for n, session in enumerate(sessions)],
    )
    person = stage.person()
    for session in sessions:
        sign_up(person, session, actor=ACTOR)
    path = path_of(make_feed(person))
    tag = client.get(path)["ETag"]
    # Look-up, token, places, the state of the programme.
    with django_assert_num_queries(4):
        assert len(events(lines_of(client, path), "UID")) == places
    cache.clear()
    # And of their sessions: themselves, where the newest release has them, people, hosts, edits.
    with django_assert_num_queries(9):
        assert len(events(lines_of(client, path), "UID")) == places
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_every_change_of_what_a_calendar_says_changes_its_tag(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    path = path_of(make_feed(place.registration))
    tags = [client.get(path)["ETag"]]
    token = place.registration.feed_tokens.get()
    for thing, field, value in (
        (stage.conference, "name", "Forum"),
        (stage.conference, "accent", "teal"),
        (stage.conference, "timezone", "Asia/Tokyo"),
        (stage.session, "title", "Opening"),
        (stage.session.kind, "name", "Talks"),
        (place.registration, "language", "ko"),
        (token, "alarm_minutes", 15),
        (token, "with_conference", True),
        (stage.conference, "theme", "Peace"),
        (stage.conference, "ends_on", stage.conference.ends_on + timedelta(days=1)),
    ):
        setattr(thing, field, LazyI18nString(value) if field in ("name", "title", "theme") else value)
        thing.save()
        response = client.get(path, headers={"If-None-Match": tags[-1]})
        assert response.status_code == 200, (thing, field)
        tags.append(response["ETag"])
    assert len(set(tags)) == 11


def test_another_name_of_the_room_or_venue_is_the_next_state_of_the_entry(client: Client) -> None:
    stage = Stage(venue=LazyI18nString("Hall"))
    elsewhere = make_session(stage.conference)
    start = at(stage.conference, "14:00")
    publish(
        stage.conference,
        [(stage.session, stage.room, at(stage.conference, "10:00")), (elsewhere, stage.other_room, start)],
    )
    place = stage.place()
    sign_up(place.registration, elsewhere, actor=ACTOR)
    path = path_of(make_feed(place.registration))

    def told() -> list[tuple[str, ...]]:
        return events(lines_of(client, path), "SEQUENCE", "LOCATION")

    other = stage.other_room.name.localize("en")
    rename_room(stage.room, name="Aula", actor=ACTOR)
    assert told() == [("1", "Aula\\, Hall"), ("0", f"{other}\\, Hall")]
    rename_room(stage.room, name="Aula", actor=ACTOR)
    assert told() == [("1", "Aula\\, Hall"), ("0", f"{other}\\, Hall")]
    change_venue(stage.conference, venue="Palace", actor=ACTOR)
    assert told() == [("2", "Aula\\, Palace"), ("1", f"{other}\\, Palace")]


def test_a_place_that_was_called_off_keeps_the_names_it_had(client: Client) -> None:
    stage = Stage(venue=LazyI18nString("Hall"))
    place = stage.place()
    name, path = stage.room.name.localize("en"), path_of(make_feed(place.registration))
    cancel_session(stage.session, actor=ACTOR)
    rename_room(stage.room, name="Aula", actor=ACTOR)
    change_venue(stage.conference, venue="Palace", actor=ACTOR)
    assert events(lines_of(client, path), "SEQUENCE", "STATUS", "LOCATION") == [("1", "CANCELLED", f"{name}\\, Hall")]
    reinstate_session(stage.session, actor=ACTOR)
    place = stage.place(place.registration)
    assert events(lines_of(client, path), "SEQUENCE", "STATUS", "LOCATION") == [("2", "CONFIRMED", "Aula\\, Palace")]


def test_nothing_of_a_calendar_but_its_tag_is_kept_outside_the_database(client: Client) -> None:
    stage = Stage()
    place = stage.place()
    path = path_of(make_feed(place.registration))
    redis = "django.core.cache.backends.redis.RedisCache"
    with mock.patch(f"{redis}.set") as kept, mock.patch(f"{redis}.set_many") as kept_many:
        body = client.get(path).content
    assert not kept.called
    session, tag, since = [list(call.args[0].values()) for call in kept_many.call_args_list]
    assert (re.fullmatch(r'"[0-9a-f]{32}"', tag[0]) is not None, since[0][0]) == (True, tag[0])
    # What everybody with a place in it is shown of the session, and nothing of anybody's.
    secret, theirs = path.rsplit("/", 1)[1].removesuffix(".ics"), str(place.uid)
    calendar = "\n".join(unfolded(body))
    assert (secret in calendar, theirs in calendar, len(session)) == (True, True, 1)
    told = repr(session)
    assert [word for word in (secret, theirs, place.registration.display_name) if word in told] == []


def test_online_address_is_for_those_who_have_a_place(client: Client) -> None:
    stage = Stage()
    first, _second, waiting = stage.place(), stage.place(), stage.place()
    url = "https://meet.example.org/room"
    change_online_address(stage.session, url=url, actor=ACTOR)
    path = path_of(make_feed(first.registration))
    found = events(lines_of(client, path), "SEQUENCE", "CONFERENCE", "DESCRIPTION")
    assert [(sequence, join, url in text) for sequence, join, text in found] == [("1", url, True)]
    others = [path_of(make_feed(waiting.registration)), f"/{stage.conference.slug}/schedule.ics"]
    pages = [f"/{stage.conference.slug}/", f"/{stage.conference.slug}/sessions/{stage.session.code}/"]
    assert [url.encode() in client.get(address).content for address in (*others, *pages)] == [False] * 4
    cancel_session(stage.session, actor=ACTOR)
    assert events(lines_of(client, path), "STATUS", "CONFERENCE") == [("CANCELLED", "")]
