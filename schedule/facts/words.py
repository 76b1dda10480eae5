"""Texts of the programme as facts hold them."""

from __future__ import annotations

from i18nfield.strings import LazyI18nString

from journal.facts import Words


def stored_words(text: LazyI18nString | str | None) -> Words:
    """What a field keeps of a text: languages in which it is empty are left out, and without any it is empty."""
    data = text.data if isinstance(text, LazyI18nString) else text
    if isinstance(data, dict):
        data = {code: str(words) for code, words in data.items() if words}
    return data or ""
