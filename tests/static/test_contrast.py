"""WCAG 2.2 AA contrast of every pair of colours the pages use, for all accents, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
ACCENTS = ("indigo", "teal", "green", "ochre", "rust", "crimson", "plum", "slate")
SURFACES = ("paper", "surface", "tint")
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2 success criteria 1.4.3 and 1.4.11


def _tokens(block: str) -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in PAIR.findall(block)}


BASE = _tokens(TOKENS.split('[data-accent="indigo"]')[0])


def _accent(name: str) -> dict[str, tuple[str, str]]:
    match = re.search(rf'\[data-accent="{name}"\] \{{([^}}]+)\}}', TOKENS)
    assert match is not None
    return BASE | _tokens(match[1])


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_knows_the_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_palette_holds_the_promised_accents() -> None:
    assert tuple(re.findall(r'\[data-accent="(\w+)"\] \{', TOKENS)) == ACCENTS


PAIRS = [
    *((ink, surface, TEXT) for ink in ("ink", "muted", "accent") for surface in (*SURFACES, "accent-soft")),
    ("on-accent", "accent", TEXT),
    ("paper", "danger", TEXT),
    *(
        (tone, surface, TEXT)
        for tone in ("success", "warning", "danger", "info")
        for surface in (*SURFACES, f"{tone}-soft")
    ),
    *(("ink", f"{tone}-soft", TEXT) for tone in ("success", "warning", "danger", "info")),
    *((tone, "accent-soft", GRAPHIC) for tone in ("success", "warning", "danger", "info")),
    *(("control-line", surface, GRAPHIC) for surface in ("paper", "surface")),
]


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_reads_well(accent: str, theme: str) -> None:
    tokens, side = _accent(accent), ("light", "dark").index(theme)
    too_weak = {
        f"{front} on {back}": round(ratio, 2)
        for front, back, least in PAIRS
        if (ratio := contrast(tokens[front][side], tokens[back][side])) < least
    }
    assert too_weak == {}
