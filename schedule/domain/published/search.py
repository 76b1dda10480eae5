"""Finding sessions by what is shown of them: whole words, words with Korean particles, words that are joined or parted
elsewhere, and words with a slip in them.

Likeness begins with trigrams, as PostgreSQL's pg_trgm counts them, but here and not in the database: what is public is
decided in Python, and a column of its words would be a second place that knows. Korean is compared by its letters, so
one wrong letter in a syllable is one wrong letter, whatever the database calls a letter (LC_CTYPE).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol, TypeVar


class Searchable(Protocol):
    """A session with its public words, folded."""

    @property
    def search(self) -> str:
        """What is looked through."""


Entry = TypeVar("Entry", bound=Searchable)

# What is written after a noun and does not belong to it; several of them may follow one another.
# fmt: off
_PARTICLES = (
    "에서", "에게", "한테", "부터", "까지", "으로", "이나", "이랑", "처럼", "보다", "께서", "이란", "라는", "이라는",
    "로서", "로써", "으로서", "으로써", "하고", "조차", "마저", "밖에", "이다", "입니다", "이며", "에게서", "씨", "님",
    "이라고", "라고", "이라도", "라도", "이든지", "든지", "이든", "이고", "이지만", "인데", "이에요", "예요", "이요",
    "요", "마다", "끼리", "만큼", "치고", "커녕", "뿐", "대로",
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로", "나", "랑", "란", "들", "께",
)
# fmt: on
MOST_PARTICLES = 3
# The blocks of combining marks; vowels that Hebrew and Arabic mostly leave out, and what only lengthens Arabic lines.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]+"
)
# Letters that Unicode takes for others, not for accented ones; people without them on their keyboard write these.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
# As Arabic and Persian keyboards differ, and as many write.
_PLAIN |= {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}
# Katakana is read as hiragana.
_KATAKANA = re.compile("[\u30a1-\u30f6]")
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# What phones put for ' and what nobody sees; what is typed for the middle dot, in Korean above all; and for a hyphen.
_APOSTROPHES = re.compile("['‘’ʼ′`´＇\u00ad\u200b-\u200d\u2060\ufeff]")
_DOTS, _HYPHENS = re.compile("[ㆍ・･‧ᆞ]"), re.compile("[‐-―−﹣－]")
_WORD = re.compile(r"\w+")
_EDGES = re.compile(r"^\W+|\W+$")
# Points and hyphens part no words: "5.1" is not 5 and 1.
_BETWEEN = re.compile(r"[^\w.-]+")
# What somebody writes between the words they mean, and what stands there in no title.
_LINKS = frozenset({"and", "or", "of", "the", "및", "그리고", "또는"})
# A noun of one syllable is found in too much; slips in short words make other words.
SHORTEST_NOUN = 2
SHORTEST_WITH_SLIP = 4
_JOINTS = re.compile("[-·.]")
# Fewer letters also stand where two words meet.
SHORTEST_JOINED = 4
SHORTEST_SWAPPED, SHORTEST_WITHOUT_FIRST, SHORTEST_OTHER_FIRST = 5, 6, 7
# Shared trigrams of all that either word has: a first look. Two letters that changed places leave "rigths" 0.27.
ALIKE_AT_FIRST = 0.2
# Shared letters in order (difflib): "rigths" is 0.83 like "rights", "waiter" 0.91 like "water".
ALIKE = 0.75
MOST_ALIKE = 12


def folded(text: str) -> str:
    """A text without case, accents, apostrophes and compatibility forms (UAX #15): "Malmö’s" reads "malmos"."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    text = _HYPHENS.sub("-", _DOTS.sub("·", _APOSTROPHES.sub("", text)))
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).casefold()
    for letter, plain in _PLAIN.items():  # a table of translation takes ten times as long
        text = text.replace(letter, plain)
    return text.translate(_HIRAGANA) if _KATAKANA.search(text) else text


def found_in(entries: Sequence[Entry], asked: str) -> list[Entry]:
    """The entries in which every word of `asked` stands: as it is, without its particles, joined or parted otherwise,
    or like it is written.

    A word that stands somewhere as it is written is not guessed at. What links words is not asked for where it stands
    nowhere, and signs between words part them. `entries` were read `searchable`.
    """
    found = list(entries)
    for word in _asked_for(entries, words_of(asked)):
        spellings = _standing(entries, word) or _alike(entries, word)
        found = [entry for entry in found if any(one in entry.search for one in spellings)]
    return found


def parts_of(word: str) -> list[str]:
    """The words that signs join in one that was asked for, as in "water,food"; none where nothing is joined."""
    parts = list(filter(None, _BETWEEN.split(word)))
    return parts if len(parts) > 1 else []


def _asked_for(entries: Sequence[Searchable], words: Sequence[str]) -> Iterator[str]:
    """The words that entries must have."""
    meant = [word for word in words if word not in _LINKS and any(map(str.isalnum, word))]
    for word in meant or words:
        parts = parts_of(word)
        yield from parts if parts and not _standing(entries, word) else [word]


def _standing(entries: Sequence[Searchable], word: str) -> list[str]:
    return _as_written(entries, word) or _joined_otherwise(entries, word)


def words_of(asked: str) -> list[str]:
    """The words of a question, folded, without what stands around them; a sign alone is kept, and found nowhere."""
    return [_EDGES.sub("", folded(word)) or word for word in asked.split()]


def _as_written(entries: Sequence[Searchable], word: str) -> list[str]:
    """The word, and the longest noun it may be made of, as far as they stand somewhere."""
    texts = [entry.search for entry in entries]
    nouns = (noun for noun in _nouns(word) if any(noun in text for text in texts))
    return [*([word] if any(word in text for text in texts) else []), *list(nouns)[:1]]


def _nouns(word: str) -> list[str]:
    """What is left of a word without its particles, one or several; the longest first. In any script: "AI를"."""
    found, left = list[str](), [word]
    for _ in range(MOST_PARTICLES):
        left = [
            one.removesuffix(particle)
            for one in left
            for particle in _PARTICLES
            if one.endswith(particle) and len(one) - len(particle) >= SHORTEST_NOUN
        ]
        found += left
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _joined_otherwise(entries: Iterable[Searchable], word: str) -> list[str]:
    """How a word stands that others write in one, in two, or with a hyphen, from the beginning of a word on."""
    for one in (word, *_nouns(word)):
        signs = _JOINTS.sub("", one)
        has_digit = any(map(str.isdigit, signs))
        if not signs.isalnum() or len(signs) < (SHORTEST_NOUN if has_digit else SHORTEST_JOINED):
            continue
        # A date that has become a name: "5·18" is written "5.18", "5-18" and "518". Other numbers are what they are.
        joint = "·?" if signs.isdigit() else r"[\s·.-]?"
        otherwise = re.compile(r"(?<!\w)" + joint.join(signs) + (r"(?!\w)" if signs.isdigit() else ""))
        if found := {match[0] for entry in entries for match in otherwise.finditer(entry.search)}:
            return sorted(found)
    return []


def _alike(entries: Iterable[Searchable], word: str) -> list[str]:
    """The words that stand somewhere and are most like this one, a Korean one with or without its particles."""
    found: dict[str, float] = {}
    known = {one for entry in entries for one in _WORD.findall(entry.search)}
    for asked in (word, *_nouns(word)):
        letters = _letters(asked)
        # Another digit makes another code, not the same one misspelt.
        if len(letters) < SHORTEST_WITH_SLIP or not asked.isalpha():
            continue
        wanted, matcher = _trigrams(asked), SequenceMatcher(b=letters, autojunk=False)
        for one in known:
            if _letters(one)[0] != letters[0]:
                if _slips_at_first(letters, _letters(one)):
                    found[one] = 1
                continue
            has = _trigrams(one)
            shared = len(wanted & has)
            if shared < ALIKE_AT_FIRST * (len(wanted) + len(has) - shared):
                continue
            matcher.set_seq1(_letters(one))
            if (likeness := matcher.ratio()) >= ALIKE:
                found[one] = max(likeness, found.get(one, 0))
    return sorted(found, key=lambda one: (-found[one], one))[:MOST_ALIKE]


def _slips_at_first(asked: str, known: str) -> bool:
    """Whether the slip is in the first letter: it changed places with the next, is missing or too many, or is another.
    The shorter words are, the more of them differ in no more than that: "ghost" is no "host", "later" no "water".
    """
    short = min(len(asked), len(known))
    if asked[2:] == known[2:] and asked[:2] == known[1::-1]:
        return short >= SHORTEST_SWAPPED
    if asked[1:] == known or asked == known[1:]:
        return short >= SHORTEST_WITHOUT_FIRST
    return asked[1:] == known[1:] and short >= SHORTEST_OTHER_FIRST


@lru_cache(maxsize=50_000)
def _letters(word: str) -> str:
    return unicodedata.normalize("NFD", word)


@lru_cache(maxsize=50_000)
def _trigrams(word: str) -> frozenset[str]:
    """Every three letters in a row, with two blanks before and one after, as pg_trgm takes them."""
    padded = f"  {_letters(word)} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))
