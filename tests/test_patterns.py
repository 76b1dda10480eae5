"""Every regular expression of the product takes time by the length of a text, whatever the text is.

Strangers write much of what they are asked of, and which do not meet strangers' words today may do so tomorrow; so
all are found, by walking the modules and the sources, and tried with what makes each of its parts repeat.
"""

from __future__ import annotations

import ast
import importlib
import re
import warnings
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import thread_time
from typing import Any, NamedTuple

import pytest
from django.core.validators import RegexValidator

with warnings.catch_warnings():
    # 2037-11: the module that reads patterns is private since Python 3.11 and moved; sre_parse is there in both.
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_parse

BASE = Path(__file__).resolve().parent.parent
ROOMS = (
    "accounts", "api", "config", "journal", "notifications", "ops", "organize", "registration", "schedule", "website"
)  # fmt: skip
SEARCHING = {"search", "split", "findall", "finditer", "sub", "subn"}
ANCHORED = {"match", "fullmatch"}
SMALL, BIG = 2_000, 8_000
FLAGS = re.IGNORECASE | re.MULTILINE  # what most of ours are called with; more only finds more
AnyPattern = re.Pattern[str] | re.Pattern[bytes]


class Found(NamedTuple):
    """A pattern, and whether it is asked from every place of a text or from its beginning only."""

    pattern: AnyPattern
    searching: bool


def sources() -> list[Path]:
    found = [path for room in ROOMS for path in (BASE / room).rglob("*.py") if "migrations" not in path.parts]
    assert len(found) > 300
    return found


@cache
def uses() -> dict[str, set[Path]]:
    """The names that somebody searches with, and where."""
    found = defaultdict(set)
    search = re.compile(rf"(\w+)\.(?:{'|'.join(sorted(SEARCHING))})\b")
    for path in sources():
        for name in search.findall(path.read_text(encoding="utf-8")):
            found[name].add(path)
    return found


def is_searched_for(name: str, path: Path) -> bool:
    """Whether a text is searched with what has this name there; a private one belongs to its file."""
    return path in uses()[name] if name.startswith("_") else name in uses()


def in_modules() -> Iterator[tuple[str, Found]]:
    """What modules, and the classes in them, hold ready."""
    for path in sources():
        name = ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__")
        if path.stem == "__main__" or name in ("config.asgi", "config.celery"):  # they start what they are for
            continue
        module = importlib.import_module(name)
        for own, value in vars(module).items():
            inside = vars(value) if isinstance(value, type) and value.__module__ == name else {own: value}
            for word, one in inside.items():
                if isinstance(one, re.Pattern):
                    yield f"{name}.{own}", Found(one, is_searched_for(word, path))
                if isinstance(one, RegexValidator) and isinstance(one.regex, re.Pattern):
                    yield f"{name}.{own}", Found(one.regex, searching=True)


def in_sources() -> Iterator[tuple[str, Found]]:
    """What stands in a call of the re module, anywhere."""
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {id(node.value): node.arg or "" for node in ast.walk(tree) if isinstance(node, ast.keyword)}
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
        names |= {id(node.value): ast.unparse(node.targets[0]) for node in calls}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in SEARCHING | ANCHORED | {"compile"}
                and isinstance(node.args[0], ast.Constant)
            ):
                searching = node.func.attr in SEARCHING or is_searched_for(names.get(id(node), ""), path)
                written: Any = node.args[0].value
                pattern: AnyPattern = re.compile(written, FLAGS)
                yield f"{path.relative_to(BASE)}:{node.lineno}", Found(pattern, searching)


def patterns() -> dict[Found, str]:
    """Each once: what a module holds ready is mostly compiled by a call that is found as well, with more flags."""
    found: dict[Found, str] = {}
    for where, one in (*in_sources(), *in_modules()):
        if one.pattern.flags & ~(FLAGS | re.UNICODE):
            found.setdefault(one, where)
        else:
            found.setdefault(Found(re.compile(one.pattern.pattern, FLAGS), one.searching), where)
    return found


def samples(pattern: AnyPattern) -> list[str]:
    """A text for each element in the order in which they stand, and for repeats the text that is repeated."""
    text: Any = pattern.pattern  # bytes as well, which the stubs do not know
    return list(_samples(sre_parse.parse(text, pattern.flags)))


def _samples(parsed: Any) -> Iterator[str]:
    for kind, value in parsed:
        name = str(kind)
        if name == "LITERAL":
            yield chr(value)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield "".join(_samples(value[2]))
        elif name == "SUBPATTERN":
            yield from _samples(value[3])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _samples(branch)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield "".join(_samples(value[1]))
        elif name == "ATOMIC_GROUP":
            yield from _samples(value)
        elif name in ("IN", "ANY", "NOT_LITERAL"):
            yield from {next((one for one in TRIED if _is_in(name, value, one)), "a"): None}


TRIED = "a1- \n.@<;(\0\u202e"


def _is_in(name: str, value: Any, one: str) -> bool:
    if name == "ANY":
        return one != "\n"
    if name == "NOT_LITERAL":
        return chr(value) != one
    holds = any(_holds(kind, item, one) for kind, item in value if str(kind) != "NEGATE")
    return holds != any(str(kind) == "NEGATE" for kind, _ in value)


def _holds(kind: Any, item: Any, one: str) -> bool:
    if str(kind) == "LITERAL":
        return chr(item) == one
    if str(kind) == "RANGE":
        return bool(item[0] <= ord(one) <= item[1])
    told = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}
    negated = {"CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_NOT_WORD": r"\W"}
    return re.match((told | negated)[str(item)], one) is not None


def texts(parts: list[str], size: int) -> Iterator[str]:
    """Every beginning of the pattern, followed by one of its parts again and again, and by what ends no match."""
    pieces = {*parts, *map("".join, pairwise(parts)), "".join(parts)} - {""}
    starts = {"".join(parts[:count]) for count in range(min(len(parts), 6) + 1)}
    for piece in sorted(pieces):
        for start in sorted(starts):
            yield start + piece * (size // len(piece)) + "\0"


def seconds(one: Found, text: str) -> float:
    subject: Any = text if isinstance(one.pattern.pattern, str) else text.encode("utf-8")
    began = thread_time()
    if one.searching:
        deque(one.pattern.finditer(subject), maxlen=0)
    else:
        one.pattern.match(subject), one.pattern.fullmatch(subject)
    return thread_time() - began


def slow_text(pattern: Found) -> str | None:
    """A text of which four times as much takes more than ten times as long; None where none is found."""
    parts = samples(pattern.pattern)
    for small, big in zip(texts(parts, SMALL), texts(parts, BIG), strict=True):
        # What is quick is not compared: a clock that misses a moment would say anything of it.
        if (taken := seconds(pattern, big)) > 0.02 and taken > 10 * seconds(pattern, small):
            return big
    return None


def test_all_patterns_of_the_product_take_time_by_length() -> None:
    found = patterns()
    assert len(found) > 50
    slow = {where: text[:60] for pattern, where in found.items() if (text := slow_text(pattern)) is not None}
    assert slow == {}


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile(r"[^\s<>]+@[^\s<>]+"),  # a word without an @ is read again from each of its letters
        re.compile(r"<(?!\S+@)[^>]*>"),
        re.compile(r"^(?:-+ ?.*(?:copy of|below)|return-path:)", re.MULTILINE),
        re.compile(rb"\s+$"),
    ],
)
def test_patterns_that_take_longer_are_noticed(pattern: AnyPattern) -> None:
    assert slow_text(Found(pattern, searching=True)) is not None
