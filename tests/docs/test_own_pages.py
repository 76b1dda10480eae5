"""No text and no how-to for organizers sends them to the administration or to a shell: there are pages for it."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from django.urls import Resolver404, resolve

from ops.embedded import BASE_DIR

# For those who run the installation.
FOR_OPERATORS = {
    "accounts-of-an-installation.md", "mail-that-arrives.md", "reset-the-demo.md",
    "robot-mailbox.md", "run-on-a-server.md",
}  # fmt: skip
# What the administration says of itself and to those who may not come in.
ITS_OWN = {
    "Administration",
    "Administration, for superusers",
    "The administration is for superusers",
    "may use the administration pages",
}
SENDS_AWAY = re.compile(
    r"\badministration\b|\badministrators?\b|\bsuperusers?\b|/admin/"
    r"|\bshell\b|\bdocker\b|createsuperuser|python -m|manage\.py",
    re.IGNORECASE,
)


def test_no_text_of_a_page_names_the_administration_or_a_command() -> None:
    with (BASE_DIR / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [text for one in read_po(file) for text in ([one.id] if isinstance(one.id, str) else one.id)]
    assert len(messages) > 1500
    assert {text for text in messages if SENDS_AWAY.search(text)} == ITS_OWN


HOWTOS = sorted(path.name for path in (BASE_DIR / "docs" / "howto").glob("*.md") if path.name not in FOR_OPERATORS)


@pytest.mark.parametrize("name", HOWTOS)
def test_no_how_to_for_organizers_names_the_administration_or_a_command(name: str) -> None:
    text = (BASE_DIR / "docs" / "howto" / name).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if SENDS_AWAY.search(line)] == []


def test_addresses_that_how_tos_name_exist() -> None:
    """With the parts that differ filled in."""
    gone = []
    for page in (BASE_DIR / "docs" / "howto").glob("*.md"):
        for path in re.findall(r"`(/(?:organize|accounts|my|admin)/[^`\s]*)`", page.read_text(encoding="utf-8")):
            try:
                resolve(re.sub(r"<[^>]+>", "forum", path))
            except Resolver404:
                gone.append((page.name, path))
    assert gone == []
