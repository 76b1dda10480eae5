"""Sample people: the same each time, made up, of many scripts, and reaching nobody."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from ops.demo.people import SamplePerson, address, sample_people
from schedule.models import Session

SESSIONS = [
    Session(code=f"S{number}", expected_attendance=number * 20, languages=["ko"] if number % 3 == 0 else ["ko", "en"])
    for number in range(9)
]
KOREAN_ALONE = {one.code for one in SESSIONS if one.languages == ["ko"]}


@pytest.fixture(scope="module")
def people() -> list[SamplePerson]:
    return sample_people(600, seed=2017, sessions=SESSIONS)


def test_the_same_seed_makes_the_same_people(people: list[SamplePerson]) -> None:
    assert sample_people(600, seed=2017, sessions=SESSIONS) == people
    assert sample_people(600, seed=2018, sessions=SESSIONS) != people


def test_fewer_people_are_the_first_of_many(people: list[SamplePerson]) -> None:
    assert sample_people(25, seed=2017, sessions=SESSIONS) == people[:25]
    assert sample_people(0, seed=2017, sessions=SESSIONS) == []


def test_every_address_is_one_that_reaches_nobody(people: list[SamplePerson]) -> None:
    """RFC 2606, section 3: example.org is kept for examples."""
    assert [one.email for one in people] == [f"participant-{number:04}@example.org" for number in range(1, 601)]
    assert address(7) == "participant-0007@example.org"


def test_names_are_of_many_scripts(people: list[SamplePerson]) -> None:
    scripts = {
        unicodedata.name(letter).split()[0] for one in people for letter in one.answers.display_name if letter.isalpha()
    }
    assert scripts == {"HANGUL", "LATIN", "CJK", "ARABIC", "DEVANAGARI", "THAI", "CYRILLIC"}


def test_mails_are_wanted_in_korean_by_koreans_and_in_english_by_others(people: list[SamplePerson]) -> None:
    found = Counter((one.answers.country == "KR", one.answers.language) for one in people)
    assert found.keys() == {(True, "ko"), (False, "en")}
    assert min(found.values()) > 150


def test_everybody_wishes_two_to_four_different_sessions(people: list[SamplePerson]) -> None:
    known = {one.code for one in SESSIONS}
    assert {len(one.answers.wishes) for one in people} == {2, 3, 4}
    assert all(len(set(one.answers.wishes)) == len(one.answers.wishes) for one in people)
    assert {code for one in people for code in one.answers.wishes} == known


def test_sessions_in_korean_alone_are_wished_by_who_reads_korean(people: list[SamplePerson]) -> None:
    by_language = {"ko": set(), "en": set()}  # type: dict[str, set[str]]
    for one in people:
        by_language[one.answers.language] |= set(one.answers.wishes)
    assert by_language["ko"] >= KOREAN_ALONE
    assert by_language["en"] & KOREAN_ALONE == set()


def test_a_session_that_expects_more_people_is_wished_by_more(people: list[SamplePerson]) -> None:
    first = Counter(one.answers.wishes[0] for one in people)
    assert first["S8"] > first["S4"] > first["S1"]


def test_with_few_sessions_people_wish_what_there_is() -> None:
    for number in (0, 1, 2):
        found = sample_people(20, seed=1, sessions=SESSIONS[1 : 1 + number])
        assert {len(one.answers.wishes) for one in found} == {number}
