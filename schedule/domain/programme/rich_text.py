"""What people write about a session, as a page shows it and as a text tells it: the one place that decides.

Long texts are Markdown (CommonMark, with tables and struck-out text), HTML, or both in one: so they come from forms and
from other systems' files. On pages they become HTML of a few harmless elements; everywhere else (calendars, files,
search) plain text. Signs and tags that mean nothing in either stay as they were typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from schedule.domain.programme.html_text import text_of_html
from values.text import unturned

# Texts in use at one time: those of a large programme in two languages.
_KEPT = 2048
# Without any of these a text is paragraphs and lines, which most are.
_MARKUP = re.compile(r"[<>&*_`\[\]#~|\\]|^[^\S\n]*(?:[-+=]|\d+[.)]\s)", re.M)

_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "dl", "dt", "em", "h3", "h4", "h5", "h6",
    "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
# Also read as HTML, though only their contents are shown, or not even these. Any other "<word>" is what somebody typed.
_READ = _TAGS | {
    "address", "applet", "area", "article", "aside", "audio", "base", "big", "body", "button", "caption", "center",
    "col", "colgroup", "data", "details", "dfn", "dir", "div", "embed", "fieldset", "figcaption", "figure", "font",
    "footer", "form", "frame", "frameset", "h1", "h2", "head", "header", "hgroup", "html", "iframe", "img", "input",
    "label", "legend", "link", "main", "map", "math", "menu", "meta", "meter", "nav", "noscript", "object",
    "optgroup", "option", "output", "param", "picture", "progress", "rp", "rt", "ruby", "samp", "script", "section",
    "select", "slot", "source", "span", "strike", "style", "summary", "svg", "template", "textarea", "time", "title",
    "track", "tt", "var", "video", "wbr",
}  # fmt: skip
_HIDDEN = {"script", "style", "template", "iframe", "object", "svg", "math", "textarea", "title", "noscript"}
_SCHEMES = {"http", "https", "mailto"}
# By the name of an attribute.
_TAKEN = {
    "href": re.compile(r"(?:https?://|mailto:)", re.I),
    "start": re.compile(r"[0-9]{1,9}\Z"),
    **dict.fromkeys(("colspan", "rowspan"), re.compile(r"[0-9]{1,2}\Z")),
}
_ANYTHING = re.compile("")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[\s/>]")
# The title of the page is its h1, and h2 are the page's own sections.
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])", re.I)
_BELOW = {"1": "3", "2": "4", "3": "5", "4": "6", "5": "6", "6": "6"}
_EMPTY = re.compile(r"<p>(?:\s|<br>)*</p>\s*")
_BLOCKS = "blockquote|dd|dl|dt|h[3-6]|hr|li|ol|p|pre|table|tbody|td|tfoot|th|thead|tr|ul"
_CONTAINER = re.compile(
    r"<(/?)(?:address|article|aside|center|details|div|fieldset|figcaption|figure|footer|form|header|hgroup|main|nav|section|"
    r"summary)(?=[\s>])",
    re.I,
)
# "2017. 9. 14" begins a line as a Korean date, not as item 2017 of a list.
_DATE = re.compile(r"^([^\S\n]*(?:\d{1,2}(?=[.)]\s+\d+[.)])|\d{3,9}))([.)])(?=\s)", re.M)
# CommonMark (6.2) looks for blanks where Chinese, Japanese and Korean have none: "**강조(괄호)**는" would stay.
# A comment at that place is punctuation to Markdown and nothing to HTML.
_EAST = "\u1100-\u11ff\u2e80-\u2fff\u3040-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
_CLOSES = re.compile(rf"(?<=[)\]}}>”’\"'.!?…」』》〉】）％%,:;·~`])(\*{{1,3}})(?=[{_EAST}])")
_OPENS = re.compile(rf"(?<=[{_EAST}])(\*{{1,3}})(?=[(\[{{<“‘\"'「『《〈【（`])")
# Line breaks of the source between two tags are none of the text.
# A run is taken whole, whatever follows: looking on from each of its breaks anew would take the square of its length.
_BREAKS_BEFORE = re.compile(rf"(?:<br>\s*)+(</?(?:{_BLOCKS})\b)?")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_BREAKS_AFTER = re.compile(rf"(</?(?:{_BLOCKS})\b[^>]*>)(?:\s*<br>)+")


class _Renderer(RendererHTML):
    """Pictures by their words: nothing is loaded from elsewhere. Unknown tags by their letters."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return escape(self.renderInlineAsText(tokens[idx].children or [], options, env))

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        content = tokens[idx].content
        found = _TAG.match(content)
        known = found[1].lower() in _READ if found else content.startswith("<!")
        return content if known else escape(content)


# HTML is read within Markdown's lines, not as blocks of its own, so that signs of both work side by side; and an
# indented line is no program.
_READER = MarkdownIt(
    "commonmark", {"html": True, "breaks": True, "xhtmlOut": False}, renderer_cls=_Renderer
).enable(["table", "strikethrough"]).disable(["html_block", "code"])  # fmt: skip


def on_page(text: str) -> SafeString:
    """`text` as HTML that cannot do anything: headings begin at h3, links are told apart from ours, no pictures."""
    return mark_safe(_html(text))  # noqa: S308  # cleaned by nh3, or escaped


def without_links(text: str) -> SafeString:
    """As `on_page`, with each link as its words and its address: for a copy that leads nowhere but to itself."""
    return mark_safe(_LINK.sub(_as_words, _html(text)))  # noqa: S308  # as there, with fewer elements


@lru_cache(maxsize=_KEPT)
def as_text(text: str) -> str:
    """`text` without markup: an empty line between paragraphs, bullets before items, links with their address."""
    return text_of_html(_html(text)) if _MARKUP.search(text) else _lines(text)


@lru_cache(maxsize=_KEPT)
def _html(text: str) -> str:
    text = _lines(text)
    if not _MARKUP.search(text):
        paragraphs = (escape(one).replace("\n", "<br>") for one in re.split(r"\n{2,}", text) if one)
        return "\n".join(f"<p>{one}</p>" for one in paragraphs)
    text = _OPENS.sub(r"<!-- -->\1", _CLOSES.sub(r"\1<!-- -->", text))
    read = _READER.render(_DATE.sub(r"\1\\\2", text))
    clean = unturned(_CLEANER.clean(_CONTAINER.sub(r"<\1p", _HEADING.sub(_lowered, read))))
    return _EMPTY.sub("", _BREAKS_AFTER.sub(r"\1", _BREAKS_BEFORE.sub(lambda run: run[1] or run[0], clean))).strip()


def _as_words(found: re.Match[str]) -> str:
    address, words = found[1], found[2]
    return words if address in (words, f"mailto:{words}") else f"{words} ({address})"


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _lowered(found: re.Match[str]) -> str:
    return f"<{found[1]}h{_BELOW[found[2]]}"


def _attribute(_element: str, name: str, value: str) -> str | None:
    """Addresses are whole: one within the site would be ours to answer for. Numbers are such that one can count to."""
    return value if _TAKEN.get(name, _ANYTHING).match(value.strip()) else None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_HIDDEN,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=_SCHEMES,
    link_rel="nofollow noopener",
)
