"""A sentence that names a page, with the page as a link."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def with_link(sentence: str, title: str, url: str) -> str | SafeString:
    """The sentence in which “title” leads to `url`; as it is where it does not name the page.

    For sentences made where nobody knows of pages. Templates write the link themselves.
    """
    before, named, after = sentence.partition(f"“{title}”")
    return format_html('{}<a href="{}">{}</a>{}', before, url, title, after) if named else sentence
