"""The texts of the forum say what its mails say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.demo import forum_texts
from ops.demo.steps import CONTACT
from registration.domain.privacy.retention import KEEP_TYPED, TERMS
from registration.domain.registrations.links import CONFIRM_VALID_FOR

FOLDER = Path(forum_texts.__file__).parent
# How the notice begins the line of a term, and what it calls so many days, by language.
BEGINNINGS = {
    "en": {
        "meals": "Wishes for meals", "access": "Access needs", "interpretation": "Interpretation",
        "about": "Name, organisation and country", "people": "Everything else",
        "contacts": "E-mail addresses of those who appear",
    },
    "ko": {
        "meals": "식사 희망", "access": "접근성 요청", "interpretation": "통역 희망", "about": "이름, 소속, 국가",
        "people": "그 밖의 모든 정보", "contacts": "프로그램에 나오는 사람",
    },
}  # fmt: skip
DURATIONS = {
    "en": {14: "two weeks after", 90: "three months after", 180: "six months after", 365: "one year after"},
    "ko": {14: "부터 2주", 90: "부터 3개월", 180: "부터 6개월", 365: "부터 1년"},
}


def test_the_contact_page_names_the_address_that_answers_to_mails_go_to() -> None:
    pages = sorted(FOLDER.glob("contact.*.md"))
    assert {page.name: page.read_text(encoding="utf-8").count(CONTACT) for page in pages} == {
        "contact.en.md": 1,
        "contact.ko.md": 1,
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_privacy_notice_says_the_terms_that_are_carried_out(language: str) -> None:
    lines = (FOLDER / f"privacy.{language}.md").read_text(encoding="utf-8").splitlines()
    days = {term.code: term.days for term in TERMS}
    for code, beginning in BEGINNINGS[language].items():
        (line,) = (line for line in lines if line.startswith(f"- {beginning}"))
        assert DURATIONS[language][days[code]] in line, code
    assert (CONFIRM_VALID_FOR + KEEP_TYPED).days == 9
    assert sum({"en": "nine days", "ko": "9일"}[language] in line for line in lines) == 1
