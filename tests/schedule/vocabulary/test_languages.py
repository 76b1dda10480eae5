from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from schedule.domain.programme.names import feature_name, interpretation_name
from schedule.solver.files.programme_file import vocabulary
from schedule.vocabulary.features import ACCESS_FEATURES, FEATURES
from schedule.vocabulary.languages import language_name, own_name, sort_key


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("en", {"ko": "Korean", "en": "English", "zh-hans": "Simplified Chinese", "mi": "Māori", "xx": "xx"}),
        ("ko", {"ko": "한국어", "en": "영어", "pt-br": "포르투갈어 (브라질)", "xx-yy": "xx-yy"}),
        ("fr", {"ko": "Coréen", "fr": "Français"}),
    ],
)
def test_languages_are_named_in_the_language_of_the_page(page: str, names: dict[str, str]) -> None:
    with translation.override(page):
        assert {code: language_name(code) for code in names} == names


def test_a_language_names_itself() -> None:
    named = {"en": "English", "ko": "한국어", "fr": "Français", "zh-hans": "简体中文", "xx": "xx"}
    assert {code: own_name(code) for code in named} == named


def test_pairs_of_languages() -> None:
    with translation.override("en"):
        assert interpretation_name("ko-en") == "Korean – English"


def test_every_feature_has_a_label_in_both_languages() -> None:
    assert set(ACCESS_FEATURES) < set(FEATURES)
    with translation.override("en"):
        english = {code: feature_name(code) for code in FEATURES}
        assert english["wheelchair"] == "Wheelchair access"
        assert feature_name("grand-piano") == "Grand piano"
    with translation.override("ko"):
        korean = {code: feature_name(code) for code in FEATURES}
    assert [code for code in FEATURES if english[code] == korean[code]] == []


def test_weekdays_may_be_written_long_or_short() -> None:
    assert vocabulary.weekday_names(date(2017, 9, 14)) == {"thursday", "thu", "목요일", "목"}


def test_accents_and_capitals_do_not_sort() -> None:
    assert sorted(["Zambia", "Åland", "albania", "Éire", "Egypt"], key=sort_key) == [
        "Åland", "albania", "Egypt", "Éire", "Zambia",
    ]  # fmt: skip
    assert sorted(["나라", "가나", "각", "가"], key=sort_key) == ["가", "가나", "각", "나라"]


def test_files_may_name_the_features_that_pages_have_words_for() -> None:
    assert set(FEATURES) == vocabulary.FEATURES
