"""The registry of formats: every name leads to a Format of that name."""

from __future__ import annotations

import pytest

from schedule.solver.files.formats import FORMATS, load


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_load_finds_the_format_of_that_name(name: str) -> None:
    assert load(name).name == name


def test_load_unknown_name() -> None:
    with pytest.raises(KeyError):
        load("other")
