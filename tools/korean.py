"""Particles in Korean texts: which form a noun takes depends on how it ends, and nobody knows how a name ends.

"세션가" (for "세션이") is wrong, "이메일으로" too; "%(title)s가" is wrong for half of all titles, so there both forms
are written: "%(title)s이(가)". Only words that stand elsewhere in the catalogue as nouns are judged: "있는" has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# After a noun that ends in a vowel, and after one that ends in a consonant. "로" follows "ㄹ" as well.
_SIMPLE = (
    ("가", "이"),
    ("는", "은"),
    ("를", "을"),
    ("와", "과"),
    ("로", "으로"),
    ("라", "이라"),
    ("나", "이나"),
    ("랑", "이랑"),
)
# What may follow such a particle, itself the same after all: "으로는", "과의", "이라고".
_TAILS = {
    "로": ("는", "도", "만", "의", "서", "써", "부터", "서는", "서의", "서도", "부터의", "부터는"),
    "와": ("는", "도", "의", "만"),
    "라": ("고", "는", "서", "도", "면", "며"),
}
FORMS = _SIMPLE + tuple(
    (vowel + tail, consonant + tail) for vowel, consonant in _SIMPLE for tail in _TAILS.get(vowel, ())
)
# What follows any noun, and so shows that one stands before it.
_ALWAYS = ("에서", "에게", "의", "에", "도")
_SHORTEST = 2
_WORD = re.compile("[가-힣]+")
_FIRST, _FINALS, _RIEUL = 0xAC00, 28, 8
# Nouns that end as another noun with a particle does.
WHOLE = frozenset({"전문가", "참가", "추가", "평가", "결과", "효과", "통과"})
# What a placeholder is followed by: marks, and then a particle that fits some of its values alone.
_AFTER_VALUE = re.compile(
    r"(?:%\(\w+\)[sd]|\{\w+\})[”’\"』」》]*(?P<particle>"
    + "|".join(sorted((form for forms in FORMS for form in forms), key=len, reverse=True))
    + r")(?=[^가-힣()]|$)"
)
_BOTH_SIMPLE = {vowel: f"{consonant}({vowel})" for vowel, consonant in _SIMPLE} | {
    "로": "(으)로", "라": "(이)라", "나": "(이)나", "랑": "(이)랑",
}  # fmt: skip
BOTH = {
    form: _BOTH_SIMPLE[simple] + vowel.removeprefix(simple)
    for vowel, consonant in FORMS
    for simple in [next(one for one, _other in _SIMPLE if vowel.startswith(one))]
    for form in (vowel, consonant)
}


def nouns_of(texts: Iterable[str]) -> frozenset[str]:
    """Words that stand alone somewhere, or before a particle that follows any noun."""
    words = {word for text in texts for word in _WORD.findall(text)}
    bare = {word.removesuffix(end) for word in words for end in _ALWAYS if word.endswith(end)}
    return frozenset(word for word in words | bare if len(word) >= _SHORTEST)


def particle_faults(text: str, nouns: Iterable[str]) -> Iterator[str]:
    """What is wrong with the particles of a text, as sentences; `nouns` are those of all texts."""
    known = frozenset(nouns)
    for word in _WORD.findall(text):
        if word in WHOLE:
            continue
        for vowel, consonant in FORMS:
            # The longer one first: "으로" ends in "로".
            for form, other in ((consonant, vowel), (vowel, consonant)):
                noun = word.removesuffix(form)
                if noun == word or noun not in known:
                    continue
                if form != _form_for(noun, vowel, consonant):
                    yield f"{word}: {noun}{other}"
                break
    for found in _AFTER_VALUE.finditer(text):
        yield f"{found[0]}: nobody knows how the value ends; write {BOTH[found['particle']]}"


def _form_for(noun: str, vowel: str, consonant: str) -> str:
    final = (ord(noun[-1]) - _FIRST) % _FINALS
    if final == 0 or (vowel.startswith("로") and final == _RIEUL):
        return vowel
    return consonant
