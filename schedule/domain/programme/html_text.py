"""HTML as plain text. Reads what rich_text.py has cleaned, so it knows the few elements that are left."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PARAGRAPHS = {"blockquote", "dl", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
_LINES = {"br", "dd", "dt", "li", "tr"}
_CELLS = {"td", "th"}
# As Markdown has it (CommonMark, 5.2).
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_MANY_EMPTY = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """Paragraphs with an empty line between them, a line an item, links followed by their address in brackets."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.parts).split("\n"))
    return _MANY_EMPTY.sub("\n\n", "\n".join(lines)).strip()


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        # One number for each open list: what the next item has before it, 0 for a bullet.
        self._lists: list[int] = []
        self._link = ""
        self._link_at = 0
        self._is_verbatim = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _PARAGRAPHS:
            self._break(1 if self._lists and tag in ("ol", "ul", "p") else 2)
        elif tag in _LINES:
            self._break(1, always=tag == "br")
        elif tag in _CELLS and not self._at_line_start():
            self.parts[-1] = self.parts[-1].rstrip()
            self.parts.append(" | ")
        if tag in ("ol", "ul"):
            start = values.get("start") or "1"
            self._lists.append((int(start) if _NUMBER.match(start) else 1) if tag == "ol" else 0)
        elif tag == "li":
            self._item()
        elif tag == "a":
            self._link, self._link_at = values.get("href") or "", len(self.parts)
        elif tag == "pre":
            self._is_verbatim = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if tag in _PARAGRAPHS:
            self._break(1 if self._lists else 2)
        elif tag == "a":
            self._address()
        if tag == "pre":
            self._is_verbatim = False

    def handle_data(self, data: str) -> None:
        if self._is_verbatim:
            self.parts.append(data)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.parts.append(text.lstrip() if self._at_line_start() else text)

    def _item(self) -> None:
        depth = max(len(self._lists) - 1, 0)
        number = self._lists[-1] if self._lists else 0
        if number:
            self._lists[-1] += 1
        self.parts.append("  " * depth + (f"{number}. " if number else "• "))

    def _address(self) -> None:
        """An address that is its own text is there once."""
        address = self._link.removeprefix("mailto:")
        shown = "".join(self.parts[self._link_at :]).strip()
        if address and shown and address.rstrip("/") != shown.rstrip("/"):
            self.parts.append(f" ({address})")
        elif address and not shown:
            self.parts.append(address)
        self._link = ""

    def _at_line_start(self) -> bool:
        last = next((part for part in reversed(self.parts) if part), "\n")
        return last.endswith(("\n", "• ")) or re.fullmatch(r" *\d+\. ", last) is not None

    def _break(self, lines: int, *, always: bool = False) -> None:
        """End the line, or with 2 the paragraph. An item's own first paragraph stays beside its bullet."""
        if always:
            self.parts.append("\n")
        elif self.parts and not (self._lists and self._at_line_start()):
            self.parts.append("\n" * lines)
