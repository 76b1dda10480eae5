"""What the scheduler counts has a name on pages."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.utils import translation

from organize.programme.labels import in_order, term_name, unit_of
from schedule.solver.problem import Weights

TERMS = [field.name for field in fields(Weights)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_term_has_a_name_of_its_own(language: str) -> None:
    with translation.override(language):
        names = [term_name(code) for code in TERMS]
    assert [name for code, name in zip(TERMS, names, strict=True) if name == code] == []
    assert len(set(names)) == len(TERMS)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_term_has_a_unit_of_its_own(language: str) -> None:
    with translation.override(language):
        assert len({unit_of(code) for code in TERMS}) == len(TERMS)


def test_terms_without_a_name_come_last() -> None:
    assert in_order({"given_up": 1, "unseated": 2, "wish_clashes": 3}) == [
        ("wish_clashes", 3),
        ("unseated", 2),
        ("given_up", 1),
    ]
    assert term_name("given_up") == "given_up"
