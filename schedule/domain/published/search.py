"""Finding sessions by what is shown of them: whole words, words with a Korean particle, and words with a slip in them.

Likeness begins with trigrams, as PostgreSQL's pg_trgm counts them, but here and not in the database: what is public is
decided in Python, and a column of its words would be a second place that knows. Korean is compared by its letters, so
one wrong letter in a syllable is one wrong letter, whatever the database calls a letter (LC_CTYPE).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol, TypeVar


class Searchable(Protocol):
    """A session with its public words, folded."""

    @property
    def search(self) -> str:
        """What is looked through."""


Entry = TypeVar("Entry", bound=Searchable)

# What is written after a noun and does not belong to it; longer ones first, as they end in shorter ones.
# fmt: off
_PARTICLES = (
    "에게서", "에서는", "에서도", "으로는", "에서", "에게", "에는", "에도", "한테", "부터", "까지", "으로",
    "로는", "이나", "이랑", "처럼", "보다", "께서", "와의", "과의", "이란", "들의", "들은", "들이", "들을",
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로", "나", "랑", "란", "들",
)
# fmt: on
# The blocks of combining marks.
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_HANGUL = re.compile("[가-힣]+")
_WORD = re.compile(r"\w+")
_EDGES = re.compile(r"^\W+|\W+$")
# A noun of one syllable is found in too much; slips in short words make other words.
SHORTEST_NOUN = 2
SHORTEST_WITH_SLIP = 4
# Shared trigrams of all that either word has: a first look. Two letters that changed places leave "rigths" 0.27.
ALIKE_AT_FIRST = 0.2
# Shared letters in order (difflib): "rigths" is 0.83 like "rights", "waiter" 0.91 like "water".
ALIKE = 0.75
MOST_ALIKE = 12


def folded(text: str) -> str:
    """A text without case, accents and compatibility forms (UAX #15): "Malmö" reads "malmo"."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).casefold()


def found_in(entries: Sequence[Entry], asked: str) -> list[Entry]:
    """The entries in which every word of `asked` stands, each as it is, without its particle, or like it is written.

    A word that stands somewhere as it is written is not guessed at. `entries` were read `searchable`.
    """
    found = list(entries)
    for word in words_of(asked):
        spellings = _as_written(entries, word) or _alike(entries, word)
        found = [entry for entry in found if any(one in entry.search for one in spellings)]
    return found


def words_of(asked: str) -> list[str]:
    """The words of a question, folded, without what stands around them; a sign alone is kept, and found nowhere."""
    return [_EDGES.sub("", word) or word for word in folded(asked).split()]


def _as_written(entries: Iterable[Searchable], word: str) -> list[str]:
    """The word, and the noun it may be made of, as far as they stand somewhere."""
    spellings = [word, *_nouns(word)]
    return [one for one in spellings if any(one in entry.search for entry in entries)]


def _nouns(word: str) -> list[str]:
    if not _HANGUL.fullmatch(word):
        return []
    nouns = [word.removesuffix(one) for one in _PARTICLES if word.endswith(one)]
    return [noun for noun in nouns if len(noun) >= SHORTEST_NOUN][:1]


def _alike(entries: Iterable[Searchable], word: str) -> list[str]:
    """The words that stand somewhere and are most like this one, a Korean one with or without its particle."""
    found: dict[str, float] = {}
    known = {one for entry in entries for one in _WORD.findall(entry.search)}
    for asked in (word, *_nouns(word)):
        letters = _letters(asked)
        # Another digit makes another code, not the same one misspelt.
        if len(letters) < SHORTEST_WITH_SLIP or not asked.isalpha():
            continue
        wanted, matcher = _trigrams(asked), SequenceMatcher(b=letters, autojunk=False)
        # Slips begin later: "ghost" is no "host".
        for one in (one for one in known if _letters(one)[0] == letters[0]):
            has = _trigrams(one)
            shared = len(wanted & has)
            if shared < ALIKE_AT_FIRST * (len(wanted) + len(has) - shared):
                continue
            matcher.set_seq1(_letters(one))
            if (likeness := matcher.ratio()) >= ALIKE:
                found[one] = max(likeness, found.get(one, 0))
    return sorted(found, key=lambda one: (-found[one], one))[:MOST_ALIKE]


@lru_cache(maxsize=50_000)
def _letters(word: str) -> str:
    return unicodedata.normalize("NFD", word)


@lru_cache(maxsize=50_000)
def _trigrams(word: str) -> frozenset[str]:
    """Every three letters in a row, with two blanks before and one after, as pg_trgm takes them."""
    padded = f"  {_letters(word)} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))
