"""Words that are found: as written, in another case or with accents, with a particle, and with a slip."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from schedule.domain.published.search import folded, found_in


@dataclass
class Shown:
    name: str
    search: str


ENTRIES = [
    Shown(name, folded(words))
    for name, words in {
        "water": "Human rights cities: water for all\nHall 209\nAccessibility",
        "forum": "인권도시 세션 발표 김철수\n대회의실",
        "malmö": "Welcome in Malmö\nA-12\nhost",
        "peace": "평화와 인권 교육\nhall 210",
        "arabic": "حقوق الإنسان في المدينة أحمد\nחֻקִּים\nカタカナ がっこう",
        "may": "5·18 민주화운동, COVID-19 2018",
        "care": "Women’s co‑operation, AI와 돌봄ㆍ노동\nT6\nŁódź, self care",
    }.items()
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("water", ["water"]),
        ("WATER hall", ["water"]),
        ("hall", ["water", "peace"]),
        ("malmo", ["malmö"]),
        ("a-12", ["malmö"]),
        ("“Malmö”,", ["malmö"]),
        # with a particle
        ("세션을", ["forum"]),
        ("인권도시에서는", ["forum"]),
        ("인권의", ["forum", "peace"]),
        ("인권도시에서만", ["forum"]),
        ("교육들에게서도", ["peace"]),
        ("AI를", ["care"]),
        ("T6에서", ["care"]),
        ("김철수씨", ["forum"]),
        ("209호", []),
        # as phones and other keyboards write it
        ("women's", ["care"]),
        ("WOMENS", ["care"]),
        ("women‘s", ["care"]),
        ("돌봄·노동", ["care"]),
        ("lodz", ["care"]),
        ("'", []),
        # without the vowels, by another keyboard, in the other kana
        ("حُقُوق", ["arabic"]),
        ("المدینه", ["arabic"]),
        ("חקים", ["arabic"]),
        ("かたかな ガッコウ", ["arabic"]),
        # a day that has become a name
        ("518", ["may"]),
        ("5.18", ["may"]),
        ("5-18", ["may"]),
        ("5‧18에서", ["may"]),
        ("51", []),
        ("5.1", []),
        ("covid 19", ["may"]),
        # signs and words between those that are meant
        ("cities,water", ["water"]),
        ("water/hall", ["water"]),
        ("인권도시·발표", ["forum"]),
        ("(cities & water)", ["water"]),
        ("cities and water", ["water"]),
        ("세션 및 발표", ["forum"]),
        ("&", []),
        ("water,평화", []),
        # with other endings
        ("세션마다", ["forum"]),
        ("세션이라고", ["forum"]),
        ("세션이에요", ["forum"]),
        ("세션만큼은", ["forum"]),
        ("교육뿐", ["peace"]),
        # joined or parted otherwise
        ("co-operation", ["care"]),
        ("cooperation", ["care"]),
        ("humanrights", ["water"]),
        ("인권교육", ["peace"]),
        ("인권교육을", ["peace"]),
        ("t-6", ["care"]),
        ("selfcare", ["care"]),
        # with a slip
        ("uhman", ["water"]),
        ("ccessibility", ["water"]),
        ("eccessibility", ["water"]),
        ("watre", ["water"]),
        ("rigths", ["water"]),
        ("acessibility", ["water"]),
        ("인건도시", ["forum"]),
        ("인건도시에서", ["forum"]),
        ("김철소", ["forum"]),
        ("고육", ["peace"]),
        # what is no slip
        ("ghost", []),
        ("later", []),
        ("elfcare", []),
        ("209x", []),
        ("211", []),
        ("a-13", []),
        ("wax", []),
        ("%", []),
        ("water 평화", []),
    ],
)
def test_words_are_found(asked: str, expected: list[str]) -> None:
    assert [entry.name for entry in found_in(ENTRIES, asked)] == expected


def test_what_stands_somewhere_is_not_guessed_at() -> None:
    entries = [Shown("one", "waters"), Shown("two", "water")]
    assert [entry.name for entry in found_in(entries, "waters")] == ["one"]
    assert [entry.name for entry in found_in(entries, "wateer")] == ["one", "two"]
