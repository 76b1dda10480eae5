from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import get_resolver
from django.utils import translation

from schedule.models import Conference, Session, Unavailability
from schedule.solver.files.programme_file.vocabulary import RESERVED_SLUGS
from tests.factories import at, both, make_body, make_conference, make_kind, make_release, make_room, make_session


def messages(row: Any, *, exclude: list[str] | None = None) -> dict[str, list[str]]:
    """What is wrong with a row, by field; empty when nothing is."""
    with translation.override("en"):
        try:
            row.full_clean(exclude=exclude)
        except ValidationError as error:
            return dict(error.message_dict)
    return {}


def test_a_zone_is_one_of_the_tz_database(db: None) -> None:
    conference = make_conference()
    assert messages(conference) == {}
    conference.timezone = "Asia/Gwangju"
    assert messages(conference) == {"timezone": ["“Asia/Gwangju” is not a time zone. Use a name such as Asia/Seoul."]}


@pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
def test_words_of_the_site_are_no_addresses_of_conferences(db: None, word: str) -> None:
    conference = make_conference()
    conference.slug = word
    assert messages(conference) == {"slug": [f"“{word}” is kept for pages of the site. Choose another."]}
    conference.slug = f"{word}-2037"
    assert messages(conference) == {}


def test_every_first_word_of_a_page_of_the_site_is_kept() -> None:
    """Whatever the site serves under a word of its own would hide a conference with that address."""
    literal = {str(pattern.pattern).split("/")[0] for pattern in flattened(get_resolver().url_patterns)}
    own = {word for word in literal if word and "<" not in word and "." not in word}
    assert {"admin", "api", "my"} <= own
    assert own - RESERVED_SLUGS == set()


def flattened(patterns: list[Any], prefix: str = "") -> list[Any]:
    """All patterns; those included under the empty prefix are looked into."""
    found = []
    for pattern in patterns:
        if hasattr(pattern, "url_patterns") and str(pattern.pattern) == "":
            found += flattened(pattern.url_patterns)
        else:
            found.append(pattern)
    return found


def test_a_conference_ends_after_it_starts(db: None) -> None:
    conference = make_conference(days=1)
    conference.ends_on = conference.starts_on - timedelta(days=1)
    assert messages(conference) == {"__all__": ["The last day must not be before the first."]}


def test_days_and_the_origin_follow_from_the_dates_and_the_zone(db: None) -> None:
    conference = make_conference(days=3, starts_on=date(2037, 3, 28), timezone="Europe/Berlin")
    assert conference.dates == [date(2037, 3, 28), date(2037, 3, 29), date(2037, 3, 30)]
    assert conference.origin == datetime(2037, 3, 27, 23, tzinfo=UTC)
    summer = datetime(2037, 3, 29, 10, tzinfo=UTC)
    assert (conference.local(summer).hour, conference.local(summer).utcoffset()) == (12, timedelta(hours=2))
    assert str(conference) == str(conference.name)


def test_only_public_conferences_are_public(db: None) -> None:
    shown, _hidden = make_conference(is_public=True), make_conference(is_public=False)
    assert list(Conference.objects.public()) == [shown]


@pytest.mark.parametrize("code", ["T1", "209-210", "a_b", "9"])
def test_a_code_has_letters_digits_hyphens_and_underscores(db: None, code: str) -> None:
    assert messages(make_session(make_conference(), code=code)) == {}


@pytest.mark.parametrize("code", ["-T1", "a b", "a/b", "ä", ""])
def test_other_codes_are_refused(db: None, code: str) -> None:
    session = make_session(make_conference())
    session.code = code
    assert list(messages(session)) == ["code"]


def test_a_line_end_after_a_code_is_no_part_of_it(db: None) -> None:
    session = make_session(make_conference())
    session.code = "a\n"
    assert (messages(session), session.code) == ({}, "a")


@pytest.mark.parametrize("make", [make_session, make_room])
def test_a_code_is_unique_in_its_conference(db: None, make: Any) -> None:
    conference = make_conference()
    make(conference, code="A")
    make(make_conference(), code="A")
    twin = make(conference)
    twin.code = "A"
    noun = "session" if make is make_session else "room"
    assert messages(twin) == {"__all__": [f"There is a {noun} with this code."]}


@pytest.mark.parametrize(
    ("fields", "takes"),
    [
        ({}, True),
        ({"signup": "limited"}, True),
        ({"signup": "invitation"}, False),
        ({"state": "cancelled"}, False),
        ({"is_break": True}, False),
    ],
)
def test_which_sessions_take_sign_ups(db: None, fields: dict[str, Any], takes: bool) -> None:
    conference = make_conference()
    kind = make_kind(conference, is_break=fields.pop("is_break", False))
    session = make_session(conference, kind=kind, **fields)
    assert session.takes_signups is takes
    assert Session.objects.taking_signups().filter(pk=session.pk).exists() is takes


def test_sessions_of_a_conference_and_of_a_release(db: None) -> None:
    conference, other = make_conference(), make_conference()
    placed, unplaced, _foreign = make_session(conference), make_session(conference), make_session(other)
    release = make_release(conference, [(placed, make_room(conference), at(conference, "09:00"))])
    assert set(Session.objects.for_conference(conference)) == {placed, unplaced}
    assert list(Session.objects.in_release(release.pk)) == [placed]


def test_a_public_identity_is_given_once(db: None) -> None:
    conference = make_conference()
    first, second = make_session(conference), make_session(conference)
    assert first.uid != second.uid
    assert Session.objects.get(pk=first.pk).uid == first.uid


@pytest.mark.parametrize(("pairs", "needs"), [([], False), (["ko-en"], True)])
def test_interpretation_needs_interpreters(pairs: list[str], needs: bool) -> None:
    assert Session(interpretation_pairs=pairs).needs_interpreters is needs


def test_an_unavailability_says_that_it_needs_one_subject(db: None) -> None:
    conference = make_conference()
    times = {"starts_at": at(conference, "09:00"), "ends_at": at(conference, "10:00")}
    nobody = Unavailability(conference=conference, **times)
    assert messages(nobody) == {"__all__": ["Choose exactly one: a room, a person or an organisation."]}
    body = make_body(conference, name=both("City"))
    assert messages(Unavailability(conference=conference, body=body, **times)) == {}


def test_what_is_published_or_placed_is_not_deleted(db: None) -> None:
    conference = make_conference()
    session, room = make_session(conference), make_room(conference)
    make_release(conference, [(session, room, at(conference, "09:00"))])
    for row in (session, room, conference):
        with pytest.raises(ProtectedError):
            row.delete()
    free = make_room(conference)
    free.delete()
    assert conference.rooms.count() == 1
