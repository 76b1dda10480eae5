"""The texts of the forum say what its mails say."""

from __future__ import annotations

from pathlib import Path

from ops.demo import forum_texts
from ops.demo.steps import CONTACT


def test_the_contact_page_names_the_address_that_answers_to_mails_go_to() -> None:
    pages = sorted(Path(forum_texts.__file__).parent.glob("contact.*.md"))
    assert {page.name: page.read_text(encoding="utf-8").count(CONTACT) for page in pages} == {
        "contact.en.md": 1,
        "contact.ko.md": 1,
    }
