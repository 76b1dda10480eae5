"""Particles in Korean texts: which form a noun takes depends on how it ends, and nobody knows how a name ends.

"세션가" (for "세션이") is wrong, "이메일으로" too; "%(title)s가" is wrong for half of all titles, so there both forms
are written: "%(title)s이(가)". Only words that stand elsewhere in the catalogue as nouns are judged: "있는" has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# After a noun that ends in a vowel, and after one that ends in a consonant. "로" follows "ㄹ" as well.
FORMS = (
    ("가", "이"),
    ("는", "은"),
    ("를", "을"),
    ("와", "과"),
    ("로", "으로"),
    ("라", "이라"),
    ("나", "이나"),
    ("랑", "이랑"),
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
    r"(?:%\(\w+\)[sd]|\{\w+\})[”’\"』」》]*(?P<particle>으로|이라|이나|이랑|[이가은는을를과와로라])(?=[^가-힣()]|$)"
)
BOTH = {form: both for vowel, consonant in FORMS for form in (vowel, consonant) for both in [f"{consonant}({vowel})"]}
BOTH |= {"로": "(으)로", "으로": "(으)로", "라": "(이)라", "이라": "(이)라", "나": "(이)나", "이나": "(이)나"}


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
    if final == 0 or (vowel == "로" and final == _RIEUL):
        return vowel
    return consonant
