from __future__ import annotations

import pytest
from django.utils import translation

from registration.domain.registrations.countries import choices, codes, name_of

# Territories of CLDR without a code that ISO 3166-1 assigns: reserved, or left to its users.
NOT_ASSIGNED = ("AC", "EA", "EU", "EZ", "IC", "UN", "XK", "ZZ", "001")


def test_every_assigned_code_is_offered_and_no_other() -> None:
    assert len(codes()) == 249
    assert codes().isdisjoint(NOT_ASSIGNED)
    for language in ("en", "ko", "fr"):
        with translation.override(language):
            offered = dict(choices())
        assert offered.keys() == codes()
        assert [code for code, name in offered.items() if not name or name == code] == []


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", {"KR": "South Korea", "AX": "Åland Islands", "CI": "Côte d’Ivoire"}),
        ("ko", {"KR": "대한민국", "DE": "독일"}),
        ("de", {"KR": "Südkorea", "DE": "Deutschland"}),
        ("en", {"XK": "Kosovo", "QQ": "QQ"}),
    ],
)
def test_names_are_those_of_the_language(language: str, names: dict[str, str]) -> None:
    with translation.override(language):
        assert {code: name_of(code) for code in names} == names


def test_english_names_sort_by_letters_whatever_their_accents() -> None:
    with translation.override("en"):
        names = [name for _, name in choices()]
    first = [name for name in names if name[0] in "AÅ"]
    assert names[: len(first)] == first
    assert names.index("Afghanistan") < names.index("Åland Islands") < names.index("Albania")
    assert names.index("Costa Rica") < names.index("Côte d’Ivoire") < names.index("Croatia")


def test_korean_names_sort_as_in_a_dictionary() -> None:
    with translation.override("ko"):
        names = [name for _, name in choices()]
    assert names[0].startswith("가")
    assert names == sorted(names)
