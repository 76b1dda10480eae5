"""No document says the same twice: two that are put together line by line may."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ops.embedded import BASE_DIR

DOCUMENTS = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")])
# Shorter lines may well be alike, and rows of tables and commands mean different things under different headings.
LONG = 70


def prose(text: str) -> list[str]:
    """The lines outside fenced blocks."""
    return [line for part in text.split("\n```")[::2] for line in part.split("\n")]


def twice(text: str) -> list[str]:
    """The headings that a document has twice under the same one, and its long lines that it has twice."""
    counted: Counter[tuple[str, ...]] = Counter()
    above: dict[int, str] = {}
    for line in prose(text):
        level = len(line) - len(line.lstrip("#"))
        if level and line[level:].startswith(" "):
            above = {one: words for one, words in above.items() if one < level} | {level: line}
            counted[tuple(above.values())] += 1
        elif len(line) > LONG and not line.lstrip().startswith("|"):
            counted[(line,)] += 1
    return [said[-1] for said, times in counted.items() if times > 1]


def test_twice() -> None:
    long = "A sentence that is long enough to be known when it is met again further below."
    table = f"| {long} |"
    text = f"# A\n\n## One\n{long}\n{table}\n\n## Two\n### Same\n{long}\n{table}\n\n## One\n### Same\n### Same\n"
    assert twice(text) == ["## One", long, "### Same"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(BASE_DIR).as_posix())
def test_nothing_is_said_twice(document: Path) -> None:
    assert twice(document.read_text(encoding="utf-8")) == []
