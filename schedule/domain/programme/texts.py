"""Texts that exist in several languages, as a page shows them: with the language they really are in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language. `lang` is empty where that is the page's own; otherwise markup must name it."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def _base(code: str) -> str:
    return code.partition("-")[0].lower()


def text_of(value: LazyI18nString | str) -> Text:
    """The text for the active language; else in the site's own, else in the first there is, marked as such."""
    if isinstance(value, str):
        return Text(value)
    data = value.data
    if not isinstance(data, dict):
        return Text(str(data or ""))
    wanted = get_language() or settings.LANGUAGE_CODE
    filled = {code: text for code, text in data.items() if text}
    for code in (wanted, *(code for code in filled if _base(code) == _base(wanted))):
        if code in filled:
            return Text(filled[code])
    for code in (settings.LANGUAGE_CODE, *filled):
        if code in filled:
            return Text(filled[code], code)
    return Text("")


def every_language(value: LazyI18nString | str) -> str:
    """All versions of a text, one per line: what a search in any language looks through."""
    data = value.data if isinstance(value, LazyI18nString) else value
    return "\n".join(text for text in data.values() if text) if isinstance(data, dict) else str(data or "")
