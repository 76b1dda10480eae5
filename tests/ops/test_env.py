"""The environment is read strictly: a typo is an error that names the setting, never another setting."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ops import env
from ops.env import weakness_of


@pytest.mark.parametrize("value", ["1", "true", "YES", " on "])
def test_a_yes_is_true(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FLAG", value)
    assert env.boolean("FLAG", default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", "off"])
def test_a_no_is_false(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FLAG", value)
    assert env.boolean("FLAG", default=True) is False


@pytest.mark.parametrize("value", ["ture", "2", "y", "None", "-1"])
def test_anything_else_is_no_boolean(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FLAG", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.boolean("FLAG", default=True)
    assert str(refusal.value) == f"FLAG={value!r} is not a yes or a no. Use 1 or 0."


@pytest.mark.parametrize("value", ["", "  "])
def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NAME", value)
    assert env.text("NAME") is None
    assert env.text("NAME", "default") == "default"
    assert env.boolean("NAME", default=True) is True
    assert env.integer("NAME", 7) == 7
    assert env.words("NAME", ["a"]) == ["a"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("ten", "COUNT='ten' is not a whole number."),
        ("1.5", "COUNT='1.5' is not a whole number."),
        ("0", "COUNT=0 is too small; the least is 1."),
        ("-4", "COUNT=-4 is too small; the least is 1."),
    ],
)
def test_what_is_no_such_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str, message: str) -> None:
    monkeypatch.setenv("COUNT", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.integer("COUNT", 5, minimum=1)
    assert str(refusal.value) == message


def test_a_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNT", " 12 ")
    assert env.integer("COUNT", 5, minimum=1) == 12


def test_words_are_trimmed_and_empty_ones_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", "a.example, b.example ,,")
    assert env.words("HOSTS", []) == ["a.example", "b.example"]


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    assert env.text("SECRET") == "s3cret"
    monkeypatch.setenv("SECRET", "nearer")
    assert env.text("SECRET") == "nearer"


def test_a_secret_file_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_FILE points to .*/none, which cannot be read: "):
        env.text("SECRET", "default")


@pytest.mark.parametrize(
    ("key", "weakness"),
    [
        ("django-insecure-0123456789abcdefghijklmnopqrstuvwxyz", "is one that a template brought along"),
        ("Please-CHANGE_ME-before-you-go-live-9f8a7b6c5d4e3f2", "is one that a template brought along"),
        ("your_own_long_and_random_text_goes_in_here_84613", "is one that a template brought along"),
        ("swordfish", "has 9 characters; it needs 32 or more"),
        ("x" * 50, "has 1 different characters; it needs 10 or more"),
        ("correct-horse-battery-" * 3, "says the same again and again"),
        ("correct horse battery staple correct horse battery staple!", "says the same again and again"),
        ("0123456789" * 6 + "0123", "says the same again and again"),
        ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "is a row of neighbours"),
        ("zyxwvutsrqponmlkjihgfedcba9876543210", "is a row of neighbours"),
    ],
)
def test_a_key_that_can_be_guessed_is_weak(key: str, weakness: str) -> None:
    assert weakness_of(key) == weakness


@pytest.mark.parametrize(
    "made", [lambda: secrets.token_urlsafe(50), lambda: secrets.token_hex(32), lambda: secrets.token_urlsafe(24)]
)
def test_a_key_that_was_drawn_is_none(made: Callable[[], str]) -> None:
    assert {weakness_of(made()) for _number in range(200)} == {""}
