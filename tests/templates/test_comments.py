"""The comment at a template's top says what it is given: names of modules and classes in it are those there are."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
COMMENT = re.compile(r"{% comment %}(.*?){% endcomment %}|{#(.*?)#}", re.DOTALL)
# "registration.state" is a value's field; of `registration` only what ends in a class is a name.
NAME = re.compile(
    r"\b(?:(?:values|journal|accounts|schedule|notifications|website|organize|api|ops)(?:\.[a-z_]+)+(?:\.[A-Z]\w+)?"
    r"|registration(?:\.[a-z_]+)+\.[A-Z]\w+)"
)


def names_in(template: str) -> list[str]:
    return [name for comment in COMMENT.finditer(template) for name in NAME.findall(comment[1] or comment[2] or "")]


def is_there(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_names_in_comments_are_found() -> None:
    text = "a notifications.feeds.my_addresses.Address {% comment %} rows (website.no.Such), registration.state"
    assert names_in(f"{text}, registration.models.SignUp {{% endcomment %}}{{# api.no_such #}}") == [
        "website.no.Such",
        "registration.models.SignUp",
        "api.no_such",
    ]
    assert [is_there(name) for name in ("website.no.Such", "registration.models.SignUp", "api.no_such")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("folder", sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))
def test_names_in_templates_comments_are_names_of_something(folder: str) -> None:
    wrong = {
        (path.relative_to(TEMPLATES).as_posix(), name)
        for path in (TEMPLATES / folder).rglob("*.*")
        for name in names_in(path.read_text(encoding="utf-8"))
        if not is_there(name)
    }
    assert wrong == set()
