"""The addresses that slow strangers are sent to: all that there are, also those of a new kind."""

from __future__ import annotations

from django.urls import resolve

from bench.dribblers import addresses


def test_every_pattern_has_an_address() -> None:
    """`addresses` finds none for a converter that it cannot read, and says so."""
    views = {resolve(path).view_name for path in addresses()}
    assert len(addresses()) > 400
    assert views >= {"website:export", "website:file", "website:text_version", "organize:exports"}
